#include "generator/text/clean_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "generator/text/entities.hpp"

namespace balise {

namespace {

constexpr std::uint32_t no_code_point = 0xFFFFFFFFU;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower_ascii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

void append_utf8(std::string& out, std::uint32_t value) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (value < 0x80) {
    put(value);
  } else if (value < 0x800) {
    put(0xC0U | value >> 6U);
    put(0x80U | (value & 0x3FU));
  } else if (value < 0x10000) {
    put(0xE0U | value >> 12U);
    put(0x80U | (value >> 6U & 0x3FU));
    put(0x80U | (value & 0x3FU));
  } else {
    put(0xF0U | value >> 18U);
    put(0x80U | (value >> 12U & 0x3FU));
    put(0x80U | (value >> 6U & 0x3FU));
    put(0x80U | (value & 0x3FU));
  }
}

/// The code point at `i`, which moves behind it; no_code_point for a byte that begins none, which is passed over.
std::uint32_t next_code_point(std::string_view text, std::size_t& i) {
  const auto first = static_cast<std::uint8_t>(text[i++]);
  if (first < 0x80)
    return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4 || i + more > text.size())
    return no_code_point;
  std::uint32_t value = first & (0x7FU >> (more + 1));
  for (std::size_t j = 0; j < more; ++j) {
    const auto byte = static_cast<std::uint8_t>(text[i + j]);
    if ((byte & 0xC0U) != 0x80U)
      return no_code_point;
    value = value << 6U | (byte & 0x3FU);
  }
  const bool overlong = value < (more == 1 ? 0x80U : more == 2 ? 0x800U : 0x10000U);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
    return no_code_point;
  i += more;
  return value;
}

/// What CP1252 means by the bytes 0x80 to 0x9F; 0 where it means nothing.
constexpr std::array<std::uint16_t, 32> cp1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::optional<std::uint8_t> cp1252_byte(std::uint32_t value) {
  if (value < 0x100)
    return static_cast<std::uint8_t>(value);
  const auto place = std::find(cp1252.begin(), cp1252.end(), value);
  if (place == cp1252.end())
    return std::nullopt;
  return static_cast<std::uint8_t>(0x80 + (place - cp1252.begin()));
}

/// UTF-8 that somebody read as CP1252 and wrote as UTF-8 again: "CrÃ©ation". Only when the whole text can be taken back
/// and is then valid UTF-8, and the tell-tale letters are there.
std::string repair_double_utf8(std::string_view text) {
  if (text.find("\xC3\x83\xC2") == std::string_view::npos && text.find("\xC3\x82\xC2") == std::string_view::npos &&
      text.find("\xC3\xA2\xE2\x82\xAC") == std::string_view::npos)
    return std::string(text);
  std::string bytes;
  for (std::size_t i = 0; i < text.size();) {
    const std::uint32_t value = next_code_point(text, i);
    const auto byte = value == no_code_point ? std::nullopt : cp1252_byte(value);
    if (!byte)
      return std::string(text);
    bytes += static_cast<char>(*byte);
  }
  for (std::size_t i = 0; i < bytes.size();)
    if (next_code_point(bytes, i) == no_code_point)
      return std::string(text);
  return bytes;
}

/// Signs that show nothing or turn the direction of what follows.
bool is_invisible(std::uint32_t value) {
  return value == 0xAD || value == 0x61C || (value >= 0x200B && value <= 0x200F) ||
         (value >= 0x202A && value <= 0x202E) || (value >= 0x2060 && value <= 0x206F) || value == 0xFEFF ||
         value == 0xFFFD || (value >= 0xFFF9 && value <= 0xFFFB) || (value >= 0xE0000 && value <= 0xE0FFF) ||
         (value & 0xFFFEU) == 0xFFFEU || (value >= 0xFDD0 && value <= 0xFDEF);
}

