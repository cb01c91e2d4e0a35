#include "generator/write/verify.hpp"

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "core/lookup_files.hpp"
#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/parallel.hpp"
#include "generator/site.hpp"
#include "generator/write/region_write.hpp"
#include "generator/write/shard_encode.hpp"
#include "generator/write/site_source.hpp"
#include "generator/write/site_write.hpp"

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
  z_stream stream{};
  constexpr int window_bits_with_gzip_header = 15 + 16;
  if (inflateInit2(&stream, window_bits_with_gzip_header) != Z_OK)
    return false;
  Bytes out(expected.size() + 1);
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  const int state = inflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  inflateEnd(&stream);
  return state == Z_STREAM_END &&
         std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(size), expected.begin(), expected.end());
}

/// Where a record is, and what its entries must say of it.
struct Expected {
  Source source;
  PlaceKey key;
  Departement departement;
  Level level;
  Opco opco;
  std::string title, company, id;  ///< title and company in lower case
  List<RomeCode> romes;
  std::uint32_t rank = 0;  ///< what its entry in the group of all says
  bool has_rank = false;
  std::uint32_t entries = 0;  ///< how many index shards have one of it
};
/// The cards of a region by number of page, then slot.
struct RegionCards {
  Region region;
  std::vector<std::vector<Expected>> pages;
  std::map<FileHash, std::uint32_t> numbers;  ///< of pages
};

class Verifier {
 public:
  explicit Verifier(const fs::path& folder) : m_folder(folder) {}

  /// Reads a file and its variants; `expected_bytes` and the hash are checked by the caller.
  Bytes read(const fs::path& path) {
    if (!fs::exists(path))
      throw damaged(path, "the file is missing");
    Bytes bytes = read_file(path);
    const fs::path brotli = fs::path(path).concat(".br"), gzip = fs::path(path).concat(".gz");
    if (fs::exists(brotli) && !brotli_gives(read_file(brotli), bytes))
      throw damaged(brotli, "does not unpack to the bytes of the file that it stands beside");
    if (fs::exists(gzip) && !gzip_gives(read_file(gzip), bytes))
      throw damaged(gzip, "does not unpack to the bytes of the file that it stands beside");
    ++m_files;
    m_bytes += bytes.size();
    return bytes;
  }

  template <typename File>
  File open(Result<File> (*opener)(ByteView, const FileRef&), Region region, FileKind kind, const FileRef& ref) {
    const fs::path path = path_to(region, kind, ref);
    auto opened = opener(read(path), ref);
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
      const IdDirectory directory = open(open_id_directory, {}, FileKind::id_directory, *ref);
      for (const FileRef& shard_ref : directory.shards) {
        const IdShard shard = open(open_ids, {}, FileKind::ids, shard_ref);
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
      m_directories.push_back(open(open_directory, {}, FileKind::directory, ref.directory));
      const Directory& directory = m_directories.back();
      m_titles.push_back(open(open_title_directory, {}, FileKind::title_directory, directory.titles));
      if (!(directory.domain == ref.domain) || !(m_titles.back().domain == ref.domain))
        throw damaged(path_to({}, FileKind::directory, ref.directory), "is of another domain");
      for (const Group& group : directory.groups)
        if (std::none_of(root.regions.begin(), root.regions.end(),
                         [&](const RegionRef& of) { return of.region == group.region; }))
          throw damaged(path_to({}, FileKind::directory, ref.directory), "has a region that the manifest has not");
    }
    if (root.pages)
      m_pages = open(open_page_directory, {}, FileKind::page_directory, *root.pages);
  }

