#include <catch2/catch.hpp>
#include <string>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  const Bytes bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("a folder is published where nothing stood, and in the place of an older one") {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "public";
  for (const char* content : {"one", "two"}) {
    const ScratchFolder scratch(target);
    write_file(scratch.path() / "site" / "a" / "file", std::string_view(content));
    publish_folder(scratch.path() / "site", target);
    CHECK(text_of(target / "a" / "file") == content);
  }
  // Nothing else is left beside it.
  std::size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    static_cast<void>(entry);
    ++entries;
  }
  CHECK(entries == 1);
}

TEST_CASE("a scratch folder stands beside its target, whatever form the path has") {
  const TemporaryFolder folder;
  for (const char* form : {"public", "public/", "./public", "deeper/public"}) {
    const ScratchFolder scratch(folder.path() / form);
    CHECK(fs::is_directory(scratch.path()));
    CHECK(scratch.path().filename().string().starts_with(".public.new-"));
  }
}

TEST_CASE("a file that cannot be written is named, with the reason") {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", std::string_view("x"));
  try {
    write_file(folder.path() / "file" / "below", std::string_view("x"));
    FAIL("written");
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::failed);
    CHECK(std::string(failure.what()).find("/file") != std::string::npos);
  }
  CHECK_THROWS_AS(read_file(folder.path() / "absent"), Failure);
}

TEST_CASE("base64 gives back what was written, and refuses what it is not") {
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes;
    for (std::size_t i = 0; i < size; ++i)
      bytes.push_back(static_cast<std::uint8_t>(i * 89 + size));
    CHECK(bytes_of_base64(base64_of(bytes), "test") == bytes);
  }
  CHECK(base64_of(Bytes{'M', 'a', 'n', 'y'}) == "TWFueQ==");
  for (const char* text : {"A", "AAA", "====", "AA=A", "A A=", "AAA\n", "=AAA", "AA==AAAA"})
    CHECK_THROWS_AS(bytes_of_base64(text, "test"), Failure);
}

}  // namespace balise
