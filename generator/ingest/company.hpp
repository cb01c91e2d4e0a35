#ifndef BALISE_GENERATOR_INGEST_COMPANY_HPP
#define BALISE_GENERATOR_INGEST_COMPANY_HPP

#include <optional>
#include <string>
#include <string_view>

#include "generator/ingest/row.hpp"

namespace balise {

// What the two formats that hold predicted companies have in common.

/// SIRET as the id of a company, or why it has none (`missing_id`, `invalid_siret`).
[[nodiscard]] std::optional<Refusal> take_siret_as_id(Row& row, const JsonValue& value);
/// A name as typed, without frames ("***GLAXO***") and placeholders.
[[nodiscard]] std::string company_name(Row& row, const JsonValue& value);
/// Trade name as title and company, legal name as a detail where it differs. `missing_title` when there is neither.
[[nodiscard]] std::optional<Refusal> take_company_names(Row& row, const JsonValue& trade_name,
                                                        const JsonValue& legal_name);
/// Takes away the five occupations that are never learnt in apprenticeship (reference, section 3.9).
void drop_romes_without_apprenticeship(Row& row);

}  // namespace balise

#endif
