#ifndef BALISE_BENCH_DATA_LAMBERT_HPP
#define BALISE_BENCH_DATA_LAMBERT_HPP

#include <string_view>
#include <utility>

namespace balise::bench {

/// The way back of from_sirene() (generator/ingest/projection.hpp): metres of the SIRENE register, x and y, of a place
/// in degrees, by the postal code's projection.
[[nodiscard]] std::pair<double, double> to_sirene(double lat_deg, double lon_deg, std::string_view postal_code);

}  // namespace balise::bench

#endif
