#ifndef BALISE_GENERATOR_TEXT_EIGHT_BYTES_HPP
#define BALISE_GENERATOR_TEXT_EIGHT_BYTES_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace balise::eight_bytes {

// Looking at eight bytes of a text at once: most bytes are of no interest. Each test marks bytes by their highest bit.
// The marks below the first right one are exact, those above it may be wrong: ask only whether there is one, and where
// the first is.

inline constexpr std::uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;

/// The bytes from `at` on, the first one lowest.
[[nodiscard]] inline std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  if constexpr (std::endian::native == std::endian::little)
    std::memcpy(&word, at, 8);
  else
    for (unsigned i = 0; i < 8; ++i)
      word |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
  return word;
}

[[nodiscard]] constexpr std::uint64_t below(std::uint64_t word, unsigned char limit) {
  return (word - ones * limit) & ~word & highs;
}
[[nodiscard]] constexpr std::uint64_t equal(std::uint64_t word, char c) {
  return below(word ^ (ones * static_cast<unsigned char>(c)), 1);
}
[[nodiscard]] constexpr std::uint64_t not_ascii(std::uint64_t word) {
  return word & highs;
}

/// The place, 0 to 7, of the first mark. Precondition: there is one.
[[nodiscard]] constexpr std::size_t first(std::uint64_t marks) {
  return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

}  // namespace balise::eight_bytes

#endif
