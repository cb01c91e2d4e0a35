#include "generator/ingest/source_france_travail.hpp"

#include <algorithm>
#include <string>

#include "core/text.hpp"
#include "generator/ingest/place.hpp"
#include "generator/text/clean_text.hpp"
#include "generator/text/personal_data.hpp"

namespace balise {

namespace {

enum class Nature { unstated, apprenticeship, professionalisation, other };

/// The code of the request, or the label of the answer.
Nature nature_of(const JsonValue& offer) {
  const std::string nature = fold(scalar(member(offer, "natureContrat")));
  if (nature.empty())
    return Nature::unstated;
  if (nature == "e2" || nature.find("apprentissage") != std::string::npos)
    return Nature::apprenticeship;
  if (nature == "fs" || nature.find("professionnalisation") != std::string::npos)
    return Nature::professionalisation;
  return Nature::other;
}

/// The level that the offer asks for: the only one that it demands, else the only one that it names, else none.
Level level_of(const JsonValue& offer) {
  std::vector<Level> demanded, named;
  const JsonValue& formations = member(offer, "formations");
  if (!formations.is_array())
    return level_unknown;
  for (const JsonValue& formation : formations) {
    const Level level = level_of_words(scalar(member(formation, "niveauLibelle")));
    if (level == level_unknown)
      continue;
    const auto add = [level](std::vector<Level>& levels) {
      if (std::find(levels.begin(), levels.end(), level) == levels.end())
        levels.push_back(level);
    };
    add(named);
    if (scalar(member(formation, "exigence")) == "E")
      add(demanded);
  }
  if (demanded.size() == 1)
    return demanded.front();
  return named.size() == 1 ? named.front() : level_unknown;
}

/// Where to apply: the link of the offer, else its first partner, else its page at France Travail.
std::string url_of(const JsonValue& offer) {
  const auto clean = [](const JsonValue& value) {
    return value.is_string() ? without_email_in_url(clean_url(value.text())) : std::string();
  };
  std::string url = clean(member(member(offer, "contact"), "urlPostulation"));
  const JsonValue& origin = member(offer, "origineOffre");
  if (url.empty())
    if (const JsonValue& partners = member(origin, "partenaires");
        partners.is_array() && partners.begin() != partners.end())
      url = clean(member(*partners.begin(), "url"));
  return url.empty() ? clean(member(origin, "urlOrigine")) : url;
}

std::string skills_of(const JsonValue& offer, Row& row) {
  std::string skills;
  if (const JsonValue& list = member(offer, "competences"); list.is_array()) {
    for (const JsonValue& skill : list) {
      const std::string label = row.line(member(skill, "libelle"));
      if (!label.empty())
        skills += (skills.empty() ? "" : "\n") + label;
    }
  }
  return skills;
}

}  // namespace

std::optional<Refusal> map_france_travail(const JsonValue& object, const MapContext& context, Row& row) {
  Record& record = row.record;
  record.source = context.source;
  if (auto refusal = row.take_id(member(object, "id")))
    return refusal;
  const Nature nature = nature_of(object);
  const std::optional<bool> alternance = boolean(member(object, "alternance"));
  if (alternance == false && nature == Nature::other)
    return left_out("not_work_study", scalar(member(object, "natureContrat")));

  record.title = without_repeated_gender_mark(row.line(member(object, "intitule")));
  if (record.title.empty())
    return rejected("missing_title");
  const JsonValue& company = member(object, "entreprise");
  record.company = row.line(member(company, "nom"));
  if (fold(record.company) == "offre anonyme")
    record.company.clear();

  const JsonValue& place = member(object, "lieuTravail");
  const JsonValue& lat = member(place, "latitude");
  const JsonValue& lon = member(place, "longitude");
  row.take_position(place_pair(number(lat), number(lon)), [&] { return scalar(lat) + ' ' + scalar(lon); });
  record.postal_code = parse_postal_code(scalar(member(place, "codePostal")));
  record.insee = parse_insee(scalar(member(place, "commune")));
  const std::string label = row.line(member(place, "libelle"));
  const PlaceLabel parts = parse_place_label(label);
  record.city = parts.city;
  row.set(Field::place_label, label);
  // A whole departement or region has no centre worth measuring from: such an offer stays without a position.
  if (auto refusal = settle_place(row, context.reference, {parts.departement, false})) {
    if (refusal->detail.empty())
      refusal->detail = label;
    return refusal;
  }

  row.take_romes(member(object, "romeCode"), context.reference, true);
  record.level = level_of(object);
  record.created = date_of(member(object, "dateCreation"));
  // No end: the feed holds live offers only, and the rule of 2022 is kept.

  row.set_date(Field::updated, member(object, "dateActualisation"));
  row.set_text(Field::description, member(object, "description"));
  row.set(Field::url, url_of(object));
  row.set_siret(Field::siret, member(company, "siret"));
  row.set_text(Field::company_description, member(company, "description"));
  row.set_url(Field::company_url, member(company, "url"));
  row.set_url(Field::company_logo, member(company, "logo"));
  if (is_filled(member(member(object, "contact"), "courriel")))
    row.set(Field::has_email, "true");
  row.set(Field::naf_code, parse_naf(scalar(member(object, "codeNAF"))));
  row.set_line(Field::naf_label, member(object, "secteurActiviteLibelle"));
  row.set_line(Field::company_size, member(object, "trancheEffectifEtab"));
  if (nature == Nature::professionalisation)
    row.set(Field::contract_type, "Professionnalisation");
  else if (nature == Nature::apprenticeship)
    row.set(Field::contract_type, "Apprentissage");
  row.set_code(Field::contract_code, member(object, "typeContrat"));
  row.set_line(Field::contract_description, member(object, "typeContratLibelle"));
  row.set_line(Field::contract_duration, first_filled(object, {"dureeTravailLibelle", "dureeTravailLibelleConverti"}));
  row.set_line(Field::opening_count, member(object, "nombrePostes"));
  row.set_boolean(Field::accepts_handicap, member(object, "accessibleTH"));
  row.set(Field::desired_skills, skills_of(object, row));
  row.set(Field::partner_label, "France Travail");
  row.set_line(Field::rome_label, first_filled(object, {"romeLibelle", "appellationlibelle"}));
  return std::nullopt;
}

}  // namespace balise
