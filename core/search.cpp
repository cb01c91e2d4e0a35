#include "core/search.hpp"

#include <algorithm>
#include <bitset>
#include <limits>
#include <tuple>

#include "core/sort.hpp"
#include "core/text.hpp"

namespace balise {

namespace {

std::size_t number_of(Source source) {
  return static_cast<std::size_t>(source);
}

bool by_card(const Hit& a, const Hit& b) {
  return a.region == b.region ? a.number < b.number : a.region < b.region;
}

bool nearer(const Hit& a, const Hit& b) {
  if (a.distance_m != b.distance_m)
    return a.distance_m < b.distance_m;
  return a.order != b.order ? a.order < b.order : by_card(a, b);
}

bool same_card(const Hit& a, const Hit& b) {
  return a.number == b.number && a.region == b.region;
}

bool by_prefix(const Hit& a, const Hit& b) {
  return a.order < b.order;
}

bool same_record(const Hit& a, const Hit& b) {
  return a.number == b.number && a.order == b.order && a.region == b.region;
}

constexpr std::uint64_t everywhere_um = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t no_cutoff = std::numeric_limits<std::uint32_t>::max();

/// Whether the text of a domain ("F17") begins with the letter or domain asked for.
bool domain_begins_with(RomeDomain domain, std::string_view prefix) {
  return !domain.is_none() && std::string_view(to_string(domain)).substr(0, prefix.size()) == prefix;
}

/// Where the entries of a source begin in the columns of a file.
std::size_t begin_of(const Entries& entries, Source source) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < number_of(source); ++i)
    begin += entries.counts[i];
  return begin;
}

/// Which entries of a file match: all that a query asks for but the distance.
class EntryFilter {
 public:
  EntryFilter(const Query& query, const Entries& entries) : m_query(query), m_entries(entries) {
    std::bitset<100> wanted;
    for (const RomeCode code : query.romes)
      if (domain_of(code) == entries.domain)
        wanted.set(code.value % 100);
    for (const Profile& profile : entries.profiles) {
      const bool rome = query.romes.empty() || std::any_of(profile.suffixes.begin(), profile.suffixes.end(),
                                                           [&](std::uint8_t suffix) { return wanted.test(suffix); });
      const bool same_level = query.level == level_unknown || profile.level == query.level;
      const bool level_fits = same_level || profile.level == level_unknown || !query.level_hides_offres;
      const bool opco = !query.opco || (*query.opco != Opco::unknown && profile.opco == *query.opco);
      m_profiles[0].push_back(rome && same_level ? 1 : 0);
      m_profiles[1].push_back(rome && opco && level_fits ? 1 : 0);
    }
  }

  [[nodiscard]] bool matches(Source source, std::size_t entry) const {
    return m_profiles[source == Source::formations ? 0 : 1][m_entries.profile_numbers[entry]] != 0 &&
           (m_query.departements.none() || m_query.departements.test(m_entries.departements[entry].index));
  }

 private:
  const Query& m_query;
  const Entries& m_entries;
  /// Whether a profile matches, once for formations and once for offers and companies: the filters differ.
  std::array<List<std::uint8_t>, 2> m_profiles;
};

Hit hit_of(const Entries& entries, Source source, std::size_t entry) {
  Hit hit;
  hit.region = entries.region;
  hit.source = source;
  hit.slot = entries.slots[entry];
  return hit;
}

/// A file must be of the region and domain that named it; otherwise it is refused.
bool is_of_group(Missing& missing, const Entries& entries, Region region, RomeDomain domain, const FileId& file) {
  const bool is_of = entries.region == region && entries.domain == domain;
  if (!is_of)
    missing.refuse(file, "is of another region or domain");
  return is_of;
}

}  // namespace

