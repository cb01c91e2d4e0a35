#include "core/geo.hpp"

#include <algorithm>
#include <cmath>

namespace balise {

// Only operations that IEEE 754 rounds in one way are used here, square roots among them, so that every machine and
// every C library gives the same bits.

namespace {

constexpr double pi = 3.14159265358979323846;

/// Of the sine of x, divided by x, in powers of x^2, from x^16 down: 1/17!, -1/15!, ... 1.
constexpr double sine_series[] = {1.0 / 355687428096000,
                                  -1.0 / 1307674368000,
                                  1.0 / 6227020800,
                                  -1.0 / 39916800,
                                  1.0 / 362880,
                                  -1.0 / 5040,
                                  1.0 / 120,
                                  -1.0 / 6,
                                  1};

/// Of the arc tangent of x, divided by x, in powers of -x^2, from x^20 down.
constexpr double arc_tangent_series[] = {1.0 / 21, 1.0 / 19, 1.0 / 17, 1.0 / 15, 1.0 / 13, 1.0 / 11,
                                         1.0 / 9,  1.0 / 7,  1.0 / 5,  1.0 / 3,  1};

struct SineCosine {
  double sine, cosine;
};

/// Of an angle from -180 to 180 degrees, to some units in the last place of 1.
SineCosine sine_cosine(double degrees) {
  // The series of the sine for a quarter of the angle, then the angle doubled twice.
  const double angle = degrees * (pi / 720), square = angle * angle;
  double sine = 0;
  for (const double factor : sine_series)
    sine = sine * square + factor;
  sine *= angle;
  double cosine = std::sqrt(1 - sine * sine);
  for (int i = 0; i < 2; ++i) {
    const double doubled = 2 * sine * cosine;
    cosine = 1 - 2 * sine * sine;
    sine = doubled;
  }
  return {sine, cosine};
}

/// sqrt(|a + sign * b|^2)
double length_of(const SpherePoint& a, double sign, const SpherePoint& b) {
  const double x = a.x + sign * b.x, y = a.y + sign * b.y, z = a.z + sign * b.z;
  return std::sqrt(x * x + y * y + z * z);
}

double distance_m(const SpherePoint& a, const SpherePoint& b) {
  // The tangent of a quarter of the angle between both, by their difference and their sum, then of a sixteenth, which
  // is at most 0.2: the series of the arc tangent is short there.
  double tangent = length_of(a, -1, b) / (2 + length_of(a, 1, b));
  for (int i = 0; i < 2; ++i)
    tangent /= 1 + std::sqrt(1 + tangent * tangent);
  const double square = tangent * tangent;
  double sum = 0;
  for (const double factor : arc_tangent_series)
    sum = factor - square * sum;
  return 16 * earth_radius_m * tangent * sum;
}

/// The least distance to a piece of a meridian: to one of its ends, or to the point of the whole meridian that is
/// nearest, when that lies between them.
double distance_to_meridian_m(const SpherePoint& centre, double lon_deg, double min_lat_deg, double max_lat_deg) {
  const SpherePoint south = sphere_point(min_lat_deg, lon_deg), north = sphere_point(max_lat_deg, lon_deg);
  double metres = std::min(distance_m(centre, south), distance_m(centre, north));
  // In the plane of the meridian, from the axis: the centre's shadow, and the ends.
  const auto [sine, cosine] = sine_cosine(lon_deg);
  const double out = centre.x * cosine + centre.y * sine, up = centre.z;
  const double south_out = south.x * cosine + south.y * sine, north_out = north.x * cosine + north.y * sine;
  if (out > 0 && south_out * up >= south.z * out && north_out * up <= north.z * out) {
    const double length = std::sqrt(out * out + up * up);
    metres = std::min(metres, distance_m(centre, {out / length * cosine, out / length * sine, up / length}));
  }
  return metres;
}

}  // namespace

SpherePoint sphere_point(double lat_deg, double lon_deg) {
  const SineCosine lat = sine_cosine(lat_deg), lon = sine_cosine(lon_deg);
  return {lat.cosine * lon.cosine, lat.cosine * lon.sine, lat.sine};
}

SpherePoint sphere_point(Centre centre) {
  return sphere_point(centre.lat_deg, centre.lon_deg);
}

SpherePoint sphere_point(Position position) {
  return sphere_point(position.lat_e5 / 1e5, position.lon_e5 / 1e5);
}

std::uint64_t arc_um(const SpherePoint& a, const SpherePoint& b) {
  return static_cast<std::uint64_t>(distance_m(a, b) * 1e6 + 0.5);
}

std::uint64_t distance_um(Centre centre, Position position) {
  return arc_um(sphere_point(centre), sphere_point(position));
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

std::uint32_t least_distance_m(Centre centre, const Box& box, double most_m) {
  const double min_lat = box.min_lat_e5 / 1e5, max_lat = box.max_lat_e5 / 1e5;
  const double min_lon = box.min_lon_e5 / 1e5, max_lon = box.max_lon_e5 / 1e5;
  // To the nearest parallel along the centre's own meridian: nothing is nearer.
  double metres = std::abs(centre.lat_deg - std::clamp(centre.lat_deg, min_lat, max_lat)) * (pi / 180) * earth_radius_m;
  // Between the meridians there is that way; elsewhere it spares the exact one to most boxes of a country.
  if ((centre.lon_deg < min_lon || centre.lon_deg > max_lon) && metres <= most_m + 1) {
    const SpherePoint point = sphere_point(centre);
    metres = std::min(distance_to_meridian_m(point, min_lon, min_lat, max_lat),
                      distance_to_meridian_m(point, max_lon, min_lat, max_lat));
  }
  return metres <= 1 ? 0 : static_cast<std::uint32_t>(metres - 1);
}

}  // namespace balise
