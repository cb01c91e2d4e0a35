#include "generator/ingest/json_repair.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

#include "generator/text/utf8.hpp"

namespace balise {

namespace {

/// What CP1252 has at 0x80 to 0x9F; 0 where it has nothing.
constexpr std::array<std::uint16_t, 32> cp1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                               0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                               0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                               0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// A byte of CP1252 as UTF-8.
void append_cp1252(std::string& result, unsigned char byte) {
  const std::uint32_t code = byte < 0xA0 ? cp1252[byte - 0x80U] : byte;
  append_utf8(result, code == 0 ? U' ' : code);
}

}  // namespace

std::string repair_json(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 16);
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const std::size_t length = utf8_length(rest);
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
