#include "core/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace balise {

namespace {

using State = std::array<std::uint32_t, 8>;

/// The constants of the standard: the first 32 bits after the point of the cube roots of the first 64 primes, and of
/// the square roots of the first eight. Computed, because random bytes cannot be compressed in the WebAssembly module.
struct Constants {
  std::array<std::uint32_t, 64> rounds;
  State start;

  Constants() {
    std::size_t count = 0;
    for (unsigned prime = 2; count < rounds.size(); ++prime) {
      bool is_prime = true;
      for (unsigned divisor = 2; divisor * divisor <= prime; ++divisor)
        is_prime = is_prime && prime % divisor != 0;
      if (!is_prime)
        continue;
      // Newton's way to the cube root, from above; twenty steps are more than enough.
      double root = prime;
      for (int i = 0; i < 20; ++i)
        root -= (root - prime / (root * root)) / 3;
      rounds[count] = after_point(root);
      if (count < start.size())
        start[count] = after_point(std::sqrt(prime));
      ++count;
    }
  }

 private:
  static std::uint32_t after_point(double value) {
    return static_cast<std::uint32_t>(static_cast<std::uint64_t>(value * 4294967296.0));
  }
};

const Constants& constants() {
  static const Constants instance;
  return instance;
}

void add_block(State& state, const std::uint8_t* block) {
  std::array<std::uint32_t, 64> words;
  for (std::size_t i = 0; i < 16; ++i)
    words[i] = static_cast<std::uint32_t>(block[4 * i]) << 24U | static_cast<std::uint32_t>(block[4 * i + 1]) << 16U |
               static_cast<std::uint32_t>(block[4 * i + 2]) << 8U | static_cast<std::uint32_t>(block[4 * i + 3]);
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = words[i - 15], b = words[i - 2];
    words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3U) + words[i - 7] +
               (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10U);
  }
  const std::array<std::uint32_t, 64>& rounds = constants().rounds;
  auto [a, b, c, d, e, f, g, h] = state;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t t1 =
        h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + rounds[i] + words[i];
    const std::uint32_t t2 = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const State round{a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < 8; ++i)
    state[i] += round[i];
}

}  // namespace

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> bytes) {
  State state = constants().start;
  std::size_t done = 0;
  for (; bytes.size() - done >= 64; done += 64)
    add_block(state, bytes.data() + done);
  // The rest, the bit 1, zeros, and the length in bits as 64 bits: one block or two.
  std::array<std::uint8_t, 128> tail{};
  const std::size_t rest = bytes.size() - done;
  std::copy_n(bytes.data() + done, rest, tail.begin());
  tail[rest] = 0x80;
  const std::size_t tail_size = rest < 56 ? 64 : 128;
  const std::uint64_t bits = static_cast<std::uint64_t>(bytes.size()) * 8;
  for (std::size_t i = 0; i < 8; ++i)
    tail[tail_size - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  for (std::size_t i = 0; i < tail_size; i += 64)
    add_block(state, tail.data() + i);
  std::array<std::uint8_t, 32> digest;
  for (std::size_t i = 0; i < 32; ++i)
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

FileHash file_hash(std::span<const std::uint8_t> bytes) {
  const auto digest = sha256(bytes);
  FileHash hash;
  std::copy_n(digest.begin(), hash.size(), hash.begin());
  return hash;
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

}  // namespace balise
