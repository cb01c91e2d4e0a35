#include "generator/ingest/source_catalogue.hpp"

#include <string>

#include "generator/ingest/place.hpp"

namespace balise {

namespace {

/// "start/end" a line, where the two lists go together.
std::string sessions_of(const JsonValue& formation) {
  const JsonValue& starts = member(formation, "date_debut");
  const JsonValue& ends = member(formation, "date_fin");
  std::string sessions;
  if (!starts.is_array() || !ends.is_array() || starts.size() != ends.size())
    return sessions;
  auto at = ends.begin();
  for (const JsonValue& first : starts) {
    const std::string start = to_string_date(date_of(first)), end = to_string_date(date_of(*at));
    ++at;
    if (start.empty())
      continue;
    if (!sessions.empty())
      sessions += '\n';
    sessions += start + '/' + end;
  }
  return sessions;
}

/// Where the training takes place; a record without any word on that takes the school's address, else that of the body
/// in charge, as La bonne alternance shows it.
void take_place(const JsonValue& formation, Row& row) {
  Record& record = row.record;
  record.address = row.line(member(formation, "lieu_formation_adresse"));
  record.postal_code = parse_postal_code(scalar(member(formation, "code_postal")));
  record.city = row.line(member(formation, "localite"));
  record.insee = parse_insee(scalar(member(formation, "code_commune_insee")));
  for (const std::string body : {"etablissement_formateur_", "etablissement_gestionnaire_"}) {
    if (!record.postal_code.empty() || !record.insee.empty())
      return;
    const std::string postal_code = parse_postal_code(scalar(member(formation, body + "code_postal")));
    const std::string insee = parse_insee(scalar(member(formation, body + "code_commune_insee")));
    if (postal_code.empty() && insee.empty())
      continue;
    record.address = row.line(member(formation, body + "adresse"));
    record.postal_code = postal_code;
    record.city = row.line(member(formation, body + "localite"));
    record.insee = insee;
    row.note("place_of_school", postal_code.empty() ? insee : postal_code);
  }
}

void take_details(const JsonValue& formation, Row& row) {
  const auto at = [&formation](std::string_view key) -> const JsonValue& { return member(formation, key); };
  row.set_line(Field::long_title, at("intitule_long"));
  row.set_line(Field::short_title, at("intitule_court"));
  row.set_line(Field::diploma, at("diplome"));
  row.set_code(Field::cfd, at("cfd"));
  row.set_code(Field::rncp_code, at("rncp_code"));
  row.set_line(Field::rncp_label, at("rncp_intitule"));
  row.set_boolean(Field::rncp_eligible, at("rncp_eligible_apprentissage"));
  row.set_code(Field::id_rco, at("id_formation"));
  row.set_code(Field::id_rco_formation, at("id_rco_formation"));
  row.set_line(Field::capacity, at("capacite"));
  row.set_url(Field::onisep_url, at("onisep_url"));
  row.set_text(Field::description, at("contenu"));
  row.set_text(Field::objective, at("objectif"));
  row.set_line(Field::duration, at("duree"));
  row.set(Field::sessions, sessions_of(formation));
  row.set_boolean(Field::is_remote_only, at("entierement_a_distance"));
  row.set_date(Field::updated, at("last_update_at"));
  if (is_filled(first_filled(formation, {"email", "etablissement_formateur_courriel"})))
    row.set(Field::has_email, "true");

  row.set_siret(Field::siret, at("etablissement_formateur_siret"));
  row.set_code(Field::school_uai, at("etablissement_formateur_uai"));
  row.set_code(Field::school_id, at("etablissement_formateur_id"));
  row.set_line(Field::school_city, at("etablissement_formateur_localite"));
  row.set_line(Field::cedex, at("etablissement_formateur_cedex"));

  row.set_code(Field::head_id, at("etablissement_gestionnaire_id"));
  row.set_code(Field::head_uai, at("etablissement_gestionnaire_uai"));
  row.set_siret(Field::head_siret, at("etablissement_gestionnaire_siret"));
  row.set_line(Field::head_type, at("etablissement_gestionnaire_type"));
  row.set_boolean(Field::head_has_agreement, at("etablissement_gestionnaire_conventionne"));
  row.set_line(Field::head_name, at("etablissement_gestionnaire_entreprise_raison_sociale"));
  row.set_line(Field::head_address, at("etablissement_gestionnaire_adresse"));
  row.set(Field::head_postal_code, parse_postal_code(scalar(at("etablissement_gestionnaire_code_postal"))));
  row.set_line(Field::head_city, at("etablissement_gestionnaire_localite"));
  row.set_line(Field::head_cedex, at("etablissement_gestionnaire_cedex"));
}

}  // namespace

std::optional<Refusal> map_catalogue(const JsonValue& object, const MapContext& context, Row& row) {
  Record& record = row.record;
  record.source = Source::formations;
  if (auto refusal = row.take_id(member(object, "cle_ministere_educatif")))
    return refusal;
  // A file without the field was cut from the published trainings already.
  if (boolean(member(object, "published")) == false)
    return left_out("unpublished");

  record.title = row.line(first_filled(object, {"intitule_long", "intitule_court", "intitule_rco"}));
  if (record.title.empty())
    return rejected("missing_title");
  record.company = row.line(first_filled(
      object, {"etablissement_formateur_entreprise_raison_sociale", "etablissement_formateur_enseigne",
               "etablissement_gestionnaire_entreprise_raison_sociale", "etablissement_gestionnaire_enseigne"}));

  const std::string pair =
      scalar(first_filled(object, {"lieu_formation_geo_coordonnees", "idea_geo_coordonnees_etablissement"}));
  row.take_position(place_pair(pair), [&pair] { return pair; });
  take_place(object, row);
  std::string departement = scalar(member(object, "num_departement"));
  if (departement.size() == 1)
    departement.insert(departement.begin(), '0');
  if (auto refusal = settle_place(row, context.reference, {departement, true}))
    return refusal;

  // Certifications are linked to pseudo-codes of whole domains and to codes of the past: those find nothing.
  row.take_romes(member(object, "rome_codes"), context.reference, false);
  record.level = parse_level(scalar(member(object, "niveau")));
  record.created = date_of(member(object, "created_at"));
  take_details(object, row);
  return std::nullopt;
}

}  // namespace balise
