#ifndef BALISE_GENERATOR_THEME_HPP
#define BALISE_GENERATOR_THEME_HPP

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace balise {

/// `theme` of a config: what a publisher changes of the looks. Names are those of the properties in site/page.css
/// without
/// "--balise-", values "#rgb" or "#rrggbb".
struct Theme {
  using Colours = std::map<std::string, std::string>;
  Colours light, dark;
  std::string font;    ///< families with commas between; empty = the pages' own
  std::string radius;  ///< of corners: a length in rem, em or px; empty = the pages' own
  [[nodiscard]] bool is_empty() const { return light.empty() && dark.empty() && font.empty() && radius.empty(); }
};

/// Reads {"light": {…}, "dark": {…}, "font": …, "radius": …}; `name` is where it stands, for messages. Throws Failure:
/// Exit::usage for an unknown key or a value that is none.
[[nodiscard]] Theme theme_of(const nlohmann::json& json, const std::string& name);
/// As in the config, without what is empty: theme_of() reads it back.
[[nodiscard]] nlohmann::ordered_json json_of(const Theme& theme);

/// The style sheet of the pages with the theme after it: `page_css` says what the properties are and what they are when
/// the theme leaves them alone. Throws Failure: Exit::usage for a colour that the sheet does not know, and for two that
/// stand on each other with too little contrast (WCAG 2.2: 4.5 for text, 3 for borders and the focus), in light or
/// dark.
[[nodiscard]] std::string with_theme(const std::string& page_css, const Theme& theme);

/// Contrast of two colours, 1 to 21, as WCAG 2.2 defines it. Precondition: both are "#rgb" or "#rrggbb".
[[nodiscard]] double contrast_of(std::string_view a, std::string_view b);

}  // namespace balise

#endif
