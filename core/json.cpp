#include "core/json.hpp"

#include "core/decimal.hpp"

namespace balise {

void JsonWriter::key(std::string_view name) {
  before_value();
  quoted(name);
  m_out += ':';
  m_needs_comma = false;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  quoted(value);
  m_needs_comma = true;
}

void JsonWriter::number(std::int64_t value) {
  raw(std::to_string(value));
}

void JsonWriter::scaled(std::int64_t value, unsigned digits) {
  std::string text;
  append_scaled(text, value, digits);
  raw(text);
}

void JsonWriter::text_or_null(std::string_view value) {
  if (value.empty())
    null();
  else
    text(value);
}

void JsonWriter::open(char bracket) {
  before_value();
  m_out += bracket;
  m_needs_comma = false;
}

void JsonWriter::close(char bracket) {
  m_out += bracket;
  m_needs_comma = true;
}

void JsonWriter::raw(std::string_view value) {
  before_value();
  m_out += value;
  m_needs_comma = true;
}

void JsonWriter::before_value() {
  if (m_needs_comma)
    m_out += ',';
}

void JsonWriter::quoted(std::string_view value) {
  constexpr char digits[] = "0123456789abcdef";
  m_out += '"';
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      m_out += '\\';
      m_out += c;
    } else if (c == '\n') {
      m_out += "\\n";
    } else if (c == '\r') {
      m_out += "\\r";
    } else if (c == '\t') {
      m_out += "\\t";
    } else if (byte < 0x20) {
      m_out += "\\u00";
      m_out += digits[byte >> 4U];
      m_out += digits[byte & 15U];
    } else {
      m_out += c;
    }
  }
  m_out += '"';
}

}  // namespace balise
