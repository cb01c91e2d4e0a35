#include "core/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace balise {

namespace {

/// Next code point and its length; an invalid byte counts as one of length 1 with the value 0xFFFFFFFF.
struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};

CodePoint code_point_at(std::string_view text, std::size_t i) {
  constexpr CodePoint invalid{0xFFFFFFFFU, 1};
  const auto first = static_cast<std::uint8_t>(text[i]);
  if (first < 0x80)
    return {first, 1};
  const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || i + bytes > text.size())
    return invalid;
  std::uint32_t value = first & (0xFFU >> (bytes + 1));
  for (std::size_t j = 1; j < bytes; ++j) {
    const auto next = static_cast<std::uint8_t>(text[i + j]);
    if ((next & 0xC0U) != 0x80U)
      return invalid;
    value = value << 6U | (next & 0x3FU);
  }
  return {value, bytes};
}

/// Plain letters for U+00C0 to U+017F, three characters each: what the letter becomes, padded with spaces. Signs that
/// are no letters (multiplication, division) are blank.
constexpr std::string_view plain_letters =
    // U+00C0
    "a  a  a  a  a  a  ae c  e  e  e  e  i  i  i  i  d  n  o  o  o  o  o     o  u  u  u  u  y  th ss "
    // U+00E0
    "a  a  a  a  a  a  ae c  e  e  e  e  i  i  i  i  d  n  o  o  o  o  o     o  u  u  u  u  y  th y  "
    // U+0100
    "a  a  a  a  a  a  c  c  c  c  c  c  c  c  d  d  d  d  e  e  e  e  e  e  e  e  e  e  g  g  g  g  "
    // U+0120
    "g  g  g  g  h  h  h  h  i  i  i  i  i  i  i  i  i  i  ij ij j  j  k  k  k  l  l  l  l  l  l  l  "
    // U+0140
    "l  l  l  n  n  n  n  n  n  n  n  n  o  o  o  o  o  o  oe oe r  r  r  r  r  r  s  s  s  s  s  s  "
    // U+0160
    "s  s  t  t  t  t  t  t  u  u  u  u  u  u  u  u  u  u  u  u  w  w  y  y  y  z  z  z  z  z  z  s  ";
static_assert(plain_letters.size() == (0x180 - 0xC0) * 3);

void append_utf8(std::string& out, std::uint32_t value) {
  // Only code points below U+0800 are written here.
  out += static_cast<char>(0xC0U | value >> 6U);
  out += static_cast<char>(0x80U | (value & 0x3FU));
}

}  // namespace

std::string fold(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  bool gap = false;
  const auto append = [&](std::string_view letters) {
    if (gap && !out.empty())
      out += ' ';
    gap = false;
    out += letters;
  };
  for (std::size_t i = 0; i < utf8.size();) {
    const char c = utf8[i];
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((small >= 'a' && small <= 'z') || (small >= '0' && small <= '9')) {
      if (gap && !out.empty())
        out += ' ';
      gap = false;
      out += small;
      ++i;
      continue;
    }
    const auto [value, bytes] = code_point_at(utf8, i);
    i += bytes;
    if (value >= 0xC0 && value < 0x180) {
      std::string_view letters = plain_letters.substr((value - 0xC0) * 3, 3);
      letters = letters.substr(0, letters.find(' '));
      if (letters.empty())
        gap = true;
      else
        append(letters);
    } else if (value < 0x300 || value > 0x36F) {
      // Combining accents belong to the letter before; everything else separates.
      gap = true;
    }
  }
  return out;
}

std::string lower(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size();) {
    const auto [value, bytes] = code_point_at(utf8, i);
    if (value >= 'A' && value <= 'Z') {
      out += static_cast<char>(value - 'A' + 'a');
    } else if (value >= 0xC0 && value <= 0xDE && value != 0xD7) {
      append_utf8(out, value + 0x20);
    } else if (value == 0x178) {
      append_utf8(out, 0xFF);
    } else if (value == 0x130) {
      out += 'i';
      append_utf8(out, 0x307);
    } else if (value >= 0x100 && value < 0x180 && value != 0x138 && value != 0x149 && value != 0x17F) {
      // Pairs of a capital and a small letter; in two stretches the capital has the odd number.
      const bool odd_capital = (value >= 0x139 && value <= 0x148) || value >= 0x179;
      const bool is_capital = (value % 2 == 1) == odd_capital;
      append_utf8(out, is_capital ? value + 1 : value);
    } else {
      out.append(utf8.substr(i, bytes));
    }
    i += bytes;
  }
  return out;
}

std::string_view cut(std::string_view& rest, char end) {
  const std::size_t size = std::min(rest.find(end), rest.size());
  const std::string_view piece = rest.substr(0, size);
  rest.remove_prefix(std::min(size + 1, rest.size()));
  return piece;
}

std::string ascii_lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return lowered;
}

}  // namespace balise
