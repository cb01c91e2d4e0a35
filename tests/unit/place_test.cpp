#include "generator/ingest/place.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "generator/ingest/boxes.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

struct Given {
  std::string insee = {}, postal_code = {}, city = {};
  std::optional<Position> position = {};
  std::string hint = {};
  bool centre = false;
};

Mapped settled(const Given& given) {
  Mapped mapped;
  Record& record = mapped.row.record;
  record.insee = given.insee;
  record.postal_code = given.postal_code;
  record.city = given.city;
  record.position = given.position;
  mapped.refusal = settle_place(mapped.row, small_reference(), {given.hint, given.centre});
  return mapped;
}

constexpr Position rennes{4811000, -168000}, cayenne{494090, -5233190}, noumea{-2227000, 16644000};

}  // namespace

TEST_CASE("The commune comes before the postal code, that before the position, that before a label") {
  CHECK(settled({"57463", "35000", "", rennes, "69"}).departement() == "57");
  CHECK(settled({"", "35000", "", cayenne, "69"}).departement() == "35");
  CHECK(settled({"", "", "", rennes, "69"}).departement() == "35");
  CHECK(settled({"", "", "", std::nullopt, "69"}).departement() == "69");
  CHECK(settled({"", "", "", std::nullopt, "2A"}).departement() == "2A");
  CHECK(settled({"", "", "", std::nullopt, ""}).outcome() == "rejected no_place");
  CHECK(settled({"", "", "Paris", std::nullopt, ""}).outcome() == "rejected no_place");
}

TEST_CASE("Codes that the tables lack fall back on their prefix") {
  // A commune merged since, a pseudo-commune of a CEDEX office, a CEDEX postal code.
  const Mapped merged = settled({"22247", "", "", {}, ""});
  CHECK(merged.departement() == "22");
  CHECK(merged.note("unknown_commune") == "22247");
  CHECK(settled({"06901", "", "", {}, ""}).departement() == "06");
  CHECK(settled({"2A904", "", "", {}, ""}).departement() == "2A");
  CHECK(settled({"", "68093", "", {}, ""}).departement() == "68");
  CHECK(settled({"", "20117", "", {}, ""}).departement() == "2A");
  CHECK(settled({"", "20620", "", {}, ""}).departement() == "2B");
  CHECK(settled({"", "97440", "", {}, ""}).departement() == "974");
}

TEST_CASE("A postal code that two departements share goes by the name of the town") {
  CHECK(settled({"", "05110", "Curbans", {}, ""}).departement() == "04");
  CHECK(settled({"", "05110", "LA SAULCE", {}, ""}).departement() == "05");
  CHECK(settled({"", "05110", "", {}, ""}).departement() == "05");
}

TEST_CASE("Territories outside the 18 regions") {
  for (const char* insee : {"97502", "97701", "97801", "98818", "98612", "99131"})
    CHECK(settled({insee, "", "", {}, ""}).outcome() == "rejected outside_regions");
  for (const char* postal_code : {"97500", "97133", "97150", "98800", "98600", "99200"})
    CHECK(settled({"", postal_code, "", {}, ""}).outcome() == "rejected outside_regions");
  CHECK(settled({"", "", "", noumea, ""}).outcome() == "rejected outside_regions");
  CHECK(settled({"", "", "", {}, "988"}).outcome() == "rejected outside_regions");
}

TEST_CASE("How far the nearest commune may lie") {
  // 70 km off Brittany's Rennes among the few communes of the test; in Guyane communes are as large as departements.
  CHECK(settled({"", "", "", Position{4730000, 250000}, ""}).outcome() == "rejected no_place");
  CHECK(settled({"", "", "", Position{300000, -5330000}, ""}).departement() == "973");
}

TEST_CASE("What disagrees is noted") {
  CHECK(settled({"57463", "57000", "Metz", Position{4911000, 617000}, ""}).row.notes.empty());
  CHECK(settled({"67482", "51100", "", {}, ""}).note("postal_code_disagrees") == "51100 67482 Strasbourg");
  CHECK(settled({"", "68093", "Mulhouse", {}, ""}).note("postal_code_disagrees") == "68093 68224 Mulhouse");
  // Mazamet placed at Rodez: another departement, the same region. Lille at Rennes: another region.
  const Mapped mazamet = settled({"81163", "81200", "Mazamet", Position{4436266, 257690}, ""});
  CHECK(mazamet.departement() == "81");
  CHECK(mazamet.note("far_from_commune") == "101 km from 81163 Mazamet");
  CHECK_FALSE(mazamet.note("region_disagrees"));
  const Mapped lille = settled({"59350", "", "", rennes, ""});
  CHECK(lille.departement() == "59");
  CHECK(lille.note("far_from_commune"));
  CHECK(lille.note("region_disagrees") == "declared 59, lies near 35238 Rennes");
  // 60 km from the centre of Maripasoula is still Maripasoula.
  CHECK_FALSE(settled({"97353", "", "", Position{310000, -5400000}, ""}).note("far_from_commune"));
}

TEST_CASE("What the reference knows fills what is missing") {
  const Mapped metz = settled({"57463", "", "", {}, "", true});
  CHECK(metz.record().city == "Metz");
  CHECK(metz.record().position == small_reference().commune_by_insee("57463")->centre);
  CHECK(metz.note("position_of_commune") == "57463 Metz");
  CHECK_FALSE(settled({"57463", "", "", {}, "", false}).record().position);
  CHECK(settled({"57463", "", "", rennes, "", true}).record().position == rennes);

  // The arrondissement, not the city; the commune of a CEDEX code by its name.
  const Mapped eleventh = settled({"", "75011", "PARIS", {}, "", true});
  CHECK(eleventh.record().insee == "75111");
  CHECK(eleventh.record().city == "PARIS");
  CHECK(settled({"", "68093", "MULHOUSE CEDEX", {}, "", true}).record().insee == "68224");
  CHECK(settled({"", "", "Metz", Position{4911000, 617000}, "", true}).record().insee == "57463");

  // A postal code of several communes places a company, without naming its commune.
  const Mapped saulce = settled({"", "05110", "Nowhere", {}, "", true});
  CHECK(saulce.record().insee.empty());
  CHECK(saulce.record().position == small_reference().commune_by_insee("05162")->centre);
  CHECK(settled({"01999", "", "", {}, "", true}).outcome() == "kept");
  CHECK_FALSE(settled({"01999", "", "", {}, "", true}).record().position);
}

TEST_CASE("Boxes of the territories: none meets another, or the mirror image of one") {
  const auto meet = [](const TerritoryBox& a, double min_lat, double max_lat, double min_lon, double max_lon) {
    return a.min_lat_deg <= max_lat && min_lat <= a.max_lat_deg && a.min_lon_deg <= max_lon && min_lon <= a.max_lon_deg;
  };
  for (const TerritoryBox& a : territory_boxes)
    for (const TerritoryBox& b : territory_boxes) {
      CHECK(((&a == &b) == meet(a, b.min_lat_deg, b.max_lat_deg, b.min_lon_deg, b.max_lon_deg)));
      CHECK_FALSE(meet(a, b.min_lon_deg, b.max_lon_deg, b.min_lat_deg, b.max_lat_deg));
    }
  for (const Commune& commune : small_reference().communes())
    if (commune.centre)
      CHECK((box_of(commune.centre->lat_e5 / 1e5, commune.centre->lon_e5 / 1e5) != nullptr));
}