Search::Search(Store& store, Query query) : m_store(store), m_query(std::move(query)), m_sources(m_query.sources) {
  m_cutoff_m.fill(no_cutoff);
  m_last_prefix.fill(std::numeric_limits<std::uint64_t>::max());
  if (m_query.radius_km >= everywhere_km)
    m_radius_um = everywhere_um;
  else
    m_radius_um = static_cast<std::uint64_t>(m_query.radius_km * 1e9 + 0.5);
  // A first request holds, of each source, some times what can count; each further one twice as much, so that a search
  // whose filters leave little needs few round trips and one that is soon satisfied reads little.
  m_batch_entries = 8 * (std::uint64_t{m_query.limit} + 1);
}

Result<List<FileId>> Search::advance() {
  Missing missing(m_store);
  while (missing.empty() && m_phase != Phase::done) {
    switch (m_phase) {
      case Phase::directories:
        read_directories(missing);
        break;
      case Phase::scan:
        scan(missing);
        break;
      case Phase::title_directories:
        read_title_directories(missing);
        break;
      case Phase::titles:
        read_titles(missing);
        break;
      case Phase::title_pages:
        find_pages(missing);
        break;
      case Phase::title_cards:
        order_by_title(missing);
        break;
      case Phase::cards:
        read_cards(missing);
        break;
      case Phase::done:
        break;
    }
  }
  return missing.result();
}

bool Search::in_scope(Region region) const {
  if (m_query.region && !(*m_query.region == region))
    return false;
  if (m_query.departements.none())
    return true;
  for (std::uint8_t i = 0; i < departements().size(); ++i)
    if (m_query.departements.test(i) && info(Departement{i}).region == region)
      return true;
  return false;
}

bool Search::is_everywhere() const {
  return m_radius_um == everywhere_um;
}

std::uint32_t Search::limit_of(std::size_t source) const {
  return m_is_widened && source == number_of(Source::formations) ? m_query.widen : m_query.limit;
}

/// Called when all within the radius was read.
bool Search::must_widen() const {
  const std::size_t found = m_found[number_of(Source::formations)].size();
  return m_query.widen > 0 && m_sources[number_of(Source::formations)] && !is_everywhere() &&
         (found == 0 || (m_is_widened && found < m_query.widen));
}

/// Looks for formations again in a larger circle: the nearest within it are the nearest of all once it holds enough.
void Search::widen() {
  constexpr std::uint64_t km = 1'000'000'000;
  m_is_widened = true;
  m_radius_um = std::max<std::uint64_t>(2 * m_radius_um, 64 * km);
  if (m_radius_um >= static_cast<std::uint64_t>(everywhere_km) * km)
    m_radius_um = everywhere_um;
  m_sources = {};
  m_sources[number_of(Source::formations)] = true;
  m_found[number_of(Source::formations)].clear();
  m_cutoff_m[number_of(Source::formations)] = no_cutoff;
  m_candidates.clear();
  m_next = 0;
  m_phase = Phase::directories;
}

bool Search::domain_matches(RomeDomain domain) const {
  if (!m_query.rome_domain.empty())
    return domain_begins_with(domain, m_query.rome_domain);
  if (m_query.romes.empty())
    return domain.is_none();
  return std::any_of(m_query.romes.begin(), m_query.romes.end(),
                     [&](RomeCode code) { return domain_of(code) == domain; });
}

bool Search::has_wanted_source(const SourceCounts& counts) const {
  for (std::size_t source = 0; source < source_count; ++source)
    if (m_sources[source] && counts[source] > 0)
      return true;
  return false;
}

void Search::read_directories(Missing& missing) {
  for (const DomainRef& ref : m_store.root().domains)
    if (domain_matches(ref.domain))
      static_cast<void>(missing.get<Directory>({}, ref.directory));
  if (!missing.empty())
    return;
  if (!m_query.centre) {
    m_phase = Phase::title_directories;
    return;
  }
  for (const DomainRef& ref : m_store.root().domains)
    if (domain_matches(ref.domain))
      for (const Group& group : m_store.find<Directory>(ref.directory)->groups)
        if (in_scope(group.region))
          list_shards(ref.domain, group);
  sort(m_candidates, [](const Candidate& a, const Candidate& b) { return a.least_m < b.least_m; });
  m_phase = Phase::scan;
}

