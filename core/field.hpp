#ifndef BALISE_CORE_FIELD_HPP
#define BALISE_CORE_FIELD_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace balise {

/// What a record may carry besides its card: the fields of the V1 answers (reference, section 2.5). This list is the
/// allow-list of what can be published: nothing else of a source reaches a file. Numbers are part of the shard format:
/// append only, never reuse. Every value is UTF-8 text without HTML; a boolean is "true" or "false"; a list is joined
/// by
/// '\n'; a date is "YYYY-MM-DD".
enum class Field : std::uint8_t {
  description = 1,  ///< text of an offer; `contenu` of a formation
  url = 2,          ///< where to read more or apply, http(s) only
  siret = 3,        ///< of the company or of the school that teaches
  has_email = 4,    ///< "true" when the source knows an address; the address itself is never kept
  naf_code = 5,     ///< no dot: "4673A"
  naf_label = 6,
  company_size = 7,  ///< "10-19"
  company_description = 8,
  company_url = 9,     ///< web site, http(s) only
  company_logo = 10,   ///< http(s) only
  legal_name = 11,     ///< raison sociale, where `company` holds the trade name
  is_delegated = 12,   ///< offer managed by a training centre
  contract_type = 13,  ///< list of "Apprentissage", "Professionnalisation"
  contract_description = 14,
  contract_duration = 15,  ///< text of a France Travail offer, or months of an LBA offer
  contract_start = 16,     ///< date
  work_rhythm = 17,
  opening_count = 18,
  accepts_handicap = 19,
  remote = 20,             ///< "onsite", "remote", "hybrid"
  access_conditions = 21,  ///< list
  desired_skills = 22,     ///< list
  acquired_skills = 23,    ///< list
  partner_label = 24,      ///< where an offer comes from (reference, section 4.4)
  rome_label = 25,         ///< label given by the source for its own ROME
  place_label = 26,        ///< place as the source words it ("69 - Lyon 3e Arrondissement")
  updated = 27,            ///< date
  contract_code = 28,      ///< of France Travail: "CDD"
  long_title = 40,         ///< `intitule_long`
  short_title = 41,        ///< `intitule_court`
  diploma = 42,            ///< `diplome`
  cfd = 43,
  rncp_code = 44,
  rncp_label = 45,
  rncp_eligible = 46,  ///< boolean
  id_rco = 47,         ///< `id_formation`
  id_rco_formation = 48,
  capacity = 49,
  onisep_url = 50,
  objective = 51,       ///< `objectif`
  duration = 52,        ///< `duree`
  sessions = 53,        ///< list of "start/end" dates
  is_remote_only = 54,  ///< `entierement_a_distance`
  school_uai = 55,
  school_id = 56,
  school_city = 57,
  head_id = 60,  ///< `etablissement_gestionnaire_*`, all 60 to 68
  head_uai = 61,
  head_siret = 62,
  head_type = 63,
  head_has_agreement = 64,
  head_name = 65,
  head_address = 66,
  head_postal_code = 67,
  head_city = 68,
  head_cedex = 69,
  cedex = 70,  ///< of the place of training
};

/// One field of one record.
struct Detail {
  Field field;
  std::string value;  ///< never empty
  [[nodiscard]] friend bool operator==(const Detail&, const Detail&) = default;
};

/// The name above as text ("description"), for `inspect`; "field-NNN" for a number that this version does not know.
[[nodiscard]] std::string name_of(Field field);

}  // namespace balise

#endif
