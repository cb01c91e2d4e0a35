#include <catch2/catch.hpp>
#include <iostream>
#include <string>

#include "generator/ingest/source_catalogue.hpp"
#include "generator/input/input_stream.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

Json formation() {
  return Json::parse(R"json({
    "cle_ministere_educatif": "082581P012X13002792300163#L01", "published": true,
    "intitule_long": "CONSEILLER TECHNIQUE CYCLES (ANFA)", "intitule_court": "CONSEILLER TECH CYCLES",
    "intitule_rco": "Titre Conseiller technique cycles", "diplome": "TH DE NIV 4", "niveau": "4 (BAC...)",
    "cfd": "46X25201", "rncp_code": "RNCP36721", "rncp_intitule": "Conseiller technique cycles",
    "rncp_eligible_apprentissage": true, "rome_codes": ["I1607", "d1211", "I1607"],
    "onisep_url": "https://www.onisep.fr/x", "capacite": 12, "duree": "2", "email": "cfa@example.fr",
    "num_tel": "01 23 45 67 89", "contenu": "<p>Atelier &amp; vente</p><p>Appelez le 01 23 45 67 89</p>",
    "objectif": "R&eacute;parer", "date_debut": ["2026-09-02T00:00:00.000Z", "2027-09-01"],
    "date_fin": ["2028-06-30T00:00:00.000Z", "2029-06-30"], "entierement_a_distance": false,
    "lieu_formation_adresse": "5 ter rue du  Cardinal\nRichaud", "code_postal": "33300", "localite": "Bordeaux",
    "code_commune_insee": "33063", "num_departement": "33", "region": "Nouvelle-Aquitaine",
    "lieu_formation_geo_coordonnees": "44.841225,-0.5800364",
    "idea_geo_coordonnees_etablissement": "44.9,-0.5",
    "etablissement_formateur_siret": "13002792300171", "etablissement_formateur_uai": "0331707B",
    "etablissement_formateur_id": "60403399d5e868001c9347b6",
    "etablissement_formateur_entreprise_raison_sociale": "CHAMBRE DE METIERS",
    "etablissement_formateur_enseigne": "INSTITUT METIERS ARTISANAT 33", "etablissement_formateur_localite": "BORDEAUX",
    "etablissement_formateur_cedex": "33074", "etablissement_formateur_courriel": "ecole@example.fr",
    "etablissement_gestionnaire_id": "60403396d5e868001c9347ae", "etablissement_gestionnaire_siret": "13002792300163",
    "etablissement_gestionnaire_uai": "0333326K", "etablissement_gestionnaire_type": "CFA",
    "etablissement_gestionnaire_conventionne": "OUI",
    "etablissement_gestionnaire_entreprise_raison_sociale": "CMA DE REGION",
    "etablissement_gestionnaire_adresse": "46 RUE GENERAL DE LARMINAT", "etablissement_gestionnaire_code_postal": "33000",
    "etablissement_gestionnaire_localite": "BORDEAUX", "etablissement_gestionnaire_cedex": "33075",
    "id_formation": "02_201907067202", "id_rco_formation": "02_201907067202|02_00208943|82581",
    "created_at": "2021-08-07T23:54:35.122Z", "last_update_at": "2022-11-07T06:13:25.649Z"
  })json");
}

Mapped map(const Json& object) {
  return map_with(map_catalogue, object, Source::formations);
}
Mapped with(const char* key, const Json& value) {
  Json object = formation();
  object[key] = value;
  return map(object);
}

}  // namespace

