#include "generator/text/clean_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include "generator/text/eight_bytes.hpp"
#include "generator/text/entities.hpp"
#include "generator/text/utf8.hpp"

namespace balise {

namespace {

constexpr std::uint32_t no_code_point = 0xFFFFFFFFU;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
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

/// Whether a letter with which misread UTF-8 begins ("\u00C2", "\u00C3", "\u00C5" or "\u00E2") stands before another
/// sign that is not ASCII.
bool looks_misread(std::string_view text) {
  for (std::size_t i = text.find('\xC3'); i != std::string_view::npos; i = text.find('\xC3', i + 1)) {
    if (i + 2 >= text.size())
      return false;
    const char second = text[i + 1];
    if ((second == '\x82' || second == '\x83' || second == '\x85' || second == '\xA2') &&
        static_cast<unsigned char>(text[i + 2]) >= 0x80)
      return true;
  }
  return false;
}

/// UTF-8 that somebody read as CP1252 and wrote as UTF-8 again ("Cr\u00C3\u00A9ation"), once or more often. Only when
/// the whole text can be taken back and is then valid UTF-8.
void repair_double_utf8(std::string& text) {
  while (looks_misread(text)) {
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
      const std::uint32_t value = next_code_point(text, i);
      const auto byte = value == no_code_point ? std::nullopt : cp1252_byte(value);
      if (!byte)
        return;
      bytes += static_cast<char>(*byte);
    }
    for (std::size_t i = 0; i < bytes.size();)
      if (next_code_point(bytes, i) == no_code_point)
        return;
    text = std::move(bytes);
  }
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
    // Most of a text is plain: it is copied in one piece.
    std::size_t plain = i;
    while (plain < text.size() && ((text[plain] >= 0x20 && text[plain] < 0x7F) || text[plain] == '\n'))
      ++plain;
    out.append(text, i, plain - i);
    i = plain;
    if (i == text.size())
      break;
    const std::size_t begin = i;
    std::uint32_t value = next_code_point(text, i);
    if (value >= 0xC0 && value < 0x180) {
      out.append(text, begin, i - begin);
      continue;
    }
    if (value >= 0x80 && value < 0xA0)
      value = cp1252[value - 0x80] == 0 ? no_code_point : cp1252[value - 0x80];
    // Two signs for one line break are one.
    const bool is_half_break = value == '\r' && i < text.size() && text[i] == '\n';
    if (value == no_code_point || is_invisible(value) || is_half_break)
      continue;
    if (value == '\r' || value == 0x0B || value == 0x0C || value == 0x2028 || value == 0x2029)
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
  const auto* place =
      std::lower_bound(std::begin(html_entities), std::end(html_entities), name,
                       [](const auto& entity, std::string_view wanted) { return entity.first < wanted; });
  if (place == std::end(html_entities) || place->first != name)
    return {0, 0};
  return {place->second, end + 1};
}

/// Decodes entities until none is left: one that gives '&' may begin another one.
void decode_entities(std::string& text) {
  std::size_t i = text.find('&');
  if (i == std::string::npos)
    return;
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  while (i != std::string::npos) {
    const auto [value, length] = entity_at(text, i);
    if (length == 0) {
      i = text.find('&', i + 1);
    } else if (value == '&') {
      // Its last character becomes the sign, before what follows.
      out.append(text, copied, i - copied);
      i += length - 1;
      text[i] = '&';
      copied = i;
    } else {
      out.append(text, copied, i - copied);
      append_utf8(out, value);
      copied = i + length;
      i = text.find('&', copied);
    }
  }
  out.append(text, copied);
  text = std::move(out);
}

bool opens_tag(std::string_view text, std::size_t i) {
  return text[i] == '<' && i + 1 < text.size() &&
         (is_letter(text[i + 1]) || text[i + 1] == '/' || text[i + 1] == '!' || text[i + 1] == '?');
}

enum class Trace { nothing, space, line, paragraph, item };

/// What a removed tag leaves.
Trace trace_of(std::string_view name) {
  constexpr std::string_view paragraphs[] = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table"};
  constexpr std::string_view lines[] = {"address", "article", "aside",  "br",     "dd", "div",  "dl",
                                        "dt",      "footer",  "form",   "header", "hr", "main", "ol",
                                        "option",  "section", "select", "title",  "tr", "ul"};
  const auto is_one_of = [name](const auto& names) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
  };
  if (name == "li")
    return Trace::item;
  if (name == "td" || name == "th")
    return Trace::space;
  return is_one_of(paragraphs) ? Trace::paragraph : is_one_of(lines) ? Trace::line : Trace::nothing;
}

enum class LineState { empty, dash, text };

/// What stands on the last line: nothing, only the dash of a list item, or more. The spaces behind an empty line or a
/// dash are dropped, so that no two calls look at the same ones.
LineState settle_last_line(std::string& out) {
  std::size_t end = out.size();
  while (end > 0 && out[end - 1] == ' ')
    --end;
  if (end == 0 || out[end - 1] == '\n') {
    out.resize(end);
    return LineState::empty;
  }
  if (end == out.size() || out[end - 1] != '-' || (end > 1 && out[end - 2] != '\n'))
    return LineState::text;
  out.resize(end + 1);
  return LineState::dash;
}

