#include <catch2/catch.hpp>
#include <iostream>
#include <string>

#include "generator/ingest/source_france_travail.hpp"
#include "generator/input/input_stream.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

Json offer() {
  return Json::parse(R"json({
    "id": "082SGKK", "intitule": "Vendeur en bricolage H/F (H/F)", "description": "Ligne un\nEcrire \u00e0 jean.dupont@example.fr",
    "dateCreation": "2026-10-23T13:32:22+01:00", "dateActualisation": "2026-11-02T02:53:40.000Z",
    "lieuTravail": {"libelle": "57 - METZ TECHNOPOLE", "latitude": 49.11972222, "longitude": "6.176944443",
                    "codePostal": "57000", "commune": "57463"},
    "romeCode": "D1212", "romeLibelle": "Vente en d\u00e9coration", "appellationlibelle": "Vendeur en bricolage",
    "entreprise": {"nom": "ISEAH FORMATION", "siret": "13002792300171", "url": "https://www.example.fr",
                   "logo": "https://www.example.fr/logo.png", "description": "Une <b>entreprise</b>"},
    "typeContrat": "CDD", "typeContratLibelle": "Contrat \u00e0 dur\u00e9e d\u00e9termin\u00e9e - 12 Mois",
    "natureContrat": "Cont. professionnalisation", "alternance": true, "nombrePostes": 2, "accessibleTH": true,
    "dureeTravailLibelle": "35H Horaires normaux", "codeNAF": "47.52B", "secteurActiviteLibelle": "Commerce de d\u00e9tail",
    "trancheEffectifEtab": "50 \u00e0 99 salari\u00e9s",
    "contact": {"nom": "Jean Dupont", "courriel": "jean.dupont@example.fr", "telephone": "01 23 45 67 89"},
    "formations": [{"niveauLibelle": "Bac ou \u00e9quivalent", "exigence": "E"},
                   {"niveauLibelle": "Bac+2 ou \u00e9quivalents", "exigence": "S"}],
    "competences": [{"code": "1", "libelle": "Accueillir une client\u00e8le"}, {"libelle": ""}, {"libelle": "Vendre"}],
    "origineOffre": {
  "origine" : "1",
              "urlOrigine" : "https://candidat.francetravail.fr/offres/recherche/detail/082SGKK",
                             "partenaires" : []}
  })json");
}

Mapped map(const Json& object) {
  return map_with(map_france_travail, object, Source::offres);
}
Mapped with(const Json::json_pointer& path, const Json& value) {
  Json object = offer();
  object[path] = value;
  return map(object);
}

}  // namespace

using nlohmann::literals::operator""_json_pointer;

