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

void JsonWriter::scaled(std::int64_t value, unsigned digits) {
  before_value();
  append_scaled(m_out, value, digits);
  m_needs_comma = true;
}

void JsonWriter::scaled_or_null(const std::int32_t* value, unsigned digits) {
  if (value == nullptr)
    null();
  else
    scaled(*value, digits);
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
  m_out += '"';
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\r' || c == '\t') {
      m_out += '\\';
      c = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
    } else if (byte < 0x20) {
      m_out += byte < 0x10 ? "\\u000" : "\\u001";
      c = "0123456789abcdef"[byte & 15U];
    } else if (c == '"' || c == '\\') {
      m_out += '\\';
    }
    m_out += c;
  }
  m_out += '"';
}

}  // namespace balise
