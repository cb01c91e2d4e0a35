#ifndef BALISE_GENERATOR_INGEST_PLACE_HPP
#define BALISE_GENERATOR_INGEST_PLACE_HPP

#include <optional>
#include <string_view>

#include "generator/ingest/row.hpp"

namespace balise {

/// What a source says about the place besides the fields of the record.
struct PlaceHints {
  std::string_view departement = {};   ///< code that a label or column gives, the last thing that is believed
  bool use_centre_of_commune = false;  ///< a record without a position takes the centre of its commune
};

/// Settles departement (and so the region) of a row whose insee, postal_code, city and position are as the source gives
/// them: from the commune, else the postal code, else the nearest commune to the position, else the hint. Fills city,
/// insee and position where the reference knows better than nothing; notes what disagrees (`unknown_commune`,
/// `postal_code_disagrees`, `far_from_commune`, `region_disagrees`, `position_of_commune`). Rejects `outside_regions`
/// and `no_place`.
[[nodiscard]] std::optional<Refusal> settle_place(Row& row, const Reference& reference, const PlaceHints& hints);

}  // namespace balise

#endif
