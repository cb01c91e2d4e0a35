#ifndef BALISE_GENERATOR_INGEST_NON_DIFFUSIBLE_HPP
#define BALISE_GENERATOR_INGEST_NON_DIFFUSIBLE_HPP

#include <string>
#include <unordered_set>

#include "generator/ingest/reference.hpp"
#include "generator/ingest/row.hpp"

namespace balise {

/// Companies that INSEE lists as "non diffusible" keep their commune and their activity: no street, the centre of the
/// commune as position, no web site, logo or text about the company. Their name stays only where it says that it is
/// that of a legal person (SARL, association ...); any other may be a person's, and the activity or "Entreprise" stands
/// in its place, and "[nom retir\u00E9]" where a text repeats it. `numbers` are SIRENs and SIRETs. Does nothing to
/// other records.
void hide_non_diffusible(Row& row, const std::unordered_set<std::string>& numbers, const Reference& reference);

/// Whether a company name says that it belongs to a legal person.
[[nodiscard]] bool names_legal_person(std::string_view name);

}  // namespace balise

#endif
