#ifndef BALISE_GENERATOR_WRITE_SPILL_HPP
#define BALISE_GENERATOR_WRITE_SPILL_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "core/packed.hpp"
#include "generator/files.hpp"
#include "generator/record.hpp"

namespace balise {

/// Where a spilled record stands. Ordered, so that a list of them can be met while files are read in sequence.
struct SpillPlace {
  std::uint32_t number = 0;  ///< of the record in the file of that departement and worker
  std::uint16_t worker = 0;
  Departement departement;
  [[nodiscard]] friend bool operator<(const SpillPlace& a, const SpillPlace& b) {
    return std::tie(a.departement.index, a.worker, a.number) < std::tie(b.departement.index, b.worker, b.number);
  }
  [[nodiscard]] friend bool operator==(const SpillPlace& a, const SpillPlace& b) = default;
};

/// A record with the number of the source entry that it came from.
struct SpilledRecord {
  std::uint32_t entry = 0;
  Record record;
};

/// The records of a build between reading and writing: on disk, one file a departement and worker, but for the last
/// ones, so that memory holds what is read at a time. What tells duplicates is on disk as well, cut by its hash.
class Spill {
 public:
  /// What tells that two records may be duplicates: equal keys have equal hashes.
  struct Key {
    std::uint64_t hash;
    SpillPlace place;
  };
  /// Keys of equal hash stand in one part.
  static constexpr unsigned key_part_bits = 6;
  static constexpr std::size_t key_parts = std::size_t{1} << key_part_bits;

  /// Of each worker so many keys at most stay in memory.
  Spill(std::filesystem::path folder, unsigned workers, std::size_t max_keys = std::size_t{1} << 18U);
  /// Called by one thread per worker number. Throws Failure when the disk is full.
  void add(unsigned worker, std::size_t entry, const Record& record);

  [[nodiscard]] std::uint64_t count(Region region) const;
  /// All keys of a part, in no particular order; the spill gives them up. Several threads may take different parts.
  [[nodiscard]] std::vector<Key> take_keys(std::size_t part);
  /// Reads the records of a region in the order of their places.
  void read(Region region, const std::function<void(const SpillPlace&, SpilledRecord&&)>& take) const;
  /// Reads the records at these places, which ascend, each once.
  void read(std::span<const SpillPlace> places,
            const std::function<void(const SpillPlace&, SpilledRecord&&)>& take) const;
  /// Gives up the records of a region. Several threads may give up different regions.
  void remove(Region region);

 private:
  struct PerDepartement {
    Bytes frames;  ///< the last ones, which are not on disk
    std::uint32_t count = 0;
    bool has_file = false;  ///< for those before
  };
  struct Worker {
    std::vector<PerDepartement> departements = std::vector<PerDepartement>(balise::departements().size());
    std::vector<std::vector<Key>> keys = std::vector<std::vector<Key>>(key_parts);  ///< not on disk yet
    std::size_t key_count = 0;                                                      ///< of those
    bool has_key_files = false;
  };
  [[nodiscard]] std::filesystem::path file(Departement departement, std::size_t worker) const;
  [[nodiscard]] std::filesystem::path key_file(std::size_t part, std::size_t worker) const;
  static void add_key(Worker& worker, const Key& key);
  void flush_keys(std::size_t worker);
  template <typename Wants, typename Take>
  void read_file_of(Departement departement, std::size_t worker, const Wants& wants, const Take& take) const;

  std::filesystem::path m_folder;
  std::size_t m_max_keys, m_max_frame_bytes;
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