void Search::list_shards(RomeDomain domain, const Group& group) {
  for (const ShardRef& shard : group.shards) {
    if (shard.box.is_empty() || !has_wanted_source(shard.counts))
      continue;
    const std::uint32_t least_m = least_distance_m(*m_query.centre, shard.box, static_cast<double>(m_radius_um) / 1e6);
    if (std::uint64_t{least_m} * 1'000'000 <= m_radius_um)
      m_candidates.push_back({&shard, group.region, domain, least_m});
  }
}

void Search::read_title_directories(Missing& missing) {
  for (const DomainRef& ref : m_store.root().domains) {
    if (!domain_matches(ref.domain))
      continue;
    const FileRef& titles = m_store.find<Directory>(ref.directory)->titles;
    static_cast<void>(missing.get<TitleDirectory>({}, titles));
  }
  if (!missing.empty())
    return;
  for (const DomainRef& ref : m_store.root().domains)
    if (domain_matches(ref.domain))
      for (const TitleGroup& group :
           m_store.find<TitleDirectory>(m_store.find<Directory>(ref.directory)->titles)->groups)
        if (in_scope(group.region))
          list_titles(ref.domain, group);
  m_phase = Phase::titles;
}

void Search::list_titles(RomeDomain domain, const TitleGroup& group) {
  for (const Source source : all_sources) {
    const TitleRun run = title_run_of(group, source);
    if (m_sources[number_of(source)] && run.first < run.end)
      m_lists.push_back({&group, domain, source, run, run.first});
  }
}

bool Search::is_worth_reading(const Candidate& candidate) const {
  for (std::size_t source = 0; source < source_count; ++source)
    if (m_sources[source] && candidate.shard->counts[source] > 0 && candidate.least_m <= m_cutoff_m[source])
      return true;
  return false;
}

void Search::scan(Missing& missing) {
  for (; m_next < m_candidates.size(); ++m_next) {
    const Candidate& candidate = m_candidates[m_next];
    if (!is_worth_reading(candidate))
      continue;
    const FileRef& ref = candidate.shard->index;
    const auto* shard = m_store.find<IndexShard>(ref);
    if (shard == nullptr)
      break;
    if (!is_of_group(missing, *shard, candidate.region, candidate.domain, {candidate.region, FileKind::index, ref}))
      return;
    scan_shard(*shard);
  }
  if (m_next == m_candidates.size()) {
    for (std::size_t source = 0; source < source_count; ++source)
      shorten(source);
    if (must_widen()) {
      widen();
      return;
    }
    take_nearest();
    m_phase = Phase::cards;
    return;
  }
  // Of each source as many entries as are worth a step, nearest first: shards of one that has enough can wait.
  std::array<std::uint64_t, source_count> entries{};
  for (std::size_t i = m_next; i < m_candidates.size(); ++i) {
    const Candidate& candidate = m_candidates[i];
    const SourceCounts& counts = candidate.shard->counts;
    bool is_wanted = false;
    for (std::size_t source = 0; source < source_count; ++source)
      is_wanted = is_wanted || (m_sources[source] && counts[source] > 0 && entries[source] < m_batch_entries);
    if (!is_wanted || !is_worth_reading(candidate))
      continue;
    for (std::size_t source = 0; source < source_count; ++source)
      entries[source] += counts[source];
    static_cast<void>(missing.get<IndexShard>(candidate.region, candidate.shard->index));
  }
  m_batch_entries *= 2;
}

void Search::scan_shard(const IndexShard& shard) {
  const EntryFilter filter(m_query, shard);
  const SpherePoint centre = sphere_point(*m_query.centre);
  for (const Source source : all_sources) {
    const std::size_t begin = begin_of(shard, source);
    const std::size_t end = begin + shard.counts[number_of(source)];
    double reach = squared_reach(number_of(source));
    PlaceKey place = no_place;
    std::uint64_t um = 0;
    for (std::size_t i = begin; m_sources[number_of(source)] && i < end; ++i) {
      const SpherePoint& point = shard.points[i];
      const double x = point.x - centre.x, y = point.y - centre.y, z = point.z - centre.z;
      if (x * x + y * y + z * z > reach || shard.keys[i] == no_place || !filter.matches(source, i))
        continue;
      // Those of one place stand together.
      if (shard.keys[i] != place) {
        place = shard.keys[i];
        um = arc_um(centre, point);
      }
      if (um > m_radius_um || metres_of(um) > m_cutoff_m[number_of(source)])
        continue;
      Hit hit = hit_of(shard, source, i);
      hit.distance_m = metres_of(um);
      hit.page = &shard.page_refs[shard.pages[i]];
      hit.order = shard.keys[i];
      hit.number = shard.ranks[i];
      if (add_hit(hit))
        reach = squared_reach(number_of(source));
    }
  }
}

