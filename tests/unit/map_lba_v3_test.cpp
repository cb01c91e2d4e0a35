#include <catch2/catch.hpp>
#include <string>

#include "generator/ingest/source_lba_v3.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

Json offer() {
  return Json::parse(R"json({
    "identifier": {"id": "6687165396d52b5e01b409545", "partner_label": "offres_emploi_lba", "partner_job_id": "42"},
    "offer": {"title": "Cuisinier Cuisinier", "rome_codes": ["G1602", "M1855"],
              "description": "Le <b>poste</b><br>06 12 34 56 78",
              "target_diploma": {"european": "3", "label": "CAP, BEP (Infrabac)"},
              "desired_skills": ["Ponctualit\u00e9", "Go\u00fbt"], "to_be_acquired_skills": ["Cuire"],
              "access_conditions": ["Aucune"],
              "publication": {"creation": "2026-10-01T08:00:00.000Z", "expiration": "2026-12-01T00:00:00.000Z"},
              "opening_count": 2, "status": "Active"},
    "contract": {"start": "2027-01-04T00:00:00.000Z", "duration": 12, "type": ["Apprentissage", "Professionnalisation"],
                 "remote": "onsite"},
    "workplace": {"siret": "13002792300171", "brand": "Chez Paul", "legal_name": "SARL PAUL", "name": "Paul",
                  "website": "https://paul.example", "description": "Bistrot", "size": "6-9",
                  "location": {"address": "12 rue de la Paix 75011 Paris",
                               "geopoint": {"type": "Point", "coordinates": [2.3816, 48.8601]}},
                  "domain": {"idcc": 1979, "opco": "AKTO / Opco entreprises et salari\u00e9s des services \u00e0 forte intensit\u00e9 de main d'oeuvre",
                             "naf": {"code": "5610A", "label": "Restauration traditionnelle"}}},
    "apply": {"url": "https://labonnealternance.apprentissage.beta.gouv.fr/x", "phone": "0612345678",
              "recipient_id": "partners_6687"},
    "is_delegated": false
  })json");
}

Json company() {
  Json object = offer();
  object["identifier"] = {{"id", "abc"}, {"partner_label", "recruteurs_lba"}, {"partner_job_id", "13002792300163"}};
  object["offer"]["title"] = "recruteurs_lba";
  object["offer"]["description"] = "recruteurs_lba";
  object["offer"]["rome_codes"] = Json::array({"G1602", "K2202"});
  object["offer"]["publication"] = {{"creation", nullptr}, {"expiration", nullptr}};
  return object;
}

Mapped map(const Json& object, Source source = Source::matcha) {
  return map_with(map_lba_v3, object, source);
}
Mapped with(const Json::json_pointer& path, const Json& value) {
  Json object = offer();
  object[path] = value;
  return map(object);
}

}  // namespace

using nlohmann::literals::operator""_json_pointer;

TEST_CASE("An offer of the export with every field") {
  const Mapped mapped = map(offer());
  REQUIRE(mapped.outcome() == "kept");
  const Record& record = mapped.record();
  CHECK(record.source == Source::matcha);
  CHECK(map(offer(), Source::offres).record().source == Source::offres);
  CHECK(record.id == "6687165396d52b5e01b409545");
  CHECK(record.title == "Cuisinier");
  CHECK(record.company == "Chez Paul");
  CHECK(record.position == Position{4886010, 238160});
  CHECK(record.address == "12 rue de la Paix");
  CHECK(record.postal_code == "75011");
  CHECK(record.city == "Paris");
  CHECK(record.insee == "75111");
  CHECK(mapped.departement() == "75");
  CHECK(mapped.romes() == "G1602 M1855");
  CHECK(mapped.note("unknown_rome") == "M1855");
  CHECK(record.level == 3);
  CHECK(record.opco == Opco::akto);
  CHECK(to_string_date(record.created) == "2026-10-01");
  CHECK(to_string_date(record.expires) == "2026-12-01");
  CHECK(mapped.field(Field::description).find("Le poste\n") == 0);
  CHECK(mapped.field(Field::description).find("06 12") == std::string::npos);
  CHECK(mapped.field(Field::url) == "https://labonnealternance.apprentissage.beta.gouv.fr/x");
  CHECK(mapped.field(Field::siret) == "13002792300171");
  CHECK(mapped.field(Field::has_email) == "true");
  CHECK(mapped.field(Field::naf_code) == "5610A");
  CHECK(mapped.field(Field::naf_label) == "Restauration traditionnelle");
  CHECK(mapped.field(Field::company_size) == "6-9");
  CHECK(mapped.field(Field::company_description) == "Bistrot");
  CHECK(mapped.field(Field::company_url) == "https://paul.example");
  CHECK(mapped.field(Field::legal_name) == "SARL PAUL");
  CHECK(mapped.field(Field::is_delegated) == "false");
  CHECK(mapped.field(Field::contract_type) == "Apprentissage\nProfessionnalisation");
  CHECK(mapped.field(Field::contract_duration) == "12");
  CHECK(mapped.field(Field::contract_start) == "2027-01-04");
  CHECK(mapped.field(Field::opening_count) == "2");
  CHECK(mapped.field(Field::remote) == "onsite");
  CHECK(mapped.field(Field::access_conditions) == "Aucune");
  CHECK(mapped.field(Field::desired_skills) == "Ponctualit\xC3\xA9\nGo\xC3\xBBt");
  CHECK(mapped.field(Field::acquired_skills) == "Cuire");
  CHECK(mapped.field(Field::partner_label) == "offres_emploi_lba");
}

