#include "core/v1/lookup_routes.hpp"

#include <nlohmann/json.hpp>

#include "core/query.hpp"
#include "tests/unit/lookup_support.hpp"

namespace balise {

namespace {

using Json = nlohmann::ordered_json;

v1::Answer get(std::string_view path, std::string_view query = {}) {
  Store store = built_in_site().fresh_store();
  const auto route = v1::lookup_route(store, path, split_query_string(query));
  REQUIRE(route != nullptr);
  built_in_site().run(store, *route);
  return route->answer();
}

Json ok(std::string_view path, std::string_view query = {}) {
  const v1::Answer answer = get(path, query);
  CHECK(answer.status == 200);
  return Json::parse(answer.body);
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items())
    keys.push_back(key);
  return keys;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("paths of other routes are left to them") {
  Store store = built_in_site().fresh_store();
  for (const char* path : {"", "v1", "v1/jobs", "v1/metiers/x", "v1/metiers/metiersparformation",
                           "v1/metiers/metiersparformation/", "romelabels/x", "metiers", "v1/romelabels"})
    CHECK(v1::lookup_route(store, path, {}) == nullptr);
}

TEST_CASE("missing parameters are answered as V1 does") {
  const auto check = [](std::string_view path, std::string_view query, int status, std::string_view body) {
    CAPTURE(path, query);
    const v1::Answer answer = get(path, query);
    CHECK(answer.status == status);
    CHECK(answer.body == body);
  };
  check("romelabels", "", 200, R"({"error":"title_missing"})");
  check("romelabels", "title=", 200, R"({"error":"title_missing"})");
  check("jobsdiplomas", "", 400, "\"romes_missing\"");
  check("jobsdiplomas", "rncps=RNCP1", 400, "\"romes_missing\"");
  check("jobsdiplomas", "romes=D1102", 200, "\"rncps_missing\"");
  check(
      "v1/metiers", "", 400,
      R"({"error":"missing_parameters","error_messages":["Parameters must include at least one from 'title', 'romes' and 'rncps'"]})");
  check("v1/metiers/intitule", "", 400,
        R"({"error":"missing_parameters","error_messages":["Parameters must include a label to search for."]})");
  for (const char* path :
       {"v1/metiers/metiersparformation/99999999", "v1/metiers/metiersparetablissement/00000000000000",
        "v1/metiers/metiersparformation/50099999"})
    check(path, "", 500, R"({"romes":[],"error":"No training found","metiers":[]})");
}

TEST_CASE("/romelabels gives occupations and diplomas") {
  const Json answer = ok("romelabels", "title=boulanger");
  CHECK(keys_of(answer) == Texts{"labelsAndRomes", "labelsAndRomesForDiplomas"});
  const Json& job = answer["labelsAndRomes"][0];
  CHECK(keys_of(job) == Texts{"label", "romes", "rncps", "type"});
  CHECK(job["label"] == "Boulanger");
  CHECK(job["romes"] == Json{"D1102"});
  CHECK(job["rncps"].empty());
  CHECK(job["type"] == "job");
  // Two spellings of one title, and the bracket cut off: one diploma with what all of them have.
  REQUIRE(answer["labelsAndRomesForDiplomas"].size() == 1);
  const Json& diploma = answer["labelsAndRomesForDiplomas"][0];
  CHECK(diploma == Json::parse(R"({"label": "BOULANGER", "romes": ["D1102", "D1104"],
                                   "rncps": ["RNCP18704", "RNCP37310", "RNCP37537"], "type": "diploma"})"));
  const Json with_labels = ok("romelabels", "title=boulanger&withRomeLabels=true");
  CHECK(with_labels["labelsAndRomes"][0]["romeTitles"] ==
        Json::parse(R"([{"codeRome": "D1102", "intitule": "Boulangerie - viennoiserie"}])"));
  CHECK_FALSE(with_labels["labelsAndRomesForDiplomas"][0].contains("romeTitles"));
  CHECK(ok("romelabels", "title=a")["labelsAndRomes"].size() == 20);
  CHECK(ok("romelabels", "title=xyzxyz") == Json::parse(R"({"labelsAndRomes": [], "labelsAndRomesForDiplomas": []})"));
  CHECK(ok("romelabels", "title=b")["labelsAndRomes"].size() >= 10);
}

TEST_CASE("/v1/metiers wants every word, and filters by ROME and RNCP") {
  const auto labels = [](std::string_view query) {
    const Json answer = ok("v1/metiers", query);
    Texts found;
    for (const Json& item : answer["labelsAndRomes"])
      found.push_back(item["label"]);
    return found;
  };
  CHECK(labels("title=m%C3%A9canicien%20auto") == Texts{"M\xC3\xA9"
                                                        "canicien automobile"});
  CHECK(labels("title=boulanger%20xyzxyz").empty());
  CHECK(labels("title=conducteur").size() > 3);
  const Texts by_rome = labels("romes=D1102");
  CHECK(std::find(by_rome.begin(), by_rome.end(), "Boulanger") != by_rome.end());
  CHECK(labels("romes=D1102,%20F1703").size() > by_rome.size());
  CHECK(labels("romes=Z9999").empty());
  CHECK(labels("romes=nonsense").empty());
  CHECK(labels("title=boulanger&romes=F1703").empty());
  CHECK(labels("title=boulanger&romes=d1102") == labels("title=boulanger"));
  CHECK(labels("title=boulanger&romes=d1102")[0] == "Boulanger");
  CHECK(labels("rncps=RNCP1").empty());
  CHECK(labels("romes=M1805,D1102,F1703,D1301,J1501,M1203,N4105,K1303,G1803,G1602,I1604,M1607,E1205,H2913").size() ==
        20);
}

TEST_CASE("/v1/metiers/all lists every occupation, sorted") {
  const Texts all = ok("v1/metiers/all")["metiers"].get<Texts>();
  CHECK(all.size() >= 150);
  CHECK(std::is_sorted(all.begin(), all.end()));
}

TEST_CASE("/v1/metiers/intitule gives names with their ROME") {
  const Json answer = ok("v1/metiers/intitule", "label=boulanger");
  const Json& list = answer["coupleAppellationRomeMetier"];
  REQUIRE(list.size() >= 2);
  CHECK(list.size() <= 30);
  CHECK(list[0] ==
        Json::parse(R"({"codeRome": "D1102", "intitule": "Boulangerie - viennoiserie", "appellation": "Boulanger"})"));
}

TEST_CASE("occupations of a diploma code and of a school") {
  const Texts by_cfd = ok("v1/metiers/metiersparformation/50022137")["metiers"].get<Texts>();
  REQUIRE_FALSE(by_cfd.empty());
  CHECK(by_cfd.size() <= 20);
  // Both ROMEs of the code before one of them.
  CHECK(by_cfd[0] == "Vendeur en alimentation");
  CHECK(std::find(by_cfd.begin(), by_cfd.end(), "Boulanger") != by_cfd.end());
  const Texts lower = ok("v1/metiers/metiersparformation/26x32602")["metiers"].get<Texts>();
  CHECK(std::find(lower.begin(), lower.end(), "D\xC3\xA9veloppeur web et logiciel") != lower.end());
  const Texts school = ok("v1/metiers/metiersparetablissement/13000548100018")["metiers"].get<Texts>();
  CHECK(std::find(school.begin(), school.end(), "Ma\xC3\xA7on") != school.end());
  CHECK(std::find(school.begin(), school.end(), "Boulanger") != school.end());
  CHECK(std::find(school.begin(), school.end(), "Coiffeur") == school.end());
}

TEST_CASE("/jobsdiplomas gives the levels that exist") {
  CHECK(ok("jobsdiplomas", "romes=D1102&rncps=x") == Json::parse(R"json(["3 (CAP...)", "4 (BAC...)"])json"));
  CHECK(ok("jobsdiplomas", "romes=d1102,M1805,D1402&rncps=x") ==
        Json::parse("[\"3 (CAP...)\", \"4 (BAC...)\", \"5 (BTS, DEUST...)\", \"6 (Licence, BUT...)\", "
                    "\"7 (Master, titre ing\xC3\xA9nieur...)\"]"));
  CHECK(ok("jobsdiplomas", "romes=A1101&rncps=x") == Json::array());
}

TEST_CASE("/v1/communes gives communes by name, postal code and INSEE code") {
  const Json by_name = ok("v1/communes", "nom=saint-denis&limit=2");
  REQUIRE(by_name.size() == 2);
  CHECK(by_name[0]["code"] == "97411");
  CHECK(by_name[1]["code"] == "93066");
  CHECK(keys_of(by_name[0]) ==
        Texts{"nom", "code", "codesPostaux", "codeDepartement", "codeRegion", "population", "centre"});
  CHECK(by_name[1]["codeDepartement"] == "93");
  CHECK(by_name[1]["codeRegion"] == "11");
  CHECK(by_name[1]["centre"] == Json::parse(R"({"type": "Point", "coordinates": [2.3539, 48.9356]})"));
  CHECK(ok("v1/communes", "codePostal=97400").size() == 1);
  for (const Json& commune : ok("v1/communes", "codePostal=12230")) {
    const Texts codes = commune["codesPostaux"].get<Texts>();
    CHECK(std::find(codes.begin(), codes.end(), "12230") != codes.end());
  }
  CHECK(ok("v1/communes", "nom=saint-denis&codePostal=93200")[0]["code"] == "93066");
  CHECK(ok("v1/communes", "insee=2A004")[0]["nom"] == "Ajaccio");
  CHECK(ok("v1/communes", "insee=00000") == Json::array());
  CHECK(ok("v1/communes", "nom=bretagne")[0]["code"].get<std::string>().size() == 5);
  CHECK(ok("v1/communes", "insee=98818")[0]["codeDepartement"].is_null());
  for (const char* wrong : {"", "nom=", "codePostal=9320", "codePostal=abcde", "insee=123", "nom=paris&limit=0",
                            "nom=paris&limit=21", "nom=paris&limit=x"}) {
    CAPTURE(wrong);
    const v1::Answer answer = get("v1/communes", wrong);
    CHECK(answer.status == 400);
    CHECK(Json::parse(answer.body)["error"] == "wrong_parameters");
    CHECK(Json::parse(answer.body)["error_messages"].size() == 1);
  }
}

TEST_CASE("an answer reads one small file of a table") {
  Store store = built_in_site().fresh_store();
  const auto route = v1::lookup_route(store, "jobsdiplomas", split_query_string("romes=D1102&rncps=x"));
  const auto cost = built_in_site().run(store, *route);
  CHECK(cost.files == 3);
  CHECK(cost.bytes < 10'000);
}

TEST_CASE("without look-ups the routes answer that nothing was found") {
  Store store;
  REQUIRE(store.open(encode_root({})));
  for (const char* path : {"romelabels", "jobsdiplomas", "v1/metiers", "v1/metiers/all", "v1/metiers/intitule",
                           "v1/communes", "v1/metiers/metiersparformation/1"}) {
    const auto route = v1::lookup_route(store, path, split_query_string("title=a&romes=D1102&rncps=x&label=a&nom=a"));
    REQUIRE(route != nullptr);
    const auto missing = route->advance();
    REQUIRE(missing);
    CHECK(missing->empty());
    CHECK(Json::accept(route->answer().body));
  }
}

}  // namespace balise
