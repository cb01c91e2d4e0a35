#ifndef BALISE_GENERATOR_TEXT_UTF8_HPP
#define BALISE_GENERATOR_TEXT_UTF8_HPP

#include <cstdint>
#include <string>

namespace balise {

/// Appends a code point, up to U+10FFFF.
inline void append_utf8(std::string& out, std::uint32_t value) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
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

}  // namespace balise

#endif
