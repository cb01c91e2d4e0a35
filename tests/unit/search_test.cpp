#include "core/search.hpp"

#include <algorithm>
#include <boost/geometry.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "core/answer.hpp"
#include "core/id_search.hpp"
#include "core/text.hpp"
#include "generator/files.hpp"
#include "generator/write/hashed_file.hpp"
#include "generator/write/shard_encode.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

using Degrees =
    boost::geometry::model::point<double, 2, boost::geometry::cs::spherical_equatorial<boost::geometry::degree>>;

/// The oracle: every record, by the rules of the contract, with Boost.Geometry's own distance.
class BruteForce {
 public:
  explicit BruteForce(const std::vector<Record>& records) {
    // Ties at one place go by title, then id; the place itself by its key.
    for (const Record& record : records)
      m_order.push_back({&record, lower(record.title), lower(record.company),
                         record.position ? place_key_of(*record.position) : no_place});
  }

  struct Found {
    std::vector<std::pair<Source, std::string>> results;
    std::array<bool, source_count> more{};
  };

  [[nodiscard]] Found search(const Query& query) const {
    Found found = search_within(query);
    const auto of_formations = [](const auto& result) { return result.first == Source::formations; };
    if (query.widen == 0 || !query.centre || !query.sources[0] ||
        std::any_of(found.results.begin(), found.results.end(), of_formations))
      return found;
    // The nearest formations of all, among the others by distance.
    Query wider = query;
    wider.radius_km = everywhere_km;
    wider.limit = query.widen;
    wider.sources = {true, false, false, false};
    const Found nearest = search_within(wider);
    found.results.insert(found.results.end(), nearest.results.begin(), nearest.results.end());
    return found;
  }

  [[nodiscard]] Found search_within(const Query& query) const {
    struct Match {
      const Item* item;
      double metres;
    };
    std::vector<Match> matches;
    for (const Item& item : m_order) {
      double metres = 0;
      if (!matches_filters(*item.record, query))
        continue;
      if (query.centre) {
        if (!item.record->position)
          continue;
        const double exact =
            boost::geometry::distance(Degrees(query.centre->lon_deg, query.centre->lat_deg),
                                      Degrees(item.record->position->lon_e5 / 1e5, item.record->position->lat_e5 / 1e5),
                                      boost::geometry::strategy::distance::haversine<double>(6371008.8));
        if (query.radius_km < everywhere_km && exact > query.radius_km * 1000 + 1e-6)
          continue;
        metres = std::floor(exact + 0.5);
      }
      matches.push_back({&item, metres});
    }
    std::sort(matches.begin(), matches.end(), [&](const Match& a, const Match& b) {
      const std::uint8_t region_a = info(a.item->record->departement).region.index;
      const std::uint8_t region_b = info(b.item->record->departement).region.index;
      if (query.centre)
        return std::tie(a.metres, a.item->key, region_a, a.item->title, a.item->record->id, a.item->record->source) <
               std::tie(b.metres, b.item->key, region_b, b.item->title, b.item->record->id, b.item->record->source);
      return std::tie(a.item->title, a.item->company, a.item->record->id, a.item->record->source) <
             std::tie(b.item->title, b.item->company, b.item->record->id, b.item->record->source);
    });
    Found found;
    SourceCounts counts{};
    for (const Match& match : matches) {
      const auto source = static_cast<std::size_t>(match.item->record->source);
      if (++counts[source] <= query.limit)
        found.results.emplace_back(match.item->record->source, match.item->record->id);
      else
        found.more[source] = true;
    }
    return found;
  }

 private:
  struct Item {
    const Record* record;
    std::string title, company;
    PlaceKey key;
  };

  static bool matches_filters(const Record& record, const Query& query) {
    if (!query.sources[static_cast<std::size_t>(record.source)])
      return false;
    if (query.region && !(info(record.departement).region == *query.region))
      return false;
    if (query.departements.any() && !query.departements.test(record.departement.index))
      return false;
    const bool is_formation = record.source == Source::formations;
    if (query.level != level_unknown && record.level != query.level &&
        (is_formation || (record.level != level_unknown && query.level_hides_offres)))
      return false;
    if (query.opco && !is_formation && (*query.opco == Opco::unknown || record.opco != *query.opco))
      return false;
    if (!query.rome_domain.empty() && std::none_of(record.romes.begin(), record.romes.end(), [&](RomeCode code) {
          return to_string(code).starts_with(query.rome_domain);
        }))
      return false;
    return query.romes.empty() || std::any_of(record.romes.begin(), record.romes.end(), [&](RomeCode code) {
             return std::find(query.romes.begin(), query.romes.end(), code) != query.romes.end();
           });
  }

