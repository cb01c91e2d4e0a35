#ifndef BALISE_GENERATOR_INGEST_SOURCE_CATALOGUE_HPP
#define BALISE_GENERATOR_INGEST_SOURCE_CATALOGUE_HPP

#include <optional>

#include "generator/ingest/row.hpp"

namespace balise {

/// Maps a training of the catalogue (reference, section 4.1) to a record of `formations`. Returns why the row
/// is no record; then what `row` holds means nothing, except its id.
[[nodiscard]] std::optional<Refusal> map_catalogue(const JsonValue& object, const MapContext& context, Row& row);

}  // namespace balise

#endif
