#ifndef BALISE_GENERATOR_INGEST_SOURCE_LBA_V3_HPP
#define BALISE_GENERATOR_INGEST_SOURCE_LBA_V3_HPP

#include <optional>

#include "generator/ingest/row.hpp"

namespace balise {

/// Maps an offer of the current API's export (reference, section 4.3); its predicted companies become records of `lba`.
/// Returns why the row is no record; then what `row` holds means nothing, except its id.
[[nodiscard]] std::optional<Refusal> map_lba_v3(const JsonValue& object, const MapContext& context, Row& row);

}  // namespace balise

#endif
