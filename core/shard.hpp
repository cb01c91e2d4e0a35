#ifndef BALISE_CORE_SHARD_HPP
#define BALISE_CORE_SHARD_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
  title_directory,
  titles,
  page_directory,
  pages,
  cards,
  details,
  id_directory,
  ids,
  lookups,
  places,
  metiers,
  table
};
inline constexpr std::size_t file_kind_count = 14;
/// As in names of files: "directory", "title-directory"…
[[nodiscard]] std::string_view name_of(FileKind kind);

/// A file that somebody refers to.
struct FileId {
  Region region;  ///< none for a file of the whole country
  FileKind kind = FileKind::directory;
  FileRef ref;
};
/// Path below /data/: "11/index-0123456789abcdef01234567.bin"; "france/…" for a file of the whole country.
[[nodiscard]] std::string path_of(const FileId& file);
/// A file as one request names it to another: path_of(), a space, length in bytes.
[[nodiscard]] std::string reference_of(const FileId& file);

/// Records or entries by source, indexed by the number of the Source.
using SourceCounts = std::array<std::uint32_t, source_count>;

struct RegionRef {
  Region region;
  SourceCounts counts{};
};
struct DomainRef {
  RomeDomain domain;
  FileRef directory;
};
struct Root {
  Date as_of = date_unknown;
  List<RegionRef> regions;                     ///< that have records, ascending
  List<DomainRef> domains;                     ///< that have entries, ascending
  std::optional<FileRef> pages, ids, lookups;  ///< the other directories
};

struct ShardRef {
  Box box;
  SourceCounts counts{};
  FileRef index;
};
/// The entries of a domain in a region.
struct Group {
  Region region;
  List<ShardRef> shards;
};
struct Directory {
  static constexpr FileKind kind = FileKind::directory;
  RomeDomain domain;
  List<Group> groups;
  FileRef titles;  ///< a TitleDirectory
};

/// A chunk of the entries of a group in the order of source, then title.
struct TitleRef {
  std::uint64_t first_prefix = 0;  ///< title prefix of the first entry
  std::uint32_t count = 0;         ///< entries, at least one
  FileRef titles;
};
struct TitleGroup {
  Region region;
  SourceCounts counts{};
  List<TitleRef> chunks;  ///< of as many entries as counts
};
struct TitleDirectory {
  static constexpr FileKind kind = FileKind::title_directory;
  RomeDomain domain;
  List<TitleGroup> groups;
};
/// The chunks that hold entries of a source: `first` up to `end`, which is one past the last. The first may begin with
/// entries of sources before, the last may end with some of sources after.
struct TitleRun {
  std::size_t first = 0, end = 0;
};
[[nodiscard]] TitleRun title_run_of(const TitleGroup& group, Source source);

/// Pages of cards in one list; the last list of a region may hold fewer.
inline constexpr std::uint32_t pages_per_list = 256;
struct RegionPages {
  Region region;
  List<FileRef> lists;
};
struct PageDirectory {
  static constexpr FileKind kind = FileKind::page_directory;
  List<RegionPages> regions;
  /// The list that holds a page; nullptr when the region has none of that number.
  [[nodiscard]] const FileRef* list_of(Region region, std::uint32_t page) const;
};
struct PageList {
  static constexpr FileKind kind = FileKind::pages;
  Region region;
  List<FileRef> pages;
};

/// What entries have in common: many share one.
struct Profile {
  List<std::uint8_t> suffixes;  ///< last two digits of the ROMEs in the shard's domain, ascending
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  [[nodiscard]] friend bool operator==(const Profile&, const Profile&) = default;
};

/// Entries of a group, source by source: what filters need, and where the card is.
struct Entries {
  Region region;
  RomeDomain domain;
  SourceCounts counts{};
  List<Profile> profiles;
  // One element an entry.
  List<std::uint32_t> profile_numbers;  ///< below profiles.size()
  List<Departement> departements;
  List<std::uint32_t> pages;  ///< see the two kinds
  List<std::uint16_t> slots;  ///< of the card in its page
};

/// In each source by key, then rank.
struct IndexShard : Entries {
  static constexpr FileKind kind = FileKind::index;
  List<FileRef> page_refs;    ///< what `pages` count in
  List<PlaceKey> keys;        ///< one element an entry
  List<SpherePoint> points;   ///< of the positions of the keys
  List<std::uint32_t> ranks;  ///< among the records of the region at the key: by title, then id, then source
};

