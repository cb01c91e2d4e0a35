#include "core/inflate.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>

#include "generator/write/pack.hpp"

namespace balise {

namespace {

/// The content of packed bytes of a known size, read on the heap in exactly their size, so that the sanitizers see a
/// read past the end.
std::optional<Bytes> unpacked(ByteView packed, std::size_t size) {
  const auto copy = std::make_unique<std::uint8_t[]>(packed.size());
  std::copy(packed.begin(), packed.end(), copy.get());
  return inflate({copy.get(), packed.size()}, size);
}

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

/// Contents that make a compressor use all that the format has.
std::vector<Bytes> contents() {
  std::mt19937 random(7);
  std::vector<Bytes> list{{}, {0}, bytes_of("SARL RUE DE LA REPUBLIQUE"), Bytes(100'000, 9)};
  for (const std::size_t size : {10U, 1'000U, 70'000U}) {
    Bytes noise, text, skewed;
    for (std::size_t i = 0; i < size; ++i) {
      noise.push_back(static_cast<std::uint8_t>(random()));
      text.push_back(static_cast<std::uint8_t>('a' + random() % 5));
      // Frequencies that halve give codes of all lengths.
      skewed.push_back(static_cast<std::uint8_t>(__builtin_ctz(static_cast<unsigned>(random()) | 1U << 20U) * 9));
    }
    for (Bytes* bytes : {&noise, &text, &skewed})
      list.push_back(std::move(*bytes));
  }
  return list;
}

}  // namespace

TEST_CASE("what is packed is unpacked, whatever it is") {
  for (const Bytes& content : contents()) {
    for (const PackEffort effort : {PackEffort::most, PackEffort::fast}) {
      const Bytes packed = pack(content, effort);
      REQUIRE(packed.size() >= 4);
      CHECK(unpacked(ByteView(packed).subspan(4), content.size()) == content);
    }
  }
}

TEST_CASE("a stream of another length, cut, or with more behind it is refused") {
  for (const Bytes& content : contents()) {
    Bytes packed = pack(content);
    packed.erase(packed.begin(), packed.begin() + 4);
    CHECK_FALSE(unpacked(packed, content.size() + 1));
    if (!content.empty())
      CHECK_FALSE(unpacked(packed, content.size() - 1));
    for (std::size_t size = 0; size < packed.size(); size += 1 + packed.size() / 200)
      CHECK_FALSE(unpacked(ByteView(packed).first(size), content.size()));
    packed.push_back(0);
    CHECK_FALSE(unpacked(packed, content.size()));
  }
}

TEST_CASE("stored blocks and blocks with fixed codes are read too") {
  // 01 = last block, stored; 3 bytes, their complement, then the bytes.
  CHECK(unpacked(Bytes{1, 3, 0, 0xFC, 0xFF, 'a', 'b', 'c'}, 3) == bytes_of("abc"));
  CHECK_FALSE(unpacked(Bytes{1, 3, 0, 0xFD, 0xFF, 'a', 'b', 'c'}, 3));
  CHECK_FALSE(unpacked(Bytes{1, 3, 0, 0xFC, 0xFF, 'a', 'b'}, 3));
  // "a" and the end of the block in fixed codes.
  CHECK(unpacked(Bytes{0x4B, 0x04, 0x00}, 1) == bytes_of("a"));
  // A block of the type that there is not.
  CHECK_FALSE(unpacked(Bytes{7, 0, 0, 0}, 0));
}

TEST_CASE("damaged streams are refused or read, never read or written out of bounds") {
  std::mt19937 random(8);
  for (const Bytes& content : contents()) {
    Bytes packed = pack(content);
    packed.erase(packed.begin(), packed.begin() + 4);
    for (int i = 0; i < 1'000; ++i) {
      Bytes damaged = packed;
      for (unsigned n = 1 + static_cast<unsigned>(random() % 3); n > 0; --n)
        damaged[random() % std::min<std::size_t>(damaged.size(), 400)] = static_cast<std::uint8_t>(random());
      static_cast<void>(unpacked(damaged, content.size()));
    }
  }
  for (int i = 0; i < 20'000; ++i) {
    Bytes noise(random() % 60);
    for (std::uint8_t& byte : noise)
      byte = static_cast<std::uint8_t>(random());
    static_cast<void>(unpacked(noise, random() % 300));
  }
}

}  // namespace balise
