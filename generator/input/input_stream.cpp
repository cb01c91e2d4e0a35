#include "generator/input/input_stream.hpp"

#include <brotli/decode.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "generator/failure.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

/// The bytes of a file as they are.
class FileStream final : public InputStream {
 public:
  explicit FileStream(fs::path path) : m_path(std::move(path)), m_file(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (m_file < 0)
      throw Failure(Exit::failed,
                    "cannot read " + m_path.string() + ": " + std::strerror(errno) + "; check the path in the config");
    struct stat state {};
    if (::fstat(m_file, &state) != 0 || S_ISDIR(state.st_mode)) {
      ::close(m_file);
      throw Failure(Exit::failed, "cannot read " + m_path.string() + ": it is no file; check the path in the config");
    }
    m_size = static_cast<std::uint64_t>(state.st_size);
  }
  ~FileStream() override { ::close(m_file); }
  FileStream(const FileStream&) = delete;
  FileStream& operator=(const FileStream&) = delete;

  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      const ssize_t count = ::read(m_file, buffer.data(), buffer.size());
      if (count >= 0) {
        m_position += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
      }
      if (errno != EINTR)
        throw Failure(Exit::failed, "cannot read " + m_path.string() + ": " + std::strerror(errno) +
                                        "; check the disk that it is on");
    }
  }
  [[nodiscard]] std::uint64_t position_bytes() const override { return m_position; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return m_size; }

 private:
  fs::path m_path;
  int m_file;
  std::uint64_t m_position = 0, m_size = 0;
};

/// What the three decompressors share: a block of packed bytes, and the limits on what may come of it.
class Decompressor : public InputStream {
 public:
  Decompressor(std::unique_ptr<InputStream> packed, std::string name, std::string_view format)
      : m_packed(std::move(packed)), m_name(std::move(name)), m_format(format), m_block(block_bytes) {}
  [[nodiscard]] std::uint64_t position_bytes() const override { return m_packed->position_bytes(); }
  [[nodiscard]] std::uint64_t size_bytes() const override { return m_packed->size_bytes(); }

 protected:
  /// Reads more when all was used; false at the end of the file.
  bool refill() {
    if (m_used < m_filled)
      return true;
    m_used = 0;
    m_filled = m_packed->read(m_block);
    return m_filled > 0;
  }
  [[nodiscard]] const std::uint8_t* unused() const {
    return reinterpret_cast<const std::uint8_t*>(m_block.data()) + m_used;
  }
  [[nodiscard]] std::size_t unused_size() const { return m_filled - m_used; }
  void use(std::size_t count) { m_used += count; }

  /// Counts what came out and refuses a file that unpacks to much more than honest text does.
  std::size_t gave(std::size_t count) {
    constexpr std::uint64_t most_bytes = 16ULL << 30U, grace_bytes = 64ULL << 20U, most_ratio = 2000;
    m_given += count;
    if (m_given > most_bytes || (m_given > grace_bytes && m_given / most_ratio > m_packed->position_bytes()))
      throw Failure(Exit::data_refused,
                    m_name + " unpacks to more than any source does (" + std::to_string(m_given >> 20U) +
                        " MB so far); it looks like a decompression bomb: check where it comes from");
    return count;
  }
  [[noreturn]] void fail_damaged() const {
    throw Failure(Exit::data_refused, m_name + " is damaged: no valid " + std::string(m_format) + " data before byte " +
                                          std::to_string(m_packed->position_bytes()) + "; fetch it again");
  }
  [[noreturn]] void fail_early() const {
    throw Failure(Exit::data_refused, m_name + " ends too early, after " + std::to_string(m_packed->position_bytes()) +
                                          " bytes (truncated " + std::string(m_format) + "); fetch it again");
  }

 private:
  static constexpr std::size_t block_bytes = 64U << 10U;
  std::unique_ptr<InputStream> m_packed;
  std::string m_name;
  std::string_view m_format;
  std::vector<char> m_block;
  std::size_t m_used = 0, m_filled = 0;
  std::uint64_t m_given = 0;
};

