// The right answers, by brute force: every record of a config, normalised by the generator's ingest, against every
// search, with Boost.Geometry's haversine. Nothing of core's search, shards or distance is used. Memory holds the best
// of each search, unless the records are exported for the other programs that are measured.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/strategies/spherical/distance_haversine.hpp>
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "core/place_key.hpp"
#include "core/text.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"

namespace balise::bench {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using SpherePoint =
    boost::geometry::model::point<double, 2, boost::geometry::cs::spherical_equatorial<boost::geometry::radian>>;

constexpr double radian = 3.14159265358979323846 / 180, sphere_m = 6371008.8;
constexpr std::size_t limit = 150, cards = 20;

/// What ranks a record: whole metres, then the order that the build fixes.
struct Ranked {
  std::uint64_t metres = 0;
  PlaceKey key = 0;
  std::string region, title, id;
  Source source = Source::formations;
  [[nodiscard]] auto order() const { return std::tie(metres, key, region, title, id, source); }
  friend bool operator<(const Ranked& a, const Ranked& b) { return a.order() < b.order(); }
};

struct Search {
  double lat_deg = 0, lon_deg = 0, radius_km = 0;
  std::vector<RomeCode> romes;
  std::array<std::vector<Ranked>, source_count> best;  ///< heaps, the worst first
  std::array<std::uint64_t, source_count> matches{};
};

std::vector<Search> read_searches(const fs::path& file) {
  const Json json = Json::parse(read_file(file));
  std::vector<Search> searches;
  for (const Json& item : json.at("searches")) {
    Search search{item.at("lat"), item.at("lon"), item.at("radius"), {}, {}, {}};
    for (const std::string code : item.at("romes"))
      search.romes.push_back(parse_rome(code).value());
    searches.push_back(std::move(search));
  }
  return searches;
}

bool wanted(const Search& search, const Record& record) {
  return search.romes.empty() || std::any_of(record.romes.begin(), record.romes.end(), [&search](RomeCode code) {
           return std::find(search.romes.begin(), search.romes.end(), code) != search.romes.end();
         });
}

void ask(Search& search, const Record& record, const std::string& title) {
  if (!record.position || !wanted(search, record))
    return;
  // A degree of latitude is at least 111 km.
  if (std::abs(record.position->lat_e5 / 1e5 - search.lat_deg) * 111 > search.radius_km + 1)
    return;
  const boost::geometry::strategy::distance::haversine<double> haversine(sphere_m);
  const double metres =
      haversine.apply(SpherePoint(search.lon_deg * radian, search.lat_deg * radian),
                      SpherePoint(record.position->lon_e5 / 1e5 * radian, record.position->lat_e5 / 1e5 * radian));
  if (std::llround(metres * 1e6) > std::llround(search.radius_km * 1e9))
    return;
  const auto source = static_cast<std::size_t>(record.source);
  ++search.matches[source];
  Ranked ranked{static_cast<std::uint64_t>(std::llround(metres)),
                place_key_of(*record.position),
                std::string(info(info(record.departement).region).code),
                title,
                record.id,
                record.source};
  std::vector<Ranked>& best = search.best[source];
  if (best.size() == limit && !(ranked < best.front()))
    return;
  best.push_back(std::move(ranked));
  std::push_heap(best.begin(), best.end());
  if (best.size() > limit) {
    std::pop_heap(best.begin(), best.end());
    best.pop_back();
  }
}

Json answer_of(Search& search) {
  Json ids = Json::object(), matches = Json::object();
  std::vector<Ranked> all;
  for (const Source source : all_sources) {
    std::vector<Ranked>& best = search.best[static_cast<std::size_t>(source)];
    std::sort_heap(best.begin(), best.end());
    Json list = Json::array();
    for (const Ranked& ranked : best)
      list.push_back(ranked.id);
    all.insert(all.end(), best.begin(), best.end());
    ids[std::string(name_of(source))] = std::move(list);
    matches[std::string(name_of(source))] = search.matches[static_cast<std::size_t>(source)];
  }
  std::sort(all.begin(), all.end());
  Json first = Json::array();
  for (std::size_t i = 0; i < std::min(cards, all.size()); ++i)
    first.push_back({{"source", name_of(all[i].source)}, {"id", all[i].id}, {"distance_m", all[i].metres}});
  return {{"first", std::move(first)}, {"ids", std::move(ids)}, {"matches", std::move(matches)}};
}

/// What a card shows, and the rank that breaks ties.
struct Exported {
  Ranked rank;
  std::string line;
};

Exported exported(const Record& record, const std::string& title) {
  Json romes = Json::array();
  for (const RomeCode code : record.romes)
    romes.push_back(to_string(code));
  const Region region = info(record.departement).region;
  Json json{{"source", name_of(record.source)},
            {"id", record.id},
            {"title", record.title},
            {"company", record.company},
            {"address", record.address},
            {"postal_code", record.postal_code},
            {"city", record.city},
            {"departement", info(record.departement).code},
            {"region", info(region).code},
            {"romes", std::move(romes)},
            {"level", record.level},
            {"created", to_string_date(record.created)},
            {"lat_e5", record.position->lat_e5},
            {"lon_e5", record.position->lon_e5}};
  return {{0, place_key_of(*record.position), std::string(info(region).code), title, record.id, record.source},
          json.dump()};
}

void write_export(const fs::path& file, std::vector<Exported>& records) {
  std::sort(records.begin(), records.end(), [](const Exported& a, const Exported& b) { return a.rank < b.rank; });
  std::error_code ignored;
  fs::remove(file, ignored);
  FileAppender output(file);
  std::size_t order = 0;
  for (const Exported& record : records) {
    const std::string line = "{\"order\":" + std::to_string(order++) + ',' + record.line.substr(1) + '\n';
    output.append({reinterpret_cast<const std::uint8_t*>(line.data()), line.size()});
  }
  output.close();
}

int run(const fs::path& config_file, const fs::path& searches_file, const std::string& day, const fs::path& out,
        const fs::path& export_file) {
  const Config config = load_config(config_file);
  const Reference reference = Reference::load(BALISE_SOURCE_DIR "/data/reference/communes.json.gz",
                                              BALISE_SOURCE_DIR "/data/reference/romes.csv");
  std::vector<Search> searches = read_searches(searches_file);
  std::vector<Exported> records;
  std::array<std::uint64_t, source_count> counts{};
  Progress progress(Progress::Mode::never);
  Report report;
  ingest(config, reference, parse_date(day).value(), 1, progress, report, [&](unsigned, std::size_t, Record&& record) {
    ++counts[static_cast<std::size_t>(record.source)];
    const std::string title = lower(record.title);
    for (Search& search : searches)
      ask(search, record, title);
    if (!export_file.empty() && record.position)
      records.push_back(exported(record, title));
  });
  Json answers = Json::array();
  for (Search& search : searches)
    answers.push_back(answer_of(search));
  Json totals;
  for (const Source source : all_sources)
    totals[std::string(name_of(source))] = counts[static_cast<std::size_t>(source)];
  write_file(out, Json{{"counts", totals}, {"answers", std::move(answers)}}.dump() + "\n");
  if (!export_file.empty())
    write_export(export_file, records);
  return 0;
}

}  // namespace

}  // namespace balise::bench

int main(int argc, char** argv) {
  CLI::App app("Answers searches by brute force over the records of a config");
  std::filesystem::path config, searches, out, export_file;
  std::string day;
  app.add_option("--config", config, "As for balise build")->required();
  app.add_option("--searches", searches, "As balise_bench_data writes them")->required();
  app.add_option("--as-of", day, "The day taken for today")->required();
  app.add_option("--out", out, "Where the answers go, JSON")->required();
  app.add_option("--export", export_file, "Where the records go that have a position, in their fixed order, NDJSON");
  CLI11_PARSE(app, argc, argv);
  try {
    return balise::bench::run(config, searches, day, out, export_file);
  } catch (const std::exception& error) {
    std::cerr << "balise_bench_oracle: " << error.what() << '\n';
    return 1;
  }
}
