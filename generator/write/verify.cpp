#include "generator/write/verify.hpp"

#include <brotli/decode.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/lookup_files.hpp"
#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/parallel.hpp"
#include "generator/site.hpp"
#include "generator/write/member.hpp"
#include "generator/write/region_write.hpp"
#include "generator/write/shard_encode.hpp"
#include "generator/write/site_source.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/sorter.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

Failure damaged(const fs::path& path, const std::string& what) {
  return {Exit::verification_failed, path.string() + ": " + what + "; publish the site again"};
}

bool brotli_gives(const Bytes& packed, ByteView expected) {
  Bytes out(expected.size() + 1);
  std::size_t size = out.size();
  return BrotliDecoderDecompress(packed.size(), packed.data(), &size, out.data()) == BROTLI_DECODER_RESULT_SUCCESS &&
         std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size), expected.begin(), expected.end());
}

bool gzip_gives(const Bytes& packed, ByteView expected) {
  struct Decompressor {
    libdeflate_decompressor* self = libdeflate_alloc_decompressor();
    ~Decompressor() { libdeflate_free_decompressor(self); }
  };
  thread_local const Decompressor decompressor;
  thread_local Bytes out;
  if (out.size() < expected.size())
    out.resize(expected.size());
  std::size_t used = 0, size = 0;
  // Files that end in something else than the one member are not ours.
  return decompressor.self != nullptr &&
         libdeflate_gzip_decompress_ex(decompressor.self, packed.data(), packed.size(), out.data(), expected.size(),
                                       &used, &size) == LIBDEFLATE_SUCCESS &&
         used == packed.size() &&
         std::equal(expected.begin(), expected.end(), out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size));
}

/// Of all regions that are checked at a time.
constexpr std::size_t memory_bytes = std::size_t{48} << 20U;

/// The pages of a region by number, and the records that stand on them, in the two orders of entries.
struct RegionCards {
  RegionCards(Region of, std::size_t sort_bytes)
      : region(of), by_place(fs::temp_directory_path(), sort_bytes), by_title(fs::temp_directory_path(), sort_bytes) {}
  Region region;
  std::map<FileHash, std::uint32_t> numbers;  ///< of pages
  std::vector<std::uint32_t> sizes;           ///< of pages, in cards
  SourceCounts counts{};
  Sorter by_place, by_title;
};

/// Whether a profile says of a member what it is in a domain.
bool is_profile_of(const MemberView& member, RomeDomain domain, const Profile& profile) {
  const std::span<const RomeCode> romes = domain.is_none() ? std::span<const RomeCode>() : member.romes(domain);
  return profile.level == member->level && profile.opco == member->opco &&
         std::equal(romes.begin(), romes.end(), profile.suffixes.begin(), profile.suffixes.end(),
                    [](RomeCode code, std::uint8_t suffix) { return code.value % 100 == suffix; });
}

class Verifier {
 public:
  Verifier(const fs::path& folder, unsigned jobs) : m_folder(folder), m_sort_bytes(memory_bytes / 2 / jobs) {}

  /// Reads a file and its variants; `expected_bytes` and the hash are checked by the caller.
  Bytes read(const fs::path& path) {
    if (!fs::exists(path))
      throw damaged(path, "the file is missing");
    Bytes bytes = read_file(path);
    ++m_files;
    m_bytes += bytes.size();
    // Shards are packed already, and have no variants.
    if (path.extension() == ".bin")
      return bytes;
    const fs::path brotli = fs::path(path).concat(".br"), gzip = fs::path(path).concat(".gz");
    if (fs::exists(brotli) && !brotli_gives(read_file(brotli), bytes))
      throw damaged(brotli, "does not unpack to the bytes of the file that it stands beside");
    if (fs::exists(gzip) && !gzip_gives(read_file(gzip), bytes))
      throw damaged(gzip, "does not unpack to the bytes of the file that it stands beside");
    return bytes;
  }

