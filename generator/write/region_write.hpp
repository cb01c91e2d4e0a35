#ifndef BALISE_GENERATOR_WRITE_REGION_WRITE_HPP
#define BALISE_GENERATOR_WRITE_REGION_WRITE_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>

#include "core/shard.hpp"
#include "generator/write/id_write.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/record_bytes.hpp"

namespace balise {

/// Entries of an index shard and cards of a page at most, unless more stand on one point. Cells are cut by place key,
/// so a record that comes or goes changes the files of its own cells only.
inline constexpr std::size_t max_shard_entries = 2048;
inline constexpr std::size_t max_mixed_entries = 768;  ///< of a group whose companies stand with the other records
inline constexpr std::size_t max_page_cards = 128;
/// Entries of a chunk of titles at most: of the first of a source, and of the others.
inline constexpr std::size_t max_first_chunk_entries = 256;
inline constexpr std::size_t max_chunk_entries = 1024;

/// What a region gives to the files of the whole country, beside where its ids are.
struct WrittenRegion {
  struct OfDomain {
    List<ShardRef> shards;
    TitleGroup titles;
  };
  RegionRef ref;
  std::map<RomeDomain, OfDomain> domains;
  List<FileRef> page_lists;
  ListingPart listings;
};

/// Where the files of a region go. Several regions may share one.
struct RegionTarget {
  std::filesystem::path data_folder;
  std::filesystem::path scratch;  ///< for what does not fit into memory
  std::size_t memory_bytes;       ///< that records of one region may take while they are sorted
  IdWriter& ids;
  TrainingFacts& facts;
  const ListingWriter* listings = nullptr;
};
/// Gives records, as put_record() wrote them, one after the other; the bytes are valid during the call.
using TakeRecord = std::function<void(ByteView)>;

/// Writes all files of one region below `data_folder`/<code>/. `read` gives the records, all of the region, each once;
/// memory does not grow with their number. The files depend on the set of records only. Throws Failure when a file
/// cannot be written, or a record is damaged.
[[nodiscard]] WrittenRegion write_region(Region region, const std::function<void(const TakeRecord&)>& read,
                                         const RegionTarget& target);

/// Writes the directories of all domains and that of the pages below `data_folder`/france/ and puts them, and the
/// regions, into `root`. `regions` ascend by code. Throws Failure when a file cannot be written.
void write_directories(std::span<const WrittenRegion> regions, const std::filesystem::path& data_folder, Root& root);

/// The domain whose pages hold the record's card: the one that most of its ROMEs are of, the first of equals.
[[nodiscard]] RomeDomain home_of(std::span<const RomeCode> romes);

}  // namespace balise

#endif
