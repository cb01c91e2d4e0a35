#include "generator/write/compress.hpp"

#include <brotli/encode.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/parallel.hpp"

namespace balise {

namespace fs = std::filesystem;

Bytes gzip_of(ByteView bytes) {
  z_stream stream{};
  constexpr int window_bits_with_gzip_header = 15 + 16;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window_bits_with_gzip_header, 9, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    throw Failure(Exit::failed, "not enough memory to compress; close other programs and try again");
  Bytes out(deflateBound(&stream, static_cast<uLong>(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (state != Z_STREAM_END)
    throw Failure(Exit::failed, "compressing with gzip failed; try again");
  return out;
}

Bytes fast_gzip_of(ByteView bytes) {
  constexpr int level = 1;
  struct Compressor {
    libdeflate_compressor* self = libdeflate_alloc_compressor(level);
    ~Compressor() { libdeflate_free_compressor(self); }
  };
  thread_local const Compressor compressor;
  Bytes out(compressor.self == nullptr ? 0 : libdeflate_gzip_compress_bound(compressor.self, bytes.size()));
  const std::size_t size =
      out.empty() ? 0 : libdeflate_gzip_compress(compressor.self, bytes.data(), bytes.size(), out.data(), out.size());
  if (size == 0)
    throw Failure(Exit::failed, "not enough memory to compress; close other programs and try again");
  out.resize(size);
  return out;
}

Bytes brotli_of(ByteView bytes, int quality) {
  // No wider than the input: the encoder's tables grow with the window, and filling them takes longer than compressing
  // a small file.
  int window_bits = BROTLI_MIN_WINDOW_BITS;
  while (window_bits < BROTLI_MAX_WINDOW_BITS && (std::size_t{1} << window_bits) < bytes.size() + 16)
    ++window_bits;
  Bytes out(BrotliEncoderMaxCompressedSize(bytes.size()));
  std::size_t size = out.size();
  if (BrotliEncoderCompress(quality, window_bits, BROTLI_MODE_GENERIC, bytes.size(), bytes.data(), &size, out.data()) ==
      BROTLI_FALSE)
    throw Failure(Exit::failed, "compressing with brotli failed; try again");
  out.resize(size);
  return out;
}

bool is_variant(const fs::path& path) {
  return path.extension() == ".br" || path.extension() == ".gz";
}

bool is_worth_keeping(ByteView variant, ByteView bytes) {
  return variant.size() <= bytes.size() - bytes.size() / 10;
}

void write_variants(const fs::path& folder, std::string_view skip, const fs::path& assets, unsigned jobs) {
  // What is larger than any page or script of a site is the list of its files, which browsers never ask for.
  constexpr std::size_t max_thorough_bytes = 128U << 10U;
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry.depth() == 0 && entry->path().filename() == skip)
      entry.disable_recursion_pending();
    else if (entry->is_regular_file() && !is_variant(entry->path()) && entry->path().extension() != ".bin")
      files.push_back(entry->path());
  }
  in_parallel(files.size(), jobs, [&](std::size_t i) {
    const fs::path& path = files[i];
    const Bytes bytes = read_file(path);
    const fs::path relative = path.lexically_relative(folder);
    const fs::path asset = assets / "site" / relative;
    const bool is_asset = fs::exists(asset) && read_file(asset) == bytes;
    const bool is_list = bytes.size() > max_thorough_bytes;
    const auto keep = [&](const char* ending, const std::function<Bytes()>& make) {
      const fs::path made = (assets / "variants" / relative).concat(ending);
      const Bytes variant = is_asset && fs::exists(made) ? read_file(made) : make();
      if (is_worth_keeping(variant, bytes))
        write_file(fs::path(path).concat(ending), variant);
    };
    keep(".br", [&] { return brotli_of(bytes, is_list ? 4 : 11); });
    keep(".gz", [&] { return is_list ? fast_gzip_of(bytes) : gzip_of(bytes); });
  });
}

}  // namespace balise