class GzipStream final : public Decompressor {
 public:
  GzipStream(std::unique_ptr<InputStream> packed, std::string name)
      : Decompressor(std::move(packed), std::move(name), "gzip") {
    constexpr int window_bits_with_gzip_header = 15 + 16;
    if (inflateInit2(&m_stream, window_bits_with_gzip_header) != Z_OK)
      throw std::bad_alloc();
  }
  ~GzipStream() override { inflateEnd(&m_stream); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      if (!refill()) {
        if (m_in_member)
          fail_early();
        return 0;
      }
      // Another member may follow the one that ended.
      if (!m_in_member && inflateReset(&m_stream) != Z_OK)
        fail_damaged();
      m_in_member = true;
      m_stream.next_in = const_cast<Bytef*>(unused());
      m_stream.avail_in = static_cast<uInt>(unused_size());
      m_stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      m_stream.avail_out = static_cast<uInt>(buffer.size());
      const int state = inflate(&m_stream, Z_NO_FLUSH);
      use(unused_size() - m_stream.avail_in);
      if (state == Z_STREAM_END)
        m_in_member = false;
      else if (state != Z_OK && state != Z_BUF_ERROR)
        fail_damaged();
      if (const std::size_t count = buffer.size() - m_stream.avail_out; count > 0)
        return gave(count);
    }
  }

 private:
  z_stream m_stream{};
  // An empty file is no gzip file: it counts as one that was cut.
  bool m_in_member = true;
};

class ZstdStream final : public Decompressor {
 public:
  ZstdStream(std::unique_ptr<InputStream> packed, std::string name)
      : Decompressor(std::move(packed), std::move(name), "zstd"), m_stream(ZSTD_createDStream(), ZSTD_freeDStream) {
    if (!m_stream)
      throw std::bad_alloc();
  }
  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      if (!refill()) {
        if (m_in_frame)
          fail_early();
        return 0;
      }
      ZSTD_inBuffer in{unused(), unused_size(), 0};
      ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
      const std::size_t state = ZSTD_decompressStream(m_stream.get(), &out, &in);
      if (ZSTD_isError(state) != 0)
        fail_damaged();
      use(in.pos);
      m_in_frame = state != 0;
      if (out.pos > 0)
        return gave(out.pos);
    }
  }

 private:
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> m_stream;
  bool m_in_frame = true;
};

class BrotliStream final : public Decompressor {
 public:
  BrotliStream(std::unique_ptr<InputStream> packed, std::string name)
      : Decompressor(std::move(packed), std::move(name), "brotli"),
        m_state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance) {
    if (!m_state)
      throw std::bad_alloc();
  }
  std::size_t read(std::span<char> buffer) override {
    for (;;) {
      if (BrotliDecoderIsFinished(m_state.get()) != 0) {
        if (refill())
          fail_damaged();
        return 0;
      }
      // The decoder may hold output back although it was given everything.
      if (!refill() && BrotliDecoderHasMoreOutput(m_state.get()) == 0)
        fail_early();
      std::size_t in_size = unused_size(), out_size = buffer.size();
      const std::uint8_t* in = unused();
      auto* out = reinterpret_cast<std::uint8_t*>(buffer.data());
      const auto result = BrotliDecoderDecompressStream(m_state.get(), &in_size, &in, &out_size, &out, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR)
        fail_damaged();
      use(unused_size() - in_size);
      if (const std::size_t count = buffer.size() - out_size; count > 0)
        return gave(count);
    }
  }

 private:
  std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> m_state;
};

std::array<std::uint8_t, 4> first_bytes_of(const fs::path& path) {
  std::array<std::uint8_t, 4> bytes{};
  FileStream file(path);
  static_cast<void>(file.read({reinterpret_cast<char*>(bytes.data()), bytes.size()}));
  return bytes;
}

}  // namespace

std::unique_ptr<InputStream> open_input(const fs::path& path) {
  const auto magic = first_bytes_of(path);
  auto file = std::make_unique<FileStream>(path);
  const std::string name = path.string();
  const bool is_gzip = magic[0] == 0x1F && magic[1] == 0x8B;
  const bool is_zstd = magic[0] == 0x28 && magic[1] == 0xB5 && magic[2] == 0x2F && magic[3] == 0xFD;
  if (is_gzip || (path.extension() == ".gz" && !is_zstd))
    return std::make_unique<GzipStream>(std::move(file), name);
  if (is_zstd || path.extension() == ".zst")
    return std::make_unique<ZstdStream>(std::move(file), name);
  if (path.extension() == ".br")
    return std::make_unique<BrotliStream>(std::move(file), name);
  return file;
}

std::string read_all(const fs::path& path, std::size_t limit_bytes) {
  const auto input = open_input(path);
  std::string text;
  std::vector<char> block(256U << 10U);
  for (std::size_t count = input->read(block); count > 0; count = input->read(block)) {
    text.append(block.data(), count);
    if (text.size() > limit_bytes)
      throw Failure(Exit::failed, path.string() + " is larger than " + std::to_string(limit_bytes >> 20U) +
                                      " MB; check that it is the right file");
  }
  return text;
}

}  // namespace balise
