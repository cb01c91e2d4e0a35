#include "core/area.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/json.hpp"
#include "core/lookup_files.hpp"
#include "core/sort.hpp"

namespace balise {

namespace {

/// Cells are squares of some kilometres: their number holds the row above the column, each below 2^16.
constexpr unsigned cell_bits = 12;
constexpr std::int32_t cell_e5 = 1 << cell_bits;
constexpr std::int32_t lat_zero_e5 = 9'000'000, lon_zero_e5 = 18'000'000;

std::uint32_t cell_of(Position position) {
  return static_cast<std::uint32_t>(position.lat_e5 + lat_zero_e5) >> cell_bits << 16U |
         static_cast<std::uint32_t>(position.lon_e5 + lon_zero_e5) >> cell_bits;
}

template <typename Items>
void sort_once(Items& items) {
  sort(items, [](const auto& a, const auto& b) { return a < b; });
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

void sort_files(List<FileId>& files) {
  sort(files, [](const FileId& a, const FileId& b) { return a.ref.hash < b.ref.hash; });
  files.erase(std::unique(files.begin(), files.end(), [](const FileId& a, const FileId& b) { return a.ref == b.ref; }),
              files.end());
}

bool overlap(const Box& a, const Box& b) {
  return !a.is_empty() && !b.is_empty() && a.min_lat_e5 <= b.max_lat_e5 && b.min_lat_e5 <= a.max_lat_e5 &&
         a.min_lon_e5 <= b.max_lon_e5 && b.min_lon_e5 <= a.max_lon_e5;
}

}  // namespace

AreaSearch::AreaSearch(Store& store, Query area, bool whole)
    : m_store(store),
      m_area(std::move(area)),
      m_whole(whole),
      m_centre(sphere_point(m_area.centre.value_or(Centre()))) {}

bool AreaSearch::names_region(Region region) const {
  if (m_area.region == region)
    return true;
  for (std::uint8_t i = 0; i < departement_count; ++i)
    if (m_area.departements.test(i) && info(Departement{i}).region == region)
      return true;
  return false;
}

bool AreaSearch::is_in_reach(const Box& box) const {
  if (!is_circle())
    return overlap(box, m_box);
  return !box.is_empty() && least_distance_m(*m_area.centre, box, m_area.radius_km * 1000) <= m_area.radius_km * 1000;
}

/// Whether a record is one of the area, or stands so near that a search within the area may find it.
bool AreaSearch::contains(const IndexShard& shard, std::size_t entry) const {
  const PlaceKey key = shard.keys[entry];
  if (is_circle())
    return key != no_place && static_cast<double>(arc_um(m_centre, shard.points[entry])) <= m_area.radius_km * 1e9;
  const Departement departement = shard.departements[entry];
  return m_area.region == shard.region || (!departement.is_none() && m_area.departements.test(departement.index)) ||
         (key != no_place && std::binary_search(m_cells.begin(), m_cells.end(), cell_of(position_of(key))));
}

Result<List<FileId>> AreaSearch::advance() {
  if (!is_circle() && !m_area.region && m_area.departements.none())
    return Error{ErrorCode::wrong_query, "an area is a circle (lat, lon, radius), a region or departements"};
  Missing missing(m_store);
  const Root& root = m_store.root();
  const Directory* all = nullptr;
  for (const DomainRef& ref : root.domains) {
    const auto* directory = missing.get<Directory>({}, ref.directory);
    if (ref.domain.is_none())
      all = directory;
    if (!is_circle() && directory != nullptr)
      static_cast<void>(missing.get<TitleDirectory>({}, directory->titles));
  }
  if (root.pages)
    static_cast<void>(missing.get<PageDirectory>({}, *root.pages));
  if (missing.empty() && all != nullptr && !is_circle() && !m_has_cells)
    find_cells(missing, *all);
  if (missing.empty() && all != nullptr)
    read_index(missing, *all);
  if (missing.empty())
    read_pages(missing);
  m_unlisted_bytes = 0;
  if (missing.empty())
    list_lookups(missing);
  if (missing.empty())
    list_files();
  return missing.result();
}

/// Where the records of a territory are.
void AreaSearch::find_cells(Missing& missing, const Directory& all) {
  List<std::uint32_t> cells;
  for (const Group& group : all.groups) {
    if (!names_region(group.region))
      continue;
    for (const ShardRef& ref : group.shards) {
      const auto* shard = missing.get<IndexShard>(group.region, ref.index);
      for (std::size_t i = 0; shard != nullptr && i < shard->keys.size(); ++i)
        if (shard->keys[i] != no_place && contains(*shard, i))
          cells.push_back(cell_of(position_of(shard->keys[i])));
    }
  }
  if (!missing.empty())
    return;
  sort_once(cells);
  for (const std::uint32_t cell : cells) {
    const auto row = static_cast<std::int32_t>(cell >> 16U), column = static_cast<std::int32_t>(cell & 0xFFFFU);
    m_box.add(Position{(row - 1) * cell_e5 - lat_zero_e5, (column - 1) * cell_e5 - lon_zero_e5});
    m_box.add(Position{(row + 2) * cell_e5 - lat_zero_e5, (column + 2) * cell_e5 - lon_zero_e5});
    for (std::uint32_t i = 0; i < 9; ++i)
      m_cells.push_back(cell + (i / 3 << 16U) - (1U << 16U) + i % 3 - 1);
  }
  sort_once(m_cells);
  m_has_cells = true;
}

/// Reads what says where records are, and lists the pages of those of the area.
void AreaSearch::read_index(Missing& missing, const Directory& all) {
  m_pages.clear();
  m_records = 0;
  for (const Group& group : all.groups) {
    for (const ShardRef& ref : group.shards) {
      if (!is_in_reach(ref.box) && !(names_region(group.region) && !is_circle()))
        continue;
      const auto* shard = missing.get<IndexShard>(group.region, ref.index);
      if (shard == nullptr)
        continue;
      List<std::uint8_t> is_used;
      is_used.resize(shard->page_refs.size());
      for (std::size_t i = 0; i < shard->keys.size(); ++i) {
        if (contains(*shard, i)) {
          is_used[shard->pages[i]] = 1;
          ++m_records;
        }
      }
      for (std::size_t i = 0; i < is_used.size(); ++i)
        if (is_used[i] != 0)
          m_pages.push_back({group.region, FileKind::cards, shard->page_refs[i]});
    }
  }
  sort_files(m_pages);
}

void AreaSearch::read_pages(Missing& missing) {
  constexpr std::size_t sample = 8;
  const std::size_t step = m_whole ? 1 : std::max<std::size_t>(1, m_pages.size() / sample);
  for (std::size_t i = 0; i < m_pages.size(); i += step)
    static_cast<void>(missing.get<CardPage>(m_pages[i].region, m_pages[i].ref));
}

/// Names of places are looked up in files of a few kilobytes: those of the places of the area, and all of the rest.
void AreaSearch::list_lookups(Missing& missing) {
  m_files.clear();
  const Root& root = m_store.root();
  List<FileRef> directories;
  if (root.lookups)
    directories.push_back(*root.lookups);
  for (std::size_t i = 0; i < directories.size(); ++i) {
    const FileRef ref = directories[i];
    add({{}, FileKind::lookups, ref});
    const auto* directory = missing.get<LookupDirectory>({}, ref);
    for (std::size_t part = 0; directory != nullptr && part < directory->parts.size(); ++part) {
      const LookupFiles& files = directory->parts[part];
      if (files.part > LookupPart::diplomas)
        continue;
      if (files.directory)
        directories.push_back(*files.directory);
      else if (files.part == LookupPart::places_by_word || files.part == LookupPart::places_by_code)
        list_places(files);
      else
        for (const FileRef& file : files.files)
          add({{}, files.part == LookupPart::top_places ? FileKind::places : FileKind::metiers, file});
    }
  }
}

void AreaSearch::list_places(const LookupFiles& files) {
  if (!m_whole) {
    // An area of some dozens of communes already needs six in ten of them, one of a thousand seven.
    for (const FileRef& file : files.files)
      m_unlisted_bytes += file.size_bytes * std::uint64_t{5} / 8;
    return;
  }
  for (const FileId& page : m_pages) {
    for (const Card& card : m_store.find<CardPage>(page.ref)->cards) {
      const bool by_word = files.part == LookupPart::places_by_word;
      const std::string words = by_word ? place_words(card.city) : card.postal_code;
      for (const std::string_view word : Pieces(words, ' ')) {
        const FileRange range = files.holding(word);
        for (std::size_t i = range.begin; i < range.end; ++i)
          add({{}, FileKind::places, files.files[i]});
      }
    }
    sort_files(m_files);
  }
}

/// All that was found on the way, and what it refers to.
void AreaSearch::list_files() {
  const Root& root = m_store.root();
  std::uint64_t page_bytes = 0, sample_bytes = 0, sample_detail_bytes = 0;
  for (const FileId& page : m_pages) {
    add(page);
    page_bytes += page.ref.size_bytes;
    if (const auto* cards = m_store.find<CardPage>(page.ref)) {
      sample_bytes += page.ref.size_bytes;
      sample_detail_bytes += cards->details.size_bytes;
      if (m_whole)
        add({page.region, FileKind::details, cards->details});
    }
  }
  for (const DomainRef& ref : root.domains) {
    add({{}, FileKind::directory, ref.directory});
    const Directory& directory = *m_store.find<Directory>(ref.directory);
    for (const Group& group : directory.groups)
      for (const ShardRef& shard : group.shards)
        if (is_in_reach(shard.box))
          add({group.region, FileKind::index, shard.index});
    if (is_circle())
      continue;
    add({{}, FileKind::title_directory, directory.titles});
    for (const TitleGroup& group : m_store.find<TitleDirectory>(directory.titles)->groups)
      if (names_region(group.region))
        for (const TitleRef& chunk : group.chunks)
          add({group.region, FileKind::titles, chunk.titles});
  }
  if (root.pages) {
    add({{}, FileKind::page_directory, *root.pages});
    for (const RegionPages& pages : m_store.find<PageDirectory>(*root.pages)->regions)
      if (!is_circle() && names_region(pages.region))
        for (const FileRef& list : pages.lists)
          add({pages.region, FileKind::pages, list});
  }
  sort_files(m_files);
  m_bytes = 0;
  for (const FileId& file : m_files)
    m_bytes += file.ref.size_bytes;
  if (!m_whole && sample_bytes > 0)
    m_bytes += m_unlisted_bytes + page_bytes * sample_detail_bytes / sample_bytes;
}

std::string answer_of(const AreaSearch& search) {
  JsonWriter json;
  json.begin_object();
  json.key("records");
  json.number(search.records());
  json.key("bytes");
  json.number(static_cast<std::int64_t>(search.bytes()));
  json.key("files");
  json.begin_array();
  for (const FileId& file : search.files()) {
    json.begin_array();
    json.text(path_of(file));
    json.number(file.ref.size_bytes);
    json.end_array();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace balise