TEST_CASE("A training with every field") {
  const Mapped mapped = map(formation());
  REQUIRE(mapped.outcome() == "kept");
  const Record& record = mapped.record();
  CHECK(record.source == Source::formations);
  CHECK(record.id == "082581P012X13002792300163#L01");
  CHECK(record.title == "CONSEILLER TECHNIQUE CYCLES (ANFA)");
  CHECK(record.company == "CHAMBRE DE METIERS");
  CHECK(record.position == Position{4484123, -58004});
  CHECK(record.address == "5 ter rue du Cardinal Richaud");
  CHECK(record.postal_code == "33300");
  CHECK(record.city == "Bordeaux");
  CHECK(record.insee == "33063");
  CHECK(mapped.departement() == "33");
  CHECK(mapped.romes() == "D1211 I1607");
  CHECK(record.level == 4);
  CHECK(to_string_date(record.created) == "2021-08-07");
  CHECK(record.expires == date_unknown);
  CHECK(mapped.field(Field::long_title) == "CONSEILLER TECHNIQUE CYCLES (ANFA)");
  CHECK(mapped.field(Field::short_title) == "CONSEILLER TECH CYCLES");
  CHECK(mapped.field(Field::diploma) == "TH DE NIV 4");
  CHECK(mapped.field(Field::cfd) == "46X25201");
  CHECK(mapped.field(Field::rncp_code) == "RNCP36721");
  CHECK(mapped.field(Field::rncp_label) == "Conseiller technique cycles");
  CHECK(mapped.field(Field::rncp_eligible) == "true");
  CHECK(mapped.field(Field::id_rco) == "02_201907067202");
  CHECK(mapped.field(Field::id_rco_formation) == "02_201907067202|02_00208943|82581");
  CHECK(mapped.field(Field::capacity) == "12");
  CHECK(mapped.field(Field::onisep_url) == "https://www.onisep.fr/x");
  CHECK(mapped.field(Field::objective) == "R\xC3\xA9parer");
  CHECK(mapped.field(Field::duration) == "2");
  CHECK(mapped.field(Field::sessions) == "2026-09-02/2028-06-30\n2027-09-01/2029-06-30");
  CHECK(mapped.field(Field::is_remote_only) == "false");
  CHECK(mapped.field(Field::has_email) == "true");
  CHECK(mapped.field(Field::siret) == "13002792300171");
  CHECK(mapped.field(Field::school_uai) == "0331707B");
  CHECK(mapped.field(Field::school_id) == "60403399d5e868001c9347b6");
  CHECK(mapped.field(Field::school_city) == "BORDEAUX");
  CHECK(mapped.field(Field::cedex) == "33074");
  CHECK(mapped.field(Field::head_id) == "60403396d5e868001c9347ae");
  CHECK(mapped.field(Field::head_uai) == "0333326K");
  CHECK(mapped.field(Field::head_siret) == "13002792300163");
  CHECK(mapped.field(Field::head_type) == "CFA");
  CHECK(mapped.field(Field::head_has_agreement) == "true");
  CHECK(mapped.field(Field::head_name) == "CMA DE REGION");
  CHECK(mapped.field(Field::head_address) == "46 RUE GENERAL DE LARMINAT");
  CHECK(mapped.field(Field::head_postal_code) == "33000");
  CHECK(mapped.field(Field::head_city) == "BORDEAUX");
  CHECK(mapped.field(Field::head_cedex) == "33075");
  CHECK(mapped.field(Field::updated) == "2022-11-07");
  // The text loses its tags and the number in it; no address and no number stands anywhere.
  CHECK(mapped.field(Field::description).find("Atelier & vente") == 0);
  CHECK(mapped.note("personal_data_removed") == "0 e-mail addresses, 1 phone numbers, 0 names");
  for (const Detail& detail : record.details) {
    CHECK(detail.value.find('@') == std::string::npos);
    CHECK(detail.value.find("23 45 67") == std::string::npos);
  }
}

TEST_CASE("Trainings: published or not") {
  CHECK(with("published", false).outcome() == "left_out unpublished");
  CHECK(with("published", "false").outcome() == "left_out unpublished");
  CHECK(with("published", "Non").outcome() == "left_out unpublished");
  CHECK(with("published", "Oui").outcome() == "kept");
  CHECK(with("published", nullptr).outcome() == "kept");
}

TEST_CASE("Trainings: ids") {
  CHECK(with("cle_ministere_educatif", nullptr).outcome() == "rejected missing_id");
  CHECK(with("cle_ministere_educatif", "  ").outcome() == "rejected missing_id");
  CHECK(with("cle_ministere_educatif", " a|b ").record().id == "a|b");
  CHECK(with("cle_ministere_educatif", 17).record().id == "17");
  CHECK(with("cle_ministere_educatif", std::string(1000, 'x')).outcome() == "kept");
  CHECK(with("cle_ministere_educatif", std::string(1001, 'x')).outcome() == "rejected invalid_id");
  CHECK(with("cle_ministere_educatif", "a\tb").outcome() == "rejected invalid_id");
  CHECK(with("cle_ministere_educatif",
             "a\xC2\x85"
             "b")
            .outcome() == "rejected invalid_id");
  CHECK(with("cle_ministere_educatif", "jean@example.fr#L01").outcome() == "rejected invalid_id");
}

TEST_CASE("Trainings: titles and schools fall back on what is there") {
  Json object = formation();
  object["intitule_long"] = " ";
  CHECK(map(object).record().title == "CONSEILLER TECH CYCLES");
  object["intitule_court"] = "#N/D";
  CHECK(map(object).record().title == "Titre Conseiller technique cycles");
  object["intitule_rco"] = nullptr;
  CHECK(map(object).outcome() == "rejected missing_title");
  object = formation();
  object["etablissement_formateur_entreprise_raison_sociale"] = nullptr;
  CHECK(map(object).record().company == "INSTITUT METIERS ARTISANAT 33");
  object["etablissement_formateur_enseigne"] = "";
  CHECK(map(object).record().company == "CMA DE REGION");
  object.erase("etablissement_gestionnaire_entreprise_raison_sociale");
  CHECK(map(object).record().company.empty());
}