/// Valid UTF-8 with visible characters, plain spaces and '\n' only.
std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t value = next_code_point(text, i);
    if (value >= 0x80 && value < 0xA0)
      value = cp1252[value - 0x80] == 0 ? (value == 0x85 ? '\n' : no_code_point) : cp1252[value - 0x80];
    if (value == no_code_point || is_invisible(value))
      continue;
    if (value == '\n' || value == '\r' || value == 0x0B || value == 0x0C || value == 0x2028 || value == 0x2029)
      out += '\n';
    else if (value == '\t' || value == 0xA0 || (value >= 0x2000 && value <= 0x200A) || value == 0x202F ||
             value == 0x205F || value == 0x3000)
      out += ' ';
    else if (value >= 0x20 && value != 0x7F)
      append_utf8(out, value);
  }
  return out;
}

/// The entity that begins at `text[i]` ('&'): its code point and its length; a length of 0 when there is none.
std::pair<std::uint32_t, std::size_t> entity_at(std::string_view text, std::size_t i) {
  constexpr std::size_t longest = 12;
  const std::size_t end = text.substr(i, longest).find(';');
  if (end == std::string_view::npos || end < 2)
    return {0, 0};
  const std::string_view name = text.substr(i + 1, end - 1);
  if (name[0] == '#') {
    const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    std::uint32_t value = 0;
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    for (const char c : digits) {
      const char low = lower_ascii(c);
      if (is_digit(c))
        value = value * (hexadecimal ? 16U : 10U) + static_cast<std::uint32_t>(c - '0');
      else if (hexadecimal && low >= 'a' && low <= 'f')
        value = value * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
      else
        return {0, 0};
      if (value > 0x10FFFF)
        return {0, 0};
    }
    if (digits.empty() || value == 0 || (value >= 0xD800 && value < 0xE000))
      return {0, 0};
    return {value, end + 1};
  }
  const auto* place = std::lower_bound(std::begin(html_entities), std::end(html_entities), name,
                                       [](const auto& entity, std::string_view wanted) { return entity.first < wanted; });
  if (place == std::end(html_entities) || place->first != name)
    return {0, 0};
  return {place->second, end + 1};
}

/// Decodes entities until none is left: one that gives '&' may begin another one.
std::string decode_entities(std::string text) {
  if (text.find('&') == std::string::npos)
    return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '&') {
      out += text[i++];
      continue;
    }
    const auto [value, length] = entity_at(text, i);
    if (length == 0) {
      out += text[i++];
    } else if (value == '&') {
      i += length - 1;
      text[i] = '&';
    } else {
      append_utf8(out, value);
      i += length;
    }
  }
  return out;
}

bool opens_tag(std::string_view text, std::size_t i) {
  return text[i] == '<' && i + 1 < text.size() &&
         (is_letter(text[i + 1]) || text[i + 1] == '/' || text[i + 1] == '!' || text[i + 1] == '?');
}

/// What a removed tag leaves: a line break, the beginning of a list item, or nothing.
std::string_view trace_of(std::string_view name) {
  constexpr std::string_view blocks[] = {"address", "article", "blockquote", "br",     "dd",    "div", "dl", "dt",
                                         "footer",  "form",    "h1",         "h2",     "h3",    "h4",  "h5", "h6",
                                         "header",  "hr",      "main",       "ol",     "option", "p",  "pre", "section",
                                         "table",   "td",      "th",         "title",  "tr",    "ul"};
  if (name == "li")
    return "\n- ";
  return std::find(std::begin(blocks), std::end(blocks), name) == std::end(blocks) ? "" : "\n";
}