/// Says whether the dash of an item stands alone on the last line now.
bool leave_trace(std::string& out, Trace trace, bool is_break) {
  if (trace == Trace::nothing)
    return false;
  if (trace == Trace::space) {
    out += ' ';
    return false;
  }
  const LineState line = settle_last_line(out);
  if (trace == Trace::item) {
    if (line == LineState::text)
      out += '\n';
    if (line != LineState::dash)
      out += "- ";
    return true;
  }
  // The text of an item begins behind its dash, in whatever element it stands.
  if (line == LineState::dash && !is_break)
    return true;
  if (trace == Trace::paragraph)
    out += line == LineState::text ? "\n\n" : "\n";
  else if (is_break || line == LineState::text)
    out += '\n';
  return false;
}

/// The end of an element whose content is no text, from behind its opening tag; the end of the text when it is open.
std::size_t end_of_element(std::string_view text, std::size_t i, std::string_view name) {
  for (i = text.find('<', i); i != std::string_view::npos; i = text.find('<', i + 1)) {
    if (i + 1 + name.size() >= text.size() || text[i + 1] != '/')
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
  const std::size_t last_close = text.rfind('>');
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t sign = std::min(text.find('<', i), text.size());
    out.append(text, i, sign - i);
    i = sign;
    if (i == text.size())
      break;
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
    const bool closing = text[i + 1] == '/';
    std::array<char, 12> letters{};
    std::size_t size = 0;
    for (std::size_t j = i + (closing ? 2 : 1); j < text.size() && (is_letter(text[j]) || is_digit(text[j])); ++j) {
      // No name that means anything here is longer.
      if (size == letters.size()) {
        size = 0;
        break;
      }
      letters[size++] = lower_ascii(text[j]);
    }
    const std::string_view name(letters.data(), size);
    const std::size_t close = text.find('>', i);
    if (!closing && (name == "script" || name == "style")) {
      i = end_of_element(text, close + 1, name);
      continue;
    }
    const Trace trace = trace_of(name);
    const bool is_end_of_item = closing && trace == Trace::item;
    const bool behind_dash = leave_trace(out, is_end_of_item ? Trace::nothing : trace, name == "br" || name == "hr");
    i = close + 1;
    // How the source of an item is laid out must not part the dash from its text.
    while (behind_dash && i < text.size() && (text[i] == ' ' || text[i] == '\n'))
      ++i;
  }
  return out;
}

/// The first byte from `i` on that is not printable ASCII, or begins markup; the size of the text when there is none.
std::size_t find_unusual(std::string_view text, std::size_t i) {
  for (; i + 8 <= text.size(); i += 8) {
    const std::uint64_t word = eight_bytes::load(text.data() + i);
    if (const std::uint64_t found = eight_bytes::equal(word, '<') | eight_bytes::equal(word, '&') |
                                    eight_bytes::equal(word, '\x7F') | eight_bytes::below(word, 0x20) |
                                    eight_bytes::not_ascii(word);
        found != 0)
      return i + eight_bytes::first(found);
  }
  while (i < text.size() && text[i] >= 0x20 && text[i] < 0x7F && text[i] != '<' && text[i] != '&')
    ++i;
  return i;
}

/// False for text that cleaning would only fold the white space of: printable ASCII, line breaks, French letters and
/// the signs of French typography.
bool needs_cleaning(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  for (std::size_t i = find_unusual(text, 0); i < text.size(); i = find_unusual(text, i)) {
    const unsigned second = byte(i + 1);
    switch (byte(i)) {
      case '\n':
        ++i;
        break;
      case 0xC3: {
        const bool may_be_misread = second == 0x82 || second == 0x83 || second == 0x85 || second == 0xA2;
        if ((second & 0xC0U) != 0x80U || (may_be_misread && byte(i + 2) >= 0x80))
          return true;
        i += 2;
        break;
      }
      case 0xC2:
        if (second != 0xAB && second != 0xBB && second != 0xB0)
          return true;
        i += 2;
        break;
      case 0xC5:
        if (second != 0x92 && second != 0x93)
          return true;
        i += 2;
        break;
      case 0xE2: {
        const unsigned third = byte(i + 2);
        const bool is_quote_or_dash =
            second == 0x80 && (third == 0x99 || third == 0x98 || third == 0x93 || third == 0x94 || third == 0xA2 ||
                               third == 0xA6 || third == 0x9C || third == 0x9D);
        if (!is_quote_or_dash && (second != 0x82 || third != 0xAC))
          return true;
        i += 3;
        break;
      }
      default:
        return true;
    }
  }
  return false;
}