TEST_CASE("Trainings: positions") {
  CHECK(with("lieu_formation_geo_coordonnees", nullptr).record().position == Position{4490000, -50000});
  CHECK(with("lieu_formation_geo_coordonnees", "44.8,-0.5##43,5").record().position == Position{4480000, -50000});
  const Mapped swapped = with("lieu_formation_geo_coordonnees", "-0.564629,44.886959");
  CHECK(swapped.record().position == Position{4488696, -56463});
  CHECK(swapped.note("swapped_coordinates") == "-0.564629,44.886959");
  Json object = formation();
  object["lieu_formation_geo_coordonnees"] = "40.4,-3.7";
  const Mapped madrid = map(object);
  CHECK(madrid.note("position_outside_france") == "40.4,-3.7");
  CHECK(madrid.note("position_of_commune") == "33063 Bordeaux");
  CHECK(madrid.record().position == small_reference().commune_by_insee("33063")->centre);
  object["lieu_formation_geo_coordonnees"] = "0,0";
  CHECK(map(object).note("no_position"));
}

TEST_CASE("Trainings: places fall back on the school, then on the body in charge, then on the departement") {
  Json object = formation();
  for (const char* key : {"code_postal", "code_commune_insee", "localite", "lieu_formation_geo_coordonnees",
                          "idea_geo_coordonnees_etablissement"})
    object[key] = nullptr;
  object["num_departement"] = 1;
  const Mapped head = map(object);
  CHECK(head.record().postal_code == "33000");
  CHECK(head.record().address == "46 RUE GENERAL DE LARMINAT");
  CHECK(head.note("place_of_school") == "33000");
  object["etablissement_formateur_code_postal"] = 57000;
  CHECK(map(object).departement() == "57");
  object["etablissement_formateur_code_postal"] = nullptr;
  object["etablissement_gestionnaire_code_postal"] = nullptr;
  CHECK(map(object).departement() == "01");
  object["num_departement"] = nullptr;
  CHECK(map(object).outcome() == "rejected no_place");
  CHECK(with("lieu_formation_adresse", "-").record().address.empty());
  CHECK(with("code_postal", 1500).record().postal_code == "01500");
}

TEST_CASE("Trainings: ROME codes") {
  const Mapped pseudo = with("rome_codes", Json::array({"H12", "H2100", "Z1101", "F1702", "B1799", 3, nullptr}));
  CHECK(pseudo.romes() == "F1702");
  CHECK(pseudo.note("unknown_rome") == "H12 H2100 Z1101 B1799");
  const Mapped none = with("rome_codes", Json::array());
  CHECK(none.outcome() == "kept");
  CHECK(none.note("no_rome"));
  CHECK(with("rome_codes", "F1702,F1705").romes() == "F1702 F1705");
}

TEST_CASE("Trainings: SIRETs and codes that are none are dropped") {
  const Mapped mapped = with("etablissement_formateur_siret", "99999999999920");
  CHECK(mapped.outcome() == "kept");
  CHECK(mapped.field(Field::siret).empty());
  CHECK(mapped.note("invalid_siret") == "siret 99999999999920");
  CHECK(with("etablissement_formateur_siret", nullptr).row.notes.size() == 1);  // the phone number of the text
  CHECK(with("cfd", "voir jean@example.fr").field(Field::cfd).empty());
  CHECK(with("onisep_url", "javascript:alert(1)").field(Field::onisep_url).empty());
  CHECK(with("date_fin", Json::array()).field(Field::sessions).empty());
}

TEST_CASE("Trainings: values of any type do no harm") {
  const Json odd[] = {
      nullptr, true, 1e300, -5, "", "\xEF\xBF\xBD", Json::array({Json::array()}), Json::object({{"$date", 3}})};
  const Json whole = formation();
  for (const auto& [key, value] : whole.items())
    for (const Json& other : odd)
      CHECK_NOTHROW(with(key.c_str(), other));
}

TEST_CASE("Trainings of the catalogue's own interface") {
  const std::filesystem::path path =
      std::filesystem::path(BALISE_SOURCE_DIR) / "../shared/data/fixtures/catalogue/formations_catalogue.json";
  if (!std::filesystem::exists(path)) {
    std::cout << "skipped: ../shared is absent\n";
    return;
  }
  Json answer = Json::parse(read_all(path, 1U << 24U));
  const Json& list = answer.is_array() ? answer : answer["formations"];
  REQUIRE(list.size() == 2);
  for (Json object : list) {
    CHECK(map(object).outcome() == "left_out unpublished");
    object["published"] = true;
    const Mapped mapped = map(object);
    CHECK(mapped.outcome() == "kept");
    CHECK(mapped.record().position.has_value());
    CHECK(mapped.record().level != level_unknown);
  }
}
