#include "generator/input/input_stream.hpp"

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using test::failure_of;
using test::holds;
using test::TemporaryFolder;

std::string gzip(std::string_view text) {
  z_stream stream{};
  constexpr int with_gzip_header = 15 + 16;
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, with_gzip_header, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  std::string in(text);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
  ZSTD_freeCCtx(context);
  REQUIRE(ZSTD_isError(size) == 0U);
  out.resize(size);
  return out;
}

std::string brotli(std::string_view text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size()) + 64;
  std::string out(size, '\0');
  REQUIRE(BrotliEncoderCompress(5, 20, BROTLI_MODE_TEXT, text.size(),
                                reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                                reinterpret_cast<std::uint8_t*>(out.data())) == BROTLI_TRUE);
  out.resize(size);
  return out;
}

struct Packer {
  const char* ending;
  std::string (*pack)(std::string_view);
};
constexpr Packer packers[] = {{".gz", gzip}, {".zst", zstd}, {".br", brotli}};

/// Text that packs, but not to next to nothing.
std::string sample(std::size_t size) {
  test::Random random(7);
  std::string text;
  while (text.size() < size)
    text += "{\"id\":" + std::to_string(random.below(100'000'000)) + ",\"title\":\"Boulangerie\"}\n";
  text.resize(size);
  return text;
}

std::string read_back(const std::filesystem::path& path, std::size_t buffer_size) {
  const auto input = open_input(path);
  std::vector<char> buffer(buffer_size);
  std::string text;
  for (std::size_t count = input->read(buffer); count > 0; count = input->read(buffer)) {
    REQUIRE(count <= buffer_size);
    text.append(buffer.data(), count);
  }
  // The end stays the end.
  CHECK(input->read(buffer) == 0);
  CHECK(input->position_bytes() == std::filesystem::file_size(path));
  CHECK(input->size_bytes() == std::filesystem::file_size(path));
  return text;
}

TEST_CASE("Every kind of file gives its bytes back, whatever the buffer") {
  const TemporaryFolder folder;
  const std::string small = sample(1000), large = sample(3'000'000);
  const auto check = [&](const std::string& name, const std::string& bytes, const std::string& text) {
    const auto path = folder.write(name, bytes);
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{1021},
                                   std::size_t{65'537}, std::size_t{4'000'000}}) {
      if (size < 7 && text.size() > 10'000)
        continue;
      CAPTURE(name, size);
      CHECK((read_back(path, size) == text));
    }
  };
  check("small.json", small, small);
  check("large.json", large, large);
  check("empty.json", "", "");
  for (const Packer& packer : packers) {
    check(std::string("small") + packer.ending, packer.pack(small), small);
    check(std::string("large") + packer.ending, packer.pack(large), large);
    check(std::string("nothing") + packer.ending, packer.pack(""), "");
  }
  check("members.gz", gzip(small) + gzip("") + gzip(large) + gzip("end"), small + large + "end");
  check("frames.zst", zstd(small) + zstd("") + zstd(large) + zstd("end"), small + large + "end");
  // A frame to be passed over: its magic number and its length come first.
  check("skippable.zst", zstd(small) + std::string("\x50\x2A\x4D\x18\x03\x00\x00\x00xyz", 11) + zstd("end"),
        small + "end");
}

TEST_CASE("The magic bytes tell what the ending does not") {
  const TemporaryFolder folder;
  const std::string text = sample(500);
  CHECK(read_back(folder.write("offres.json", gzip(text)), 100) == text);
  CHECK(read_back(folder.write("offres", zstd(text)), 100) == text);
  CHECK(read_back(folder.write("swapped.zst", gzip(text)), 100) == text);
  CHECK(read_back(folder.write("swapped.gz", zstd(text)), 100) == text);
}

TEST_CASE("A packed file that ends too early is refused at every length") {
  const TemporaryFolder folder;
  const std::string text = sample(300);
  for (const Packer& packer : packers) {
    const std::string packed = packer.pack(text);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      CAPTURE(packer.ending, size);
      const auto path = folder.write(std::string("cut") + packer.ending, std::string_view(packed).substr(0, size));
      const auto failure = failure_of([&] { static_cast<void>(read_back(path, 64)); });
      REQUIRE(failure);
      CHECK(failure->exit() == Exit::data_refused);
      CHECK(holds(failure->what(), path.string()));
      CHECK(holds(failure->what(), "ends too early"));
    }
  }
  // The cut may be in what follows a whole member.
  const std::string first_gz = gzip(text), first_zst = zstd(text);
  for (const auto& [name, first, both] : {std::tuple("two.gz", first_gz, first_gz + gzip("more")),
                                          std::tuple("two.zst", first_zst, first_zst + zstd("more"))})
    for (std::size_t size = first.size() + 1; size < both.size(); ++size) {
      CAPTURE(name, size);
      const auto path = folder.write(name, std::string_view(both).substr(0, size));
      const auto failure = failure_of([&] { static_cast<void>(read_back(path, 64)); });
      REQUIRE(failure);
      CHECK(failure->exit() == Exit::data_refused);
    }
}

