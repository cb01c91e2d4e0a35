#ifndef BALISE_TESTS_UNIT_MADE_UP_RECORDS_HPP
#define BALISE_TESTS_UNIT_MADE_UP_RECORDS_HPP

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/store.hpp"
#include "generator/record.hpp"
#include "generator/write/region_write.hpp"

namespace balise {

/// Seeded records around a dozen towns of seven regions, two overseas: some without position, many on one point, titles
/// shared by many, 0 to 5 ROMEs in one or more domains. Ids are unique by source.
[[nodiscard]] std::vector<Record> made_up_records(std::size_t count, std::uint64_t seed);

/// Looks at a record that the caller keeps.
[[nodiscard]] RecordView view_of(const Record& record);

/// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

/// Memory that holds all records of a test, and such that makes nearly every one wait on disk.
inline constexpr std::size_t ample_memory_bytes = std::size_t{64} << 20U;
inline constexpr std::size_t little_memory_bytes = 20'000;

/// Writes the files of one region, as write_region() does.
WrittenRegion write_region_of(const std::vector<Record>& records, const RegionTarget& target);
/// Writes the shards of all regions of the records below `data_folder` and gives the root.
[[nodiscard]] Root write_regions_of(const std::vector<Record>& records, const std::filesystem::path& data_folder,
                                    std::size_t memory_bytes = ample_memory_bytes);

}  // namespace balise

#endif
