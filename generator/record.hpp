#ifndef BALISE_GENERATOR_RECORD_HPP
#define BALISE_GENERATOR_RECORD_HPP

#include <optional>
#include <string>
#include <vector>

#include "core/field.hpp"
#include "core/ids.hpp"
#include "core/position.hpp"
#include "core/territory.hpp"

namespace balise {

/// One formation, offre or company, normalised: what ingest hands to the shard writer. All text is valid UTF-8, one
/// line (except Field::description and its like), trimmed, without HTML, e-mail addresses or phone numbers of people.
struct Record {
  Source source = Source::formations;
  std::string id;       ///< the source's own: cle_ministere_educatif, offer id, identifier.id, SIRET. Never empty.
  std::string title;    ///< never empty
  std::string company;  ///< school or company; empty when the source gives none
  std::optional<Position> position;  ///< nullopt: found only by searches without a centre
  std::string address;               ///< street part only; empty when unknown
  std::string postal_code;           ///< five digits or empty
  std::string city;                  ///< may be empty
  std::string insee;                 ///< commune, five characters or empty
  Departement departement;           ///< never none, and so the region
  std::vector<RomeCode> romes;       ///< ascending, no duplicate; may be empty
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  Date created = date_unknown;
  Date expires = date_unknown;  ///< last day on which the record may be shown
  std::vector<Detail> details;  ///< ascending by field, each field at most once
};

/// Sets or replaces one detail; an empty value removes it. Keeps the order of `details`.
void set_detail(Record& record, Field field, std::string value);
/// The value of a field, or an empty string.
[[nodiscard]] const std::string& detail(const Record& record, Field field);

}  // namespace balise

#endif
