#include "generator/write/region_write.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/write/cells.hpp"
#include "generator/write/hashed_file.hpp"
#include "generator/write/member.hpp"
#include "generator/write/shard_encode.hpp"
#include "generator/write/sorter.hpp"

namespace balise {

namespace {

constexpr std::size_t home_bytes = 2;

std::uint16_t mark_of(std::string_view id) {
  const FileHash hash = file_hash({reinterpret_cast<const std::uint8_t*>(id.data()), id.size()});
  return static_cast<std::uint16_t>(hash[0] << 8U | hash[1]);
}

Entry entry_of(const MemberView& member, RomeDomain domain, PlaceKey key, std::uint32_t rank,
               std::uint64_t title_prefix) {
  Profile profile{{}, member->level, member->opco};
  if (!domain.is_none())
    for (const RomeCode code : member.romes(domain))
      profile.suffixes.push_back(static_cast<std::uint8_t>(code.value % 100));
  return {member->source, key, rank, member->departement, std::move(profile), member->page, member->slot, title_prefix};
}

/// Cuts entries in the order of source and title into chunks. Records say by themselves where a chunk may end, so one
/// that comes or goes changes the chunk that it stands in and seldom the next. The first chunk of a source is a small
/// one, as most searches need no more; sources of a few records share one.
class ChunkCutter {
 public:
  using Take = std::function<void(std::span<const Entry>)>;
  explicit ChunkCutter(Take take) : m_take(std::move(take)) {}

  void add(Entry entry, std::uint16_t mark) {
    if (!m_entries.empty())
      end_entry(entry.source != m_entries.back().source);
    m_entries.push_back(std::move(entry));
    m_mark = mark;
  }
  /// After the last entry.
  void finish() {
    if (!m_entries.empty())
      m_take(m_entries);
    m_entries.clear();
  }

 private:
  /// Now that it is known what follows the last entry.
  void end_entry(bool source_ends) {
    const bool may_end = source_ends || m_mark % (m_most / 2) == 0;
    const bool ends = m_entries.size() >= m_most || (may_end && m_entries.size() >= m_most / 4);
    if (ends) {
      m_take(m_entries);
      m_entries.clear();
    }
    if (source_ends)
      m_most = max_first_chunk_entries;
    else if (ends)
      m_most = max_chunk_entries;
  }

  Take m_take;
  std::vector<Entry> m_entries;
  std::uint16_t m_mark = 0;  ///< of the last one
  std::size_t m_most = max_first_chunk_entries;
};

/// Writes the files of a region: first all pages, then what refers to them. Records wait in the order of their pages,
/// and what entries say of them twice, by place and by title.
class RegionWriter {
 public:
  RegionWriter(Region region, const RegionTarget& target)
      : m_region(region),
        m_target(target),
        m_records(target.scratch, target.memory_bytes / 2),
        m_by_place(target.scratch, target.memory_bytes / 4),
        m_by_title(target.scratch, target.memory_bytes / 4) {
    m_written.ref.region = region;
    if (target.listings != nullptr)
      m_listings.emplace(*target.listings, region);
  }

  /// Takes records in any order.
  void add(ByteView record) {
    look_at(m_view, record);
    ++m_written.ref.counts[static_cast<std::size_t>(m_view.source)];
    m_key.clear();
    put_big_endian(m_key, home_of(m_view.romes).value, home_bytes);
    put_place_order(m_key, m_view.key(), lower(m_view.title), m_view.id, m_view.source);
    m_records.add(m_key, record);
    if (m_listings)
      m_listings->add(m_view, ByteView(m_key).subspan(home_bytes));
    m_target.facts.add(m_view);
  }

  [[nodiscard]] WrittenRegion finish() {
    if (m_listings)
      m_written.listings = m_listings->finish();
    write_pages();
    m_records.clear();
    write_page_lists();
    write_shards();
    m_by_place.clear();
    write_titles();
    return std::move(m_written);
  }

