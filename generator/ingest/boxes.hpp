#ifndef BALISE_GENERATOR_INGEST_BOXES_HPP
#define BALISE_GENERATOR_INGEST_BOXES_HPP

#include <array>
#include <cstdint>

namespace balise {

/// The pieces of France that have a box of their own; `elsewhere` are the territories outside the 18 regions.
enum class Territory : std::uint8_t { mainland, guadeloupe, martinique, guyane, reunion, mayotte, elsewhere };

/// A rectangle around one piece of France with some 20 km of sea, bounds included.
struct TerritoryBox {
  Territory territory;
  double min_lat_deg, max_lat_deg, min_lon_deg, max_lon_deg;
  [[nodiscard]] constexpr bool holds(double lat_deg, double lon_deg) const {
    return lat_deg >= min_lat_deg && lat_deg <= max_lat_deg && lon_deg >= min_lon_deg && lon_deg <= max_lon_deg;
  }
};

/// No box of the 18 regions meets another one, nor its own mirror image with latitude and longitude exchanged: a
/// swapped pair can always be told. The territories outside are listed so that a position there is not called foreign.
inline constexpr std::array<TerritoryBox, 12> territory_boxes{{
    {Territory::mainland, 41.2, 51.3, -5.4, 9.8},  // with Corsica
    {Territory::guadeloupe, 15.7, 16.7, -62.0, -60.8},
    {Territory::martinique, 14.2, 15.1, -61.4, -60.6},
    {Territory::guyane, 2.0, 6.1, -54.8, -51.4},
    {Territory::reunion, -21.6, -20.7, 55.0, 56.1},
    {Territory::mayotte, -13.2, -12.4, 44.8, 45.5},
    {Territory::elsewhere, 17.7, 18.3, -63.3, -62.6},      // Saint-Martin, Saint-Barthelemy
    {Territory::elsewhere, 46.6, 47.3, -56.6, -55.9},      // Saint-Pierre-et-Miquelon
    {Territory::elsewhere, -23.0, -17.9, 158.0, 172.5},    // New Caledonia
    {Territory::elsewhere, -28.1, -7.5, -155.0, -134.0},   // Polynesia
    {Territory::elsewhere, -14.5, -13.0, -178.4, -175.9},  // Wallis and Futuna
    {Territory::elsewhere, -50.2, -37.5, 50.0, 78.0},      // southern lands
}};

/// The box that holds a position; nullptr when it lies in none.
[[nodiscard]] constexpr const TerritoryBox* box_of(double lat_deg, double lon_deg) {
  for (const TerritoryBox& box : territory_boxes)
    if (box.holds(lat_deg, lon_deg))
      return &box;
  return nullptr;
}

}  // namespace balise

#endif