  void check_region(const RegionRef& ref) {
    const std::string name = "region " + std::string(info(ref.region).code);
    const fs::path manifest = m_folder / "data" / "manifest.json";
    RegionCards cards;
    cards.region = ref.region;
    for (const RegionPages& pages : m_pages.regions)
      if (pages.region == ref.region)
        read_pages(pages, cards);
    SourceCounts counts{};
    std::uint64_t records = 0;
    for (const auto& page : cards.pages)
      for (const Expected& record : page) {
        ++counts[static_cast<std::size_t>(record.source)];
        ++records;
      }
    if (counts != ref.counts)
      throw damaged(manifest, "counts of " + name + " are not those of its cards");
    for (std::size_t i = 0; i < m_directories.size(); ++i) {
      SourceCounts in_index{}, in_titles{};
      for (const Group& group : m_directories[i].groups)
        if (group.region == ref.region)
          in_index = check_group(group, m_directories[i].domain, cards);
      for (const TitleGroup& group : m_titles[i].groups)
        if (group.region == ref.region)
          in_titles = check_titles(group, m_directories[i].domain, cards);
      if (in_index != in_titles)
        throw damaged(path_to({}, FileKind::title_directory, m_directories[i].titles),
                      "titles and index of " + name + " hold different numbers of entries");
    }
    // Each record has an entry in the group of all, and one in the group of each of its domains.
    for (const auto& page : cards.pages) {
      for (const Expected& record : page) {
        std::set<std::uint16_t> domains{0};
        for (const RomeCode code : record.romes)
          domains.insert(domain_of(code).value);
        if (record.entries != domains.size())
          throw damaged(manifest, std::to_string(record.entries) + " entries instead of " +
                                      std::to_string(domains.size()) + " for the record " + record.id + " of " + name);
      }
    }
    m_records += records;
  }

  /// Reads every look-up file and checks that what stands in it belongs there.
  void check_lookups(const FileRef& ref, bool is_inner = false) {
    const fs::path path = path_to(Region{}, FileKind::lookups, ref);
    const LookupDirectory directory = open(open_lookups, Region{}, FileKind::lookups, ref);
    std::optional<FileRef> last;
    for (const LookupFiles& part : directory.parts) {
      if (part.directory) {
        if (is_inner)
          throw damaged(path, "names a further directory for " + std::string(name_of(part.part)));
        if (last != part.directory)
          check_lookups(*part.directory, true);
        last = part.directory;
      }
      for (std::size_t i = 0; i < part.files.size(); ++i)
        check_lookup_file(part, i);
    }
  }

  [[nodiscard]] Verified verified() const { return {m_files, m_bytes, m_records, {}}; }

