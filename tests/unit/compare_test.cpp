#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "generator/compare/comparison_text.hpp"
#include "generator/compare/difference.hpp"

using namespace balise::compare;

namespace {

constexpr const char* jobs_url = "/api/V1/jobs?romes=F1702&caller=test";

Comparison compared(const Json& recorded, const Json& here, const std::string& url = jobs_url,
                    int recorded_status = 200, int status = 200) {
  Comparison comparison(3);
  comparison.add({url, "GET", false, recorded_status, recorded}, status, here);
  return comparison;
}

/// "kind path (detail) count" of every difference.
std::vector<std::string> lines_of(const std::vector<Difference>& differences) {
  std::vector<std::string> lines;
  for (const Difference& difference : differences)
    lines.push_back(std::string(name_of(difference.kind)) + " " + difference.path +
                    (difference.detail.empty() ? "" : " (" + difference.detail + ")") + " " +
                    std::to_string(difference.count));
  std::sort(lines.begin(), lines.end());
  return lines;
}

using Lines = std::vector<std::string>;

Json offre(const std::string& id, const Json& place = Json::object()) {
  return {{"ideaType", "peJob"}, {"title", "Offre " + id}, {"id", nullptr}, {"place", place}, {"job", {{"id", id}}}};
}

Json pe_jobs(const std::vector<Json>& items) {
  return {{"peJobs", {{"results", items}}}};
}

}  // namespace

TEST_CASE("Equal answers have no difference") {
  const auto comparison = compared(pe_jobs({offre("1"), offre("2")}), pe_jobs({offre("1"), offre("2")}));
  CHECK(comparison.differences().empty());
  CHECK(comparison.known().empty());
  CHECK(comparison.answers() == 1);
  CHECK(comparison.different() == 0);
  CHECK(comparison.known_only() == 0);
  const ListTally& tally = comparison.lists().at({"jobs", "peJobs.results"});
  CHECK(tally.both == 2);
  CHECK(tally.only_recorded + tally.only_here + tally.moved == 0);
}

TEST_CASE("Keys, types and values are told apart") {
  const auto comparison = compared({{"a", 1}, {"b", "x"}, {"c", true}, {"d", {{"e", nullptr}}}},
                                   {{"a", "1"}, {"b", "y"}, {"d", {{"e", nullptr}, {"f", 2}}}});
  CHECK(lines_of(comparison.differences()) ==
        Lines{"added key d.f (number) 1", "missing key c (boolean) 1", "type a (number -> string) 1", "value b 1"});
  CHECK(comparison.different() == 1);
}

TEST_CASE("A number is a number, whole or not") {
  CHECK(compared({{"a", 1}}, {{"a", 1.0}}).differences().empty());
}

TEST_CASE("Items are matched by what names them, not by their place") {
  Json changed = offre("2");
  changed["title"] = "Autre";
  const auto comparison =
      compared(pe_jobs({offre("1"), offre("2"), offre("3")}), pe_jobs({offre("4"), offre("3"), offre("1"), changed}));
  CHECK(lines_of(comparison.differences()) == Lines{"only here peJobs.results[] 1", "value peJobs.results[].title 1"});
  CHECK(lines_of(comparison.known()) == Lines{"order peJobs.results 1"});
  const ListTally& tally = comparison.lists().at({"jobs", "peJobs.results"});
  CHECK(tally.both == 3);
  CHECK(tally.only_here == 1);
  CHECK(tally.moved == 1);
}

TEST_CASE("The order of other lists is a difference") {
  const Json a{{"title", "A"}, {"cleMinistereEducatif", "a"}}, b{{"title", "B"}, {"cleMinistereEducatif", "b"}};
  const auto comparison =
      compared({{"results", {a, b}}}, {{"results", {b, a}}}, "/api/V1/formations?romes=F1702&caller=test");
  CHECK(lines_of(comparison.differences()) == Lines{"order results 1"});
}

TEST_CASE("Every kind of item has an identity") {
  CHECK(identity_of({{"id", "k"}, {"cleMinistereEducatif", "key#L01"}}) == "key#L01");
  CHECK(identity_of({{"id", "form-1"}, {"job", {{"id", "offer"}}}}) == "offer");
  CHECK(identity_of({{"id", nullptr}, {"job", nullptr}, {"company", {{"siret", "41234567800012"}}}}) ==
        "41234567800012");
  CHECK(identity_of({{"code", "F1702"}}) == "F1702");
  CHECK(identity_of("Apprentissage") == "\"Apprentissage\"");
  CHECK(identity_of(Json::object()).empty());
}

