#include <catch2/catch.hpp>
#include <string>

#include "generator/ingest/source_recruteurs_lba.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

Json company() {
  return Json::parse(R"json({
    "siret": "01625043300220", "enseigne": "GEP", "raison_sociale": "CHAUSSURES CENDRY",
    "activitePrincipaleEtablissement": "4772A", "labelActivitePrincipaleEtablissement": "Commerce de d\u00e9tail de la chaussure",
    "naf_code": "4772B", "naf_label": "autre", "street_number": 11, "street_name": "RUE FABERT", "insee_city_code": null,
    "zip_code": "57000", "libelleCommuneEtablissement": "METZ", "email": "jean@example.fr", "phone": "0387000000",
    "company_size": "11", "site_web": "https://gep.example",
    "coordonneeLambertAbscisseEtablissement": 931747.6, "coordonneeLambertOrdonneeEtablissement": 6895648.25,
    "rome_codes": [{"rome_code": "M1707", "normalized_score": 0.0111}, {"rome_code": "A1101", "normalized_score": 0.011},
                   {"rome_code": "N4104", "normalized_score": 0.01}, {"rome_code": "M1855", "normalized_score": 0.01}]
  })json");
}

Mapped map(const Json& object) {
  return map_with(map_recruteurs_lba, object, Source::lba);
}
Mapped with(const char* key, const Json& value) {
  Json object = company();
  object[key] = value;
  return map(object);
}

}  // namespace

TEST_CASE("A predicted company with every field") {
  const Mapped mapped = map(company());
  REQUIRE(mapped.outcome() == "kept");
  const Record& record = mapped.record();
  CHECK(record.source == Source::lba);
  CHECK(record.id == "01625043300220");
  CHECK(record.title == "GEP");
  CHECK(record.company == "GEP");
  CHECK(mapped.field(Field::legal_name) == "CHAUSSURES CENDRY");
  CHECK(record.address == "11 RUE FABERT");
  CHECK(record.postal_code == "57000");
  CHECK(record.city == "METZ");
  CHECK(record.insee == "57463");
  CHECK(mapped.departement() == "57");
  REQUIRE(record.position);
  CHECK(record.position->lat_e5 == Approx(4911800).margin(1000));
  CHECK(record.position->lon_e5 == Approx(617400).margin(1000));
  CHECK(mapped.romes() == "A1101 M1707");
  CHECK(mapped.note("rome_without_apprenticeship") == "N4104");
  CHECK(mapped.note("unknown_rome") == "M1855");
  CHECK(mapped.field(Field::naf_code) == "4772A");
  CHECK(mapped.field(Field::naf_label) == "Commerce de d\xC3\xA9tail de la chaussure");
  CHECK(mapped.field(Field::company_size) == "10-19");
  CHECK(mapped.field(Field::company_url) == "https://gep.example");
  CHECK(mapped.field(Field::has_email) == "true");
  for (const Detail& detail : record.details)
    CHECK((detail.value.find('@') == std::string::npos && detail.value.find("0387") == std::string::npos));
}

TEST_CASE("Companies: SIRETs") {
  CHECK(with("siret", "1625043300220").record().id == "01625043300220");
  CHECK(with("siret", 1625043300220).record().id == "01625043300220");
  CHECK(with("siret", "99999999999920").outcome() == "rejected invalid_siret");
  CHECK(with("siret", "12345678901234").refusal->detail == "12345678901234");
  CHECK(with("siret", nullptr).outcome() == "rejected missing_id");
  CHECK(with("siret", "#N/D").outcome() == "rejected missing_id");
  CHECK(with("siret", "35600000049837").outcome() == "kept");
}