 private:
  /// A record that waits for the others of its page.
  struct Waiting {
    Bytes order;  ///< by place
    Bytes record;
  };

  [[nodiscard]] FileRef write(FileKind kind, const Bytes& bytes) const {
    return write_hashed(m_target.data_folder, m_region, kind, bytes);
  }

  void look_at(RecordView& view, ByteView record) const {
    if (!view.look_at(record))
      throw Failure(Exit::failed, "a record of region " + std::string(info(m_region).code) +
                                      " was changed on disk during the build; run it again");
  }

  void write_pages() {
    RomeDomain home;
    std::optional<CellCutter<Waiting>> cutter;
    while (const auto item = m_records.next()) {
      const RomeDomain its_home{static_cast<std::uint16_t>(big_endian(item->key.first(home_bytes)))};
      if (!cutter || !(its_home == home)) {
        if (cutter)
          cutter->finish();
        home = its_home;
        cutter.emplace(
            max_page_cards, [this, home](std::span<Waiting> page) { write_page(home, page); }, max_page_slots);
      }
      const ByteView order = item->key.subspan(home_bytes);
      cutter->add(big_endian(order.first(place_bytes)),
                  {{order.begin(), order.end()}, {item->value.begin(), item->value.end()}});
    }
    if (cutter)
      cutter->finish();
  }

  void write_page(RomeDomain home, std::span<const Waiting> page) {
    if (m_cards.size() < page.size())
      m_cards.resize(page.size());
    for (std::size_t i = 0; i < page.size(); ++i)
      look_at(m_cards[i], page[i].record);
    const std::span<const RecordView> cards = std::span(m_cards).first(page.size());
    const FileRef details = write(FileKind::details, encode_details(m_region, cards));
    const auto number = static_cast<std::uint32_t>(m_pages.size());
    m_pages.push_back({home.value, write(FileKind::cards, encode_cards(m_region, details, cards))});
    std::vector<IdEntry> ids;
    for (std::size_t i = 0; i < page.size(); ++i) {
      const RecordView& card = cards[i];
      ids.push_back({id_hash_of(card.source, card.id), m_region, number});
      m_value.clear();
      put_member(m_value,
                 {number, static_cast<std::uint16_t>(i), mark_of(card.id), card.source, card.departement, card.level,
                  card.opco},
                 card.romes);
      m_by_place.add(page[i].order, m_value);
      m_key.clear();
      put_title_order(m_key, card.source, lower(card.title), lower(card.company), card.id);
      m_by_title.add(m_key, m_value);
      m_member.look_at(m_value);
      m_member.for_each_domain(
          [&](RomeDomain domain) { ++m_written.domains[domain].titles.counts[static_cast<std::size_t>(card.source)]; });
    }
    m_target.ids.add(ids);
  }

  void write_page_lists() {
    for (std::size_t begin = 0; begin < m_pages.size(); begin += pages_per_list) {
      PageList list;
      list.region = m_region;
      for (std::size_t i = begin; i < m_pages.size() && i < begin + pages_per_list; ++i)
        list.pages.push_back(m_pages[i].ref);
      m_written.page_lists.push_back(write(FileKind::pages, encode_pages(list)));
    }
  }

