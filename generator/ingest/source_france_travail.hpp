#ifndef BALISE_GENERATOR_INGEST_SOURCE_FRANCE_TRAVAIL_HPP
#define BALISE_GENERATOR_INGEST_SOURCE_FRANCE_TRAVAIL_HPP

#include <optional>

#include "generator/ingest/row.hpp"

namespace balise {

/// Maps an offer of France Travail (reference, section 4.2). Returns why the row
/// is no record; then what `row` holds means nothing, except its id.
[[nodiscard]] std::optional<Refusal> map_france_travail(const JsonValue& object, const MapContext& context, Row& row);

}  // namespace balise

#endif
