#include "core/geo.hpp"

#include <algorithm>
#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/strategies/spherical/distance_haversine.hpp>
#include <cmath>

namespace balise {

namespace {

using SpherePoint =
    boost::geometry::model::point<double, 2, boost::geometry::cs::spherical_equatorial<boost::geometry::radian>>;

constexpr double radian = 3.14159265358979323846 / 180;

double distance_m(double lat_a_deg, double lon_a_deg, double lat_b_deg, double lon_b_deg) {
  const boost::geometry::strategy::distance::haversine<double> haversine(earth_radius_m);
  return haversine.apply(SpherePoint(lon_a_deg * radian, lat_a_deg * radian),
                         SpherePoint(lon_b_deg * radian, lat_b_deg * radian));
}

/// Distance to a piece of a meridian. Along a meridian the distance has one minimum within a half circle, so the
/// nearest latitude, clamped to the piece, is the nearest point.
double distance_to_meridian_m(Centre centre, double lon_deg, double min_lat_deg, double max_lat_deg) {
  const double difference = (lon_deg - centre.lon_deg) * radian;
  const double lat = centre.lat_deg * radian;
  const double nearest_deg = std::atan2(std::sin(lat), std::cos(lat) * std::cos(difference)) / radian;
  // Beyond a quarter turn the formula gives a latitude past the pole: then one of the ends is nearest.
  if (nearest_deg > 90 || nearest_deg < -90)
    return std::min(distance_m(centre.lat_deg, centre.lon_deg, min_lat_deg, lon_deg),
                    distance_m(centre.lat_deg, centre.lon_deg, max_lat_deg, lon_deg));
  return distance_m(centre.lat_deg, centre.lon_deg, std::clamp(nearest_deg, min_lat_deg, max_lat_deg), lon_deg);
}

}  // namespace

std::uint64_t distance_um(Centre centre, Position position) {
  const double metres = distance_m(centre.lat_deg, centre.lon_deg, position.lat_e5 / 1e5, position.lon_e5 / 1e5);
  return static_cast<std::uint64_t>(metres * 1e6 + 0.5);
}

void Box::add(Position position) {
  add(Box{position.lat_e5, position.lon_e5, position.lat_e5, position.lon_e5});
}

void Box::add(const Box& other) {
  if (other.is_empty())
    return;
  if (is_empty()) {
    *this = other;
    return;
  }
  min_lat_e5 = std::min(min_lat_e5, other.min_lat_e5);
  min_lon_e5 = std::min(min_lon_e5, other.min_lon_e5);
  max_lat_e5 = std::max(max_lat_e5, other.max_lat_e5);
  max_lon_e5 = std::max(max_lon_e5, other.max_lon_e5);
}

std::uint32_t least_distance_m(Centre centre, const Box& box) {
  const double min_lat = box.min_lat_e5 / 1e5, max_lat = box.max_lat_e5 / 1e5;
  const double min_lon = box.min_lon_e5 / 1e5, max_lon = box.max_lon_e5 / 1e5;
  double metres = std::min(distance_to_meridian_m(centre, min_lon, min_lat, max_lat),
                           distance_to_meridian_m(centre, max_lon, min_lat, max_lat));
  if (centre.lon_deg >= min_lon && centre.lon_deg <= max_lon)
    metres = std::min(metres, distance_m(centre.lat_deg, centre.lon_deg, std::clamp(centre.lat_deg, min_lat, max_lat),
                                         centre.lon_deg));
  return metres <= 1 ? 0 : static_cast<std::uint32_t>(metres - 1);
}

}  // namespace balise
