#ifndef BALISE_GENERATOR_WRITE_REGION_WRITE_HPP
#define BALISE_GENERATOR_WRITE_REGION_WRITE_HPP

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/shard.hpp"
#include "generator/record.hpp"
#include "generator/write/id_write.hpp"

namespace balise {

/// Entries of an index shard and cards of a page at most, unless more stand on one point. Cells are cut by place key,
/// so a record that comes or goes changes the files of its own cells only.
inline constexpr std::size_t max_shard_entries = 4096;
inline constexpr std::size_t max_page_cards = 128;
/// Entries of a chunk of titles at most: of the first of a source, and of the others.
inline constexpr std::size_t max_first_chunk_entries = 256;
inline constexpr std::size_t max_chunk_entries = 1024;

/// Writes all files of one region below `data_folder`/<code>/ and gives what the root says of it; tells `ids` where the
/// cards are. All records must be of the region, each once. The files depend on the set of records only. Throws Failure
/// when a file cannot be written.
[[nodiscard]] RegionRef write_region(Region region, std::vector<Record> records,
                                     const std::filesystem::path& data_folder, IdWriter& ids);

/// The domain whose pages hold the record's card: the one that most of its ROMEs are of, the first of equals.
[[nodiscard]] RomeDomain home_of(const Record& record);

}  // namespace balise

#endif