  template <typename File>
  File open(Region region, const FileRef& ref) {
    const fs::path path = path_to(region, File::kind, ref);
    auto opened = open_as<File>(read(path), ref);
    if (!opened)
      throw damaged(path, opened.error().what);
    return std::move(*opened);
  }

  [[nodiscard]] fs::path path_to(Region region, FileKind kind, const FileRef& ref) const {
    return m_folder / "data" / path_of({region, kind, ref});
  }

  /// The id shards must tell of every card, and of nothing else. What they say is compared by sums over all entries, so
  /// that memory does not grow with the site: check_ids() comes after all regions.
  void check_ids(const std::optional<FileRef>& ref) {
    std::uint64_t sum = 0;
    if (ref) {
      const fs::path path = path_to({}, FileKind::id_directory, *ref);
      const IdDirectory directory = open<IdDirectory>({}, *ref);
      for (const FileRef& shard_ref : directory.shards) {
        const IdShard shard = open<IdShard>({}, shard_ref);
        for (const IdEntry& entry : shard.entries) {
          if (!(directory.shard_of(entry.hash) == shard_ref))
            throw damaged(path_to({}, FileKind::ids, shard_ref), "an id belongs to another shard");
          sum += mixed(entry);
        }
      }
      if (sum != m_id_sum)
        throw damaged(path, "its shards and the cards disagree about where ids are");
    } else if (m_records > 0) {
      throw damaged(m_folder / "data" / "manifest.json", "names no directory of ids");
    }
  }

  /// Opens what all regions need: the directories of domains and pages.
  void open_directories(const Root& root) {
    for (const DomainRef& ref : root.domains) {
      m_paths.push_back(path_to({}, FileKind::directory, ref.directory));
      m_directories.push_back(open<Directory>({}, ref.directory));
      const Directory& directory = m_directories.back();
      m_titles.push_back(open<TitleDirectory>({}, directory.titles));
      if (!(directory.domain == ref.domain) || !(m_titles.back().domain == ref.domain))
        throw damaged(m_paths.back(), "is of another domain");
      for (const Group& group : directory.groups)
        if (std::none_of(root.regions.begin(), root.regions.end(),
                         [&](const RegionRef& of) { return of.region == group.region; }))
          throw damaged(m_paths.back(), "has a region that the manifest has not");
    }
    if (root.pages)
      m_pages = open<PageDirectory>({}, *root.pages);
  }

  /// Cards are sorted as entries must be, and met with them one by one: every entry has its card, and says of it what
  /// it is, and every card has its entries.
  void check_region(const RegionRef& ref) {
    const std::string name = "region " + std::string(info(ref.region).code);
    const fs::path manifest = m_folder / "data" / "manifest.json";
    RegionCards cards(ref.region, m_sort_bytes);
    for (const RegionPages& pages : m_pages.regions)
      if (pages.region == ref.region)
        read_pages(pages, cards);
    if (cards.counts != ref.counts)
      throw damaged(manifest, "counts of " + name + " are not those of its cards");
    check_index(cards);
    check_titles(cards);
    for (const std::uint32_t count : cards.counts)
      m_records += count;
  }

  /// Reads every look-up file and checks that what stands in it belongs there.
  void check_lookups(const FileRef& ref, bool is_inner = false) {
    const fs::path path = path_to(Region{}, FileKind::lookups, ref);
    const LookupDirectory directory = open<LookupDirectory>({}, ref);
    std::optional<FileRef> last;
    for (const LookupFiles& part : directory.parts) {
      if (part.directory) {
        if (is_inner)
          throw damaged(path, "names a further directory for " + std::string(name_of(part.part)));
        if (last != part.directory)
          check_lookups(*part.directory, true);
        last = part.directory;
      }
      std::vector<std::string_view> first_keys;
      for (const std::string_view key : Pieces(part.first_keys, '\n'))
        first_keys.push_back(key);
      for (std::size_t i = 0; i < part.files.size(); ++i)
        check_lookup_file(part, i, std::span(first_keys).subspan(i));
    }
  }

