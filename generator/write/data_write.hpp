#ifndef BALISE_GENERATOR_WRITE_DATA_WRITE_HPP
#define BALISE_GENERATOR_WRITE_DATA_WRITE_HPP

#include <filesystem>
#include <functional>
#include <vector>

#include "core/shard.hpp"
#include "generator/progress.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/region_write.hpp"

namespace balise {

/// Memory for records that are sorted, all threads together: a national set waits on disk in part, and a larger one
/// takes no more.
inline constexpr std::size_t sort_memory_bytes = std::size_t{192} << 20U;

/// Where the data of a site come from.
struct DataSource {
  std::vector<Region> regions;  ///< in the order in which they are written: the largest first
  /// Gives the records of a region, each once, without duplicates. Called once for each, from several threads.
  std::function<void(Region, const TakeRecord&)> read;
  /// Look-ups of communes and occupations: writes them below the folder and gives the beginning of the directory.
  std::function<LookupDirectory(const std::filesystem::path& data_folder)> reference_lookups;
};

/// Writes what the country has beside its regions: the directories, the id shards and look-ups, and completes the
/// listings. `written` are those of all regions, in any order; `facts` and `ids` have what is in them. Throws Failure.
[[nodiscard]] Root write_country(std::vector<WrittenRegion> written, TrainingFacts& facts, IdWriter& ids,
                                 LookupDirectory reference_lookups, Date as_of,
                                 const std::filesystem::path& data_folder, ListingWriter& listings);

/// Writes everything below data/ but the manifest into an empty folder, and the listings of the same records; `scratch`
/// takes what is between, and `memory` is for records that are sorted. The files depend on the records only. No records
/// at all: a root without regions. Throws Failure.
[[nodiscard]] Root write_data(const DataSource& source, Date as_of, const std::filesystem::path& data_folder,
                              const std::filesystem::path& scratch, ListingWriter& listings, unsigned jobs,
                              Progress& progress, std::size_t memory = sort_memory_bytes);

}  // namespace balise

#endif
