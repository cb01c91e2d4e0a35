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

/// Who and where a record is, and what its entries must say of it.
struct Expected {
  Source source;
  Departement departement;
  Level level;
  Opco opco;
  RomeDomain home;
  std::string title, company, id;  ///< title and company in lower case
  std::vector<RomeCode> romes;
};
using Records = std::map<std::pair<PlaceKey, std::uint32_t>, Expected>;

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

  void check_region(const RegionRef& ref) {
    const fs::path path = path_to(ref.region, FileKind::directory, ref.directory);
    const Directory directory = open(open_directory, ref.region, FileKind::directory, ref.directory);
    if (!(directory.region == ref.region))
      throw damaged(path, "is of another region");
    Records records;
    SourceCounts counts{};
    Box box;
    std::uint32_t pages = 0;
    for (const Group& group : directory.groups)
      for (std::size_t i = 0; i < group.pages.size(); ++i)
        read_page(group, i, pages++, directory.region, records);
    for (const auto& [place, record] : records) {
      ++counts[static_cast<std::size_t>(record.source)];
      if (place.first != no_place)
        box.add(position_of(place.first));
    }
    if (counts != ref.counts || !(box == ref.box))
      throw damaged(m_folder / "data" / "manifest.json",
                    "counts or bounds of region " + std::string(info(ref.region).code) + " are not those of its cards");
    std::uint64_t groups = 0;
    for (const Group& group : directory.groups)
      groups += check_group(group, directory.region, records, path);
    // Each record has an entry in the group of all, and one in the group of each of its domains.
    std::uint64_t expected = 0;
    for (const auto& [place, record] : records) {
      std::set<std::uint16_t> domains{0};
      for (const RomeCode code : record.romes)
        domains.insert(domain_of(code).value);
      expected += domains.size();
    }
    if (groups != expected)
      throw damaged(path, std::to_string(groups) + " entries instead of " + std::to_string(expected));
    m_records += records.size();
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

  [[nodiscard]] Verified verified() const { return {m_files, m_bytes, m_records}; }

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
    std::uint64_t value = entry.hash ^ (std::uint64_t{entry.region.index} << 40U) ^ (std::uint64_t{entry.page} << 45U);
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31U);
  }

  void read_page(const Group& group, std::size_t number, std::uint32_t number_in_region, Region region,
                 Records& records) {
    const PageRef& ref = group.pages[number];
    const fs::path path = path_to(region, FileKind::cards, ref.cards);
    const CardPage page = open(open_cards, region, FileKind::cards, ref.cards);
    const DetailPage details = open(open_details, region, FileKind::details, page.details);
    if (!(page.region == region) || !(page.domain == group.domain) || page.cards.size() != ref.count)
      throw damaged(path, "is not the page that the directory names");
    if (details.items.size() != page.cards.size())
      throw damaged(path_to(region, FileKind::details, page.details), "has not one item for each card");
    std::set<IdHash> hashes;
    for (const Card& card : page.cards) {
      if (const IdHash hash = id_hash_of(card.source, card.id); hashes.insert(hash).second)
        m_id_sum += mixed({hash, region, number_in_region});
      if (page_of(group, card.key) != &ref || !(info(card.departement).region == region))
        throw damaged(path, "card " + card.id + " belongs elsewhere");
      const Expected expected{card.source,       card.departement,    card.level, card.opco, group.domain,
                              lower(card.title), lower(card.company), card.id,    card.romes};
      if (!records.emplace(std::pair(card.key, card.rank), expected).second)
        throw damaged(path, "card " + card.id + " stands where another one does");
    }
  }

  std::uint64_t check_group(const Group& group, Region region, const Records& records, const fs::path& directory) {
    std::uint64_t entries = 0;
    for (std::size_t number = 0; number < group.shards.size(); ++number) {
      const ShardRef& ref = group.shards[number];
      const fs::path path = path_to(region, FileKind::index, ref.index);
      const IndexShard shard = open(open_index, region, FileKind::index, ref.index);
      if (!(shard.region == region) || !(shard.domain == group.domain) || shard.counts != ref.counts)
        throw damaged(path, "is not the shard that the directory names");
      Box box;
      const PlaceKey end =
          number + 1 < group.shards.size() ? group.shards[number + 1].first_key : PlaceKey{1} << place_key_bits;
      std::size_t i = 0;
      for (const Source source : all_sources) {
        for (std::uint32_t j = 0; j < shard.counts[static_cast<std::size_t>(source)]; ++j, ++i) {
          static_cast<void>(check_entry(records, source, shard, i, path));
          if (shard.keys[i] < ref.first_key || shard.keys[i] >= end)
            throw damaged(path, "entry " + std::to_string(i) + " belongs to another shard");
          if (shard.keys[i] != no_place)
            box.add(shard.positions[i]);
        }
      }
      if (!(box == ref.box))
        throw damaged(path, "the bounds in the directory are not those of its entries");
      entries += shard.keys.size();
    }
    check_titles(group, region, records, directory);
    return entries;
  }

  /// Chunks ascend strictly, so no entry stands twice; as there are as many as in the index, none is missing.
  void check_titles(const Group& group, Region region, const Records& records, const fs::path& directory) {
    SourceCounts counts{}, expected{};
    for (const ShardRef& shard : group.shards)
      for (std::size_t source = 0; source < source_count; ++source)
        expected[source] += shard.counts[source];
    const Expected* last = nullptr;
    for (const TitleRef& ref : group.titles) {
      const fs::path path = path_to(region, FileKind::titles, ref.titles);
      const TitleChunk chunk = open(open_titles, region, FileKind::titles, ref.titles);
      if (!(chunk.region == region) || !(chunk.domain == group.domain) || chunk.keys.size() != ref.count ||
          chunk.prefixes.front() != ref.first_prefix)
        throw damaged(path, "is not the chunk that the directory names");
      std::size_t i = 0;
      for (const Source source : all_sources) {
        for (std::uint32_t j = 0; j < chunk.counts[static_cast<std::size_t>(source)]; ++j, ++i) {
          const Expected& record = check_entry(records, source, chunk, i, path);
          if (chunk.prefixes[i] != title_prefix_of(record.title))
            throw damaged(path, "entry " + std::to_string(i) + " has another title than its card");
          if (last != nullptr && !(std::tie(last->source, last->title, last->company, last->id) <
                                   std::tie(record.source, record.title, record.company, record.id)))
            throw damaged(path, "entry " + std::to_string(i) + " is out of order");
          ++counts[static_cast<std::size_t>(source)];
          last = &record;
        }
      }
    }
    if (counts != expected)
      throw damaged(directory, "titles and index of a group hold different numbers of entries");
  }

  /// The record of an entry, which must say of it what its card says.
  static const Expected& check_entry(const Records& records, Source source, const Entries& entries, std::size_t i,
                                     const fs::path& path) {
    const auto place = records.find({entries.keys[i], entries.ranks[i]});
    if (place == records.end())
      throw damaged(path, "entry " + std::to_string(i) + " has no card");
    const Expected& record = place->second;
    const Profile& profile = entries.profiles[entries.profile_numbers[i]];
    std::vector<std::uint8_t> suffixes;
    if (!entries.domain.is_none())
      for (const RomeCode code : record.romes)
        if (domain_of(code) == entries.domain)
          suffixes.push_back(static_cast<std::uint8_t>(code.value % 100));
    if (record.source != source || !(record.departement == entries.departements[i]) ||
        !(profile == Profile{suffixes, record.level, record.opco, record.home}) ||
        (suffixes.empty() && !entries.domain.is_none()))
      throw damaged(path, "entry " + std::to_string(i) + " says other things than its card");
    return record;
  }

  const fs::path& m_folder;
  std::atomic<std::uint64_t> m_files{0}, m_bytes{0}, m_records{0}, m_id_sum{0};
};