TEST_CASE("Equal identities are matched one by one") {
  const auto comparison = compared(pe_jobs({offre("1"), offre("1")}), pe_jobs({offre("1")}));
  CHECK(lines_of(comparison.differences()) == Lines{"only recorded peJobs.results[] 1"});
}

TEST_CASE("Items without an identity are compared by their place") {
  const auto comparison =
      compared({{"list", {{{"x", 1}}, {{"x", 2}}}}}, {{"list", {{{"x", 1}}, {{"x", 3}}, {{"x", 4}}}}});
  CHECK(lines_of(comparison.differences()) == Lines{"only here list[] 1", "value list[].x 1"});
}

TEST_CASE("Distances may differ by a thousandth, or by their rounding") {
  const auto differs = [](double recorded, double here) {
    return !compared(pe_jobs({offre("1", {{"distance", recorded}})}), pe_jobs({offre("1", {{"distance", here}})}))
                .differences()
                .empty();
  };
  CHECK_FALSE(differs(96.66409045162747, 96.664));
  CHECK_FALSE(differs(96.66409045162747, 96.75));
  CHECK(differs(96.66409045162747, 96.77));
  CHECK_FALSE(differs(1.1, 1.2));
  CHECK(differs(1.1, 1.3));
  CHECK_FALSE(differs(0.0004, 0.0));
  CHECK(differs(0.0104, 0.02));
  CHECK_FALSE(differs(500.0, 500.4));
}

TEST_CASE("Differences are counted, with few examples") {
  Comparison comparison(2);
  for (int i = 0; i < 5; ++i)
    comparison.add({jobs_url, "GET", false, 200, {{"a", i}}}, 200, {{"a", -1}});
  REQUIRE(comparison.differences().size() == 1);
  const Difference difference = comparison.differences()[0];
  CHECK(difference.route == "jobs");
  CHECK(difference.count == 5);
  REQUIRE(difference.examples.size() == 2);
  CHECK(difference.examples[1].recorded == 1);
  CHECK(difference.examples[1].here == -1);
  CHECK(difference.examples[1].url == jobs_url);
  CHECK(comparison.different() == 5);
}

TEST_CASE("What must differ is known, and only that") {
  const auto of = [](const char* source, const char* key, const Json& recorded, const Json& here) {
    Json a = offre("1"), b = offre("1");
    a[key] = recorded;
    b[key] = here;
    return compared({{source, {{"results", {a}}}}}, {{source, {{"results", {b}}}}});
  };
  SECTION("contacts, which are not repeated") {
    const auto comparison = of("peJobs", "contact", {{"email", "a@b.example"}}, {{"hasEmail", true}});
    CHECK(comparison.differences().empty());
    CHECK(comparison.known().size() == 2);
    CHECK(comparison.known_only() == 1);
    CHECK(text_of(comparison, {}).find("a@b.example") == std::string::npos);
    CHECK(json_of(comparison, {}).find("a@b.example") == std::string::npos);
  }
  SECTION("times cut to days") {
    CHECK(of("matchas", "createdAt", "2021-10-22T11:56:48.000Z", "2021-10-22T00:00:00.000Z").differences().empty());
    CHECK(of("matchas", "createdAt", "2021-10-22T11:56:48.000Z", "2021-10-23T00:00:00.000Z").differences().size() == 1);
    CHECK(of("matchas", "createdAt", "2021-10-22T11:56:48.000Z", "2021-10-22T11:00:00.000Z").differences().size() == 1);
  }
  SECTION("positions rounded to 5 decimals") {
    CHECK(of("matchas", "place", {{"latitude", "43.5884323"}}, {{"latitude", "43.58843"}}).differences().empty());
    CHECK(of("matchas", "place", {{"latitude", "43.5884323"}}, {{"latitude", "43.58847"}}).differences().size() == 1);
  }
  SECTION("matcha without a centre") {
    CHECK(of("matchas", "place", {{"distance", 12.3}}, {{"distance", nullptr}}).differences().empty());
    CHECK(of("lbaCompanies", "place", {{"distance", 12.3}}, {{"distance", nullptr}}).differences().size() == 1);
    CHECK(of("matchas", "place", {{"distance", 12.3}}, {{"distance", 99.0}}).differences().size() == 1);
  }
  SECTION("null where V1 leaves a key out") {
    CHECK(compared({{"a", Json::object()}}, {{"a", {{"b", nullptr}}}}).differences().empty());
    CHECK(compared({{"a", Json::object()}}, {{"a", {{"b", 1}}}}).differences().size() == 1);
  }
  SECTION("no company, and companies of La bonne boite") {
    const Json none{{"results", Json::array()}};
    CHECK(compared({{"lbaCompanies", Json::array()}}, {{"lbaCompanies", none}}).differences().empty());
    CHECK(compared({{"lbaCompanies", nullptr}}, {{"lbaCompanies", none}}).differences().size() == 1);
    CHECK(compared({{"lbbCompanies", {{"results", {offre("1")}}}}}, {{"lbbCompanies", none}}).differences().empty());
    CHECK(compared({{"lbaCompanies", {{"results", {offre("1")}}}}}, {{"lbaCompanies", none}}).differences().size() ==
          1);
  }
}