TEST_CASE("A damaged byte is found") {
  const TemporaryFolder folder;
  const std::string text = sample(300);
  // gzip: its header of 10 bytes holds a time and an operating system that mean nothing here. Brotli has no checksum.
  for (const auto& [name, packed, begin] :
       {std::tuple("damaged.gz", gzip(text), std::size_t{10}), std::tuple("damaged.zst", zstd(text), std::size_t{4})})
    for (std::size_t i = begin; i < packed.size(); ++i) {
      CAPTURE(name, i);
      std::string damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      const auto path = folder.write(name, damaged);
      std::string got;
      const auto failure = failure_of([&] { got = read_back(path, 64); });
      if (!failure) {
        // A bit of zstd's frame header may change how the frame is described and not what it holds.
        CHECK((got == text && std::string_view(name) == "damaged.zst" && i < 6));
        continue;
      }
      CHECK(failure->exit() == Exit::data_refused);
      CHECK(holds(failure->what(), path.string()));
    }
  for (const char* name : {"page.gz", "page.zst", "page.br"}) {
    const auto path = folder.write(name, "<html><body>404 Not Found, and quite a lot of text behind it</body></html>");
    const auto failure = failure_of([&] { static_cast<void>(read_back(path, 64)); });
    REQUIRE(failure);
    CHECK(failure->exit() == Exit::data_refused);
    CHECK(holds(failure->what(), "damaged"));
  }
  const auto behind = folder.write("behind.br", brotli(text) + "x");
  CHECK(failure_of([&] { static_cast<void>(read_back(behind, 64)); }));
}

TEST_CASE("What unpacks to far too much is refused") {
  const TemporaryFolder folder;
  const std::string zeros(300U << 20U, '\0');
  const auto path = folder.write("bomb.zst", zstd(zeros));
  const auto failure = failure_of([&] { static_cast<void>(read_back(path, 1U << 20U)); });
  REQUIRE(failure);
  CHECK(failure->exit() == Exit::data_refused);
  CHECK(holds(failure->what(), "bomb"));
}

TEST_CASE("A missing file and a folder are named") {
  const TemporaryFolder folder;
  for (const auto& path : {folder.path() / "absent.json", folder.path() / "absent.gz", folder.path()}) {
    const auto failure = failure_of([&] { static_cast<void>(open_input(path)); });
    REQUIRE(failure);
    CHECK(failure->exit() == Exit::failed);
    CHECK(holds(failure->what(), path.string()));
  }
}

TEST_CASE("read_all unpacks, and keeps to its limit") {
  const TemporaryFolder folder;
  const std::string text = sample(2000);
  const auto path = folder.write("table.csv.gz", gzip(text));
  CHECK(read_all(path, 2000) == text);
  const auto failure = failure_of([&] { static_cast<void>(read_all(path, 1999)); });
  REQUIRE(failure);
  CHECK(failure->exit() == Exit::failed);
  CHECK(holds(failure->what(), path.string()));
}

}  // namespace
}  // namespace balise
