#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/publish/signature.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

const std::string built = R"({"format":1,"title":"Brest \u00e9t\u00e9","counts":{"lba":2},"root":"AAAA"})"
                          "\n";

Exit exit_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.exit();
  }
  return Exit::done;
}

}  // namespace

TEST_CASE("a key file is for its owner, is never replaced, and gives the same key again") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "key";
  const PublicKey key = SecretKey::create(file).public_key();
  struct stat state {};
  REQUIRE(::stat(file.c_str(), &state) == 0);
  CHECK((state.st_mode & 0777U) == 0600U);
  CHECK(SecretKey::load(file).public_key() == key);
  CHECK(exit_of([&] { static_cast<void>(SecretKey::create(file)); }) == Exit::failed);
  CHECK(SecretKey::load(file).public_key() == key);
  fs::permissions(file, fs::perms::group_read, fs::perm_options::add);
  CHECK(exit_of([&] { static_cast<void>(SecretKey::load(file)); }) == Exit::failed);
  const fs::path other = folder.path() / "other";
  for (const std::string& text : {std::string(), std::string("balise secret key 1\n"), std::string(200, 'A')}) {
    write_file(other, text);
    ::chmod(other.c_str(), 0600);
    CHECK(exit_of([&] { static_cast<void>(SecretKey::load(other)); }) == Exit::usage);
  }
  CHECK(exit_of([&] { static_cast<void>(SecretKey::load(folder.path() / "absent")); }) == Exit::failed);
}

TEST_CASE("Ed25519 is that of RFC 8032") {
  // Section 7.1, test 2: the key, a message of one byte, its signature.
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "key";
  const Bytes seed{0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
                   0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
  write_file(file, "balise secret key 1\n" + base64_of(seed) + "\n");
  ::chmod(file.c_str(), 0600);
  const SecretKey key = SecretKey::load(file);
  CHECK(to_hex(key.public_key()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  CHECK(to_hex(key.sign("\x72")) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST_CASE("a signed manifest says what was built, and every change of a byte is seen") {
  const TemporaryFolder folder;
  const SecretKey key = SecretKey::create(folder.path() / "a"), other = SecretKey::create(folder.path() / "b");
  const std::string text = signed_manifest(built, {7, 1700000000, 1700600000, "abcd"}, key);
  const auto json = nlohmann::json::parse(text);
  CHECK(json["version"] == 7);
  CHECK(json["published"] == "2023-11-14T22:13:20Z");
  CHECK(json["keyid"] == keyid_of(key.public_key()));
  CHECK(json["previous"] == "abcd");
  CHECK(is_signed(text));
  CHECK_FALSE(is_signed(built));
  CHECK(is_signed_by(text, {key.public_key()}));
  CHECK(is_signed_by(text, {other.public_key(), key.public_key()}));
  CHECK_FALSE(is_signed_by(text, {other.public_key()}));
  CHECK_FALSE(is_signed_by(text, {}));
  CHECK_FALSE(is_signed_by(built, {key.public_key()}));
  const std::size_t end = text.find_last_not_of('\n');
  for (std::size_t i = 0; i <= end; ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (is_signed_by(changed, {key.public_key()}))
      FAIL("byte " << i);
    if (i > 0 && is_signed_by(text.substr(0, i), {key.public_key()}))
      FAIL("cut at " << i);
  }
  // Nothing may follow the signature: a reader of JSON takes the last of two equal keys.
  CHECK_FALSE(is_signed_by(text.substr(0, end) + R"(,"root":"BBBB"})", {key.public_key()}));

  // Signed once more, it is what would have been signed at first.
  CHECK(unsigned_manifest(text).dump() + "\n" == nlohmann::ordered_json::parse(built).dump() + "\n");
  CHECK(signed_manifest(text, {9, 1700000000, 1700600000, ""}, other) ==
        signed_manifest(built, {9, 1700000000, 1700600000, ""}, other));
  CHECK(exit_of([] { static_cast<void>(unsigned_manifest("[]")); }) == Exit::verification_failed);
}

TEST_CASE("public keys and times are read strictly") {
  const PublicKey key{1, 2, 3};
  CHECK(parse_public_key(text_of(key)) == key);
  for (const char* text :
       {"", "AAAA", "AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not base64 at all, but 44 characters long!!!"})
    CHECK_FALSE(parse_public_key(text));
  CHECK(text_of_time(0) == "1970-01-01T00:00:00Z");
  CHECK(parse_time("2028-02-29T23:59:59Z") == 1835481599);
  for (const char* text : {"", "2026-11-21", "2026-02-31T00:00:00Z", "2026-11-21T04:00:00", "2026-11-21T04:00:00Zx"})
    CHECK_FALSE(parse_time(text));
}

}  // namespace balise
