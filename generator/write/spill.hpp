#ifndef BALISE_GENERATOR_WRITE_SPILL_HPP
#define BALISE_GENERATOR_WRITE_SPILL_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/packed.hpp"
#include "generator/files.hpp"
#include "generator/record.hpp"

namespace balise {

/// Where a spilled record stands. Ordered, so that a set of them can be met while files are read in sequence.
struct SpillPlace {
  Region region;
  std::uint32_t worker = 0;
  std::uint32_t number = 0;  ///< of the record in the file of that region and worker
  [[nodiscard]] friend bool operator<(const SpillPlace& a, const SpillPlace& b) {
    return std::tie(a.region.index, a.worker, a.number) < std::tie(b.region.index, b.worker, b.number);
  }
};

/// A record with the number of the source entry that it came from.
struct SpilledRecord {
  std::uint32_t entry = 0;
  Record record;
};

/// The records of a build between reading and writing: on disk, one file a region and worker, so that memory holds one
/// region at a time.
class Spill {
 public:
  /// What tells that two records may be duplicates: equal keys have equal hashes.
  struct Key {
    std::uint64_t hash;
    SpillPlace place;
  };

  Spill(std::filesystem::path folder, unsigned workers);
  /// Called by one thread per worker number.
  void add(unsigned worker, std::size_t entry, const Record& record);
  /// Ends writing. Throws Failure when the disk is full.
  void close();

  [[nodiscard]] std::uint64_t count(Region region) const;
  /// All keys, in no particular order; the spill gives them up.
  [[nodiscard]] std::vector<Key> take_keys();
  /// Reads the records of a region in the order of their places.
  void read(Region region, const std::function<void(const SpillPlace&, SpilledRecord&&)>& take) const;
  /// Removes the files of a region.
  void remove(Region region) const;

 private:
  struct Worker {
    std::map<Region, std::unique_ptr<FileAppender>> files;
    std::map<Region, std::uint32_t> counts;
    std::vector<Key> keys;
    Bytes frame;
  };
  [[nodiscard]] std::filesystem::path file(Region region, std::size_t worker) const;

  std::filesystem::path m_folder;
  std::vector<Worker> m_workers;
};

/// The texts that make two records the same one (reference, section 3.3 for formations): `id` for every source, and for
/// formations title, short title, school, diploma and postal code together.
[[nodiscard]] std::string identity_key(const Record& record);
[[nodiscard]] std::optional<std::string> formation_key(const Record& record);

/// A record as bytes, the same for the same content.
void put_record(Bytes& out, const Record& record);

}  // namespace balise

#endif