/// The square of a chord of the unit sphere that no point worth a closer look is farther than: a chord is shorter than
/// its arc.
double Search::squared_reach(std::size_t source) const {
  const double metres = std::min(static_cast<double>(m_cutoff_m[source]), static_cast<double>(m_radius_um) / 1e6) + 1;
  const double chord = metres / earth_radius_m;
  return chord * chord;
}

/// Whether that has brought the cutoff nearer.
bool Search::add_hit(const Hit& hit) {
  List<Hit>& found = m_found[number_of(hit.source)];
  found.push_back(hit);
  const bool is_long = found.size() >= 2 * (std::size_t{limit_of(number_of(hit.source))} + 1) + 64;
  if (is_long)
    shorten(number_of(hit.source));
  return is_long;
}

/// Sorts, drops records that two groups gave, keeps one more than the limit (it tells whether there are more).
void Search::shorten(std::size_t source) {
  List<Hit>& found = m_found[source];
  sort(found, [](const Hit& a, const Hit& b) { return nearer(a, b); });
  found.erase(std::unique(found.begin(), found.end(), same_record), found.end());
  if (const std::size_t limit = limit_of(source); found.size() > limit) {
    found.resize(limit + 1);
    m_cutoff_m[source] = found.back().distance_m;
  }
}

void Search::read_titles(Missing& missing) {
  // What is there, one chunk of each list in turn: what one list gives spares the reading of others.
  for (bool has_read = true; has_read;) {
    has_read = false;
    for (TitleList& list : m_lists) {
      if (!is_worth_reading(list, list.next))
        continue;
      const FileRef& ref = list.group->chunks[list.next].titles;
      const auto* chunk = m_store.find<TitleChunk>(ref);
      if (chunk == nullptr)
        continue;
      const Region region = list.group->region;
      if (!is_of_group(missing, *chunk, region, list.domain, {region, FileKind::titles, ref}))
        return;
      scan_titles(list, *chunk);
      ++list.next;
      has_read = true;
    }
    for (std::size_t source = 0; source < source_count; ++source)
      keep_first(source);
  }
  for (const TitleList& list : m_lists)
    for (std::size_t i = list.next; i < list.next + m_next_chunks && is_worth_reading(list, i); ++i)
      static_cast<void>(missing.get<TitleChunk>(list.group->region, list.group->chunks[i].titles));
  constexpr std::size_t most_chunks = 1024;
  m_next_chunks = std::min(2 * m_next_chunks, most_chunks);
  if (missing.empty())
    m_phase = Phase::title_pages;
}

bool Search::is_worth_reading(const TitleList& list, std::size_t chunk) const {
  if (chunk >= list.run.end || list.hits > m_query.limit)
    return false;
  // The first chunk may begin with another source: its prefix says nothing.
  return chunk == list.run.first || list.group->chunks[chunk].first_prefix <= m_last_prefix[number_of(list.source)];
}

void Search::scan_titles(TitleList& list, const TitleChunk& chunk) {
  const EntryFilter filter(m_query, chunk);
  m_prefix_slack = std::max(m_prefix_slack, chunk.prefix_slack);
  const std::size_t begin = begin_of(chunk, list.source);
  const std::size_t end = begin + chunk.counts[number_of(list.source)];
  for (std::size_t i = begin; i < end && list.hits <= m_query.limit; ++i) {
    if (!filter.matches(list.source, i))
      continue;
    Hit hit = hit_of(chunk, list.source, i);
    hit.order = chunk.prefixes[i];
    hit.number = std::uint64_t{chunk.pages[i]} << 16U | chunk.slots[i];
    m_found[number_of(list.source)].push_back(hit);
    ++list.hits;
  }
}