  [[nodiscard]] Verified verified() const { return {m_files, m_bytes, m_records, {}}; }

 private:
  /// `first_keys` are those of this file and all after it.
  void check_lookup_file(const LookupFiles& part, std::size_t i, std::span<const std::string_view> first_keys) {
    const FileRef& ref = part.files[i];
    if (part.part <= LookupPart::places_by_code) {
      if (open<PlaceShard>({}, ref).items.empty())
        throw damaged(path_to(Region{}, FileKind::places, ref), "holds no place");
    } else if (part.part <= LookupPart::diplomas) {
      if (open<MetierShard>({}, ref).items.empty())
        throw damaged(path_to(Region{}, FileKind::metiers, ref), "holds no occupation");
    } else {
      const TableShard table = open<TableShard>({}, ref);
      for (const TableItem& item : table.items) {
        // LookupFiles::holding() would look through all files for each key.
        const std::string hash = key_hash(item.key);
        if (hash < first_keys[0] || (first_keys.size() > 1 && hash >= first_keys[1]))
          throw damaged(path_to(Region{}, FileKind::table, ref), "the key " + item.key + " belongs to another file");
      }
    }
  }

  static std::uint64_t mixed(const IdEntry& entry) {
    std::uint64_t value = entry.hash ^ (std::uint64_t{entry.region.index} << 32U) ^ (std::uint64_t{entry.page} << 37U);
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }

  void read_pages(const RegionPages& pages, RegionCards& cards) {
    for (std::size_t i = 0; i < pages.lists.size(); ++i) {
      const PageList list = open<PageList>(cards.region, pages.lists[i]);
      const bool is_full = list.pages.size() == pages_per_list;
      if (!(list.region == cards.region) || (i + 1 < pages.lists.size() && !is_full))
        throw damaged(path_to(cards.region, FileKind::pages, pages.lists[i]), "is of another region, or not full");
      for (const FileRef& ref : list.pages)
        read_page(ref, cards);
    }
  }

  void read_page(const FileRef& ref, RegionCards& cards) {
    const Region region = cards.region;
    const fs::path path = path_to(region, FileKind::cards, ref);
    const CardPage page = open<CardPage>(region, ref);
    const DetailPage details = open<DetailPage>(region, page.details);
    if (!(page.region == region))
      throw damaged(path, "is of another region");
    if (details.items.size() != page.cards.size() || !(details.region == region))
      throw damaged(path_to(region, FileKind::details, page.details), "has not one item for each card");
    const auto number = static_cast<std::uint32_t>(cards.sizes.size());
    if (!cards.numbers.emplace(ref.hash, number).second)
      throw damaged(path, "is listed twice");
    std::vector<IdHash> hashes;
    Bytes member, order;
    std::uint16_t slot = 0;
    for (const Card& card : page.cards) {
      hashes.push_back(id_hash_of(card.source, card.id));
      if (!(info(card.departement).region == region))
        throw damaged(path, "card " + card.id + " belongs elsewhere");
      ++cards.counts[static_cast<std::size_t>(card.source)];
      member.clear();
      put_member(member, {number, slot++, 0, card.source, card.departement, card.level, card.opco}, card.romes);
      const std::string title = lower(card.title);
      order.clear();
      put_place_order(order, card.key, title, card.id, card.source);
      cards.by_place.add(order, member);
      order.clear();
      put_title_order(order, card.source, title, lower(card.company), card.id);
      cards.by_title.add(order, member);
    }
    cards.sizes.push_back(slot);
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    for (const IdHash hash : hashes)
      m_id_sum += mixed({hash, region, number});
  }

