#include "core/geo.hpp"

#include <algorithm>
#include <boost/geometry.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

namespace balise {

namespace {

using Degrees =
    boost::geometry::model::point<double, 2, boost::geometry::cs::spherical_equatorial<boost::geometry::degree>>;

double boost_distance_m(Centre centre, Position position) {
  return boost::geometry::distance(Degrees(centre.lon_deg, centre.lat_deg),
                                   Degrees(position.lon_e5 / 1e5, position.lat_e5 / 1e5),
                                   boost::geometry::strategy::distance::haversine<double>(earth_radius_m));
}

}  // namespace

TEST_CASE("distances are great circles on the sphere of the contract") {
  // A quarter of a meridian, and known city pairs to the metre by the same formula with independent code.
  CHECK(distance_um({0, 0}, {9'000'000, 0}) ==
        Approx(earth_radius_m * 3.14159265358979323846 / 2 * 1e6).epsilon(1e-12));
  CHECK(distance_um({48.85, 2.35}, {4'885'000, 235'000}) == 0);
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int32_t> lat(-9'000'000, 9'000'000), lon(-18'000'000, 18'000'000);
  for (int i = 0; i < 20'000; ++i) {
    const Centre centre{lat(random) / 1e5, lon(random) / 1e5};
    const Position position{lat(random), lon(random)};
    const double expected = boost_distance_m(centre, position);
    REQUIRE(std::abs(static_cast<double>(distance_um(centre, position)) / 1e6 - expected) < 1e-5);
  }
}

TEST_CASE("points near each other, and on opposite sides, are measured as well") {
  std::mt19937_64 random(4);
  std::uniform_int_distribution<std::int32_t> lat(-8'900'000, 8'900'000), lon(-17'900'000, 17'900'000),
      nearby(-1'000, 1'000);
  const auto metres = [](Centre centre, Position position) {
    return static_cast<double>(distance_um(centre, position)) / 1e6;
  };
  for (int i = 0; i < 20'000; ++i) {
    const Centre centre{lat(random) / 1e5, lon(random) / 1e5};
    const Position here{static_cast<std::int32_t>(std::lround(centre.lat_deg * 1e5)),
                        static_cast<std::int32_t>(std::lround(centre.lon_deg * 1e5))};
    const Position near{here.lat_e5 + nearby(random), here.lon_e5 + nearby(random)};
    REQUIRE(metres(centre, near) == Approx(boost_distance_m(centre, near)).margin(2e-6).epsilon(0));
    const Position opposite{-near.lat_e5, near.lon_e5 + (near.lon_e5 > 0 ? -18'000'000 : 18'000'000)};
    // What is left to the antipode: there the haversine itself is good to a few centimetres only.
    const double half_circle = earth_radius_m * 3.14159265358979323846;
    REQUIRE(half_circle - metres(centre, opposite) == Approx(boost_distance_m(centre, near)).margin(2e-6).epsilon(0));
  }
  CHECK(distance_um({90, 12}, {-9'000'000, -3'400'000}) == Approx(earth_radius_m * 3.14159265358979323846 * 1e6));
  CHECK(distance_um({90, 12}, {9'000'000, -3'400'000}) == 0);
  CHECK(distance_um({12, 180}, {1'200'000, -18'000'000}) == 0);
}

TEST_CASE("metres round half up") {
  CHECK(metres_of(0) == 0);
  CHECK(metres_of(499'999) == 0);
  CHECK(metres_of(500'000) == 1);
  CHECK(metres_of(20'015'086'796'000ULL) == 20'015'087);
}

TEST_CASE("no point of a box is nearer than its least distance, and the bound is tight") {
  std::mt19937_64 random(3);
  std::uniform_int_distribution<std::int32_t> lat(-8'900'000, 8'900'000), lon(-17'900'000, 17'900'000),
      extent(0, 400'000);
  for (int i = 0; i < 2'000; ++i) {
    Box box;
    const Position corner{lat(random), lon(random)};
    box.add(corner);
    box.add(Position{std::min(9'000'000, corner.lat_e5 + extent(random)),
                     std::min(18'000'000, corner.lon_e5 + extent(random))});
    // Half of the centres are near the box, where a wrong bound would matter.
    const Centre centre = i % 2 == 0
                              ? Centre{lat(random) / 1e5, lon(random) / 1e5}
                              : Centre{std::clamp(corner.lat_e5 / 1e5 + extent(random) / 1e5 - 2, -90.0, 90.0),
                                       std::clamp(corner.lon_e5 / 1e5 + extent(random) / 1e5 - 2, -180.0, 180.0)};
    const double least = least_distance_m(centre, box, 1e9);
    const double most = 1'000.0 * (i % 300);
    const double quick = least_distance_m(centre, box, most);
    REQUIRE((quick == least || (quick > most && quick < least)));
    double nearest = 1e9;
    const auto meet = [&](std::int32_t lat_e5, std::int32_t lon_e5) {
      nearest = std::min(nearest, static_cast<double>(distance_um(centre, {lat_e5, lon_e5})) / 1e6);
    };
    for (int j = 0; j <= 200; ++j) {
      const auto along = [&](std::int32_t low, std::int32_t high) {
        return static_cast<std::int32_t>(low + (static_cast<std::int64_t>(high) - low) * j / 200);
      };
      meet(along(box.min_lat_e5, box.max_lat_e5), box.min_lon_e5);
      meet(along(box.min_lat_e5, box.max_lat_e5), box.max_lon_e5);
      meet(box.min_lat_e5, along(box.min_lon_e5, box.max_lon_e5));
      meet(box.max_lat_e5, along(box.min_lon_e5, box.max_lon_e5));
    }
    const bool inside = centre.lat_deg * 1e5 >= box.min_lat_e5 && centre.lat_deg * 1e5 <= box.max_lat_e5 &&
                        centre.lon_deg * 1e5 >= box.min_lon_e5 && centre.lon_deg * 1e5 <= box.max_lon_e5;
    if (inside)
      nearest = 0;
    REQUIRE(least <= nearest);
    // The sides were sampled every 1/200th: at most some kilometres apart.
    REQUIRE(least >= nearest - 2'500);
  }
}

TEST_CASE("a box grows with what it holds") {
  Box box;
  CHECK(box.is_empty());
  box.add(Position{5, -7});
  CHECK(box == Box{5, -7, 5, -7});
  box.add(Box{});
  box.add(Position{-3, 9});
  CHECK(box == Box{-3, -7, 5, 9});
}

}  // namespace balise
