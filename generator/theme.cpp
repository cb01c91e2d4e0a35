#include "generator/theme.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "generator/failure.hpp"

namespace balise {

namespace {

using Json = nlohmann::json;

constexpr double least_of_text = 4.5, least_of_borders = 3;

/// What stands on what, and how well it must be told apart.
struct Pair {
  std::string_view over, under;
  double least;
};
constexpr Pair pairs[] = {
    {"ink", "background", least_of_text},
    {"ink", "surface", least_of_text},
    {"ink", "accent-soft", least_of_text},
    {"muted", "background", least_of_text},
    {"muted", "surface", least_of_text},
    {"accent", "background", least_of_text},
    {"accent", "surface", least_of_text},
    {"accent", "accent-soft", least_of_text},
    {"accent-strong", "surface", least_of_text},
    {"on-accent", "accent", least_of_text},
    {"on-accent", "accent-strong", least_of_text},
    {"error", "background", least_of_text},
    {"error", "surface", least_of_text},
    {"warning", "warning-soft", least_of_text},
    {"formation", "formation-soft", least_of_text},
    {"offre", "offre-soft", least_of_text},
    {"directe", "directe-soft", least_of_text},
    {"spontanee", "spontanee-soft", least_of_text},
    {"border", "background", least_of_borders},
    {"border", "surface", least_of_borders},
    {"focus", "background", least_of_borders},
    {"focus", "surface", least_of_borders},
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_colour(std::string_view text) {
  return (text.size() == 4 || text.size() == 7) && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), is_hex);
}

/// Names of families only: a style sheet has no other use for what is refused here.
bool is_font(std::string_view text) {
  return !text.empty() && text.size() <= 300 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == ',' || c == '-' ||
           c == '"';
  }) && std::count(text.begin(), text.end(), '"') % 2 == 0;
}

bool is_length(std::string_view text) {
  if (text == "0")
    return true;
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at]))
    ++at;
  if (at == 0 || at > 3)
    return false;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1]))
    for (++at; at < text.size() && is_digit(text[at]);)
      ++at;
  const std::string_view unit = text.substr(at);
  return text.size() <= 10 && (unit == "rem" || unit == "em" || unit == "px");
}

std::string text_of(const Json& value, const std::string& name, bool (*is_good)(std::string_view), const char* wanted) {
  if (!value.is_string() || !is_good(value.get_ref<const std::string&>()))
    throw Failure(
        Exit::usage,
        name + " is " + value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60) + "; write " + wanted);
  return value.get<std::string>();
}