  void write_shards() {
    // Companies are three records of four, and a search has soon enough of them: the others are read on without them.
    // Few of both cost less in one file.
    struct Group {
      List<ShardRef> others, companies;
      CellCutter<Entry> of_others, of_companies;
      bool is_mixed = false;
    };
    std::map<RomeDomain, Group> groups;
    for (const auto& [domain, of_domain] : m_written.domains) {
      std::uint64_t members = 0;
      for (const std::uint32_t count : of_domain.titles.counts)
        members += count;
      const auto into = [&, domain = domain](List<ShardRef> Group::*shards) {
        return CellCutter<Entry>(max_shard_entries, [this, domain, shards, &groups](std::span<Entry> entries) {
          (groups.at(domain).*shards).push_back(write_shard(domain, entries));
        });
      };
      groups.emplace(domain,
                     Group{{}, {}, into(&Group::others), into(&Group::companies), members <= max_mixed_entries});
    }
    PlaceKey key = no_place;
    std::uint32_t rank = 0;
    bool is_first = true;
    while (const auto item = m_by_place.next()) {
      const PlaceKey its_key = big_endian(item->key.first(place_bytes));
      rank = is_first || its_key != key ? 0 : rank + 1;
      key = its_key;
      is_first = false;
      m_member.look_at(item->value);
      const bool is_company = m_member->source == Source::lba;
      m_member.for_each_domain([&](RomeDomain domain) {
        Group& group = groups.at(domain);
        CellCutter<Entry>& cutter = is_company && !group.is_mixed ? group.of_companies : group.of_others;
        cutter.add(key, entry_of(m_member, domain, key, rank, 0));
      });
    }
    for (auto& [domain, group] : groups) {
      group.of_others.finish();
      group.of_companies.finish();
      List<ShardRef>& shards = m_written.domains[domain].shards;
      shards = std::move(group.others);
      shards.append(group.companies.begin(), group.companies.end());
    }
  }

  [[nodiscard]] ShardRef write_shard(RomeDomain domain, std::span<Entry> entries) const {
    ShardRef ref;
    for (const Entry& entry : entries) {
      ++ref.counts[static_cast<std::size_t>(entry.source)];
      if (entry.key != no_place)
        ref.box.add(position_of(entry.key));
    }
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.source < b.source; });
    ref.index = write(FileKind::index, encode_index(m_region, domain, entries, m_pages));
    return ref;
  }

  void write_titles() {
    std::map<RomeDomain, ChunkCutter> cutters;
    for (auto& [domain, of_domain] : m_written.domains) {
      TitleGroup& group = of_domain.titles;
      group.region = m_region;
      cutters.try_emplace(domain, [this, domain = domain, &group](std::span<const Entry> chunk) {
        group.chunks.push_back({chunk.front().title_prefix, static_cast<std::uint32_t>(chunk.size()),
                                write(FileKind::titles, encode_titles(m_region, domain, chunk))});
      });
    }
    while (const auto item = m_by_title.next()) {
      const std::uint64_t prefix = title_prefix_of(title_of_order(item->key));
      m_member.look_at(item->value);
      m_member.for_each_domain([&](RomeDomain domain) {
        cutters.at(domain).add(entry_of(m_member, domain, no_place, 0, prefix), m_member->mark);
      });
    }
    for (auto& [domain, cutter] : cutters)
      cutter.finish();
  }

  Region m_region;
  const RegionTarget& m_target;
  Sorter m_records, m_by_place, m_by_title;
  std::optional<RegionListings> m_listings;
  WrittenRegion m_written;
  std::vector<PageFile> m_pages;
  RecordView m_view;
  std::vector<RecordView> m_cards;  ///< of the page that is being written
  MemberView m_member;
  Bytes m_key, m_value;
};

}  // namespace

RomeDomain home_of(std::span<const RomeCode> romes) {
  RomeDomain home;
  std::ptrdiff_t most = 0;
  for (std::size_t i = 0; i < romes.size(); ++i) {
    const RomeDomain domain = domain_of(romes[i]);
    const auto count =
        std::count_if(romes.begin(), romes.end(), [&](RomeCode code) { return domain_of(code) == domain; });
    if (count > most) {
      most = count;
      home = domain;
    }
  }
  return home;
}

WrittenRegion write_region(Region region, const std::function<void(const TakeRecord&)>& read,
                           const RegionTarget& target) {
  RegionWriter writer(region, target);
  read([&](ByteView record) { writer.add(record); });
  return writer.finish();
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
