#ifndef BALISE_GENERATOR_WRITE_DATA_WRITE_HPP
#define BALISE_GENERATOR_WRITE_DATA_WRITE_HPP

#include <filesystem>
#include <functional>
#include <span>
#include <vector>

#include "core/shard.hpp"
#include "generator/progress.hpp"
#include "generator/record.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/lookup_write.hpp"

namespace balise {

/// Where the data of a site come from.
struct DataSource {
  std::vector<Region> regions;  ///< in the order in which they are written: the largest first
  /// The records of a region, each once, without duplicates. Called once for each, from several threads.
  std::function<std::vector<Record>(Region)> records_of;
  /// Look-ups of communes and occupations: writes them below the folder and gives the beginning of the directory.
  std::function<LookupDirectory(const std::filesystem::path& data_folder)> reference_lookups;
};

/// Writes everything below data/ but the manifest into an empty folder; `scratch` takes what is between. The files
/// depend on the records only. Shows `listings` all records. No records at all: a root without regions. Throws Failure.
[[nodiscard]] Root write_data(const DataSource& source, Date as_of, const std::filesystem::path& data_folder,
                              const std::filesystem::path& scratch, unsigned jobs, Progress& progress,
                              ListingWriter& listings);

}  // namespace balise

#endif
