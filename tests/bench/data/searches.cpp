#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/bench/data/make.hpp"

namespace balise::bench {

namespace {

/// One trade: an occupation, then those nearest to it by code, its own domain first.
std::vector<std::string> draw_trade(const World& world, Random& random) {
  static const Weighted counts = [] {
    Weighted weighted;
    for (int i = 1; i <= 20; ++i)
      weighted.add(1.0 / i);
    return weighted;
  }();
  const std::size_t count = 1 + counts.draw(random);
  const std::size_t main =
      random.chance(0.7) ? world.draw_rome_of(random.pick(world.words.nafs), random) : world.draw_rome(random);
  std::vector<std::size_t> order(world.romes.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  const auto [first, end] = world.domain_of(main);
  std::stable_sort(order.begin(), order.end(), [&, first = first, end = end](std::size_t a, std::size_t b) {
    const bool a_in = a >= first && a < end, b_in = b >= first && b < end;
    const auto gap = [&](std::size_t i) { return i < main ? main - i : i - main; };
    return a_in != b_in ? a_in : gap(a) < gap(b);
  });
  std::set<std::string> codes;
  for (std::size_t i = 0; i < count; ++i)
    codes.insert(world.romes[order[i]].code);
  return {codes.begin(), codes.end()};
}

}  // namespace

std::string make_searches(const World& world, std::size_t count) {
  static constexpr int radii_km[] = {10, 30, 60, 100};
  nlohmann::json searches = nlohmann::json::array();
  for (std::size_t i = 0; i < count; ++i) {
    Random random(world.seed, Stream::search, i);
    const bool by_population = i % 4 != 3;
    double lat_deg = 0, lon_deg = 0;
    if (by_population) {
      const Place place = world.draw_place(random);
      lat_deg = place.lat_deg, lon_deg = place.lon_deg;
    } else {
      const Commune& commune = world.any_commune(random);
      lat_deg = commune.centre->lat_e5 / 1e5, lon_deg = commune.centre->lon_e5 / 1e5;
    }
    nlohmann::json search{{"number", i},
                          {"place", by_population ? "population" : "any"},
                          {"lat", std::round(lat_deg * 1e4) / 1e4},
                          {"lon", std::round(lon_deg * 1e4) / 1e4},
                          {"radius", radii_km[random.below(4)]},
                          {"romes", nlohmann::json::array()}};
    if (!random.chance(0.1))
      search["romes"] = draw_trade(world, random);
    searches.push_back(std::move(search));
  }
  return nlohmann::json{{"searches", std::move(searches)}}.dump(1) + "\n";
}

}  // namespace balise::bench
