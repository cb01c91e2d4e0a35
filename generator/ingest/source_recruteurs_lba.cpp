#include "generator/ingest/source_recruteurs_lba.hpp"

#include <string>

#include "generator/ingest/company.hpp"
#include "generator/ingest/place.hpp"

namespace balise {

namespace {

/// The parts that say something, with a space between.
std::string joined(const std::string& first, const std::string& second) {
  if (first.empty() || second.empty())
    return first + second;
  return first + ' ' + second;
}

void take_position(const JsonValue& company, Row& row) {
  const auto x_m = number(member(company, "coordonneeLambertAbscisseEtablissement"));
  const auto y_m = number(member(company, "coordonneeLambertOrdonneeEtablissement"));
  if (!x_m || !y_m || *x_m == 0 || *y_m == 0) {
    row.note("no_position");
    return;
  }
  // The code of the commune begins as the postal code does, as far as projections are concerned.
  const std::string& code = row.record.postal_code.empty() ? row.record.insee : row.record.postal_code;
  if (const auto place = from_sirene(*x_m, *y_m, code))
    row.record.position = rounded_position(place->lat_deg, place->lon_deg);
  else
    row.note("position_outside_france", std::to_string(*x_m) + ' ' + std::to_string(*y_m) + ' ' + code);
}

}  // namespace

std::optional<Refusal> map_recruteurs_lba(const JsonValue& object, const MapContext& context, Row& row) {
  Record& record = row.record;
  record.source = Source::lba;
  if (auto refusal = take_siret_as_id(row, member(object, "siret")))
    return refusal;
  if (auto refusal = take_company_names(row, member(object, "enseigne"), member(object, "raison_sociale")))
    return refusal;

  record.address = joined(row.line(member(object, "street_number")), row.line(member(object, "street_name")));
  const std::string zip_code = scalar(member(object, "zip_code"));
  record.postal_code = parse_postal_code(zip_code);
  if (record.postal_code.empty() && !is_placeholder(zip_code))
    row.note("invalid_postal_code", zip_code);
  record.city = row.line(member(object, "libelleCommuneEtablissement"));
  record.insee = parse_insee(scalar(member(object, "insee_city_code")));
  take_position(object, row);
  if (auto refusal = settle_place(row, context.reference, {{}, true}))
    return refusal;

  row.take_romes(member(object, "rome_codes"), context.reference, false, "rome_code");
  drop_romes_without_apprenticeship(row);

  const std::string naf = parse_naf(scalar(first_filled(object, {"activitePrincipaleEtablissement", "naf_code"})));
  row.set(Field::naf_code, naf);
  if (!naf.empty())
    row.set_line(Field::naf_label, first_filled(object, {"labelActivitePrincipaleEtablissement", "naf_label"}));
  row.set(Field::company_size, parse_company_size(row.line(member(object, "company_size"))));
  row.set_url(Field::company_url, member(object, "site_web"));
  if (is_filled(member(object, "email")))
    row.set(Field::has_email, "true");
  if (const JsonValue& opco = member(object, "opco"); opco.is_string())
    record.opco = parse_opco(opco.text()).value_or(Opco::unknown);
  return std::nullopt;
}

}  // namespace balise