TEST_CASE("Export: life of an offer") {
  CHECK(with("/offer/publication/expiration"_json_pointer, "2026-11-21T00:00:00Z").outcome() == "kept");
  CHECK(with("/offer/publication/expiration"_json_pointer, "2026-11-20").outcome() == "left_out expired");
  // Without an end: sixty days from the creation.
  const Mapped open = with("/offer/publication/expiration"_json_pointer, nullptr);
  CHECK(to_string_date(open.record().expires) == "2026-11-30");
  Json object = offer();
  object["offer"]["publication"] = {{"creation", "2026-09-21"}, {"expiration", nullptr}};
  CHECK(map(object).outcome() == "left_out expired");
  object["offer"]["publication"]["creation"] = "2026-09-22";
  CHECK(map(object).outcome() == "kept");
  object["offer"]["publication"] = nullptr;
  CHECK(map(object).outcome() == "kept");
  CHECK(map(object).record().expires == date_unknown);
  for (const char* status : {"Filled", "Cancelled", "Pending"})
    CHECK(with("/offer/status"_json_pointer, status).outcome() == "left_out not_active");
  CHECK(with("/offer/status"_json_pointer, nullptr).outcome() == "kept");
}

TEST_CASE("Export: what falls back on something else") {
  CHECK(with("/identifier/id"_json_pointer, nullptr).record().id == "42");
  CHECK(with("/workplace/brand"_json_pointer, nullptr).record().company == "SARL PAUL");
  CHECK(with("/workplace/brand"_json_pointer, nullptr).field(Field::legal_name).empty());
  CHECK(with("/offer/target_diploma"_json_pointer, {{"label", "BTS, DEUST (Bac+2)"}}).record().level == 5);
  CHECK(with("/offer/target_diploma"_json_pointer, nullptr).record().level == level_unknown);
  CHECK(with("/workplace/domain/opco"_json_pointer, "inconnu").record().opco == Opco::unknown);
  CHECK_FALSE(with("/workplace/domain/opco"_json_pointer, "OPCO multiple").note("unknown_opco"));
  CHECK(with("/workplace/domain/opco"_json_pointer, "Opco des licornes").note("unknown_opco"));
  CHECK(with("/apply/recipient_id"_json_pointer, nullptr).field(Field::has_email).empty());
  CHECK(with("/offer/title"_json_pointer, nullptr).outcome() == "rejected missing_title");

  Json object = offer();
  object["workplace"]["location"] = {{"address", "Paris"}, {"geopoint", {{"coordinates", {48.8601, 2.3816}}}}};
  const Mapped swapped = map(object);
  CHECK(swapped.record().position == Position{4886010, 238160});
  CHECK(swapped.note("swapped_coordinates"));
  CHECK(swapped.departement() == "75");
  object["workplace"]["location"] = {{"address", "75011 Paris"}, {"geopoint", nullptr}};
  CHECK_FALSE(map(object).record().position);
  object["workplace"]["location"] = nullptr;
  CHECK(map(object).outcome() == "rejected no_place");
}

TEST_CASE("Export: predicted companies are companies under whatever key") {
  for (const Source source : {Source::offres, Source::matcha, Source::lba}) {
    const Mapped mapped = map(company(), source);
    REQUIRE(mapped.outcome() == "kept");
    CHECK(mapped.record().source == Source::lba);
    CHECK(mapped.record().id == "13002792300171");
    CHECK(mapped.record().title == "Chez Paul");
    CHECK(mapped.record().company == "Chez Paul");
    CHECK(mapped.field(Field::legal_name) == "SARL PAUL");
    CHECK(mapped.romes() == "G1602");
    CHECK(mapped.note("rome_without_apprenticeship") == "K2202");
    CHECK(mapped.record().opco == Opco::akto);
    CHECK(mapped.field(Field::description).empty());
  }
  Json object = company();
  object["workplace"]["siret"] = nullptr;
  CHECK(map(object).record().id == "13002792300163");
  object["identifier"]["partner_job_id"] = "12345678901234";
  CHECK(map(object).outcome() == "rejected invalid_siret");
  object["identifier"]["partner_job_id"] = nullptr;
  CHECK(map(object).outcome() == "rejected missing_id");
  object = company();
  object["workplace"]["location"]["geopoint"] = nullptr;
  CHECK(map(object).note("position_of_commune") == "75111 Paris 11e Arrondissement");

  // As the search answers: no offer at all.
  object = company();
  object.erase("offer");
  object["identifier"] = {{"id", "abc"}};
  CHECK(map(object, Source::lba).record().source == Source::lba);
  CHECK(map(object, Source::lba).note("no_rome"));
  CHECK(map(object, Source::offres).outcome() == "rejected missing_title");
  CHECK(map(offer(), Source::lba).outcome() == "rejected not_a_company");
}

TEST_CASE("Export: values of any type do no harm") {
  const Json odd[] = {nullptr, true, 1e300, -5, "", Json::array({Json::array()}), Json::object({{"x", 3}})};
  for (const Json& whole : {offer(), company()}) {
    const Json flat = whole.flatten();
    for (const auto& [path, value] : flat.items())
      for (Json::json_pointer at(path); !at.empty(); at.pop_back())
        for (const Json& other : odd) {
          Json object = whole;
          object[at] = other;
          CHECK_NOTHROW(map(object));
        }
  }
}