 private:
  void check_lookup_file(const LookupFiles& part, std::size_t i) {
    const FileRef& ref = part.files[i];
    if (part.part <= LookupPart::places_by_code) {
      if (open(open_places, Region{}, FileKind::places, ref).communes.empty())
        throw damaged(path_to(Region{}, FileKind::places, ref), "holds no commune");
    } else if (part.part <= LookupPart::diplomas) {
      if (open(open_metiers, Region{}, FileKind::metiers, ref).items.empty())
        throw damaged(path_to(Region{}, FileKind::metiers, ref), "holds no occupation");
    } else {
      const TableShard table = open(open_table, Region{}, FileKind::table, ref);
      for (const TableItem& item : table.items) {
        const FileRange range = part.holding(key_hash(item.key));
        if (range.begin != i || range.size() != 1)
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
      const PageList list = open(open_pages, cards.region, FileKind::pages, pages.lists[i]);
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
    const CardPage page = open(open_cards, region, FileKind::cards, ref);
    const DetailPage details = open(open_details, region, FileKind::details, page.details);
    if (!(page.region == region))
      throw damaged(path, "is of another region");
    if (details.items.size() != page.cards.size() || !(details.region == region))
      throw damaged(path_to(region, FileKind::details, page.details), "has not one item for each card");
    const auto number = static_cast<std::uint32_t>(cards.pages.size());
    if (!cards.numbers.emplace(ref.hash, number).second)
      throw damaged(path, "is listed twice");
    std::set<IdHash> hashes;
    std::vector<Expected> records;
    records.reserve(page.cards.size());
    for (const Card& card : page.cards) {
      if (const IdHash hash = id_hash_of(card.source, card.id); hashes.insert(hash).second)
        m_id_sum += mixed({hash, region, number});
      if (!(info(card.departement).region == region))
        throw damaged(path, "card " + card.id + " belongs elsewhere");
      records.push_back({card.source, card.key, card.departement, card.level, card.opco, lower(card.title),
                         lower(card.company), card.id, card.romes});
    }
    cards.pages.push_back(std::move(records));
  }

  SourceCounts check_group(const Group& group, RomeDomain domain, RegionCards& cards) {
    SourceCounts counts{};
    std::set<std::pair<PlaceKey, std::uint32_t>> seen;
    for (const ShardRef& ref : group.shards) {
      const fs::path path = path_to(group.region, FileKind::index, ref.index);
      const IndexShard shard = open(open_index, group.region, FileKind::index, ref.index);
      if (!(shard.region == group.region) || !(shard.domain == domain) || shard.counts != ref.counts)
        throw damaged(path, "is not the shard that the directory names");
      Box box;
      std::size_t i = 0;
      for (const Source source : all_sources) {
        for (std::uint32_t j = 0; j < shard.counts[static_cast<std::size_t>(source)]; ++j, ++i) {
          const auto page = cards.numbers.find(shard.page_refs[shard.pages[i]].hash);
          if (page == cards.numbers.end())
            throw damaged(path, "entry " + std::to_string(i) + " has no card");
          Expected& record = check_entry(cards, source, shard, i, page->second, path);
          if (domain.is_none()) {
            record.rank = shard.ranks[i];
            record.has_rank = true;
          }
          ++record.entries;
          if (record.key != shard.keys[i] || !record.has_rank || record.rank != shard.ranks[i] ||
              !seen.emplace(shard.keys[i], shard.ranks[i]).second)
            throw damaged(path, "entry " + std::to_string(i) + " has another place or rank than its record");
          if (shard.keys[i] != no_place)
            box.add(position_of(shard.keys[i]));
        }
      }
      if (!(box == ref.box))
        throw damaged(path, "the bounds in the directory are not those of its entries");
      for (std::size_t source = 0; source < source_count; ++source)
        counts[source] += shard.counts[source];
    }
    return counts;
  }

  /// Chunks ascend strictly, so no entry stands twice; as there are as many as in the index, none is missing.
  SourceCounts check_titles(const TitleGroup& group, RomeDomain domain, RegionCards& cards) {
    SourceCounts counts{};
    const Expected* last = nullptr;
    for (const TitleRef& ref : group.chunks) {
      const fs::path path = path_to(group.region, FileKind::titles, ref.titles);
      const TitleChunk chunk = open(open_titles, group.region, FileKind::titles, ref.titles);
      if (!(chunk.region == group.region) || !(chunk.domain == domain) || chunk.slots.size() != ref.count)
        throw damaged(path, "is not the chunk that the directory names");
      std::size_t i = 0;
      for (const Source source : all_sources) {
        for (std::uint32_t j = 0; j < chunk.counts[static_cast<std::size_t>(source)]; ++j, ++i) {
          const Expected& record = check_entry(cards, source, chunk, i, chunk.pages[i], path);
          const std::uint64_t prefix = title_prefix_of(record.title);
          if (chunk.prefixes[i] > prefix || prefix - chunk.prefixes[i] > chunk.prefix_slack ||
              (i == 0 && prefix != ref.first_prefix))
            throw damaged(path, "entry " + std::to_string(i) + " has another title than its card");
          if (last != nullptr && !(std::tie(last->source, last->title, last->company, last->id) <
                                   std::tie(record.source, record.title, record.company, record.id)))
            throw damaged(path, "entry " + std::to_string(i) + " is out of order");
          ++counts[static_cast<std::size_t>(source)];
          last = &record;
        }
      }
    }
    if (counts != group.counts)
      throw damaged(m_folder / "data", "titles of a group hold other numbers of entries than their directory says");
    return counts;
  }

  /// The record of an entry, which must say of it what its card says.
  static Expected& check_entry(RegionCards& cards, Source source, const Entries& entries, std::size_t i,
                               std::uint32_t page, const fs::path& path) {
    if (page >= cards.pages.size() || entries.slots[i] >= cards.pages[page].size())
      throw damaged(path, "entry " + std::to_string(i) + " has no card");
    Expected& record = cards.pages[page][entries.slots[i]];
    const Profile& profile = entries.profiles[entries.profile_numbers[i]];
    List<std::uint8_t> suffixes;
    if (!entries.domain.is_none())
      for (const RomeCode code : record.romes)
        if (domain_of(code) == entries.domain)
          suffixes.push_back(static_cast<std::uint8_t>(code.value % 100));
    if (record.source != source || !(record.departement == entries.departements[i]) ||
        !(profile == Profile{suffixes, record.level, record.opco}) || (suffixes.empty() && !entries.domain.is_none()))
      throw damaged(path, "entry " + std::to_string(i) + " says other things than its card");
    return record;
  }

  const fs::path& m_folder;
  std::vector<Directory> m_directories;
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
  Verifier verifier(folder);
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
