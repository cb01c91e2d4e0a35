#ifndef BALISE_CORE_SHARD_HPP
#define BALISE_CORE_SHARD_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/field.hpp"
#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/packed.hpp"
#include "core/place_key.hpp"
#include "core/result.hpp"
#include "core/sha256.hpp"
#include "core/territory.hpp"

/// The files under /data/, read. docs/FORMAT.md is the specification; core/schema/shard.fbs the containers.
namespace balise {

/// Version of the format that this code writes, and the highest that it reads.
inline constexpr std::uint16_t format_version = 1;

struct FileRef {
  FileHash hash{};
  std::uint32_t size_bytes = 0;
  [[nodiscard]] friend bool operator==(const FileRef&, const FileRef&) = default;
};

enum class FileKind : std::uint8_t {
  directory,
  index,
  titles,
  cards,
  details,
  id_directory,
  ids,
  lookups,
  places,
  metiers,
  table
};
inline constexpr std::size_t file_kind_count = 11;
/// "directory", "index", "titles", "cards", "details", "id-directory", "ids", "lookups", "places", "metiers", "table".
[[nodiscard]] std::string_view name_of(FileKind kind);

/// A file that somebody refers to.
struct FileId {
  Region region;  ///< none for a file of the whole country
  FileKind kind = FileKind::directory;
  FileRef ref;
};
/// Path below /data/: "11/index-0123456789abcdef0123456789abcdef.bin"; "france/…" for a file of the whole country.
[[nodiscard]] std::string path_of(const FileId& file);

/// Records or entries by source, indexed by the number of the Source.
using SourceCounts = std::array<std::uint32_t, source_count>;

struct RegionRef {
  Region region;
  FileRef directory;
  Box box;
  SourceCounts counts{};
};
struct Root {
  Date as_of = date_unknown;
  std::vector<RegionRef> regions;
  std::optional<FileRef> ids, lookups;  ///< directories of the id shards and of the look-up files
};

/// What a root says of a region; nullptr when it has none of its records.
[[nodiscard]] const RegionRef* region_of(const Root& root, Region region);

struct ShardRef {
  PlaceKey first_key = 0;
  Box box;
  SourceCounts counts{};
  FileRef index;
};
/// A chunk of the entries of a group in the order of source, then title.
struct TitleRef {
  std::uint64_t first_prefix = 0;  ///< title prefix of the first entry
  std::uint32_t count = 0;         ///< entries, at least one
  FileRef titles;
};
struct PageRef {
  PlaceKey first_key = 0;
  std::uint32_t count = 0;
  FileRef cards;
};
struct Group {
  RomeDomain domain;
  std::vector<ShardRef> shards;
  std::vector<PageRef> pages;
  std::vector<TitleRef> titles;  ///< as many entries as the shards hold
};
struct Directory {
  Region region;
  std::vector<Group> groups;
  /// nullptr when the region has none.
  [[nodiscard]] const Group* group(RomeDomain domain) const;
};
/// The page of that number, counted over all groups in their order; nullptr when there are fewer.
[[nodiscard]] const PageRef* page_numbered(const Directory& directory, std::uint32_t number);
/// The page that holds the card at `key`; nullptr when there is none.
[[nodiscard]] const PageRef* page_of(const Group& group, PlaceKey key);
/// The chunks of group.titles that hold entries of a source: `first` up to `end`, which is one past the last. The first
/// may begin with entries of sources before, the last may end with some of sources after.
struct TitleRun {
  std::size_t first = 0, end = 0;
};
[[nodiscard]] TitleRun title_run_of(const Group& group, Source source);

/// What entries have in common: many share one.
struct Profile {
  std::vector<std::uint8_t> suffixes;  ///< last two digits of the ROMEs in the shard's domain, ascending
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  RomeDomain home;  ///< group whose pages hold the card
  [[nodiscard]] friend bool operator==(const Profile&, const Profile&) = default;
};

/// Entries of a group, source by source: what filters need, and which record each is.
struct Entries {
  Region region;
  RomeDomain domain;
  SourceCounts counts{};
  std::vector<Profile> profiles;
  // One element an entry.
  std::vector<PlaceKey> keys;
  std::vector<std::uint32_t> ranks;
  std::vector<std::uint32_t> profile_numbers;  ///< below profiles.size()
  std::vector<Departement> departements;
};

/// In each source by key, then rank.
struct IndexShard : Entries {
  std::vector<Position> positions;  ///< of the keys
};

/// In each source by lower-case title, lower-case company, id.
struct TitleChunk : Entries {
  std::vector<std::uint64_t> prefixes;  ///< title_prefix_of() the titles; they ascend, equal ones may follow each other
};

inline constexpr std::size_t title_prefix_bytes = 6;
/// The first six bytes of a lower-case title, padded with zeros, as a big-endian number: numbers compare as titles do.
[[nodiscard]] std::uint64_t title_prefix_of(std::string_view lower_title);

/// What a list shows of one record.
struct Card {
  Source source = Source::formations;
  PlaceKey key = no_place;
  std::uint32_t rank = 0;  ///< among the records of the region at this key: by title, then id, then source
  std::string id, title, company, address, postal_code, city, insee;
  Departement departement;
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  Date created = date_unknown;
  Date expires = date_unknown;
  std::vector<RomeCode> romes;  ///< ascending
  [[nodiscard]] friend bool operator==(const Card&, const Card&) = default;
};
struct CardPage {
  Region region;
  RomeDomain domain;
  FileRef details;
  std::vector<Card> cards;  ///< ascending by key, then rank
  /// nullptr when the page has none at this key and rank.
  [[nodiscard]] const Card* find(PlaceKey key, std::uint32_t rank) const;
};

struct DetailPage {
  Region region;
  std::vector<std::vector<Detail>> items;  ///< in the order of the cards
};

/// What an id is looked up by: 40 bits of a hash of source and id (docs/FORMAT.md).
using IdHash = std::uint64_t;
inline constexpr unsigned id_hash_bits = 40;
[[nodiscard]] IdHash id_hash_of(Source source, std::string_view id);

struct IdDirectory {
  std::vector<FileRef> shards;  ///< 2^n, n at most 20
  /// The shard that holds a hash, if any does.
  [[nodiscard]] const FileRef& shard_of(IdHash hash) const;
};
/// A page that holds a card whose id has this hash; other ids may have it too.
struct IdEntry {
  IdHash hash = 0;
  Region region;
  std::uint32_t page = 0;  ///< page_numbered()
  [[nodiscard]] friend bool operator==(const IdEntry&, const IdEntry&) = default;
};
struct IdShard {
  std::vector<IdEntry> entries;  ///< ascending by hash, region, page
};

/// Each opens one file of untrusted bytes: checks length and hash against `ref`, then the FlatBuffers structure, then
/// every bound and order of the packed columns. The result owns its memory. Errors: wrong_length, wrong_hash,
/// malformed; the message names the kind and what is wrong, not the file.
[[nodiscard]] Result<Directory> open_directory(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<IndexShard> open_index(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<TitleChunk> open_titles(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<CardPage> open_cards(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<DetailPage> open_details(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<IdDirectory> open_id_directory(ByteView bytes, const FileRef& ref);
[[nodiscard]] Result<IdShard> open_ids(ByteView bytes, const FileRef& ref);
/// The root stands in the manifest and has no reference. Also: format_too_new.
[[nodiscard]] Result<Root> open_root(ByteView bytes);

}  // namespace balise

#endif
