#include "core/ids.hpp"

#include <catch2/catch.hpp>

namespace balise {

TEST_CASE("ROME codes and domains are read and written") {
  CHECK(to_string(*parse_rome("F1702")) == "F1702");
  CHECK(to_string(*parse_rome("f1702")) == "F1702");
  CHECK(to_string(*parse_rome("A0001")) == "A0001");
  CHECK(to_string(domain_of(*parse_rome("F1702"))) == "F17");
  CHECK(domain_of(*parse_rome("F1702")).value == 518);
  CHECK(*parse_rome_domain("n41") == domain_of(*parse_rome("N4105")));
  CHECK(to_string(RomeDomain{}).empty());
  for (const char* text : {"", "F170", "F17022", "1F702", "F17O2", " F1702", "F1702 "})
    CHECK_FALSE(parse_rome(text).has_value());
  for (const char* text : {"", "F", "F1", "F170", "117"})
    CHECK_FALSE(parse_rome_domain(text).has_value());
}

TEST_CASE("every day from 1900 to 2199 survives being written and read") {
  const Date first = *parse_date("1900-01-01"), last = *parse_date("2199-12-31");
  CHECK(first == -25567);
  CHECK(*parse_date("1970-01-02") == 1);
  CHECK(*parse_date("2026-11-21") == 20778);
  std::string before = "1899-12-31";
  for (Date date = first; date <= last; ++date) {
    if (date == date_unknown)
      continue;
    const std::string text = to_string_date(date);
    REQUIRE(text > before);
    REQUIRE(parse_date(text) == date);
    before = text;
  }
}

TEST_CASE("dates that are none are refused") {
  CHECK(parse_date("2024-02-29").has_value());
  CHECK(parse_date("2026-11-21T10:00:00Z") == parse_date("2026-11-21"));
  for (const char* text : {"", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31",
                           "26-01-01", "2026/01/01", "2026-1-1", "2026-11-21x", "aaaa-bb-cc"})
    CHECK_FALSE(parse_date(text).has_value());
}

TEST_CASE("OPCOs are known by their keys and labels") {
  for (std::size_t i = 1; i < opco_count; ++i)
    CHECK(parse_opco(label_of(static_cast<Opco>(i))) == static_cast<Opco>(i));
  CHECK(parse_opco("OPCO2I") == Opco::opco2i);
  CHECK(parse_opco("akto") == Opco::akto);
  CHECK(parse_opco("l'opcommerce") == Opco::opcommerce);
  CHECK(parse_opco("OPCO SANTE") == Opco::sante);
  for (const char* text : {"", "inconnu", "OPCO multiple", "nosuch"})
    CHECK_FALSE(parse_opco(text).has_value());
}

TEST_CASE("sources are known by name") {
  for (const Source source : all_sources)
    CHECK(parse_source(name_of(source)) == source);
  CHECK_FALSE(parse_source("lbb").has_value());
}

}  // namespace balise