/// The first place from `i` on where two blanks, spaces or line breaks, stand side by side, or a dash ends a line;
/// the size of the text when there is none.
std::size_t find_unfolded(std::string_view text, std::size_t i) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n'; };
  while (i + 1 < text.size()) {
    for (; i + 9 <= text.size(); i += 8) {
      const std::uint64_t word = eight_bytes::load(text.data() + i), next = eight_bytes::load(text.data() + i + 1);
      const std::uint64_t breaks = eight_bytes::equal(next, '\n');
      const std::uint64_t blanks = eight_bytes::equal(word, ' ') | eight_bytes::equal(word, '\n');
      if (((blanks & (breaks | eight_bytes::equal(next, ' '))) | (breaks & eight_bytes::equal(word, '-'))) != 0)
        break;
    }
    // A mark may be wrong.
    for (const std::size_t end = std::min(i + 8, text.size() - 1); i < end; ++i)
      if ((is_blank(text[i]) && is_blank(text[i + 1])) || (text[i] == '-' && text[i + 1] == '\n'))
        return i;
  }
  return text.size();
}

bool begins_or_ends_blank(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\n'; };
  return !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
}

/// Whether folding its white space would leave a line as it is.
bool is_folded_line(std::string_view text) {
  return !begins_or_ends_blank(text) && text.find('\n') == std::string_view::npos &&
         find_unfolded(text, 0) == text.size();
}

/// The same of a text of several lines. Says false for some that would stay as they are: those with a dash at the end
/// of a line.
bool is_folded_text(std::string_view text) {
  if (begins_or_ends_blank(text) || text.ends_with('-'))
    return false;
  // One empty line may stand between two others.
  for (std::size_t i = find_unfolded(text, 0); i < text.size(); i = find_unfolded(text, i + 2))
    if (text[i] != '\n' || text[i + 1] != '\n' || text[i + 2] == '\n' || text[i + 2] == ' ')
      return false;
  return true;
}

/// Misread letters, entities, invisible characters and tags, until nothing changes: each may hide another one.
std::string without_markup(std::string_view text) {
  std::string now(text);
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    std::string next = now;
    repair_double_utf8(next);
    decode_entities(next);
    next = strip_tags(visible(next));
    if (next == now)
      return now;
    now = std::move(next);
  }
  // Somebody nested markup on purpose: what could still open any goes, and then only letters can change.
  std::replace_if(
      now.begin(), now.end(), [](char c) { return c == '<' || c == '&'; }, ' ');
  for (std::string before; before != now;) {
    before = now;
    repair_double_utf8(now);
    now = visible(now);
  }
  return now;
}

}  // namespace

std::string clean_line(std::string_view text) {
  std::string markup_free;
  if (needs_cleaning(text)) {
    markup_free = without_markup(text);
    text = markup_free;
  }
  if (is_folded_line(text))
    return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' && c != '\n')
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
  if (is_folded_text(text))
    return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::size_t before = out.size();
    if (before > 0)
      out += gap ? "\n\n" : "\n";
    const std::size_t line = out.size();
    for (std::size_t i = begin; i < end;) {
      const std::size_t space = std::min(text.find(' ', i), end);
      if (space > i) {
        if (out.size() > line)
          out += ' ';
        out.append(text, i, space - i);
      }
      i = space + 1;
    }
    // A list item that held nothing leaves its dash alone.
    gap = out.size() == line || std::string_view(out).substr(line) == "-";
    if (gap)
      out.resize(before);
    begin = end + 1;
  }
  return out;
}

std::string clean_url(std::string_view text) {
  constexpr std::size_t longest = 2000;
  const std::string cleaned = clean_line(text);
  std::string scheme;
  for (const char c : std::string_view(cleaned).substr(0, cleaned.find("://") + 3))
    scheme += lower_ascii(c);
  if ((scheme != "http://" && scheme != "https://") || cleaned.size() > longest)
    return {};
  const std::string_view rest = std::string_view(cleaned).substr(scheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t colon = authority.find(':');
  const std::string_view host = authority.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
  const bool host_is_plain = std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  });
  // A name with a dot in the middle; no user part, no IPv6, nothing that a browser would read in another way.
  if (!host_is_plain || host.find('.') == std::string_view::npos || host.front() == '.' || host.back() == '.' ||
      host.front() == '-' || host.find("..") != std::string_view::npos || port.size() > 5 ||
      !std::all_of(port.begin(), port.end(), is_digit))
    return {};
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto is_hexadecimal = [&](std::size_t i) {
    return i < rest.size() && (is_digit(rest[i]) || (lower_ascii(rest[i]) >= 'a' && lower_ascii(rest[i]) <= 'f'));
  };
  std::string out = scheme;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto byte = static_cast<unsigned char>(rest[i]);
    constexpr std::string_view refused = " \"'<>\\`{}|^";
    if (byte < 0x20 || refused.find(rest[i]) != std::string_view::npos)
      return {};
    if (byte < 0x7F && (rest[i] != '%' || (is_hexadecimal(i + 1) && is_hexadecimal(i + 2)))) {
      out += rest[i];
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out.size() <= longest ? out : std::string();
}

}  // namespace balise
