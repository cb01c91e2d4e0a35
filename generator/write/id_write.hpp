#ifndef BALISE_GENERATOR_WRITE_ID_WRITE_HPP
#define BALISE_GENERATOR_WRITE_ID_WRITE_HPP

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>

#include "core/shard.hpp"
#include "generator/files.hpp"

namespace balise {

/// Entries of an id shard, on average at most.
inline constexpr std::size_t max_id_entries = 2048;

/// Collects where the cards of all ids are while regions are written, on disk, and writes the id shards from that.
class IdWriter {
 public:
  /// `scratch` is a folder for files of the build; it must exist.
  explicit IdWriter(const std::filesystem::path& scratch);

  /// Called by any thread.
  void add(std::span<const IdEntry> entries);
  /// Takes what another one collected and closed in its folder.
  void add_from(const std::filesystem::path& scratch);
  /// For another one to take: nothing may be added after it. Throws Failure when a file cannot be written.
  void close();
  /// Writes the shards and their directory below `data_folder`, the same for the same entries in any order; nullopt
  /// when there are none. Throws Failure when a file cannot be written.
  [[nodiscard]] std::optional<FileRef> write(const std::filesystem::path& data_folder);

 private:
  static constexpr unsigned part_bits = 6;
  [[nodiscard]] std::vector<IdEntry> entries_of(std::size_t first_part, std::size_t parts) const;

  std::filesystem::path m_scratch;
  std::mutex m_mutex;
  std::uint64_t m_count = 0;
  /// By the highest bits of the hash.
  std::array<std::unique_ptr<FileAppender>, std::size_t{1} << part_bits> m_parts;
};

}  // namespace balise

#endif
