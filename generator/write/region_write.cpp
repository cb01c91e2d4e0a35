#include "generator/write/region_write.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <tuple>

#include "core/text.hpp"
#include "generator/files.hpp"
#include "generator/write/hashed_file.hpp"
#include "generator/write/shard_encode.hpp"

namespace balise {

namespace {

/// A record with what its place in the region gives it.
struct Placed {
  const Record* record;
  PlaceKey key;
  std::uint32_t rank = 0;
  RomeDomain home;
  std::uint64_t title_prefix = 0;
  std::uint32_t title_order = 0;  ///< among the records of the region, by lower-case title, lower-case company, id
  std::uint32_t page = 0;         ///< number of the page of its card in the region
  std::uint16_t slot = 0;
  std::uint32_t mark = 0;  ///< of the id alone, any number: says where chunks of titles may end
};

PlaceKey key_of(const Record& record) {
  return record.position ? place_key_of(*record.position) : no_place;
}

std::uint32_t mark_of(const std::string& id) {
  const FileHash hash = file_hash({reinterpret_cast<const std::uint8_t*>(id.data()), id.size()});
  return static_cast<std::uint32_t>(hash[0] << 8U | hash[1]);
}

/// All records by place, and at one place by title, then id, then source: the order that ties follow.
std::vector<Placed> in_place_order(const std::vector<Record>& records) {
  struct Titled {
    Placed placed;
    std::string title, company;
  };
  std::vector<Titled> titled;
  titled.reserve(records.size());
  for (const Record& record : records) {
    std::string title = lower(record.title);
    const std::uint64_t prefix = title_prefix_of(title);
    titled.push_back({{&record, key_of(record), 0, home_of(record), prefix, 0, 0, 0, mark_of(record.id)},
                      std::move(title),
                      lower(record.company)});
  }
  std::sort(titled.begin(), titled.end(), [](const Titled& a, const Titled& b) {
    return std::tie(a.title, a.company, a.placed.record->id, a.placed.record->source) <
           std::tie(b.title, b.company, b.placed.record->id, b.placed.record->source);
  });
  for (std::size_t i = 0; i < titled.size(); ++i)
    titled[i].placed.title_order = static_cast<std::uint32_t>(i);
  std::sort(titled.begin(), titled.end(), [](const Titled& a, const Titled& b) {
    return std::tie(a.placed.key, a.title, a.placed.record->id, a.placed.record->source) <
           std::tie(b.placed.key, b.title, b.placed.record->id, b.placed.record->source);
  });
  std::vector<Placed> placed;
  placed.reserve(titled.size());
  for (const Titled& item : titled) {
    placed.push_back(item.placed);
    if (placed.size() > 1 && placed[placed.size() - 2].key == item.placed.key)
      placed.back().rank = placed[placed.size() - 2].rank + 1;
  }
  return placed;
}

using Run = std::span<Placed* const>;

/// Cuts a run that ascends by key into cells of at most `most` records, halving by one bit of the key after the other.
void cut_into_cells(Run run, std::size_t most, const std::function<void(Run)>& take, PlaceKey first_key = 0,
                    unsigned bit = place_key_bits) {
  if (run.empty())
    return;
  if (run.size() <= most || bit == 0) {
    take(run);
    return;
  }
  const PlaceKey middle = first_key | PlaceKey{1} << (bit - 1);
  const auto half =
      std::partition_point(run.begin(), run.end(), [&](const Placed* placed) { return placed->key < middle; });
  const auto count = static_cast<std::size_t>(half - run.begin());
  cut_into_cells(run.first(count), most, take, first_key, bit - 1);
  cut_into_cells(run.subspan(count), most, take, middle, bit - 1);
}

/// Cuts a run in the order of source and title into chunks. Records say by themselves where a chunk may end, so one
/// that comes or goes changes the chunk that it stands in and seldom the next. The first chunk of a source is a small
/// one, as most searches need no more; sources of a few records share one.
void cut_into_chunks(Run run, const std::function<void(Run)>& take) {
  std::size_t begin = 0, most = max_first_chunk_entries;
  for (std::size_t i = 0; i < run.size(); ++i) {
    const std::size_t count = i + 1 - begin;
    const bool is_last = i + 1 == run.size();
    const bool source_ends = is_last || run[i + 1]->record->source != run[i]->record->source;
    const bool may_end = source_ends || run[i]->mark % (most / 2) == 0;
    const bool ends = is_last || count >= most || (may_end && count >= most / 4);
    if (ends) {
      take(run.subspan(begin, count));
      begin = i + 1;
    }
    if (source_ends)
      most = max_first_chunk_entries;
    else if (ends)
      most = max_chunk_entries;
  }
}

/// Writes the files of a region: first all pages, then what refers to them.
class RegionWriter {
 public:
  RegionWriter(Region region, const std::filesystem::path& data_folder)
      : m_region(region), m_data_folder(data_folder) {}

