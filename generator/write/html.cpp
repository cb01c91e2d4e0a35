#include "generator/write/html.hpp"

namespace balise {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Bytes of the character that begins here; 0 for what is no UTF-8.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80)
    return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size)
    return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_continuation(text[i]))
      return 0;
  // Overlong forms, surrogates, and what lies behind the last code point.
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) || (first == 0xF0 && byte(1) < 0x90) ||
      (first == 0xF4 && byte(1) > 0x8F))
    return 0;
  return size;
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
    const std::size_t size = character_size(text);
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