  /// What is common to the checks of the entries of a region in one domain: an entry and the card that it must be of.
  static void check_entry(const RegionCards& cards, const MemberView& expected, const Entries& entries, std::size_t i,
                          std::uint32_t page, const fs::path& path) {
    const auto fail = [&](const char* what) { throw damaged(path, "entry " + std::to_string(i) + what); };
    if (page >= cards.sizes.size() || entries.slots[i] >= cards.sizes[page])
      fail(" has no card");
    if (page != expected->page || entries.slots[i] != expected->slot)
      fail(" is out of order, or not the only one of its card");
    if (!(expected->departement == entries.departements[i]) ||
        !is_profile_of(expected, entries.domain, entries.profiles[entries.profile_numbers[i]]))
      fail(" says other things than its card");
  }

  [[nodiscard]] static Failure no_entry(const fs::path& path, const RegionCards& cards, const Member& member) {
    return damaged(path, "names no entry of card " + std::to_string(member.slot) + " of page " +
                             std::to_string(member.page) + " of region " + std::string(info(cards.region).code));
  }

  /// The index shards of a region in one domain, met with the members of the group by place. Each source is read on its
  /// own; those that stand in one file share it.
  class IndexOfGroup {
   public:
    IndexOfGroup(Verifier& verifier, const RegionCards& cards, std::size_t number)
        : m_verifier(verifier), m_cards(cards), m_domain(verifier.m_directories[number].domain) {
      m_directory = verifier.m_paths[number];
      for (const Group& group : verifier.m_directories[number].groups)
        if (group.region == cards.region)
          m_shards = group.shards;
      m_files.resize(m_shards.size());
      for (const ShardRef& ref : m_shards)
        if (ref.counts == SourceCounts{})
          throw damaged(verifier.path_to(cards.region, FileKind::index, ref.index), "holds no entry");
    }

    void meet(const MemberView& member, PlaceKey key, std::uint32_t rank) {
      Run& run = m_runs[static_cast<std::size_t>(member->source)];
      if (!find(member->source, run))
        throw m_verifier.no_entry(m_directory, m_cards, *member);
      const IndexShard& shard = run.file->shard;
      const std::size_t i = run.at++;
      m_verifier.check_entry(m_cards, member, shard, i, run.file->pages[shard.pages[i]], run.file->path);
      if (shard.keys[i] != key || shard.ranks[i] != rank)
        throw damaged(run.file->path, "entry " + std::to_string(i) + " has another place or rank than its record");
    }

    void finish() {
      for (const Source source : all_sources)
        if (Run& run = m_runs[static_cast<std::size_t>(source)]; find(source, run))
          throw damaged(run.file->path, "entry " + std::to_string(run.at) + " has no card");
    }

   private:
    struct File {
      fs::path path;
      IndexShard shard;
      std::vector<std::uint32_t> pages;  ///< numbers in the region of its `page_refs`
    };
    struct Run {
      std::shared_ptr<const File> file;
      std::size_t next_file = 0, at = 0, end = 0;
    };

    /// Whether there is one more entry of the source: then `run` is at it.
    bool find(Source source, Run& run) {
      const auto number = static_cast<std::size_t>(source);
      while (run.at == run.end) {
        run.file.reset();
        while (run.next_file < m_shards.size() && m_shards[run.next_file].counts[number] == 0)
          ++run.next_file;
        if (run.next_file == m_shards.size())
          return false;
        std::weak_ptr<const File>& shared = m_files[run.next_file];
        run.file = shared.lock();
        if (!run.file)
          shared = run.file = read(m_shards[run.next_file]);
        ++run.next_file;
        const SourceCounts& counts = run.file->shard.counts;
        run.at = std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(number), std::size_t{0});
        run.end = run.at + counts[number];
      }
      return true;
    }