/// The end of an element whose content is no text, from behind its opening tag; the end of the text when it is not closed.
std::size_t end_of_element(std::string_view text, std::size_t i, std::string_view name) {
  for (; i < text.size(); ++i) {
    if (text[i] != '<' || i + 1 + name.size() >= text.size() || text[i + 1] != '/')
      continue;
    const std::string_view found = text.substr(i + 2, name.size());
    if (std::equal(found.begin(), found.end(), name.begin(), name.end(),
                   [](char a, char b) { return lower_ascii(a) == b; })) {
      const std::size_t close = text.find('>', i);
      return close == std::string_view::npos ? text.size() : close + 1;
    }
  }
  return text.size();
}

std::string strip_tags(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  // Once no '>' is ahead there is none for any later tag either: such a '<' is dropped.
  std::size_t last_close = text.rfind('>');
  for (std::size_t i = 0; i < text.size();) {
    if (!opens_tag(text, i)) {
      out += text[i++];
      continue;
    }
    if (text.substr(i, 4) == "<!--") {
      const std::size_t close = text.find("-->", i + 4);
      i = close == std::string_view::npos ? text.size() : close + 3;
      continue;
    }
    if (last_close == std::string_view::npos || last_close < i) {
      ++i;
      continue;
    }
    std::size_t name_begin = i + 1 + (text[i + 1] == '/' ? 1U : 0U);
    std::string name;
    for (std::size_t j = name_begin; j < text.size() && name.size() < 12 && (is_letter(text[j]) || is_digit(text[j])); ++j)
      name += lower_ascii(text[j]);
    const bool closing = text[i + 1] == '/';
    const std::size_t close = text.find('>', i);
    if (!closing && (name == "script" || name == "style")) {
      i = end_of_element(text, close + 1, name);
      continue;
    }
    out += closing && name == "li" ? "\n" : trace_of(name);
    i = close + 1;
  }
  return out;
}

bool needs_cleaning(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x7F || c == '<' || c == '&';
  });
}

/// Entities, invisible characters and tags, until nothing changes: each may hide another one.
std::string without_markup(std::string_view text) {
  std::string now = repair_double_utf8(text);
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    std::string next = strip_tags(visible(decode_entities(now)));
    if (next == now)
      return now;
    now = std::move(next);
  }
  // Somebody nested markup on purpose: what could still open any loses its first character.
  std::string out;
  for (std::size_t i = 0; i < now.size(); ++i)
    if (now[i] != '<' && now[i] != '&')
      out += now[i];
  return out;
}

}  // namespace

std::string clean_line(std::string_view text) {
  std::string markup_free;
  if (needs_cleaning(text)) {
    markup_free = without_markup(text);
    text = markup_free;
  }
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

std::string clean_text(std::string_view text) {
  std::string markup_free;
  if (needs_cleaning(text)) {
    markup_free = without_markup(text);
    text = markup_free;
  }
  std::string out;
  out.reserve(text.size());
  std::size_t empty_lines = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line;
    for (const char c : text.substr(0, end))
      if (c != ' ' || (!line.empty() && line.back() != ' '))
        line += c;
    if (!line.empty() && line.back() == ' ')
      line.pop_back();
    // A list item that held nothing leaves its dash alone.
    if (line.empty() || line == "-") {
      ++empty_lines;
    } else {
      if (!out.empty())
        out += empty_lines > 0 ? "\n\n" : "\n";
      out += line;
      empty_lines = 0;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string clean_url(std::string_view text) {
  const std::string cleaned = clean_line(text);
  constexpr std::size_t longest = 2000;
  std::string lowered;
  for (const char c : std::string_view(cleaned).substr(0, 8))
    lowered += lower_ascii(c);
  const std::size_t scheme = lowered.starts_with("https://") ? 8 : lowered.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || cleaned.size() > longest)
    return {};
  const std::string_view rest = std::string_view(cleaned).substr(scheme);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.find('@') != std::string_view::npos || host.find('.') == std::string_view::npos)
    return {};
  std::string out = lowered.substr(0, scheme);
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : rest) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '`' || c == '{' ||
        c == '}' || c == '|' || c == '^')
      return {};
    if (byte < 0x7F) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

}  // namespace balise
