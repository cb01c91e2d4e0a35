#ifndef BALISE_CORE_GEO_HPP
#define BALISE_CORE_GEO_HPP

#include <cstdint>

#include "core/position.hpp"

namespace balise {

/// Radius of the sphere on which every distance is taken (interface, section 5).
inline constexpr double earth_radius_m = 6371008.8;

/// A centre of search as the visitor gave it, not rounded.
struct Centre {
  double lat_deg = 0;  ///< -90 to 90
  double lon_deg = 0;  ///< -180 to 180
};

/// A point of the unit sphere: the axis z leads to the north pole, x to 0 degrees north, 0 degrees east.
struct SpherePoint {
  double x, y, z;
};
/// Degrees as of a Centre.
[[nodiscard]] SpherePoint sphere_point(double lat_deg, double lon_deg);
[[nodiscard]] SpherePoint sphere_point(Centre centre);
[[nodiscard]] SpherePoint sphere_point(Position position);

/// Great-circle distance in micrometres, rounded; good to some nanometres, and the same natively and in WebAssembly.
[[nodiscard]] std::uint64_t distance_um(Centre centre, Position position);
/// The same for whoever compares one point with many, and keeps what sphere_point() gives.
[[nodiscard]] std::uint64_t arc_um(const SpherePoint& a, const SpherePoint& b);

/// Whole metres, rounded half up: what ranking compares and answers print.
[[nodiscard]] constexpr std::uint32_t metres_of(std::uint64_t um) {
  return static_cast<std::uint32_t>((um + 500'000) / 1'000'000);
}

/// Bounds included. Empty when min_lat_e5 > max_lat_e5.
struct Box {
  std::int32_t min_lat_e5 = 1;
  std::int32_t min_lon_e5 = 1;
  std::int32_t max_lat_e5 = 0;
  std::int32_t max_lon_e5 = 0;
  [[nodiscard]] constexpr bool is_empty() const { return min_lat_e5 > max_lat_e5; }
  void add(Position position);
  void add(const Box& other);
  [[nodiscard]] friend constexpr bool operator==(const Box&, const Box&) = default;
};

/// A distance in metres that no point of the box can be nearer than: the exact one less a metre for rounding, not below
/// 0; where that is more than `most_m`, a smaller one may be given that is more, too. Precondition: the box is not
/// empty.
[[nodiscard]] std::uint32_t least_distance_m(Centre centre, const Box& box, double most_m);

}  // namespace balise

#endif
