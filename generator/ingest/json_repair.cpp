#include "generator/ingest/json_repair.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace balise {

namespace {

/// What CP1252 has at 0x80 to 0x9F; 0 where it has nothing.
constexpr std::array<std::uint16_t, 32> cp1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// Length of the well-formed UTF-8 sequence at the front; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80)
    return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80)
      return 0;
  // Overlong forms, surrogates, and beyond U+10FFFF.
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F) || (first == 0xF0 && byte(1) < 0x90) ||
      (first == 0xF4 && byte(1) > 0x8F))
    return 0;
  return length;
}

/// A byte of CP1252 as UTF-8.
void append_cp1252(std::string& result, unsigned char byte) {
  const std::uint32_t code = byte < 0xA0 ? cp1252[byte - 0x80U] : byte;
  if (code == 0) {
    result += ' ';
  } else if (code < 0x800) {
    result += static_cast<char>(0xC0 | (code >> 6));
    result += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    result += static_cast<char>(0xE0 | (code >> 12));
    result += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    result += static_cast<char>(0x80 | (code & 0x3F));
  }
}

}  // namespace

std::string repair_json(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const std::size_t length = sequence_length(rest);
    if (length != 1) {
      if (length == 0)
        append_cp1252(result, static_cast<unsigned char>(text[i]));
      else
        result += rest.substr(0, length);
      i += length == 0 ? 1 : length;
      continue;
    }
    const char c = text[i];
    if (in_string && c == '\\' && rest.size() > 1 && static_cast<unsigned char>(rest[1]) >= 0x20) {
      result += c;
      // The escaped character is copied unseen, unless it is one of several bytes: the next round looks at that.
      if (static_cast<unsigned char>(rest[1]) < 0x80)
        result += rest[1];
      i += static_cast<unsigned char>(rest[1]) < 0x80 ? 2U : 1U;
      continue;
    }
    if (!in_string) {
      bool replaced = false;
      for (const std::string_view word : {"-Infinity", "Infinity", "NaN"}) {
        if (rest.starts_with(word)) {
          result += "null";
          i += word.size();
          replaced = true;
          break;
        }
      }
      if (replaced)
        continue;
    }
    if (c == '"')
      in_string = !in_string;
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    ++i;
  }
  return result;
}

}  // namespace balise
