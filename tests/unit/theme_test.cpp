#include "generator/theme.hpp"

#include <catch2/catch.hpp>

#include "generator/failure.hpp"

namespace balise {

namespace {

constexpr const char* sheet =
    ":root{--balise-font:serif;--balise-radius:1rem;--balise-background:#fff;--balise-surface:#fff;--balise-ink:#111;"
    "--balise-shadow:0 1px 2px #16211d0d;--balise-accent:#0b6650;--balise-on-accent:#fff}"
    "@media screen and (prefers-color-scheme: dark){:root{--balise-background:#101514;--balise-surface:#19201e;"
    "--balise-ink:#e9eeeb;--balise-accent:#63cfae;--balise-on-accent:#06241c}}body{color:var(--balise-ink)}";

Theme theme(const char* json) {
  return theme_of(nlohmann::json::parse(json), "theme");
}

std::string refusal(const char* json) {
  try {
    static_cast<void>(with_theme(sheet, theme(json)));
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::usage);
    return failure.what();
  }
  return "";
}

bool holds(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Contrast is that of WCAG") {
  CHECK(contrast_of("#000", "#fff") == Approx(21));
  CHECK(contrast_of("#ffffff", "#FFF") == Approx(1));
  CHECK(contrast_of("#777777", "#ffffff") == Approx(4.478).margin(0.001));
  CHECK(contrast_of("#fff", "#767676") == Approx(4.542).margin(0.001));
}

TEST_CASE("A theme stands behind the style sheet, and dark stays dark") {
  CHECK(with_theme(sheet, {}) == sheet);
  const std::string css =
      with_theme(sheet, theme(R"({"light": {"accent": "#005a9c"}, "font": "Arial, \"Noto Sans\"", "radius": "0"})"));
  CHECK(css.starts_with(sheet));
  const std::string added = css.substr(std::string(sheet).size());
  CHECK(added.starts_with(R"(:root{--balise-accent:#005a9c;--balise-font:Arial, "Noto Sans";--balise-radius:0;})"));
  CHECK(holds(added, "@media screen and (prefers-color-scheme:dark){:root{--balise-accent:#63cfae;"));
  const std::string dark = with_theme(sheet, theme(R"({"dark": {"accent": "#9cf"}})"));
  CHECK(holds(dark.substr(std::string(sheet).size()), "dark){:root{--balise-accent:#9cf;--balise-background:#101514;"));
}

TEST_CASE("What cannot be read is refused, by name and with advice") {
  CHECK(holds(refusal(R"({"light": {"accent": "#ffd500"}})"), "contrast of accent #ffd500 on background #fff is 1.4"));
  CHECK(holds(refusal(R"({"light": {"accent": "#ffd500"}})"), "must be 4.5"));
  CHECK(
      holds(refusal(R"({"dark": {"on-accent": "#fff"}})"), "theme.dark: contrast of on-accent #fff on accent #63cfae"));
  CHECK(holds(refusal(R"({"light": {"acent": "#000"}})"), "theme.light has no colour \"acent\"; there are accent, "));
}

TEST_CASE("Only colours, families and lengths get into the style sheet") {
  for (const char* bad :
       {R"({"light": {"accent": "red"}})", R"({"light": {"accent": "#12345"}})", R"({"light": {"accent": "#000;}x{"}})",
        R"({"light": []})", R"({"font": "a;} body{display:none"})", R"x({"font": "url(x)"})x", R"({"font": "\"a"})",
        R"({"radius": "1rem;x"})", R"({"radius": "-1px"})", R"x({"radius": "calc(1px)"})x", R"({"radius": 3})",
        R"({"colour": {}})", R"([])"}) {
    INFO(bad);
    CHECK_THROWS_AS(theme(bad), Failure);
  }
}

TEST_CASE("A theme reads what it wrote") {
  const Theme first =
      theme(R"({"light": {"accent": "#005a9c"}, "dark": {"ink": "#fff"}, "font": "Arial", "radius": "8px"})");
  const Theme second = theme_of(json_of(first), "again");
  CHECK(second.light == first.light);
  CHECK(second.dark == first.dark);
  CHECK(second.font == first.font);
  CHECK(second.radius == first.radius);
  CHECK(json_of(Theme{}).empty());
}

}  // namespace balise