    [[nodiscard]] std::shared_ptr<const File> read(const ShardRef& ref) {
      auto file = std::make_shared<File>();
      file->path = m_verifier.path_to(m_cards.region, FileKind::index, ref.index);
      file->shard = m_verifier.open<IndexShard>(m_cards.region, ref.index);
      const IndexShard& shard = file->shard;
      if (!(shard.region == m_cards.region) || !(shard.domain == m_domain) || shard.counts != ref.counts)
        throw damaged(file->path, "is not the shard that the directory names");
      for (const FileRef& page : shard.page_refs) {
        const auto number = m_cards.numbers.find(page.hash);
        if (number == m_cards.numbers.end())
          throw damaged(file->path, "names a page that the region has not");
        file->pages.push_back(number->second);
      }
      Box box;
      for (const PlaceKey key : shard.keys)
        if (key != no_place)
          box.add(position_of(key));
      if (!(box == ref.box))
        throw damaged(file->path, "the bounds in the directory are not those of its entries");
      return file;
    }

    Verifier& m_verifier;
    const RegionCards& m_cards;
    RomeDomain m_domain;
    fs::path m_directory;
    List<ShardRef> m_shards;
    std::vector<std::weak_ptr<const File>> m_files;
    std::array<Run, source_count> m_runs;
  };

  /// The chunks of titles of a region in one domain, met with the members of the group by source and title.
  class TitlesOfGroup {
   public:
    TitlesOfGroup(Verifier& verifier, const RegionCards& cards, std::size_t number)
        : m_verifier(verifier), m_cards(cards), m_domain(verifier.m_directories[number].domain) {
      m_directory = verifier.path_to({}, FileKind::title_directory, verifier.m_directories[number].titles);
      m_group.region = cards.region;
      for (const TitleGroup& group : verifier.m_titles[number].groups)
        if (group.region == cards.region)
          m_group = group;
    }

    void meet(const MemberView& member, std::uint64_t prefix) {
      if (!find())
        throw m_verifier.no_entry(m_directory, m_cards, *member);
      const std::size_t i = m_at++;
      const auto fail = [&](const char* what) { throw damaged(m_path, "entry " + std::to_string(i) + what); };
      const auto source = static_cast<std::size_t>(member->source);
      if (i >= m_end_of_source[source] || i + m_chunk.counts[source] < m_end_of_source[source])
        fail(" is out of order: it is of another source");
      m_verifier.check_entry(m_cards, member, m_chunk, i, m_chunk.pages[i], m_path);
      if (m_chunk.prefixes[i] > prefix || prefix - m_chunk.prefixes[i] > m_chunk.prefix_slack ||
          (i == 0 && prefix != m_group.chunks[m_next_chunk - 1].first_prefix))
        fail(" has another title than its card");
      ++m_counts[source];
    }

    void finish() {
      if (find())
        throw damaged(m_path, "entry " + std::to_string(m_at) + " has no card");
      if (m_counts != m_group.counts)
        throw damaged(m_directory,
                      "counts of region " + std::string(info(m_cards.region).code) + " are not those of its chunks");
    }

   private:
    /// Whether there is one more entry: then `m_at` is its number in `m_chunk`.
    bool find() {
      while (m_at == m_chunk.slots.size()) {
        if (m_next_chunk == m_group.chunks.size())
          return false;
        const TitleRef& ref = m_group.chunks[m_next_chunk++];
        m_path = m_verifier.path_to(m_cards.region, FileKind::titles, ref.titles);
        m_chunk = m_verifier.open<TitleChunk>(m_cards.region, ref.titles);
        if (!(m_chunk.region == m_cards.region) || !(m_chunk.domain == m_domain) || m_chunk.slots.size() != ref.count)
          throw damaged(m_path, "is not the chunk that the directory names");
        std::partial_sum(m_chunk.counts.begin(), m_chunk.counts.end(), m_end_of_source.begin());
        m_at = 0;
      }
      return true;
    }

    Verifier& m_verifier;
    const RegionCards& m_cards;
    RomeDomain m_domain;
    fs::path m_directory;
    TitleGroup m_group;
    std::size_t m_next_chunk = 0, m_at = 0;
    fs::path m_path;
    TitleChunk m_chunk;
    std::array<std::size_t, source_count> m_end_of_source{};  ///< in the chunk
    SourceCounts m_counts{};
  };

  /// What there is to check of a region in every domain that has a directory.
  template <typename Group>
  class Groups {
   public:
    Groups(Verifier& verifier, const RegionCards& cards) : m_verifier(verifier), m_cards(cards) {
      for (std::size_t i = 0; i < verifier.m_directories.size(); ++i) {
        const std::size_t domain = verifier.m_directories[i].domain.value;
        m_groups.resize(std::max(m_groups.size(), domain + 1));
        m_groups[domain] = std::make_unique<Group>(verifier, cards, i);
      }
    }
    [[nodiscard]] Group& of(RomeDomain domain) {
      if (domain.value >= m_groups.size() || !m_groups[domain.value])
        throw damaged(m_verifier.m_folder / "data" / "manifest.json", "names no directory of the domain \"" +
                                                                          to_string(domain) + "\" of cards of region " +
                                                                          std::string(info(m_cards.region).code));
      return *m_groups[domain.value];
    }
    void finish() {
      for (const auto& group : m_groups)
        if (group)
          group->finish();
    }

   private:
    Verifier& m_verifier;
    const RegionCards& m_cards;
    std::vector<std::unique_ptr<Group>> m_groups;  ///< by number of the domain
  };

  void check_index(RegionCards& cards) {
    Groups<IndexOfGroup> groups(*this, cards);
    MemberView member;
    std::optional<PlaceKey> last;
    std::uint32_t rank = 0;
    while (const auto item = cards.by_place.next()) {
      const PlaceKey key = big_endian(item->key.first(place_bytes));
      rank = key == last ? rank + 1 : 0;
      last = key;
      member.look_at(item->value);
      member.for_each_domain([&](RomeDomain domain) { groups.of(domain).meet(member, key, rank); });
    }
    cards.by_place.clear();
    groups.finish();
  }

  void check_titles(RegionCards& cards) {
    Groups<TitlesOfGroup> groups(*this, cards);
    MemberView member;
    while (const auto item = cards.by_title.next()) {
      const std::uint64_t prefix = title_prefix_of(title_of_order(item->key));
      member.look_at(item->value);
      member.for_each_domain([&](RomeDomain domain) { groups.of(domain).meet(member, prefix); });
    }
    groups.finish();
  }

  const fs::path& m_folder;
  std::size_t m_sort_bytes;  ///< for each of the two orders of a region
  std::vector<Directory> m_directories;
  std::vector<fs::path> m_paths;         ///< of them
  std::vector<TitleDirectory> m_titles;  ///< one for each directory
  PageDirectory m_pages;
  std::atomic<std::uint64_t> m_files{0}, m_bytes{0}, m_records{0}, m_id_sum{0};
};