  [[nodiscard]] std::span<const PageFile> pages() const { return m_pages; }

  void write_page(RomeDomain home, std::span<Placed* const> run) {
    std::vector<Card> cards;
    std::vector<const std::vector<Detail>*> details;
    for (Placed* placed : run) {
      const Record& record = *placed->record;
      placed->page = static_cast<std::uint32_t>(m_pages.size());
      placed->slot = static_cast<std::uint16_t>(cards.size());
      cards.push_back({record.source,
                       placed->key,
                       record.id,
                       record.title,
                       record.company,
                       record.address,
                       record.postal_code,
                       record.city,
                       record.insee,
                       record.departement,
                       record.level,
                       record.opco,
                       record.created,
                       record.expires,
                       {record.romes.begin(), record.romes.end()}});
      details.push_back(&record.details);
    }
    const FileRef details_ref = write(FileKind::details, encode_details(m_region, details));
    m_pages.push_back({home.value, write(FileKind::cards, encode_cards(m_region, details_ref, cards))});
  }

  [[nodiscard]] List<FileRef> write_page_lists() const {
    List<FileRef> lists;
    for (std::size_t begin = 0; begin < m_pages.size(); begin += pages_per_list) {
      PageList list;
      list.region = m_region;
      for (std::size_t i = begin; i < m_pages.size() && i < begin + pages_per_list; ++i)
        list.pages.push_back(m_pages[i].ref);
      lists.push_back(write(FileKind::pages, encode_pages(list)));
    }
    return lists;
  }

  [[nodiscard]] ShardRef write_shard(RomeDomain domain, std::span<Placed* const> run) const {
    ShardRef ref;
    for (const Placed* placed : run) {
      ++ref.counts[static_cast<std::size_t>(placed->record->source)];
      if (placed->record->position)
        ref.box.add(*placed->record->position);
    }
    std::vector<Entry> entries = entries_of(domain, run);
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.source < b.source; });
    ref.index = write(FileKind::index, encode_index(m_region, domain, entries, m_pages));
    return ref;
  }

  [[nodiscard]] TitleRef write_titles(RomeDomain domain, std::span<Placed* const> run) const {
    return {run.front()->title_prefix, static_cast<std::uint32_t>(run.size()),
            write(FileKind::titles, encode_titles(m_region, domain, entries_of(domain, run)))};
  }

 private:
  [[nodiscard]] FileRef write(FileKind kind, const Bytes& bytes) const {
    return write_hashed(m_data_folder, m_region, kind, bytes);
  }

  static std::vector<Entry> entries_of(RomeDomain domain, std::span<Placed* const> run) {
    std::vector<Entry> entries;
    entries.reserve(run.size());
    for (const Placed* placed : run) {
      const Record& record = *placed->record;
      Profile profile{{}, record.level, record.opco};
      if (!domain.is_none())
        for (const RomeCode code : record.romes)
          if (domain_of(code) == domain)
            profile.suffixes.push_back(static_cast<std::uint8_t>(code.value % 100));
      entries.push_back({record.source, placed->key, placed->rank, record.departement, std::move(profile), placed->page,
                         placed->slot, placed->title_prefix});
    }
    return entries;
  }

  Region m_region;
  const std::filesystem::path& m_data_folder;
  std::vector<PageFile> m_pages;
};

}  // namespace

