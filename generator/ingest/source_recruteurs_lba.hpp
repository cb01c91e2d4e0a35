#ifndef BALISE_GENERATOR_INGEST_SOURCE_RECRUTEURS_LBA_HPP
#define BALISE_GENERATOR_INGEST_SOURCE_RECRUTEURS_LBA_HPP

#include <optional>

#include "generator/ingest/row.hpp"

namespace balise {

/// Maps a predicted company (reference, section 4.5) to a record of `lba`. Returns why the row
/// is no record; then what `row` holds means nothing, except its id.
[[nodiscard]] std::optional<Refusal> map_recruteurs_lba(const JsonValue& object, const MapContext& context, Row& row);

}  // namespace balise

#endif
