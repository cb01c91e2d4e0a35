#ifndef BALISE_GENERATOR_INGEST_PROJECTION_HPP
#define BALISE_GENERATOR_INGEST_PROJECTION_HPP

#include <optional>
#include <string_view>

namespace balise {

struct LatLon {
  double lat_deg, lon_deg;
};

/// Coordinates of the SIRENE register, in metres, to WGS84 (reference, section 4.5): the projection follows from the
/// first three digits of the postal code: Lambert 93 for the mainland and Corsica (and for an empty code), UTM 20 north
/// for 971, 972, 977 and 978, UTM 22 north for 973 (not south, as the original has it), UTM 40 south for 974, UTM 38
/// south for 976. nullopt when x or y is 0 or not finite, or the result lies outside the territory of the projection.
/// At most 1 m off the published reference points (tests/unit/projection_test.cpp).
[[nodiscard]] std::optional<LatLon> from_sirene(double x_m, double y_m, std::string_view postal_code);

}  // namespace balise

#endif
