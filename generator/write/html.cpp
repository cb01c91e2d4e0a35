#include "generator/write/html.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "generator/text/utf8.hpp"

namespace balise {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

constexpr std::string_view months[] = {"janvier",   "f&eacute;vrier", "mars",     "avril",
                                       "mai",       "juin",           "juillet",  "ao&ucirc;t",
                                       "septembre", "octobre",        "novembre", "d&eacute;cembre"};

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

void append_html(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
          out += c;
        else if (c == '\n' || c == '\t')
          out += ' ';
    }
  }
}

std::string html_of(std::string_view text) {
  std::string html;
  append_html(html, text);
  return html;
}

void append_script_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t size = utf8_length(text);
    const char c = text.front();
    if (size == 0) {
      out += "\xEF\xBF\xBD";
    } else if (size > 1) {
      if (text.starts_with("\xE2\x80\xA8"))
        out += "\\u2028";
      else if (text.starts_with("\xE2\x80\xA9"))
        out += "\\u2029";
      else
        out += text.substr(0, size);
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '<' || c == '>' || c == '&') {
      out += "\\u00";
      out += hex_digits[static_cast<unsigned char>(c) >> 4U];
      out += hex_digits[static_cast<unsigned char>(c) & 15U];
    } else {
      out += c;
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
}

void append_url_part(std::string& out, std::string_view text) {
  constexpr std::string_view upper_digits = "0123456789ABCDEF";
  for (const char c : text) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
        std::string_view("-_.!~*()").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += upper_digits[static_cast<unsigned char>(c) >> 4U];
      out += upper_digits[static_cast<unsigned char>(c) & 15U];
    }
  }
}

std::string french_day(Date date) {
  const std::string iso = to_string_date(date);
  const auto digit = [&](std::size_t at) { return static_cast<unsigned>(iso[at] - '0'); };
  const unsigned month = digit(5) * 10 + digit(6), day = digit(8) * 10 + digit(9);
  std::string text = std::to_string(day);
  if (day == 1)
    text.append("er");
  return text.append(" ").append(months[month - 1]).append(" ").append(iso, 0, 4);
}

std::string on_one_line(std::string_view html) {
  std::string text;
  while (!html.empty()) {
    const std::string_view line = cut(html, '\n');
    text.append(line.substr(std::min(line.find_first_not_of(' '), line.size())));
    text += html.empty() ? '\n' : ' ';
  }
  return text;
}

std::string shortened(std::string_view text, std::size_t most_bytes) {
  if (text.size() <= most_bytes)
    return std::string(text);
  std::size_t end = most_bytes;
  while (end > 0 && is_continuation(text[end]))
    --end;
  const std::size_t space = text.find_last_of(" \n", end);
  if (space != std::string_view::npos && space > most_bytes / 2)
    end = space;
  return std::string(text.substr(0, end)) + "\xE2\x80\xA6";
}

}  // namespace balise
