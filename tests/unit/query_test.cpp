#include "core/query.hpp"

#include <catch2/catch.hpp>

namespace balise {

TEST_CASE("an empty query asks for everything") {
  const auto query = parse_query("");
  REQUIRE(query);
  CHECK_FALSE(query->centre.has_value());
  CHECK(query->limit == 150);
  CHECK(query->sources == std::array<bool, 4>{true, true, true, true});
}

TEST_CASE("a query is read from its parameters, decoded") {
  const auto query = parse_query(
      "lat=48.85&lon=2.35&radius=60&romes=f1702%2CF1705,F1702&diploma=3%20(CAP...)&sources=lba,offres&departement=2a&"
      "opco=OPCO+2i&limit=10&cards=20&region=");
  REQUIRE(query);
  CHECK(query->centre->lat_deg == 48.85);
  CHECK(query->centre->lon_deg == 2.35);
  CHECK(query->radius_km == 60);
  REQUIRE(query->romes.size() == 2);
  CHECK(to_string(query->romes[0]) == "F1702");
  CHECK(to_string(query->romes[1]) == "F1705");
  CHECK(query->level == 3);
  CHECK(query->sources == std::array<bool, 4>{false, true, false, true});
  CHECK(query->departements.count() == 1);
  CHECK(query->departements.test(parse_departement("2A")->index));
  CHECK(query->opco == Opco::opco2i);
  CHECK(query->limit == 10);
  CHECK(query->cards == 20);
  CHECK_FALSE(query->region.has_value());
}

TEST_CASE("an OPCO that is none matches nothing rather than everything") {
  const auto query = parse_query("opco=nosuch");
  REQUIRE(query);
  CHECK(query->opco == Opco::unknown);
}

TEST_CASE("wrong parameters are refused by name") {
  struct Case {
    const char *text, *name, *value, *rule;
  };
  const Case cases[] = {
      {"lat=91&lon=0", "lat", "91", "must be a number of degrees between -90 and 90"},
      {"lat=a&lon=0", "lat", "a", "must be a number of degrees between -90 and 90"},
      {"lat=0&lon=180.01", "lon", "180.01", "must be a number of degrees between -180 and 180"},
      {"lat=48", "lon", "", "is missing: a centre needs both lat and lon"},
      {"lon=2", "lat", "", "is missing: a centre needs both lat and lon"},
      {"radius=-1", "radius", "-1", "must be a number of kilometres from 0; 20000 means everywhere"},
      {"radius=1e9", "radius", "1e9", "must be a number of kilometres from 0; 20000 means everywhere"},
      {"romes=F17", "romes", "F17", "must be at most 20 ROME codes with commas between, such as F1702,F1705"},
      {"romes=F1702,", "romes", "F1702,", "must be at most 20 ROME codes with commas between, such as F1702,F1705"},
      {"rome_domain=F1", "rome_domain", "F1", "must be one letter, or a letter and two digits, such as F or F17"},
      {"rome_domain=F17&romes=F1702", "rome_domain", "F17", "cannot stand beside romes: give one of them"},
      {"diploma=8", "diploma", "8", "must begin with a level from 3 (CAP) to 7 (master)"},
      {"sources=lbb", "sources", "lbb", "must be among formations, offres, matcha, lba, with commas between"},
      {"region=07", "region", "07", "must be the INSEE code of one of the 18 regions, such as 11 or 04"},
      {"departement=20", "departement", "20", "must be the code of a departement, such as 01, 2A or 974"},
      {"limit=0", "limit", "0", "must be a whole number from 1 to 1000"},
      {"limit=1001", "limit", "1001", "must be a whole number from 1 to 1000"},
      {"widen=1001", "widen", "1001", "must be a whole number up to 1000"},
      {"cards=x", "cards", "x", "must be a whole number up to 4000"},
      {"foo=1", "foo", "1", "is no parameter of a search"}};
  for (const auto& [text, name, value, rule] : cases) {
    CAPTURE(text);
    const auto query = parse_query(text), in_short = parse_query(text, false);
    REQUIRE_FALSE(query);
    CHECK(query.error().code == ErrorCode::wrong_query);
    const std::string named = std::string(name) + " \"" + value + '"';
    CHECK(query.error().what == named + ": " + rule);
    REQUIRE_FALSE(in_short);
    CHECK(in_short.error().what == named);
  }
  std::string many = "romes=A0001";
  for (int i = 2; i <= 21; ++i)
    many += ",A00" + std::string(i < 10 ? "0" : "") + std::to_string(i);
  CHECK_FALSE(parse_query(many));
}

TEST_CASE("query strings are split as browsers write them") {
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(split_query_string("") == Pairs{});
  CHECK(split_query_string("?") == Pairs{{"?", ""}});
  CHECK(split_query_string("&&a=1&b&c=x+y%20z&d=%zz%4") ==
        Pairs{{"a", "1"}, {"b", ""}, {"c", "x y z"}, {"d", "%zz%4"}});
  CHECK(split_query_string("a=b=c") == Pairs{{"a", "b=c"}});
}

}  // namespace balise