TEST_CASE("An offer of France Travail with every field") {
  const Mapped mapped = map(offer());
  REQUIRE(mapped.outcome() == "kept");
  const Record& record = mapped.record();
  CHECK(record.source == Source::offres);
  CHECK(record.id == "082SGKK");
  CHECK(record.title == "Vendeur en bricolage H/F");
  CHECK(record.company == "ISEAH FORMATION");
  CHECK(record.position == Position{4911972, 617694});
  CHECK(record.postal_code == "57000");
  CHECK(record.insee == "57463");
  CHECK(record.city == "METZ TECHNOPOLE");
  CHECK(mapped.departement() == "57");
  CHECK(mapped.romes() == "D1212");
  CHECK(record.level == 4);
  CHECK(to_string_date(record.created) == "2026-10-23");
  CHECK(record.expires == date_unknown);
  CHECK(mapped.field(Field::updated) == "2026-11-02");
  CHECK(mapped.field(Field::description).find("Ligne un\nEcrire") == 0);
  CHECK(mapped.field(Field::description).find('@') == std::string::npos);
  CHECK(mapped.note("personal_data_removed") == "1 e-mail addresses, 0 phone numbers, 0 names");
  CHECK(mapped.field(Field::url) == "https://candidat.francetravail.fr/offres/recherche/detail/082SGKK");
  CHECK(mapped.field(Field::siret) == "13002792300171");
  CHECK(mapped.field(Field::company_url) == "https://www.example.fr");
  CHECK(mapped.field(Field::company_logo) == "https://www.example.fr/logo.png");
  CHECK(mapped.field(Field::company_description) == "Une entreprise");
  CHECK(mapped.field(Field::company_size) == "50 \xC3\xA0 99 salari\xC3\xA9s");
  CHECK(mapped.field(Field::has_email) == "true");
  CHECK(mapped.field(Field::naf_code) == "4752B");
  CHECK(mapped.field(Field::naf_label) == "Commerce de d\xC3\xA9tail");
  CHECK(mapped.field(Field::contract_type) == "Professionnalisation");
  CHECK(mapped.field(Field::contract_description) ==
        "Contrat \xC3\xA0 dur\xC3\xA9"
        "e d\xC3\xA9termin\xC3\xA9"
        "e - 12 Mois");
  CHECK(mapped.field(Field::contract_duration) == "35H Horaires normaux");
  CHECK(mapped.field(Field::opening_count) == "2");
  CHECK(mapped.field(Field::accepts_handicap) == "true");
  CHECK(mapped.field(Field::desired_skills) == "Accueillir une client\xC3\xA8le\nVendre");
  CHECK(mapped.field(Field::partner_label) == "France Travail");
  CHECK(mapped.field(Field::rome_label) ==
        "Vente en d\xC3\xA9"
        "coration");
  CHECK(mapped.field(Field::place_label) == "57 - METZ TECHNOPOLE");
  for (const Detail& detail : record.details)
    CHECK(detail.value.find("Dupont") == std::string::npos);
}

TEST_CASE("Offers: only work-study contracts") {
  Json object = offer();
  object["alternance"] = false;
  CHECK(map(object).outcome() == "kept");  // the nature of the contract says so
  for (const char* nature : {"E2", "FS", "Contrat apprentissage", "Cont. professionnalisation"}) {
    object["natureContrat"] = nature;
    CHECK(map(object).outcome() == "kept");
  }
  object["natureContrat"] = "Contrat travail";
  CHECK(map(object).outcome() == "left_out not_work_study");
  object["alternance"] = nullptr;
  CHECK(map(object).outcome() == "kept");
  object["alternance"] = false;
  object.erase("natureContrat");
  CHECK(map(object).outcome() == "kept");
  CHECK(with("/natureContrat"_json_pointer, "E2").field(Field::contract_type) == "Apprentissage");
}

TEST_CASE("Offers: places") {
  Json object = offer();
  object["lieuTravail"] = {{"libelle", "75 - Paris (Dept.)"}};
  const Mapped paris = map(object);
  CHECK(paris.outcome() == "kept");
  CHECK(paris.departement() == "75");
  CHECK(paris.record().city.empty());
  CHECK_FALSE(paris.record().position);
  CHECK(paris.note("no_position"));
  object["lieuTravail"]["libelle"] = "2A - AJACCIO";
  CHECK(map(object).departement() == "2A");
  CHECK(map(object).record().insee == "2A004");
  CHECK_FALSE(map(object).record().position);
  object["lieuTravail"]["libelle"] = "\xC3\x8Ele-de-France";
  CHECK(map(object).outcome() == "rejected no_place");
  CHECK(map(object).refusal->detail == "\xC3\x8Ele-de-France");
  object["lieuTravail"]["libelle"] = "988 - NOUMEA";
  CHECK(map(object).outcome() == "rejected outside_regions");
  object.erase("lieuTravail");
  CHECK(map(object).outcome() == "rejected no_place");

  object = offer();
  object["lieuTravail"] = {{"libelle", "13 - MARSEILLE 15"},
                           {"latitude", 5.364765},
                           {"longitude", 43.353155},
                           {"codePostal", "13015"},
                           {"commune", "13215"}};
  const Mapped swapped = map(object);
  CHECK(swapped.record().position == Position{4335316, 536477});
  CHECK(swapped.note("swapped_coordinates"));
  CHECK_FALSE(swapped.note("far_from_commune"));
}