/// The pages, scripts and the module, by the list that the manifest names.
void check_other_files(Verifier& verifier, const fs::path& folder, const nlohmann::json& manifest) {
  const fs::path manifest_path = folder / "data" / "manifest.json";
  const std::string name = manifest.value("files", std::string());
  constexpr std::size_t hash_begin = 6, hash_size = 32;
  if (name.size() != hash_begin + hash_size + 5 || !name.starts_with("files-") || !name.ends_with(".json"))
    throw damaged(manifest_path, "no list of files in the manifest");
  const fs::path list_path = folder / "data" / name;
  const Bytes list = verifier.read(list_path);
  if (to_hex(file_hash(list)) != name.substr(hash_begin, hash_size))
    throw damaged(list_path, "the content is not what the name promises");
  const auto json = nlohmann::json::parse(list, nullptr, false);
  if (!json.is_object() || !json.contains("files"))
    throw damaged(list_path, "no list of files");
  for (const auto& item : json["files"]) {
    const fs::path path = folder / item.value("path", std::string());
    const Bytes bytes = verifier.read(path);
    if (bytes.size() != item.value("bytes", std::uint64_t{0}))
      throw damaged(path, std::to_string(bytes.size()) + " bytes instead of " +
                              std::to_string(item.value("bytes", std::uint64_t{0})));
    if (to_hex(sha256(bytes)) != item.value("sha256", std::string()))
      throw damaged(path, "the content is not what the list of files promises");
  }
}

}  // namespace

Verified verify_site(const fs::path& folder, unsigned jobs, Progress& progress) {
  Site site(folder);
  const fs::path manifest_path = folder / "data" / "manifest.json";
  Verifier verifier(folder);
  // The manifest is not content-addressed: what it says besides the root must follow from the root.
  static_cast<void>(verifier.read(manifest_path));
  const Root& root = site.store().root();
  const SourceCounts counts = total_counts(root);
  for (const Source source : all_sources)
    if (site.manifest().value(nlohmann::json::json_pointer("/counts/" + std::string(name_of(source))),
                              std::uint64_t{0}) != counts[static_cast<std::size_t>(source)])
      throw damaged(manifest_path, "counts disagree with the root");
  progress.phase("Verifying " + folder.string());
  check_other_files(verifier, folder, site.manifest());
  if (root.lookups)
    verifier.check_lookups(*root.lookups);
  std::atomic<std::size_t> done{0};
  in_parallel(root.regions.size(), jobs, [&](std::size_t i) {
    verifier.check_region(root.regions[i]);
    progress.update(static_cast<double>(++done) / static_cast<double>(root.regions.size()), verifier.verified().files,
                    "files");
  });
  verifier.check_ids(root.ids);
  const Verified verified = verifier.verified();
  progress.done("Verified " + std::to_string(verified.files) + " files");
  return verified;
}

}  // namespace balise