/// Drops records that two lists gave, and those that cannot be among the first: their prefix is above the highest that
/// the one after the last that counts may have.
void Search::keep_first(std::size_t source) {
  List<Hit>& found = m_found[source];
  sort(found, [](const Hit& a, const Hit& b) { return by_card(a, b); });
  found.erase(std::unique(found.begin(), found.end(), same_card), found.end());
  if (found.size() <= m_query.limit)
    return;
  sort(found, [](const Hit& a, const Hit& b) { return by_prefix(a, b); });
  m_last_prefix[source] = found[m_query.limit].order + m_prefix_slack;
  found.erase(std::partition_point(found.begin(), found.end(),
                                   [&](const Hit& hit) { return hit.order <= m_last_prefix[source]; }),
              found.end());
}

/// Titles name pages by their number in the region.
void Search::find_pages(Missing& missing) {
  for (List<Hit>& found : m_found)
    for (Hit& hit : found)
      hit.page = missing.page_of(hit.region, static_cast<std::uint32_t>(hit.number >> 16U));
  if (missing.empty())
    m_phase = Phase::title_cards;
}

void Search::ask_for_card(Missing& missing, const Hit& hit) {
  const auto* page = missing.get<CardPage>(hit.region, *hit.page);
  if (page != nullptr && (hit.slot >= page->cards.size() || page->cards[hit.slot].source != hit.source))
    missing.refuse({hit.region, CardPage::kind, *hit.page}, "a card is missing");
}

void Search::order_by_title(Missing& missing) {
  for (const List<Hit>& found : m_found)
    for (const Hit& hit : found)
      ask_for_card(missing, hit);
  if (!missing.empty())
    return;
  struct Titled {
    std::string title, company;
    const Card* card;
    const Hit* hit;
  };
  List<Titled> titled;
  for (const List<Hit>& found : m_found) {
    for (const Hit& hit : found) {
      const Card* shown = card(hit);
      titled.push_back({lower(shown->title), lower(shown->company), shown, &hit});
    }
  }
  List<const Titled*> order;
  for (const Titled& item : titled)
    order.push_back(&item);
  sort(order, [](const Titled* a, const Titled* b) {
    return std::tie(a->title, a->company, a->card->id, a->hit->source) <
           std::tie(b->title, b->company, b->card->id, b->hit->source);
  });
  SourceCounts taken{};
  for (const Titled* item : order) {
    const std::size_t source = number_of(item->hit->source);
    if (taken[source]++ < m_query.limit)
      m_results.push_back(*item->hit);
    else
      m_more[source] = true;
  }
  m_phase = Phase::cards;
}

void Search::take_nearest() {
  for (std::size_t source = 0; source < source_count; ++source) {
    List<Hit>& found = m_found[source];
    // Those beyond the radius are no further hits of the search.
    m_more[source] = found.size() > limit_of(source) && !(m_is_widened && source == number_of(Source::formations));
    found.resize(std::min<std::size_t>(found.size(), limit_of(source)));
    m_results.append(found.begin(), found.end());
  }
  sort(m_results, [](const Hit& a, const Hit& b) { return nearer(a, b); });
}

void Search::read_cards(Missing& missing) {
  const std::size_t wanted = std::min<std::size_t>(m_results.size(), m_query.cards);
  for (std::size_t i = 0; i < wanted; ++i)
    ask_for_card(missing, m_results[i]);
  if (missing.empty())
    m_phase = Phase::done;
}

const CardPage* Search::page(const Hit& hit) const {
  return hit.page == nullptr ? nullptr : m_store.find<CardPage>(*hit.page);
}

const Card* Search::card(const Hit& hit) const {
  const CardPage* cards = page(hit);
  return cards == nullptr || hit.slot >= cards->cards.size() ? nullptr : &cards->cards[hit.slot];
}

}  // namespace balise
