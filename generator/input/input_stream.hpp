#ifndef BALISE_GENERATOR_INPUT_INPUT_STREAM_HPP
#define BALISE_GENERATOR_INPUT_INPUT_STREAM_HPP

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace balise {

/// Bytes of a source, decompressed on the way; memory does not grow with the file.
class InputStream {
 public:
  virtual ~InputStream() = default;
  /// Fills the front of `buffer`; returns how many bytes, 0 only at the end. Throws Failure: Exit::failed when the file
  /// cannot be read, Exit::data_refused when a compressed file is damaged or ends too early (names the file).
  virtual std::size_t read(std::span<char> buffer) = 0;
  /// Bytes of the file itself read so far and in all (0 = unknown), for progress.
  [[nodiscard]] virtual std::uint64_t position_bytes() const = 0;
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;
};

/// Opens a path by what it holds: the ending .gz, .zst or .br, or the magic bytes of gzip and zstd whatever the ending;
/// several gzip members or zstd frames in a row are one stream. Throws Failure(Exit::failed) for a missing file.
[[nodiscard]] std::unique_ptr<InputStream> open_input(const std::filesystem::path& path);

/// The whole of a small file (reference tables, configs), decompressed. Throws as above, and Exit::failed over `limit`.
[[nodiscard]] std::string read_all(const std::filesystem::path& path, std::size_t limit_bytes);

}  // namespace balise

#endif
