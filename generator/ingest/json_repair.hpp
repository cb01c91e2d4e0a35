#ifndef BALISE_GENERATOR_INGEST_JSON_REPAIR_HPP
#define BALISE_GENERATOR_INGEST_JSON_REPAIR_HPP

#include <string>
#include <string_view>

namespace balise {

/// A second chance for a record that is no valid JSON, for the faults that real exports have: bytes that are no UTF-8
/// are taken as CP1252, control characters inside strings become spaces, NaN and Infinity become null. Everything else
/// stays, so that the result may still be invalid.
[[nodiscard]] std::string repair_json(std::string_view text);

}  // namespace balise

#endif
