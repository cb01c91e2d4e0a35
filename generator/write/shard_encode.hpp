#ifndef BALISE_GENERATOR_WRITE_SHARD_ENCODE_HPP
#define BALISE_GENERATOR_WRITE_SHARD_ENCODE_HPP

#include <cstdint>
#include <span>
#include <vector>

#include "core/shard.hpp"

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
  std::uint64_t title_prefix;  ///< as in TitleChunk
};

[[nodiscard]] FileRef reference_to(ByteView file);

[[nodiscard]] Bytes encode_root(const Root& root);
[[nodiscard]] Bytes encode_directory(const Directory& directory);
/// Entries ascending by source, key, rank.
[[nodiscard]] Bytes encode_index(Region region, RomeDomain domain, std::span<const Entry> entries);
/// Entries ascending by source, lower-case title, lower-case company, id.
[[nodiscard]] Bytes encode_titles(Region region, RomeDomain domain, std::span<const Entry> entries);
/// Cards ascending by key, rank.
[[nodiscard]] Bytes encode_cards(Region region, RomeDomain domain, const FileRef& details, std::span<const Card> cards);
[[nodiscard]] Bytes encode_details(Region region, std::span<const std::vector<Detail>* const> items);
/// 2^n references.
[[nodiscard]] Bytes encode_id_directory(const IdDirectory& directory);
/// Entries ascending by hash, region, page, each once.
[[nodiscard]] Bytes encode_ids(std::span<const IdEntry> entries);

}  // namespace balise

#endif