TEST_CASE("Companies: names") {
  CHECK(with("enseigne", "\"CONVERSAT FORGES\"").record().title == "CONVERSAT FORGES");
  CHECK(with("enseigne", "***GLAXO***").record().company == "GLAXO");
  for (const char* nothing : {"", "#N/D", "NULL", "\"\"", "***"}) {
    CHECK(with("enseigne", nothing).record().title == "CHAUSSURES CENDRY");
    CHECK(with("enseigne", nothing).field(Field::legal_name).empty());
  }
  CHECK(with("raison_sociale", "GEP").field(Field::legal_name).empty());
  Json object = company();
  object["enseigne"] = object["raison_sociale"] = nullptr;
  CHECK(map(object).outcome() == "rejected missing_title");
}

TEST_CASE("Companies: places and projections") {
  const auto at = [](double x, double y, const Json& zip, const Json& city) {
    Json object = company();
    object["coordonneeLambertAbscisseEtablissement"] = x;
    object["coordonneeLambertOrdonneeEtablissement"] = y;
    object["zip_code"] = zip;
    object["libelleCommuneEtablissement"] = city;
    return map(object);
  };
  // Fort-de-France, Saint-Denis and Cayenne in their own zones.
  CHECK(at(708397.73, 1615430.45, "97200", "FORT DE FRANCE").record().position == Position{1460414, -6106539});
  CHECK(at(349508.73, 7646629.44, "97430", "LE TAMPON").record().position == Position{-2127587, 5554941});
  const Mapped cayenne = at(352000, 545900, "97300", "CAYENNE");
  REQUIRE(cayenne.record().position);
  CHECK(cayenne.record().position->lat_e5 == Approx(493700).margin(2000));
  CHECK_FALSE(cayenne.note("far_from_commune"));
  const Mapped zero = at(0, 0, "57000", "METZ");
  CHECK(zero.note("no_position"));
  CHECK(zero.note("position_of_commune") == "57463 Metz");
  CHECK(at(1e9, 1e9, "57000", "METZ").note("position_outside_france"));
  // Without a postal code the position tells the departement, and with the name of the town the commune.
  const Mapped bare = at(931747.6, 6895648.25, nullptr, "METZ");
  CHECK(bare.departement() == "57");
  CHECK(bare.record().insee == "57463");
  CHECK(at(0, 0, nullptr, "METZ").outcome() == "rejected no_place");
  CHECK(at(0, 0, "97500", "ST PIERRE").outcome() == "rejected outside_regions");
  const Mapped short_code = at(0, 0, "1500", "AMBERIEU EN BUGEY");
  CHECK(short_code.record().postal_code == "01500");
  CHECK(with("zip_code", "570").note("invalid_postal_code") == "570");
  Json by_insee = company();
  by_insee["zip_code"] = nullptr;
  by_insee["insee_city_code"] = "97209";
  by_insee["coordonneeLambertAbscisseEtablissement"] = "708397,73";
  by_insee["coordonneeLambertOrdonneeEtablissement"] = "1615430.45";
  CHECK(map(by_insee).record().position == Position{1460414, -6106539});
}

TEST_CASE("Companies: what may be missing") {
  Json object = company();
  for (const char* key :
       {"activitePrincipaleEtablissement", "labelActivitePrincipaleEtablissement", "naf_code", "naf_label",
        "company_size", "rome_codes", "street_number", "street_name", "email", "site_web"})
    object[key] = nullptr;
  const Mapped mapped = map(object);
  CHECK(mapped.outcome() == "kept");
  CHECK(mapped.note("no_rome"));
  CHECK(mapped.record().address.empty());
  CHECK(mapped.field(Field::has_email).empty());
  CHECK(with("activitePrincipaleEtablissement", nullptr).field(Field::naf_code) == "4772B");
  CHECK(with("rome_codes", Json::array({"M1707"})).romes() == "M1707");
}

TEST_CASE("Companies: values of any type do no harm") {
  const Json odd[] = {nullptr, true, 1e300, -5, "", Json::array({Json::array()}), Json::object({{"x", 3}})};
  const Json whole = company();
  for (const auto& [key, value] : whole.items())
    for (const Json& other : odd)
      CHECK_NOTHROW(with(key.c_str(), other));
}
