#ifndef BALISE_GENERATOR_WRITE_SHARD_ENCODE_HPP
#define BALISE_GENERATOR_WRITE_SHARD_ENCODE_HPP

#include <cstdint>
#include <span>
#include <vector>

#include "core/shard.hpp"
#include "generator/write/record_bytes.hpp"

/// Writers of the files that core/shard.hpp reads; docs/FORMAT.md is the specification. Each gives the same bytes for
/// the same argument. Preconditions are the orders that the structures in core/shard.hpp state.
namespace balise {

/// An entry of an index shard or of a chunk of titles, before it is packed.
struct Entry {
  Source source;
  PlaceKey key;
  std::uint32_t rank;
  Departement departement;
  Profile profile;
  std::uint32_t page;  ///< number in the region
  std::uint16_t slot;
  std::uint64_t title_prefix;
};

/// A page of cards of a region. Pages of one stream are read one after the other by entries in the order of keys.
struct PageFile {
  std::uint32_t stream;  ///< ascends with the number of the page
  FileRef ref;
};

[[nodiscard]] Bytes encode_root(const Root& root);
[[nodiscard]] Bytes encode_directory(const Directory& directory);
[[nodiscard]] Bytes encode_title_directory(const TitleDirectory& directory);
[[nodiscard]] Bytes encode_page_directory(const PageDirectory& directory);
[[nodiscard]] Bytes encode_pages(const PageList& list);
/// Entries ascending by source, key, rank; `pages` are all of the region.
[[nodiscard]] Bytes encode_index(Region region, RomeDomain domain, std::span<const Entry> entries,
                                 std::span<const PageFile> pages);
/// Entries ascending by source, lower-case title, lower-case company, id.
[[nodiscard]] Bytes encode_titles(Region region, RomeDomain domain, std::span<const Entry> entries);
/// Records ascending by key. No text may hold a line feed.
[[nodiscard]] Bytes encode_cards(Region region, const FileRef& details, std::span<const RecordView> cards);
[[nodiscard]] Bytes encode_details(Region region, std::span<const RecordView> items);
/// 2^n references.
[[nodiscard]] Bytes encode_id_directory(const IdDirectory& directory);
/// Entries ascending by hash, region, page, each once.
[[nodiscard]] Bytes encode_ids(std::span<const IdEntry> entries);

}  // namespace balise

#endif