  std::vector<Item> m_order;
};

/// Runs a search over files on disk; counts what it read.
struct Run {
  std::vector<std::pair<Source, std::string>> results;
  std::array<std::size_t, file_kind_count> files{};  ///< by kind
  [[nodiscard]] std::size_t count(FileKind kind) const { return files[static_cast<std::size_t>(kind)]; }
};

Run run(Store& store, Search& search, const std::filesystem::path& folder) {
  Run run;
  for (;;) {
    const auto missing = search.advance();
    REQUIRE(missing);
    if (missing->empty())
      break;
    for (const FileId& file : *missing) {
      const auto put = store.put(path_of(file), read_file(folder / path_of(file)));
      REQUIRE(put);
      ++run.files[static_cast<std::size_t>(file.kind)];
    }
  }
  for (const Hit& hit : search.hits()) {
    const Card* card = search.card(hit);
    REQUIRE(card != nullptr);
    REQUIRE(card->source == hit.source);
    run.results.emplace_back(card->source, card->id);
  }
  return run;
}

Query random_query(std::mt19937_64& random) {
  const auto below = [&](std::uint64_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  constexpr Centre centres[] = {{48.85, 2.35}, {48.9, 2.2}, {48.2, -1.5}, {45.76, 4.83}, {-20.88, 55.45}, {4.92, -52.3},
                                {42.2, 9.05},  {49.2, 2.2}, {46.5, 2.5},  {90, 0},       {-89.9, -180}};
  Query query;
  if (below(5) != 0) {
    Centre centre = centres[below(std::size(centres))];
    if (below(3) != 0)
      centre = {std::clamp(centre.lat_deg + (below(2001) - 1000.0) / 1000, -90.0, 90.0),
                std::clamp(centre.lon_deg + (below(2001) - 1000.0) / 1000, -180.0, 180.0)};
    query.centre = centre;
    constexpr double radii[] = {0, 5, 10, 30, 60, 100, 200, 700, 20000};
    query.radius_km = radii[below(std::size(radii))];
  }
  switch (below(4)) {
    case 0:
      break;
    case 1:
      query.rome_domain = below(2) == 0 ? "G" : "F1" + std::to_string(below(4));
      break;
    default:
      for (std::uint32_t n = 1 + below(20); n > 0; --n)
        query.romes.push_back({(5 + below(3)) * 10'000 + (10 + below(4)) * 100 + 1 + below(9)});
      std::sort(query.romes.begin(), query.romes.end());
      query.romes.erase(std::unique(query.romes.begin(), query.romes.end()), query.romes.end());
  }
  if (below(4) == 0)
    query.level = static_cast<Level>(3 + below(5));
  query.level_hides_offres = below(2) == 0;
  if (below(2) == 0)
    query.widen = 1 + below(8);
  if (below(3) == 0)
    for (bool& wanted : query.sources)
      wanted = below(2) == 0;
  if (below(8) == 0)
    query.region = Region{static_cast<std::uint8_t>(below(regions().size()))};
  if (below(8) == 0)
    query.departements.set(below(departements().size()));
  if (below(6) == 0)
    query.opco = static_cast<Opco>(below(opco_count));
  constexpr std::uint32_t limits[] = {1, 7, 150, 150, 1000};
  query.limit = limits[below(std::size(limits))];
  return query;
}

/// Records of all departements, each at points of its own, under titles that seldom begin alike.
std::vector<Record> spread_records(std::size_t count, std::uint64_t seed) {
  std::vector<Record> records = made_up_records(count, seed);
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::int32_t>(random() % limit); };
  for (Record& record : records) {
    record.departement = {static_cast<std::uint8_t>(random() % departements().size())};
    if (record.position)
      record.position = Position{4'200'000 + record.departement.index * 1'000 + below(30), below(30)};
    // One in eight keeps its title, which many share.
    if (below(8) != 0) {
      record.title.clear();
      for (int i = 0; i < 9; ++i)
        record.title += static_cast<char>((i == 0 ? 'A' : 'a') + below(26));
    }
  }
  return records;
}

}  // namespace

TEST_CASE("every search gives what a brute-force scan with Boost.Geometry gives") {
  const std::vector<Record> records = made_up_records(12'000, 11);
  const BruteForce oracle(records);
  const TemporaryFolder folder;
  const Root root = write_regions_of(records, folder.path());
  const Bytes root_file = encode_root(root);
  std::mt19937_64 random(12);
  std::size_t results = 0, cut = 0, widened = 0;
  Store shared;
  REQUIRE(shared.open(root_file));
  for (int i = 0; i < 2'400; ++i) {
    CAPTURE(i);
    Query query = random_query(random);
    // Most searches go on with what earlier ones read, as in a browser; some begin with nothing.
    Store fresh;
    REQUIRE(fresh.open(root_file));
    Store& store = i % 8 == 0 ? fresh : shared;
    const BruteForce::Found expected = oracle.search(query);
    Search search(store, query);
    const Run got = run(store, search, folder.path());
    REQUIRE(got.results == expected.results);
    for (std::size_t source = 0; source < source_count; ++source)
      REQUIRE(search.more()[source] == (query.sources[source] && expected.more[source]));
    results += got.results.size();
    widened += search.is_widened() ? 1U : 0U;
    for (const bool more : search.more())
      cut += more ? 1 : 0;
  }
  // The queries must be such that both kinds of ends are met often.
  CHECK(results > 100'000);
  CHECK(cut > 500);
  CHECK(widened > 30);
}

/// Gives a search what it asks for until it is done: paths of the files, in that order.
std::vector<std::string> finish(Store& store, IdSearch& search, const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (auto missing = search.advance();; missing = search.advance()) {
    REQUIRE(missing);
    if (missing->empty())
      return files;
    for (const FileId& file : *missing) {
      files.push_back(path_of(file));
      REQUIRE(store.put(files.back(), read_file(folder / files.back())));
    }
  }
}

TEST_CASE("every id is found, and no other") {
  const std::vector<Record> records = made_up_records(9'000, 17);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  Store store;
  REQUIRE(store.open(root_file));
  const auto run_id = [&](Store& over, Source source, const std::string& id) {
    auto search = std::make_unique<IdSearch>(over, source, id);
    finish(over, *search, folder.path());
    return search;
  };
  for (const Record& record : records) {
    const auto found = run_id(store, record.source, record.id);
    REQUIRE(found->card() != nullptr);
    REQUIRE(found->card()->id == record.id);
    REQUIRE(found->card()->title == record.title);
    REQUIRE(found->region() == info(record.departement).region);
    const Source other = record.source == Source::lba ? Source::offres : Source::lba;
    REQUIRE(run_id(store, other, record.id)->card() == nullptr);
  }
  CHECK(run_id(store, Source::lba, "")->card() == nullptr);
  // Cold: id directory, id shard, page directory, list of pages, page.
  Store fresh;
  REQUIRE(fresh.open(root_file));
  IdSearch search(fresh, records[0].source, records[0].id);
  CHECK(finish(fresh, search, folder.path()).size() == 5);
}

TEST_CASE("a record is found on the page where a search saw it, and looked up when it stands elsewhere") {
  const std::vector<Record> records = made_up_records(2'000, 19);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  Store store;
  REQUIRE(store.open(root_file));
  Search search(store, *parse_query("lat=48.85&lon=2.35&radius=30"));
  run(store, search, folder.path());
  REQUIRE(search.hits().size() > 100);
  const auto page_of = [](const Hit& hit) { return FileId{hit.region, CardPage::kind, *hit.page}; };
  const Hit& first = search.hits().front();
  const Hit* other = nullptr;
  for (const Hit& hit : search.hits())
    if (*hit.page != *first.page)
      other = &hit;
  REQUIRE(other != nullptr);
  const auto files_until_found = [&](const std::optional<FileId>& seen_on) {
    Store fresh;
    REQUIRE(fresh.open(root_file));
    const Card& card = *search.card(first);
    IdSearch by_id(fresh, card.source, card.id, seen_on);
    const std::vector<std::string> files = finish(fresh, by_id, folder.path());
    REQUIRE(by_id.card() != nullptr);
    CHECK(by_id.card()->title == card.title);
    CHECK(by_id.region() == first.region);
    return files;
  };
  CHECK(files_until_found(page_of(first)) == std::vector{path_of(page_of(first))});
  CHECK(files_until_found(std::nullopt).size() == 5);
  CHECK(files_until_found(page_of(*other)).size() == 6);
}

TEST_CASE("a page of cards is read from its reference, and from nothing else") {
  const std::string reference = "53/cards-00ff1234567890abcdef0a5c.bin 4294967295";
  const auto page = parse_card_page(reference);
  REQUIRE(page);
  CHECK(info(page->region).code == "53");
  CHECK(page->ref.size_bytes == 4'294'967'295U);
  CHECK(page->ref.hash[1] == 0xFF);
  CHECK(reference_of(*page) == reference);
  for (const char* wrong :
       {"", " ", "53", "53/", "53/cards-", "53/cards-00ff1234567890abcdef0a5c.bin",
        "53/cards-00ff1234567890abcdef0a5c.bin ", "53/cards-00ff1234567890abcdef0a5c.bin 01",
        "53/cards-00ff1234567890abcdef0a5c.bin 4294967296", "53/cards-00ff1234567890abcdef0a5c.bin 1 ",
        "53/cards-00FF1234567890abcdef0a5c.bin 1", "53/cards-00ff1234567890abcdef0a5.bin 1",
        "53/cards-00ff1234567890abcdef0a5cc.bin 1", "53/index-00ff1234567890abcdef0a5c.bin 1",
        "99/cards-00ff1234567890abcdef0a5c.bin 1", "france/cards-00ff1234567890abcdef0a5c.bin 1",
        "../cards-00ff1234567890abcdef0a5c.bin 1", "53-cards 1"})
    CHECK_FALSE(parse_card_page(wrong));
}

TEST_CASE("every search without a centre gives what a brute-force scan gives") {
  for (const bool spread : {true, false}) {
    const std::vector<Record> records = spread ? spread_records(20'000, 16) : made_up_records(9'000, 17);
    const BruteForce oracle(records);
    const TemporaryFolder folder;
    const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
    std::mt19937_64 random(18);
    std::size_t results = 0, cut = 0, titles = 0;
    Store shared;
    REQUIRE(shared.open(root_file));
    for (int i = 0; i < 500; ++i) {
      CAPTURE(spread, i);
      Query query = random_query(random);
      query.centre.reset();
      Store fresh;
      REQUIRE(fresh.open(root_file));
      Store& store = i % 3 == 0 ? fresh : shared;
      const BruteForce::Found expected = oracle.search(query);
      Search search(store, query);
      const Run got = run(store, search, folder.path());
      REQUIRE(got.results == expected.results);
      for (std::size_t source = 0; source < source_count; ++source)
        REQUIRE(search.more()[source] == (query.sources[source] && expected.more[source]));
      REQUIRE(got.count(FileKind::index) == 0);
      results += got.results.size();
      titles += got.count(FileKind::titles);
      for (const bool more : search.more())
        cut += more ? 1 : 0;
    }
    CHECK(results > 20'000);
    CHECK(cut > 100);
    CHECK(titles > 500);
  }
}

TEST_CASE("a search without a centre reads a chunk of each list, more only when filters reject those") {
  std::vector<Record> records = spread_records(40'000, 19);
  // Level 7 only behind all others, and one record of an OPCO that no other has.
  for (Record& record : records) {
    record.level = record.source == Source::formations ? static_cast<Level>(lower(record.title)[0] >= 'w' ? 7 : 3) : 0;
    if (record.opco == Opco::mobilite)
      record.opco = Opco::sante;
  }
  const auto last = std::max_element(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return std::pair(a.source == Source::lba, lower(a.title)) < std::pair(b.source == Source::lba, lower(b.title));
  });
  last->opco = Opco::mobilite;
  const BruteForce oracle(records);
  const TemporaryFolder folder;
  const Root root = write_regions_of(records, folder.path());
  const Bytes root_file = encode_root(root);
  std::size_t chunks = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    chunks += entry.path().filename().string().starts_with("titles-") ? 1U : 0U;
  const auto run_of = [&](const std::string& text) {
    CAPTURE(text);
    const Query query = *parse_query(text);
    Store store;
    REQUIRE(store.open(root_file));
    Search search(store, query);
    Run got = run(store, search, folder.path());
    REQUIRE(got.results == oracle.search(query).results);
    CHECK(got.count(FileKind::index) == 0);
    CHECK(got.count(FileKind::details) == 0);
    return got;
  };
  std::size_t lists = 0, formation_lists = 0;
  for (const RegionRef& region : root.regions) {
    for (const std::uint32_t count : region.counts)
      lists += count > 0 ? 1U : 0U;
    formation_lists += region.counts[0] > 0 ? 1U : 0U;
  }
  REQUIRE(root.regions.size() == regions().size());
  REQUIRE(chunks > 10 * lists);

  // Nothing asked for: the first chunk of each list, and a page for each hit and the one after the last, at most.
  const Run all = run_of("limit=20");
  CHECK(all.results.size() == 4 * 20);
  CHECK(all.count(FileKind::titles) <= lists);
  CHECK(all.count(FileKind::cards) <= 4 * 21);
  const Run formations = run_of("limit=20&sources=formations");
  CHECK(formations.count(FileKind::titles) == formation_lists);
  CHECK(formations.count(FileKind::cards) <= 21);
  CHECK(run_of("limit=1&region=53").count(FileKind::titles) <= 4);
  // A first chunk does not hold a thousand, nor one region as many as fifty: some of the rest, and not all.
  const Run many = run_of("limit=1000&sources=lba&cards=0");
  CHECK(many.results.size() == 1000);
  CHECK(many.count(FileKind::titles) <= 2 * formation_lists);

  // Behind the first chunks; in the end the one record of all. Without a match, every chunk of the source was looked
  // at.
  const Run level = run_of("limit=20&sources=formations&diploma=7");
  CHECK(level.results.size() == 20);
  CHECK(level.count(FileKind::titles) > formation_lists);
  const Run one = run_of("sources=lba&opco=OPCO+Mobilit%C3%A9s");
  CHECK(one.results == std::vector{std::pair(Source::lba, last->id)});
  CHECK(one.count(FileKind::titles) > 2 * formation_lists);
  CHECK(one.count(FileKind::cards) == 1);
  const std::string code(info(last->departement).code);
  CHECK(run_of("sources=lba&opco=OPCO+Mobilit%C3%A9s&departement=" + code).results == one.results);
  CHECK(run_of("sources=lba&opco=nobody").count(FileKind::cards) == 0);
}

TEST_CASE("a file of another region than the directory's is an error") {
  const TemporaryFolder folder;
  Root root = write_regions_of(made_up_records(600, 20), folder.path());
  const Region brittany = *parse_region("53"), paris = *parse_region("11");
  // The group of Brittany, as that of Ile-de-France.
  const auto moved = [&](auto& groups) {
    const auto found =
        std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.region == brittany; });
    REQUIRE(found != groups.end());
    auto group = *found;
    group.region = paris;
    groups.clear();
    groups.push_back(group);
  };
  DomainRef& all = root.domains.front();
  REQUIRE(all.domain.is_none());
  Directory directory =
      *open_as<Directory>(read_file(folder.path() / path_of({{}, FileKind::directory, all.directory})), all.directory);
  TitleDirectory titles = *open_as<TitleDirectory>(
      read_file(folder.path() / path_of({{}, FileKind::title_directory, directory.titles})), directory.titles);
  moved(directory.groups);
  moved(titles.groups);
  const Bytes swapped_titles = encode_title_directory(titles);
  directory.titles = reference_to(swapped_titles);
  const Bytes swapped = encode_directory(directory);
  all.directory = reference_to(swapped);
  const Bytes root_file = encode_root(root);
  for (const char* text : {"region=11", "region=11&lat=48.1&lon=-1.7&radius=100"}) {
    CAPTURE(text);
    Store store;
    REQUIRE(store.open(root_file));
    Search search(store, *parse_query(text));
    auto missing = search.advance();
    for (; missing && !missing->empty(); missing = search.advance()) {
      for (const FileId& file : *missing) {
        const FileId kept{file.region == paris ? brittany : file.region, file.kind, file.ref};
        REQUIRE(store.put(path_of(file), file.kind == FileKind::directory ? swapped
                                         : file.kind == FileKind::title_directory
                                             ? swapped_titles
                                             : read_file(folder.path() / path_of(kept))));
      }
    }
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::malformed);
    CHECK(missing.error().what.starts_with("11/"));
    CHECK(missing.error().what.ends_with(": is of another region or domain"));
  }
}

TEST_CASE("a page that no list names is an error") {
  const TemporaryFolder folder;
  Root root = write_regions_of(made_up_records(600, 21), folder.path());
  const Bytes no_pages = encode_page_directory({});
  root.pages = reference_to(no_pages);
  Store store;
  REQUIRE(store.open(encode_root(root)));
  // Titles name pages by number.
  Search search(store, *parse_query("region=53"));
  auto missing = search.advance();
  for (; missing && !missing->empty(); missing = search.advance())
    for (const FileId& file : *missing)
      REQUIRE(store.put(path_of(file),
                        file.kind == FileKind::page_directory ? no_pages : read_file(folder.path() / path_of(file))));
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::malformed);
  CHECK(missing.error().what ==
        path_of({{}, FileKind::page_directory, *root.pages}) + ": no page of a number that another file names");
}

TEST_CASE("a search reads only what it needs") {
  const std::vector<Record> records = made_up_records(12'000, 13);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  const auto files_of = [&](const char* text) {
    Store store;
    REQUIRE(store.open(root_file));
    Search search(store, *parse_query(text));
    std::set<std::string> regions_read;
    std::size_t files = 0;
    for (auto missing = search.advance(); !missing->empty(); missing = search.advance()) {
      for (const FileId& file : *missing) {
        if (!file.region.is_none())
          regions_read.insert(std::string(info(file.region).code));
        REQUIRE(store.put(path_of(file), read_file(folder.path() / path_of(file))));
        ++files;
      }
    }
    return std::pair(regions_read, files);
  };
  CHECK(files_of("lat=-20.88&lon=55.45&radius=60&romes=F1001").first == std::set<std::string>{"04"});
  CHECK(files_of("lat=45.76&lon=4.83&radius=30&romes=F1001").first == std::set<std::string>{"84"});
  // In the middle of the ocean: the directory alone.
  CHECK(files_of("lat=30&lon=-40&radius=100").second == 1);
  // A directory, an index shard of companies and one of the rest, and one page of cards.
  CHECK(files_of("lat=42.7&lon=9.45&radius=10&romes=F1001&cards=1").second <= 4);
  CHECK(files_of("region=94&romes=F1001&cards=0").first == std::set<std::string>{"94"});
}

TEST_CASE("the answer says what was asked, what was found and whether there is more") {
  const std::vector<Record> records = made_up_records(500, 14);
  const TemporaryFolder folder;
  Store store;
  REQUIRE(store.open(encode_root(write_regions_of(records, folder.path()))));
  Search search(store, *parse_query("lat=48.85&lon=2.35&radius=30&sources=lba&limit=2"));
  run(store, search, folder.path());
  const std::string answer = answer_of(search);
  CHECK(answer.starts_with(
      R"({"query":{"lat":48.85,"lon":2.35,"radius":30,"sources":["lba"],"limit":2},)"
      R"("counts":{"lba":2},"more":{"lba":true},"beyond_m":null,"results":[{"source":"lba","id":")"));
  // Without the query nothing else is missing.
  CHECK(answer_of(search, false) == R"({"query":{},)" + answer.substr(answer.find(R"("counts")")));
  CHECK(answer.ends_with("]}"));
}

TEST_CASE("damaged, foreign and unwanted files are refused, and a second try is possible") {
  const std::vector<Record> records = made_up_records(300, 15);
  const TemporaryFolder folder;
  Store store;
  REQUIRE(store.open(encode_root(write_regions_of(records, folder.path()))));
  Search search(store, *parse_query("lat=48.85&lon=2.35&radius=30"));
  const auto missing = search.advance();
  REQUIRE(missing->size() >= 1);
  const std::string path = path_of(missing->front());
  const Bytes good = read_file(folder.path() / path);
  CHECK(store.put("11/index-00000000000000000000000000000000.bin", good).error().code == ErrorCode::wrong_name);
  const Error cut = store.put(path, ByteView(good).first(good.size() - 1)).error();
  CHECK(cut.code == ErrorCode::wrong_length);
  CHECK(cut.what ==
        path + ": directory: " + std::to_string(good.size() - 1) + " bytes instead of " + std::to_string(good.size()));
  Bytes flipped = good;
  flipped[good.size() / 2] ^= 1U;
  CHECK(store.put(path, flipped).error().code == ErrorCode::wrong_hash);
  CHECK(store.put(path, good));
  CHECK(store.put(path, good).error().code == ErrorCode::wrong_name);
}

}  // namespace balise
