#include "core/territory.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace balise {

TEST_CASE("the tables hold 18 regions and 101 departements, in the order of their codes") {
  REQUIRE(regions().size() == 18);
  REQUIRE(departements().size() == 101);
  for (std::size_t i = 1; i < regions().size(); ++i)
    CHECK(regions()[i - 1].code < regions()[i].code);
  for (std::size_t i = 1; i < departements().size(); ++i)
    CHECK(departements()[i - 1].code < departements()[i].code);
  for (const DepartementInfo& departement : departements())
    CHECK(departement.region.index < regions().size());
}

TEST_CASE("codes lead to regions and departements") {
  CHECK(info(info(*parse_departement("75")).region).code == "11");
  CHECK(info(info(*parse_departement("2a")).region).code == "94");
  CHECK(info(info(*parse_departement("974")).region).code == "04");
  CHECK(name_of(info(*parse_departement("57")).region) == "Grand Est");
  for (const char* code : {"", "1", "20", "97", "975", "99", "2C"})
    CHECK_FALSE(parse_departement(code).has_value());
  for (const char* code : {"", "1", "05", "07", "99"})
    CHECK_FALSE(parse_region(code).has_value());
}

TEST_CASE("regions are found by name, however it is written") {
  for (std::uint8_t i = 0; i < region_count; ++i)
    CHECK(region_named(name_of(Region{i})) == Region{i});
  CHECK(info(*region_named("PROVENCE ALPES COTE D AZUR")).code == "93");
  CHECK(info(*region_named("ile de france")).code == "11");
  CHECK(info(*region_named("R\xC3\xA9union")).code == "04");
  CHECK_FALSE(region_named("Alsace").has_value());
}

TEST_CASE("each code has its name") {
  const auto region = [](const char* code) { return name_of(*parse_region(code)); };
  const auto departement = [](const char* code) { return name_of(*parse_departement(code)); };
  CHECK(region("01") == "Guadeloupe");
  CHECK(region("44") == "Grand Est");
  CHECK(region("94") == "Corse");
  CHECK(departement("01") == "Ain");
  CHECK(departement("19") == "Corr\xC3\xA8ze");
  CHECK(departement("21") == "C\xC3\xB4te-d'Or");
  CHECK(departement("2A") == "Corse-du-Sud");
  CHECK(departement("2B") == "Haute-Corse");
  CHECK(departement("30") == "Gard");
  CHECK(departement("95") == "Val-d'Oise");
  CHECK(departement("971") == "Guadeloupe");
  CHECK(departement("976") == "Mayotte");
}

TEST_CASE("departements follow from communes and postal codes") {
  const auto of_insee = [](const char* code) { return std::string(info(*departement_of_insee(code)).code); };
  const auto of_postal = [](const char* code) { return std::string(info(*departement_of_postal_code(code)).code); };
  CHECK(of_insee("2A004") == "2A");
  CHECK(of_insee("97411") == "974");
  CHECK(of_insee("01004") == "01");
  CHECK(of_postal("20000") == "2A");
  CHECK(of_postal("20167") == "2A");
  CHECK(of_postal("20200") == "2B");
  CHECK(of_postal("20620") == "2B");
  CHECK(of_postal("97300") == "973");
  CHECK(of_postal("75011") == "75");
  for (const char* code : {"", "7501", "98800", "97500", "ABCDE", "99200"})
    CHECK_FALSE(departement_of_postal_code(code).has_value());
}

}  // namespace balise