/// The pages, scripts and the module, by the list that the manifest names.
void check_other_files(Verifier& verifier, const fs::path& folder, const nlohmann::json& manifest, unsigned jobs) {
  const fs::path manifest_path = folder / "data" / "manifest.json";
  const std::string name = manifest.value("files", std::string());
  constexpr std::size_t hash_begin = 6, hash_size = 2 * sizeof(FileHash);
  if (name.size() != hash_begin + hash_size + 5 || !name.starts_with("files-") || !name.ends_with(".json"))
    throw damaged(manifest_path, "no list of files in the manifest");
  const fs::path list_path = folder / "data" / name;
  const Bytes list = verifier.read(list_path);
  if (to_hex(file_hash(list)) != name.substr(hash_begin, hash_size))
    throw damaged(list_path, "the content is not what the name promises");
  const auto json = nlohmann::json::parse(list, nullptr, false);
  if (!json.is_object() || !json.contains("files") || !json["files"].is_array())
    throw damaged(list_path, "no list of files");
  const nlohmann::json& files = json["files"];
  in_parallel(files.size(), jobs, [&](std::size_t i) {
    const nlohmann::json& item = files[i];
    const fs::path path = folder / item.value("path", std::string());
    const Bytes bytes = verifier.read(path);
    if (bytes.size() != item.value("bytes", std::uint64_t{0}))
      throw damaged(path, std::to_string(bytes.size()) + " bytes instead of " +
                              std::to_string(item.value("bytes", std::uint64_t{0})));
    if (to_hex(sha256(bytes)) != item.value("sha256", std::string()))
      throw damaged(path, "the content is not what the list of files promises");
  });
}

