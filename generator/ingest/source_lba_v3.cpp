#include "generator/ingest/source_lba_v3.hpp"

#include <string>
#include <utility>

#include "core/text.hpp"
#include "generator/ingest/company.hpp"
#include "generator/ingest/place.hpp"

namespace balise {

namespace {

constexpr Date life_days = 60;  ///< of an offer that states no end (reference, section 4.9)
constexpr std::string_view companies_label = "recruteurs_lba";

/// Both nullptr when it is no list of at least two.
std::pair<const JsonValue*, const JsonValue*> first_two(const JsonValue& list) {
  if (!list.is_array() || list.begin() == list.end())
    return {nullptr, nullptr};
  auto second = list.begin();
  ++second;
  return second == list.end() ? std::pair<const JsonValue*, const JsonValue*>() : std::pair(&*list.begin(), &*second);
}

std::optional<Refusal> take_place(const JsonValue& workplace, const MapContext& context, Row& row, bool use_centre) {
  const JsonValue& location = member(workplace, "location");
  const AddressParts parts = split_address(row.line(member(location, "address")));
  row.record.address = parts.street;
  row.record.postal_code = parts.postal_code;
  row.record.city = parts.city;
  const JsonValue& pair = member(member(location, "geopoint"), "coordinates");
  const auto [lon, lat] = first_two(pair);
  row.take_position(lat == nullptr ? PlacedPair{} : place_pair(number(*lat), number(*lon)),
                    [&pair, lat = lat] { return lat == nullptr ? std::string() : pair.dump(); });
  return settle_place(row, context.reference, {{}, use_centre});
}

void take_workplace_details(const JsonValue& workplace, Row& row) {
  row.set(Field::company_size, parse_company_size(row.line(member(workplace, "size"))));
  row.set_text(Field::company_description, member(workplace, "description"));
  row.set_url(Field::company_url, member(workplace, "website"));
  const JsonValue& domain = member(workplace, "domain");
  const JsonValue& naf = member(domain, "naf");
  row.set(Field::naf_code, parse_naf(scalar(member(naf, "code"))));
  row.set_line(Field::naf_label, member(naf, "label"));
  const std::string opco = row.line(member(domain, "opco"));
  const std::string folded = fold(opco);
  // The labels for "unknown" and "several" say nothing that could be searched for.
  if (folded.empty() || folded == "inconnu" || folded == "opco multiple")
    return;
  if (const std::optional<Opco> known = parse_opco(opco))
    row.record.opco = *known;
  else
    row.note("unknown_opco", opco);
}

void take_application_details(const JsonValue& object, Row& row) {
  const JsonValue& apply = member(object, "apply");
  row.set_url(Field::url, member(apply, "url"));
  // There is a recipient exactly where the service can send an application by e-mail.
  if (is_filled(member(apply, "recipient_id")))
    row.set(Field::has_email, "true");
}

std::optional<Refusal> map_company(const JsonValue& object, const MapContext& context, Row& row) {
  row.record.source = Source::lba;
  const JsonValue& identifier = member(object, "identifier");
  const JsonValue& workplace = member(object, "workplace");
  const JsonValue& siret = member(workplace, "siret");
  if (auto refusal = take_siret_as_id(row, is_filled(siret) ? siret : member(identifier, "partner_job_id")))
    return refusal;
  const JsonValue& trade_name = first_filled(workplace, {"brand", "name"});
  if (auto refusal = take_company_names(row, trade_name, member(workplace, "legal_name")))
    return refusal;
  if (auto refusal = take_place(workplace, context, row, true))
    return refusal;
  row.take_romes(member(member(object, "offer"), "rome_codes"), context.reference, false);
  drop_romes_without_apprenticeship(row);
  take_workplace_details(workplace, row);
  take_application_details(object, row);
  return std::nullopt;
}

std::optional<Refusal> map_offer(const JsonValue& object, const MapContext& context, Row& row) {
  Record& record = row.record;
  record.source = context.source;
  const JsonValue& offer = member(object, "offer");
  if (auto refusal = row.take_id(first_filled(member(object, "identifier"), {"id", "partner_job_id"})))
    return refusal;
  if (record.source == Source::lba)
    return rejected("not_a_company", "an offer in a source of companies");
  const JsonValue& status = member(offer, "status");
  if (is_filled(status) && fold(scalar(status)) != "active")
    return left_out("not_active", scalar(status));

  const JsonValue& publication = member(offer, "publication");
  record.created = date_of(member(publication, "creation"));
  record.expires = date_of(member(publication, "expiration"));
  if (record.expires == date_unknown && record.created != date_unknown)
    record.expires = record.created + life_days;
  // Told here as well as for every source, so that an old offer is not first blamed for its place.
  if (record.expires != date_unknown && record.expires < context.as_of)
    return left_out("expired", to_string_date(record.expires));

  record.title = without_repeated_gender_mark(without_doubling(row.line(member(offer, "title"))));
  if (record.title.empty())
    return rejected("missing_title");
  const JsonValue& workplace = member(object, "workplace");
  record.company = company_name(row, first_filled(workplace, {"brand", "legal_name", "name"}));
  if (auto refusal = take_place(workplace, context, row, false))
    return refusal;

  row.take_romes(member(offer, "rome_codes"), context.reference, true);
  const JsonValue& diploma = member(offer, "target_diploma");
  record.level = parse_level(scalar(member(diploma, "european")));
  if (record.level == level_unknown)
    record.level = level_of_words(scalar(member(diploma, "label")));

  row.set_text(Field::description, member(offer, "description"));
  row.set_siret(Field::siret, member(workplace, "siret"));
  if (std::string legal = company_name(row, member(workplace, "legal_name")); legal != record.company)
    row.set(Field::legal_name, std::move(legal));
  take_workplace_details(workplace, row);
  take_application_details(object, row);
  row.set_boolean(Field::is_delegated, member(object, "is_delegated"));
  const JsonValue& contract = member(object, "contract");
  row.set_lines(Field::contract_type, member(contract, "type"));
  row.set_line(Field::contract_duration, member(contract, "duration"));
  row.set_date(Field::contract_start, member(contract, "start"));
  row.set_code(Field::remote, member(contract, "remote"));
  row.set_line(Field::work_rhythm, first_filled(contract, {"rythm", "rhythm"}));
  row.set_boolean(Field::accepts_handicap, member(contract, "is_disabled_elligible"));
  row.set_line(Field::opening_count, member(offer, "opening_count"));
  row.set_lines(Field::access_conditions, member(offer, "access_conditions"));
  row.set_lines(Field::desired_skills, member(offer, "desired_skills"));
  row.set_lines(Field::acquired_skills, member(offer, "to_be_acquired_skills"));
  row.set_line(Field::partner_label, member(member(object, "identifier"), "partner_label"));
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> map_lba_v3(const JsonValue& object, const MapContext& context, Row& row) {
  // The export carries the predicted companies as pseudo-offers; an answer of the search gives them without an offer.
  const bool is_company = scalar(member(member(object, "identifier"), "partner_label")) == companies_label ||
                          (context.source == Source::lba && !is_filled(member(object, "offer")));
  return is_company ? map_company(object, context, row) : map_offer(object, context, row);
}

}  // namespace balise