TEST_CASE("A status that differs is a difference, and then bodies are not compared") {
  const Json wrong{{"error", "wrong_parameters"}, {"error_messages", {"romes : Rome codes are missing. At least 1."}}};
  const auto comparison = compared(wrong, pe_jobs({}), jobs_url, 400, 200);
  CHECK(lines_of(comparison.differences()) == Lines{"status  (400 -> 200) 1"});
  CHECK(comparison.known().empty());
}

TEST_CASE("Statuses that must differ are known") {
  const Json not_found{{"result", "not_found"},
                       {"message",
                        "Offre non trouv\xC3\xA9"
                        "e"}};
  CHECK(compared(not_found, not_found, "/api/V1/jobs/job/1", 200, 404).differences().empty());
  CHECK(compared({{"error", "internal_error"}}, not_found, "/api/V1/formations/formation/1", 500, 404)
            .differences()
            .empty());
  CHECK(compared(pe_jobs({}), not_found, jobs_url, 200, 404).differences().size() == 1);
  const Json insee{
      {"error", "wrong_parameters"},
      {"error_messages",
       {"insee : insee city code is missing.", "insee : Badly formatted insee city code. Must be 5 digit number."}}};
  CHECK(compared(insee, pe_jobs({}), jobs_url, 400, 200).differences().empty());
}

TEST_CASE("Messages are compared one by one") {
  const auto wrong = [](const std::vector<std::string>& messages) {
    return Json{{"error", "wrong_parameters"}, {"error_messages", messages}};
  };
  const auto comparison =
      compared(wrong({"a", "insee : insee city code is missing."}), wrong({"a", "b"}), jobs_url, 400, 400);
  CHECK(lines_of(comparison.differences()) == Lines{"only here error_messages[] 1"});
  CHECK(lines_of(comparison.known()) == Lines{"only recorded error_messages[] 1"});
}

TEST_CASE("An answer without a status is compared by its body") {
  Comparison comparison(1);
  comparison.add({jobs_url, "GET", false, {}, {{"a", 1}}}, 200, {{"a", 1}});
  CHECK(comparison.differences().empty());
}

TEST_CASE("Shapes: what no item has, or has otherwise") {
  const Json recorded{{"results",
                       {{{"a", "x"}, {"b", nullptr}, {"c", 1}, {"e", "x"}, {"g", "x"}},
                        {{"a", nullptr}, {"b", nullptr}, {"c", 2}, {"e", "x"}, {"g", "x"}}}}};
  const Json here{{"results", {{{"a", "other"}, {"b", "x"}, {"c", "1"}, {"d", true}, {"g", nullptr}}}}};
  Comparison comparison(1);
  comparison.add_shapes("formations", recorded, here);
  CHECK(lines_of(comparison.differences()) == Lines{"added key results[].d (boolean) 1",
                                                    "missing key results[].e (string) 1",
                                                    "type results[].c (number -> string) 1"});
  CHECK(lines_of(comparison.known()) == Lines{"type results[].g (string -> null) 1"});
}

TEST_CASE("Shapes: a list without items says nothing about them") {
  Comparison comparison(1);
  comparison.add_shapes("formations", {{"results", {{{"a", 1}}}}}, {{"results", Json::array()}});
  comparison.add_shapes("formations", {{"results", Json::array()}}, {{"results", {{{"a", 1}}}}});
  CHECK(comparison.differences().empty());
}

TEST_CASE("What was found can be read by people and by programs") {
  const auto comparison =
      compared(pe_jobs({offre("1", {{"city", "Lyon"}})}), pe_jobs({offre("1", {{"city", "Brest"}})}));
  const std::string text = text_of(comparison, {});
  CHECK(text.find("1 answer compared: 0 equal, 0 with known differences only, 1 with others") == 0);
  CHECK(
      text.find(
          "jobs  peJobs.results[].place.city  value: 1\n      recorded \"Lyon\", here \"Brest\"  [1]  /api/V1/jobs?") !=
      std::string::npos);
  const Json json = Json::parse(json_of(comparison, {}));
  CHECK(json["different"] == 1);
  CHECK(json["differences"][0]["path"] == "peJobs.results[].place.city");
  CHECK(json["differences"][0]["examples"][0]["item"] == "1");
  CHECK(json["lists"][0]["both"] == 1);
}