/// In words; empty for a site that is not signed and need not be.
std::string check_signature(const Site& site, const fs::path& path, const std::vector<PublicKey>& keys) {
  const Bytes bytes = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::vector<PublicKey> trusted = keys.empty() ? keys_of(site.manifest(), path.string()) : keys;
  if (!is_signed(text)) {
    if (!keys.empty())
      throw Failure(Exit::verification_failed, path.string() + " is not signed; publish it with 'balise publish'");
    return {};
  }
  const auto field = [&](const char* name) {
    const auto found = site.manifest().find(name);
    return found != site.manifest().end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (trusted.empty())
    return "signed by " + field("keyid") + ", which was not checked: name the public key with --key";
  if (!is_signed_by(text, trusted))
    throw Failure(Exit::verification_failed, path.string() + " is signed by " + field("keyid") +
                                                 " and not by a key that is trusted, or was changed; publish it again");
  const auto expires = parse_time(field("expires"));
  if (!expires)
    throw damaged(path, "no time in \"expires\"");
  return "signed by " + field("keyid") + (*expires < now() ? ", EXPIRED since " : ", good until ") + field("expires");
}

}  // namespace

Verified verify_site(const fs::path& folder, unsigned jobs, Progress& progress, const std::vector<PublicKey>& keys) {
  Site site(folder);
  const fs::path manifest_path = folder / "data" / "manifest.json";
  Verifier verifier(folder, jobs);
  const std::string signature = check_signature(site, manifest_path, keys);
  // The manifest is not content-addressed: what it says besides the root must follow from the root.
  static_cast<void>(verifier.read(manifest_path));
  const Root& root = site.store().root();
  const SourceCounts counts = total_counts(root);
  for (const Source source : all_sources)
    if (site.manifest().value(nlohmann::json::json_pointer("/counts/" + std::string(name_of(source))),
                              std::uint64_t{0}) != counts[static_cast<std::size_t>(source)])
      throw damaged(manifest_path, "counts disagree with the root");
  std::uint64_t by_source = 0, in_all = 0;
  bool says_records = false;
  for (const SiteSource& source : site_sources_of(site.manifest(), manifest_path.string())) {
    says_records = says_records || source.records;
    by_source += source.records.value_or(0);
  }
  for (const std::uint32_t count : counts)
    in_all += count;
  if (says_records && by_source != in_all)
    throw damaged(manifest_path, "the records of its sources do not add up to its counts");
  progress.phase("Verifying " + folder.string());
  check_other_files(verifier, folder, site.manifest(), jobs);
  if (root.lookups)
    verifier.check_lookups(*root.lookups);
  verifier.open_directories(root);
  std::atomic<std::size_t> done{0};
  in_parallel(root.regions.size(), jobs, [&](std::size_t i) {
    verifier.check_region(root.regions[i]);
    progress.update(static_cast<double>(++done) / static_cast<double>(root.regions.size()), verifier.verified().files,
                    "files");
  });
  verifier.check_ids(root.ids);
  Verified verified = verifier.verified();
  verified.signature = signature;
  progress.done("Verified " + std::to_string(verified.files) + " files");
  return verified;
}

}  // namespace balise