/// In each source by lower-case title, lower-case company, id; `pages` are numbers in the region.
struct TitleChunk : Entries {
  static constexpr FileKind kind = FileKind::titles;
  List<std::uint64_t> prefixes;    ///< not above title_prefix_of() the titles
  std::uint64_t prefix_slack = 0;  ///< they are at most this much below it
};

inline constexpr std::size_t title_prefix_bytes = 6;
/// The first six bytes of a lower-case title, padded with zeros, as a big-endian number: numbers compare as titles do.
[[nodiscard]] std::uint64_t title_prefix_of(std::string_view lower_title);

/// What a list shows of one record.
struct Card {
  Source source = Source::formations;
  PlaceKey key = no_place;
  std::string id, title, company, address, postal_code, city, insee;
  Departement departement;
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  Date created = date_unknown;
  Date expires = date_unknown;
  List<RomeCode> romes;  ///< ascending
  [[nodiscard]] friend bool operator==(const Card&, const Card&) = default;
};
/// At most max_page_slots cards; the number of a card is its slot.
struct CardPage {
  static constexpr FileKind kind = FileKind::cards;
  Region region;
  FileRef details;
  List<Card> cards;  ///< ascending by key
};
inline constexpr std::size_t max_page_slots = 65'536;

/// How the id of a card is written (docs/FORMAT.md, "Ids of cards").
enum class IdForm : std::uint8_t { text, siret, hex };
inline constexpr std::size_t id_form_count = 3;
/// Appends an id in the shortest form that gives it back, and says which; nothing is appended for text.
[[nodiscard]] IdForm put_id(Bytes& out, std::string_view id);
/// Reads an id of any form but text; false when there is none.
[[nodiscard]] bool read_id(PackedReader& reader, IdForm form, std::string& id);

/// Bit of the column of flags of a page of cards.
inline constexpr std::uint8_t company_is_title = 4;
/// Above all ROME codes.
inline constexpr std::uint64_t rome_end = 260'000;

struct DetailPage {
  static constexpr FileKind kind = FileKind::details;
  Region region;
  List<List<Detail>> items;  ///< in the order of the cards
};

/// What an id is looked up by: 32 bits of a hash of source and id (docs/FORMAT.md).
using IdHash = std::uint32_t;
inline constexpr unsigned id_hash_bits = 32;
[[nodiscard]] IdHash id_hash_of(Source source, std::string_view id);

struct IdDirectory {
  static constexpr FileKind kind = FileKind::id_directory;
  List<FileRef> shards;  ///< 2^n, n at most 20
  /// The shard that holds a hash, if any does.
  [[nodiscard]] const FileRef& shard_of(IdHash hash) const;
};
/// A page that holds a card whose id has this hash; other ids may have it too.
struct IdEntry {
  IdHash hash = 0;
  Region region;
  std::uint32_t page = 0;  ///< number in the region
  [[nodiscard]] friend bool operator==(const IdEntry&, const IdEntry&) = default;
};
struct IdShard {
  static constexpr FileKind kind = FileKind::ids;
  List<IdEntry> entries;  ///< ascending by hash, region, page
};

/// Each opens one file of untrusted bytes: checks length and hash against `ref`, unpacks, then checks the FlatBuffers
/// structure, then every bound and order of the packed columns. `file` must be as its constructor left it, and owns its
/// memory; after an error it is of no use. Errors: wrong_length, wrong_hash, malformed.
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, Directory& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, IndexShard& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, TitleDirectory& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, TitleChunk& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, PageDirectory& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, PageList& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, CardPage& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, DetailPage& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, IdDirectory& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, IdShard& file);
/// The root stands in the manifest and has no reference. Also: format_too_new.
[[nodiscard]] Flaw open_file(ByteView bytes, Root& root);
/// A flaw in a sentence that names the kind of the file and what is wrong, not the file; only its code where it has no
/// words.
[[nodiscard]] Error error_of(const Flaw& flaw, FileKind kind, ByteView bytes, const FileRef& ref);
[[nodiscard]] Error error_of_root(const Flaw& flaw);
/// A file by value, whatever its type.
template <typename File>
[[nodiscard]] Result<File> open_as(ByteView bytes, const FileRef& ref) {
  File file;
  if (const Flaw flaw = open_file(bytes, ref, file))
    return error_of(flaw, File::kind, bytes, ref);
  return file;
}
[[nodiscard]] inline Result<Root> open_root(ByteView bytes) {
  Root root;
  if (const Flaw flaw = open_file(bytes, root))
    return error_of_root(flaw);
  return root;
}

}  // namespace balise

#endif
