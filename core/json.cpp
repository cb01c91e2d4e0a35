#include "core/json.hpp"

#include <cstring>

#include "core/decimal.hpp"

namespace balise {

namespace {

constexpr std::size_t most_of_a_byte = 6;  ///< "\\u0000"

/// Writes a text between quotes; where it ends.
char* quote(char* out, std::string_view value) {
  *out++ = '"';
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      *out++ = '\\';
      if (c == '\n' || c == '\r' || c == '\t') {
        c = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
      } else if (byte < 0x20) {
        *out++ = 'u';
        *out++ = '0';
        *out++ = '0';
        *out++ = byte < 0x10 ? '0' : '1';
        c = "0123456789abcdef"[byte & 15U];
      }
    }
    *out++ = c;
  }
  *out++ = '"';
  return out;
}

}  // namespace

void JsonWriter::key(std::string_view name) {
  char* out = quote(begin(most_of_a_byte * name.size() + 3), name);
  *out++ = ':';
  end(out, false);
}

void JsonWriter::text(std::string_view value) {
  end(quote(begin(most_of_a_byte * value.size() + 2), value), true);
}

void JsonWriter::scaled(std::int64_t value, unsigned digits) {
  std::string text;
  append_scaled(text, value, digits);
  raw(text);
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
  char* out = begin(1);
  *out++ = bracket;
  end(out, false);
}

void JsonWriter::close(char bracket) {
  m_comma_is_due = false;
  open(bracket);
  m_comma_is_due = true;
}

void JsonWriter::raw(std::string_view value) {
  char* const out = begin(value.size());
  std::memcpy(out, value.data(), value.size());
  end(out + value.size(), true);
}

char* JsonWriter::begin(std::size_t most) {
  const std::size_t size = m_size + 1 + most;
  if (size > m_capacity) {
    m_capacity = 2 * size;
    std::unique_ptr<char[]> larger(new char[m_capacity]);  // not cleared
    if (m_size > 0)
      std::memcpy(larger.get(), m_text.get(), m_size);
    m_text = std::move(larger);
  }
  char* const out = m_text.get() + m_size;
  *out = ',';
  return out + (m_comma_is_due ? 1 : 0);
}

void JsonWriter::end(const char* end, bool comma_is_due) {
  m_size = static_cast<std::size_t>(end - m_text.get());
  m_comma_is_due = comma_is_due;
}

}  // namespace balise
