#ifndef BALISE_GENERATOR_NIGHT_SOURCE_COPIES_HPP
#define BALISE_GENERATOR_NIGHT_SOURCE_COPIES_HPP

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/ids.hpp"
#include "generator/config.hpp"
#include "generator/fetch/fetch.hpp"

namespace balise {

/// The name of a source entry that stays the same from night to night: "offres-lba-v3-0123456789ab", of its url.
[[nodiscard]] std::string key_of(const SourceEntry& entry);

/// SHA-256 of a file, which is on the disk afterwards; empty for one that cannot be read.
[[nodiscard]] std::string hash_of_copy(const std::filesystem::path& path);

/// The last good copy of each fetched source, with what tells it from a newer one.
class SourceCopies {
 public:
  struct Copy {
    std::filesystem::path file;
    Validators validators;
    Date as_of = date_unknown;  ///< the last night on which the source gave it, or said that it is still right
  };

  explicit SourceCopies(std::filesystem::path folder) : m_folder(std::move(folder)) {}

  /// nullopt when there is none, or when it is not what was kept.
  [[nodiscard]] std::optional<Copy> find(const SourceEntry& entry) const;
  /// Where a fetch may write; the ending is that of the url, as far as it says how the file is compressed.
  [[nodiscard]] std::filesystem::path candidate(const SourceEntry& entry) const;
  /// `copy.file` becomes the copy, in one step; the one before goes.
  void keep(const SourceEntry& entry, const Copy& copy) const;
  /// Removes what fetches have left that did not become copies.
  void remove_candidates() const;

 private:
  std::filesystem::path m_folder;
};

}  // namespace balise

#endif
