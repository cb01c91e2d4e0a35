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
  const std::pair<const char*, const char*> cases[] = {{"lat=91&lon=0", "lat"},
                                                       {"lat=a&lon=0", "lat"},
                                                       {"lat=0&lon=180.01", "lon"},
                                                       {"lat=48", "lon"},
                                                       {"lon=2", "lat"},
                                                       {"radius=-1", "radius"},
                                                       {"radius=1e9", "radius"},
                                                       {"romes=F17", "romes"},
                                                       {"romes=F1702,", "romes"},
                                                       {"rome_domain=F1", "rome_domain"},
                                                       {"rome_domain=F17&romes=F1702", "rome_domain"},
                                                       {"diploma=8", "diploma"},
                                                       {"sources=lbb", "sources"},
                                                       {"region=07", "region"},
                                                       {"departement=20", "departement"},
                                                       {"limit=0", "limit"},
                                                       {"limit=1001", "limit"},
                                                       {"foo=1", "foo"}};
  for (const auto& [text, name] : cases) {
    CAPTURE(text);
    const auto query = parse_query(text);
    REQUIRE_FALSE(query);
    CHECK(query.error().code == ErrorCode::wrong_query);
    CHECK(query.error().what.starts_with(std::string(name) + " "));
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