TEST_CASE("Offers: levels") {
  const auto level = [](const Json& formations) {
    return static_cast<int>(with("/formations"_json_pointer, formations).record().level);
  };
  const auto asked = [](const char* label, const char* demand) {
    return Json{{"niveauLibelle", label}, {"exigence", demand}};
  };
  CHECK(level(Json::array({asked("Bac+5 et plus ou \xC3\xA9quivalents", "S")})) == 7);
  CHECK(level(Json::array({asked("Bac+5 et plus", "S"), asked("Bac+2 ou \xC3\xA9quivalents", "S")})) == 0);
  CHECK(level(Json::array({asked("Bac+5 et plus", "E"), asked("Bac+2 ou \xC3\xA9quivalents", "E")})) == 0);
  CHECK(level(Json::array({asked("Bac+3, Bac+4", "E"), asked("Bac+3, Bac+4", "S")})) == 6);
  CHECK(level(Json::array({asked("Aucune formation scolaire", "E")})) == 0);
  CHECK(level(Json::array({asked("Aucune formation scolaire", "E"), asked("CAP, BEP", "S")})) == 3);
  CHECK(level(nullptr) == 0);
}

TEST_CASE("Offers: where to apply") {
  Json object = offer();
  object["origineOffre"]["partenaires"] = Json::array({{{"nom", "X"}, {"url", "https://partner.example/1"}}});
  CHECK(map(object).field(Field::url) == "https://partner.example/1");
  object["contact"]["urlPostulation"] = "https://apply.example/2";
  CHECK(map(object).field(Field::url) == "https://apply.example/2");
  object["contact"]["urlPostulation"] = "mailto:jean@example.fr";
  CHECK(map(object).field(Field::url) == "https://partner.example/1");
}

TEST_CASE("Offers: companies, ROMEs, ids") {
  CHECK(with("/entreprise/nom"_json_pointer, "Offre anonyme").record().company.empty());
  CHECK(with("/entreprise"_json_pointer, nullptr).record().company.empty());
  CHECK(with("/entreprise/siret"_json_pointer, "00000000000007").note("invalid_siret"));
  // France Travail uses codes that an older table lacks: kept, and said.
  const Mapped newer = with("/romeCode"_json_pointer, "M1855");
  CHECK(newer.romes() == "M1855");
  CHECK(newer.note("unknown_rome") == "M1855");
  CHECK(with("/romeCode"_json_pointer, nullptr).note("no_rome"));
  CHECK(with("/id"_json_pointer, nullptr).outcome() == "rejected missing_id");
  CHECK(with("/intitule"_json_pointer, " ").outcome() == "rejected missing_title");
}

TEST_CASE("Offers: values of any type do no harm") {
  const Json odd[] = {nullptr, true, 1e300, -5, "", Json::array({Json::array()}), Json::object({{"x", 3}})};
  const Json flat = offer().flatten();
  for (const auto& [path, value] : flat.items())
    for (Json::json_pointer at(path); !at.empty(); at.pop_back())
      for (const Json& other : odd)
        CHECK_NOTHROW(with(at, other));
}

TEST_CASE("A real answer of France Travail") {
  const std::filesystem::path path =
      std::filesystem::path(BALISE_SOURCE_DIR) / "../shared/data/fixtures/france_travail/esd_offres_happypath.json";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: ../shared is absent\n";
    return;
  }
  const Json page = Json::parse(read_all(path, 1U << 24U));
  REQUIRE(page["resultats"].size() == 8);
  for (const Json& object : page["resultats"]) {
    const Mapped mapped = map(object);
    CHECK(mapped.outcome() == "kept");
    CHECK(mapped.record().position.has_value());
    for (const Detail& detail : mapped.record().details)
      CHECK(detail.value.find("contact@") == std::string::npos);
  }
}
