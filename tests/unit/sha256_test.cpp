#include "core/sha256.hpp"

#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

namespace balise {

namespace {

std::string hash_of(std::string_view text) {
  return to_hex(sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

}  // namespace

TEST_CASE("SHA-256 gives the published digests") {
  CHECK(hash_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hash_of(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("every length around the block size gives another digest") {
  std::vector<std::string> digests;
  for (std::size_t size = 0; size < 130; ++size) {
    digests.push_back(hash_of(std::string(size, 'x')));
    for (std::size_t i = 0; i < size; ++i)
      REQUIRE(digests[i] != digests[size]);
  }
}

TEST_CASE("a file hash is the first twelve bytes of the digest") {
  const std::uint8_t abc[] = {'a', 'b', 'c'};
  CHECK(to_hex(file_hash(abc)) == "ba7816bf8f01cfea414140de");
}

}  // namespace balise