Theme::Colours colours_of(const Json& json, const std::string& name) {
  if (!json.is_object())
    throw Failure(Exit::usage, name + R"( must be an object of colours, such as {"accent": "#0b6650"})");
  Theme::Colours colours;
  for (const auto& [key, value] : json.items())
    colours[key] = text_of(value, name + "." + key, is_colour, "a colour as #rgb or #rrggbb");
  return colours;
}

/// The colours of the sheet's block that begins at or after `at`, which moves behind it.
Theme::Colours colours_in(const std::string& css, std::size_t& at) {
  constexpr std::string_view root = ":root", prefix = "--balise-";
  Theme::Colours colours;
  at = std::min(css.find(root, at), css.size());
  const std::size_t end = std::min(css.find('}', at), css.size());
  while ((at = css.find(prefix, at)) < end) {
    at += prefix.size();
    const std::size_t colon = css.find(':', at), stop = css.find_first_of(";}", at);
    std::string value = css.substr(colon + 1, stop - colon - 1);
    value.erase(0, value.find_first_not_of(" \n"));
    value.erase(value.find_last_not_of(" \n") + 1);
    if (is_colour(value))
      colours[css.substr(at, colon - at)] = std::move(value);
  }
  at = end;
  return colours;
}

void put(Theme::Colours& into, const Theme::Colours& from, const std::string& name) {
  for (const auto& [key, value] : from) {
    const auto place = into.find(key);
    if (place == into.end()) {
      std::string known;
      for (const auto& [other, ignored] : into)
        known += (known.empty() ? "" : ", ") + other;
      throw Failure(Exit::usage, name + " has no colour \"" + key + "\"; there are " + known);
    }
    place->second = value;
  }
}

void check_contrast(const Theme::Colours& colours, const std::string& name) {
  for (const Pair& pair : pairs) {
    const auto over = colours.find(std::string(pair.over)), under = colours.find(std::string(pair.under));
    if (over == colours.end() || under == colours.end())
      continue;
    if (const double contrast = contrast_of(over->second, under->second); contrast < pair.least) {
      std::array<char, 64> figures{};
      std::snprintf(figures.data(), figures.size(), "%.2f, and it must be %.1f", contrast, pair.least);
      throw Failure(Exit::usage, name + ": contrast of " + std::string(pair.over) + " " + over->second + " on " +
                                     std::string(pair.under) + " " + under->second + " is " + figures.data() +
                                     " at least; make one of the two darker or lighter");
    }
  }
}

std::string declarations_of(const Theme::Colours& colours) {
  std::string css;
  for (const auto& [key, value] : colours)
    css += "--balise-" + key + ":" + value + ";";
  return css;
}

double luminance_of(std::string_view colour) {
  const bool is_short = colour.size() == 4;
  constexpr std::array<double, 3> weights{0.2126, 0.7152, 0.0722};
  double luminance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string digits = is_short ? std::string(2, colour[1 + i]) : std::string(colour.substr(1 + 2 * i, 2));
    const double level = std::stoi(digits, nullptr, 16) / 255.0;
    luminance += weights[i] * (level <= 0.04045 ? level / 12.92 : std::pow((level + 0.055) / 1.055, 2.4));
  }
  return luminance;
}

}  // namespace

Theme theme_of(const Json& json, const std::string& name) {
  if (!json.is_object())
    throw Failure(Exit::usage, name + R"( must be an object, such as {"light": {"accent": "#0b6650"}})");
  Theme theme;
  for (const auto& [key, value] : json.items()) {
    const std::string inner = name + "." + key;
    if (key == "light")
      theme.light = colours_of(value, inner);
    else if (key == "dark")
      theme.dark = colours_of(value, inner);
    else if (key == "font")
      theme.font = text_of(value, inner, is_font, R"(families with commas between, such as "Arial, sans-serif")");
    else if (key == "radius")
      theme.radius = text_of(value, inner, is_length, "a length such as 0.5rem, 8px or 0");
    else
      throw Failure(Exit::usage, name + ": unknown key " + key +
                                     "; the keys that exist there are light, dark, font, "
                                     "radius");
  }
  return theme;
}

nlohmann::ordered_json json_of(const Theme& theme) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!theme.light.empty())
    json["light"] = theme.light;
  if (!theme.dark.empty())
    json["dark"] = theme.dark;
  if (!theme.font.empty())
    json["font"] = theme.font;
  if (!theme.radius.empty())
    json["radius"] = theme.radius;
  return json;
}

std::string with_theme(const std::string& page_css, const Theme& theme) {
  if (theme.is_empty())
    return page_css;
  std::size_t at = 0;
  Theme::Colours light = colours_in(page_css, at), dark = light;
  for (auto& [key, value] : colours_in(page_css, at))
    dark[key] = value;
  put(light, theme.light, "theme.light");
  put(dark, theme.dark, "theme.dark");
  check_contrast(light, "theme.light");
  check_contrast(dark, "theme.dark");
  std::string everywhere = declarations_of(theme.light);
  if (!theme.font.empty())
    everywhere += "--balise-font:" + theme.font + ";";
  if (!theme.radius.empty())
    everywhere += "--balise-radius:" + theme.radius + ";";
  std::string css = page_css;
  if (!everywhere.empty())
    css += ":root{" + everywhere + "}\n";
  // What the theme says of light is not for dark: there the sheet's own colours hold, where the theme names no others.
  if (!theme.light.empty() || !theme.dark.empty())
    css += "@media screen and (prefers-color-scheme:dark){:root{" + declarations_of(dark) + "}}\n";
  return css;
}

double contrast_of(std::string_view a, std::string_view b) {
  const double first = luminance_of(a), second = luminance_of(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

}  // namespace balise