RomeDomain home_of(const Record& record) {
  RomeDomain home;
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < record.romes.size(); ++i) {
    const RomeDomain domain = domain_of(record.romes[i]);
    const auto count = std::count_if(record.romes.begin(), record.romes.end(),
                                     [&](RomeCode code) { return domain_of(code) == domain; });
    if (count > most) {
      most = count;
      home = domain;
    }
  }
  return home;
}

WrittenRegion write_region(Region region, std::vector<Record> records, const std::filesystem::path& data_folder,
                           IdWriter& ids, ListingWriter* listings) {
  std::vector<Placed> placed = in_place_order(records);
  if (listings != nullptr) {
    std::vector<const Record*> in_order;
    in_order.reserve(placed.size());
    for (const Placed& item : placed)
      in_order.push_back(item.record);
    listings->add_region(region, in_order);
  }
  WrittenRegion written;
  written.ref.region = region;
  std::map<RomeDomain, std::vector<Placed*>> groups, homes;
  for (Placed& item : placed) {
    ++written.ref.counts[static_cast<std::size_t>(item.record->source)];
    groups[RomeDomain{}].push_back(&item);
    RomeDomain last;
    for (const RomeCode code : item.record->romes) {
      if (!(domain_of(code) == last))
        groups[domain_of(code)].push_back(&item);
      last = domain_of(code);
    }
    homes[item.home].push_back(&item);
  }
  RegionWriter writer(region, data_folder);
  for (const auto& [home, cards] : homes)
    cut_into_cells(cards, max_page_cards, [&, home = home](Run run) { writer.write_page(home, run); });
  std::vector<IdEntry> id_entries;
  id_entries.reserve(placed.size());
  for (const Placed& item : placed)
    id_entries.push_back({id_hash_of(item.record->source, item.record->id), region, item.page});
  ids.add(id_entries);
  written.page_lists = writer.write_page_lists();
  for (auto& [domain, members] : groups) {
    WrittenRegion::OfDomain& of_domain = written.domains[domain];
    of_domain.titles.region = region;
    const auto write_shard = [&, domain = domain](Run run) {
      of_domain.shards.push_back(writer.write_shard(domain, run));
    };
    // Companies are three records of four, and a search has soon enough of them: the others are read on without them.
    // Few of both cost less in one file.
    const auto companies = std::stable_partition(
        members.begin(), members.end(), [](const Placed* item) { return item->record->source != Source::lba; });
    const auto end_of_first = members.size() <= max_mixed_entries ? members.end() : companies;
    cut_into_cells({members.begin(), end_of_first}, max_shard_entries, write_shard);
    cut_into_cells({end_of_first, members.end()}, max_shard_entries, write_shard);
    std::sort(members.begin(), members.end(), [](const Placed* a, const Placed* b) {
      return std::tie(a->record->source, a->title_order) < std::tie(b->record->source, b->title_order);
    });
    cut_into_chunks(members, [&, domain = domain](Run run) {
      for (const Placed* item : run)
        ++of_domain.titles.counts[static_cast<std::size_t>(item->record->source)];
      of_domain.titles.chunks.push_back(writer.write_titles(domain, run));
    });
  }
  return written;
}

void write_directories(std::span<const WrittenRegion> regions, const std::filesystem::path& data_folder, Root& root) {
  std::map<RomeDomain, std::pair<Directory, TitleDirectory>> domains;
  PageDirectory pages;
  for (const WrittenRegion& region : regions) {
    root.regions.push_back(region.ref);
    pages.regions.push_back({region.ref.region, region.page_lists});
    for (const auto& [domain, of_domain] : region.domains) {
      auto& [directory, titles] = domains[domain];
      directory.groups.push_back({region.ref.region, of_domain.shards});
      titles.groups.push_back(of_domain.titles);
    }
  }
  for (auto& [domain, directories] : domains) {
    auto& [directory, titles] = directories;
    titles.domain = domain;
    directory.domain = domain;
    directory.titles = write_hashed(data_folder, {}, FileKind::title_directory, encode_title_directory(titles));
    root.domains.push_back({domain, write_hashed(data_folder, {}, FileKind::directory, encode_directory(directory))});
  }
  if (!pages.regions.empty())
    root.pages = write_hashed(data_folder, {}, FileKind::page_directory, encode_page_directory(pages));
}

}  // namespace balise
