#ifndef BALISE_GENERATOR_WRITE_SPILL_HPP
#define BALISE_GENERATOR_WRITE_SPILL_HPP

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/packed.hpp"
#include "generator/files.hpp"
#include "generator/write/record_bytes.hpp"

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

/// A set of places: a bit for each record of a spill at most.
class PlaceSet {
 public:
  explicit PlaceSet(std::size_t workers) : m_workers(workers), m_files(departements().size() * workers) {}
  void add(const SpillPlace& place);
  [[nodiscard]] bool contains(const SpillPlace& place) const;
  [[nodiscard]] bool is_empty() const { return m_is_empty; }

 private:
  [[nodiscard]] std::size_t file_of(const SpillPlace& place) const {
    return place.departement.index * m_workers + place.worker;
  }
  std::size_t m_workers;
  std::vector<std::vector<bool>> m_files;
  bool m_is_empty = true;
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
  /// Puts a record in the place of others: what was found of duplicates.
  void replace(std::span<const SpillPlace> places, std::size_t entry, const Record& record);
  void leave_out(const SpillPlace& place) { m_left_out.add(place); }

  [[nodiscard]] PlaceSet no_places() const { return PlaceSet(m_workers.size()); }

  [[nodiscard]] std::uint64_t count(Region region) const;
  /// Those that have records, the largest first.
  [[nodiscard]] std::vector<Region> regions() const;
  /// All keys of a part, in no particular order; the spill gives them up. Several threads may take different parts.
  [[nodiscard]] std::vector<Key> take_keys(std::size_t part);
  /// Takes a record as put_record() wrote it, and the number of the source entry that it came from. The bytes are valid
  /// during the call.
  using Take = std::function<void(const SpillPlace& place, std::uint32_t entry, ByteView record)>;
  /// Reads the records of a region but those that were left out.
  void read(Region region, const Take& take) const;
  /// Reads the records at some places, on several threads that call `take` at the same time.
  void read(const PlaceSet& places, unsigned jobs, const Take& take) const;
  /// Gives the records of a region as read() does, and gives them up. Several threads may take different regions.
  void hand_over(Region region, const std::function<void(ByteView record)>& take);

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
  void append(std::size_t worker, std::size_t entry, const Record& record);
  template <typename Wants>
  void read_file_of(Departement departement, std::size_t worker, const Wants& wants, const Take& take) const;

  std::filesystem::path m_folder;
  std::size_t m_max_keys, m_max_frame_bytes;
  std::vector<Worker> m_workers;  ///< the last one for replace()
  PlaceSet m_left_out;
};

/// What formations are equal by (reference, section 3.3), of a Record or a RecordView.
template <typename AnyRecord>
[[nodiscard]] std::array<std::string_view, 5> formation_parts(const AnyRecord& record) {
  return {detail(record, Field::long_title), detail(record, Field::short_title), detail(record, Field::siret),
          detail(record, Field::diploma), record.postal_code};
}

}  // namespace balise

#endif
