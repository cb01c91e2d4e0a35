#include "core/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#endif

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

#ifdef __x86_64__
/// Whether the processor has the instructions for SHA-256: six times as fast, and a build hashes every published byte.
bool has_instructions() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) == 0 || (ecx & bit_SSE4_1) == 0)
    return false;
  return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bit_SHA) != 0;
}

__m128i load(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

__attribute__((target("sha,sse4.1"))) void add_blocks_by_instructions(State& state, const std::uint8_t* block,
                                                                      std::size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0C0D0E0F08090A0B, 0x0405060700010203);
  // The instructions want the words a, b, e, f in one register and c, d, g, h in the other.
  const __m128i cdab = _mm_shuffle_epi32(load(state.data()), 0xB1);
  const __m128i hgfe = _mm_shuffle_epi32(load(state.data() + 4), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, cdab, 0xF0);
  for (; count > 0; --count, block += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i words[4];
    for (std::size_t i = 0; i < 4; ++i)
      words[i] = _mm_shuffle_epi8(load(block + 16 * i), swap);
    for (std::size_t i = 0; i < 16; ++i) {
      __m128i& oldest = words[i % 4];
      const __m128i& newest = words[(i + 3) % 4];
      const __m128i sum = _mm_add_epi32(oldest, load(constants().rounds.data() + 4 * i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
      const __m128i part = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, words[(i + 1) % 4]),
                                         _mm_alignr_epi8(newest, words[(i + 2) % 4], 4));
      oldest = _mm_sha256msg2_epu32(part, newest);
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif

void add_blocks(State& state, const std::uint8_t* block, std::size_t count) {
#ifdef __x86_64__
  static const bool by_instructions = has_instructions();
  if (by_instructions) {
    add_blocks_by_instructions(state, block, count);
    return;
  }
#endif
  for (; count > 0; --count, block += 64)
    add_block(state, block);
}

}  // namespace

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> bytes) {
  State state = constants().start;
  const std::size_t done = bytes.size() / 64 * 64;
  add_blocks(state, bytes.data(), done / 64);
  // The rest, the bit 1, zeros, and the length in bits as 64 bits: one block or two.
  std::array<std::uint8_t, 128> tail{};
  const std::size_t rest = bytes.size() - done;
  std::copy_n(bytes.data() + done, rest, tail.begin());
  tail[rest] = 0x80;
  const std::size_t tail_size = rest < 56 ? 64 : 128;
  const std::uint64_t bits = static_cast<std::uint64_t>(bytes.size()) * 8;
  for (std::size_t i = 0; i < 8; ++i)
    tail[tail_size - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i));
  add_blocks(state, tail.data(), tail_size / 64);
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
