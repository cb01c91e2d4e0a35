#include "core/area.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>
#include <random>
#include <set>
#include <string>

#include "core/id_search.hpp"
#include "core/search.hpp"
#include "generator/files.hpp"
#include "generator/write/shard_encode.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

/// Goes on with any kind of request over files on disk; `allowed` is what a device has, null: everything. The first
/// path that it has not; empty when the request came to its end.
template <typename Work>
std::string finish(Store& store, Work& work, const std::filesystem::path& folder,
                   const std::set<std::string>* allowed) {
  for (;;) {
    const auto missing = work.advance();
    REQUIRE(missing);
    if (missing->empty())
      return {};
    for (const FileId& file : *missing) {
      const std::string path = path_of(file);
      if (allowed != nullptr && !allowed->contains(path))
        return path;
      REQUIRE(store.put(path, read_file(folder / path)));
    }
  }
}

std::set<std::string> files_of(const AreaSearch& area) {
  std::set<std::string> files;
  for (const FileId& file : area.files())
    files.insert(path_of(file));
  return files;
}

Query query_of(std::string_view text) {
  auto query = parse_query(text);
  REQUIRE(query);
  return std::move(*query);
}

constexpr const char* romes[] = {"", "&romes=F1101", "&romes=G1203,F1204", "&rome_domain=H", "&diploma=5"};

}  // namespace

TEST_CASE("a device with the files of a circle finds all that lies in it, and reads its details") {
  const std::vector<Record> records = made_up_records(12'000, 31);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  std::mt19937_64 random(32);
  const auto between = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random() % 10'001) / 10'000;
  };
  for (const auto& [lat, lon, radius_km] :
       {std::tuple(48.85, 2.35, 30.0), {48.2, -1.5, 100.0}, {-20.88, 55.45, 10.0}, {45.76, 4.83, 60.0}}) {
    Store store;
    REQUIRE(store.open(root_file));
    Query circle;
    circle.centre = Centre{lat, lon};
    circle.radius_km = radius_km;
    AreaSearch area(store, circle, true);
    REQUIRE(finish(store, area, folder.path(), nullptr).empty());
    const std::set<std::string> files = files_of(area);
    std::uint64_t bytes = 0;
    for (const std::string& file : files)
      bytes += std::filesystem::file_size(folder.path() / file);
    CHECK(area.bytes() == bytes);
    std::size_t results = 0;
    for (int i = 0; i < 60; ++i) {
      const double away_km = between(0, radius_km), angle = between(0, 2 * std::numbers::pi);
      const double degree_km = 111.195;
      const double radius = (radius_km - away_km) * between(0.1, 0.99);
      const std::string text =
          "lat=" + std::to_string(lat + away_km / degree_km * std::sin(angle)) + "&lon=" +
          std::to_string(lon + away_km / degree_km * std::cos(angle) / std::cos(lat * std::numbers::pi / 180) * 0.99) +
          "&radius=" + std::to_string(radius) + romes[random() % std::size(romes)];
      CAPTURE(text);
      Store device;
      REQUIRE(device.open(root_file));
      Search search(device, query_of(text));
      REQUIRE(finish(device, search, folder.path(), &files) == "");
      for (std::size_t hit = 0; hit < search.hits().size(); hit += 7) {
        const Card& card = *search.card(search.hits()[hit]);
        ItemSearch item(device, card.source, card.id);
        REQUIRE(finish(device, item, folder.path(), &files) == "");
        REQUIRE(item.card() != nullptr);
      }
      results += search.hits().size();
    }
    CHECK(results > 100);
    // What leaves the circle says so.
    Store device;
    REQUIRE(device.open(root_file));
    Search far(device, query_of("lat=42.2&lon=9.05&radius=20"));
    CHECK(finish(device, far, folder.path(), &files) != "");
  }
}

TEST_CASE("a device with the files of a territory searches it with a centre and without") {
  const std::vector<Record> records = made_up_records(12'000, 33);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  for (const char* const name : {"region=53", "departement=75", "departement=974"}) {
    CAPTURE(name);
    Store store;
    REQUIRE(store.open(root_file));
    AreaSearch area(store, query_of(name), true);
    REQUIRE(finish(store, area, folder.path(), nullptr).empty());
    const std::set<std::string> files = files_of(area);
    std::size_t results = 0;
    for (const char* const more : romes) {
      Store device;
      REQUIRE(device.open(root_file));
      Search by_title(device, query_of(name + std::string(more)));
      REQUIRE(finish(device, by_title, folder.path(), &files) == "");
      results += by_title.hits().size();
    }
    // Around each of its records, also where those of others stand beside.
    std::size_t placed = 0;
    for (const Record& record : records) {
      const bool is_own = name[0] == 'r' ? info(record.departement).region == parse_region("53")
                                         : info(record.departement).code == std::string_view(name).substr(12);
      if (!is_own || !record.position || ++placed % 40 != 0)
        continue;
      Store device;
      REQUIRE(device.open(root_file));
      Query around;
      around.centre = Centre{record.position->lat_e5 / 1e5, record.position->lon_e5 / 1e5};
      around.radius_km = 3;
      Search search(device, around);
      REQUIRE(finish(device, search, folder.path(), &files) == "");
      results += search.hits().size();
    }
    CHECK(placed > 0);
    CHECK(results > 100);
  }
}

TEST_CASE("an estimate reads little and comes near") {
  const std::vector<Record> records = made_up_records(20'000, 35);
  const TemporaryFolder folder;
  const Bytes root_file = encode_root(write_regions_of(records, folder.path()));
  for (const char* const text : {"lat=48.85&lon=2.35&radius=30", "region=53"}) {
    CAPTURE(text);
    Store store;
    REQUIRE(store.open(root_file));
    AreaSearch whole(store, query_of(text), true);
    REQUIRE(finish(store, whole, folder.path(), nullptr).empty());
    Store other;
    REQUIRE(other.open(root_file));
    AreaSearch estimate(other, query_of(text), false);
    REQUIRE(finish(other, estimate, folder.path(), nullptr).empty());
    CHECK(estimate.records() == whole.records());
    CHECK(estimate.files().size() < whole.files().size());
    CHECK(std::abs(static_cast<double>(estimate.bytes()) / static_cast<double>(whole.bytes()) - 1) < 0.3);
    CHECK(other.card_pages().size() < store.card_pages().size());
  }
}

TEST_CASE("an area has to be named") {
  Store store;
  REQUIRE(store.open(encode_root(Root())));
  AreaSearch area(store, query_of("romes=F1702"), true);
  const auto advanced = area.advance();
  REQUIRE_FALSE(advanced);
  CHECK(advanced.error().code == ErrorCode::wrong_query);
}

}  // namespace balise
