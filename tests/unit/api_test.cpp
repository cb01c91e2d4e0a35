#include "core/v1/api.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "generator/files.hpp"
#include "generator/write/shard_encode.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

/// A site of made-up records, asked as a server would.
class Api {
 public:
  explicit Api(std::size_t count) {
    const Bytes root = encode_root(write_regions_of(made_up_records(count, 31), m_folder.path()));
    REQUIRE(m_store.open(root));
  }

  v1::Answer ask(const v1::ApiRequest& request) {
    const auto route = v1::route_of(m_store, request);
    REQUIRE(route != nullptr);
    for (;;) {
      const auto missing = route->advance();
      REQUIRE(missing);
      if (missing->empty())
        return route->answer();
      for (const FileId& file : *missing)
        REQUIRE(m_store.put(path_of(file), read_file(m_folder.path() / path_of(file))));
    }
  }

  v1::Answer get(std::string_view url, bool is_own = false) { return ask({"GET", url, is_own}); }

 private:
  TemporaryFolder m_folder;
  Store m_store;
};

}  // namespace

TEST_CASE("no request crashes the API, and every answer is JSON with a status") {
  Api api(400);
  std::mt19937_64 random(32);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::string_view pieces[] = {"/api/V1/",    "/api/",
                                     "formations",  "formationsParRegion",
                                     "jobs",        "jobsEtFormations",
                                     "/job/",       "/company/",
                                     "/formation/", "?",
                                     "&",           "=",
                                     "romes",       "romeDomain",
                                     "F1001",       "F10",
                                     ",",           "latitude",
                                     "longitude",   "radius",
                                     "48.85",       "2.35",
                                     "30",          "diploma",
                                     "3",           "caller",
                                     "x",           "insee",
                                     "75056",       "2A004",
                                     "sources",     "lba",
                                     "offres",      "region",
                                     "11",          "departement",
                                     "20",          "974",
                                     "97",          "2b",
                                     "opco",        "akto",
                                     "%",           "%2",
                                     "%00",         "%C3%A9",
                                     "\xC3",        "\xFF\xFE",
                                     "#",           "1e308",
                                     "1e999",       "-0",
                                     "-",           ".",
                                     "NaN",         "+",
                                     " ",           "/",
                                     "//",          "..",
                                     "\\",          "\"",
                                     "<script>",    "{",
                                     "\n"};
  int bad = 0, good = 0, server = 0;
  for (int i = 0; i < 20'000; ++i) {
    constexpr std::string_view routes[] = {"formations", "formationsParRegion", "jobs", "jobsEtFormations"};
    std::string url = "/api/V1/";
    if (below(3) == 0)
      url = "";
    else
      (url += routes[below(std::size(routes))]) += below(2) == 0 ? "?romes=F1001" : "?romeDomain=F";
    for (std::size_t n = below(14); n > 0; --n) {
      if (below(12) == 0)
        url += static_cast<char>(below(256));
      else
        url += pieces[below(std::size(pieces))];
    }
    CAPTURE(url);
    const v1::Answer answer = api.get(url, below(2) == 0);
    REQUIRE(nlohmann::json::accept(answer.body));
    REQUIRE((answer.status == 200 || answer.status == 400 || answer.status == 404 || answer.status == 500 ||
             answer.status == 501));
    good += answer.status == 200 ? 1 : 0;
    bad += answer.status == 400 ? 1 : 0;
    server += answer.status >= 500 ? 1 : 0;
  }
  CHECK(good > 10);
  CHECK(bad > 1000);
  CHECK(server < 200);
}

TEST_CASE("an answer holds the results of the search, source by source, in its order") {
  Api api(3'000);
  const auto json = nlohmann::json::parse(
      api.get("/api/V1/jobsEtFormations?romeDomain=F&latitude=48.85&longitude=2.35&radius=60&caller=x").body);
  REQUIRE(json["formations"]["results"].size() > 5);
  for (const auto& [key, source] : json["jobs"].items()) {
    double last = 0;
    for (const auto& item : source["results"]) {
      const double distance = item["place"]["distance"];
      CHECK(distance >= last);
      last = distance;
    }
  }
  CHECK(json["jobs"]["peJobs"]["results"].size() + json["jobs"]["lbaCompanies"]["results"].size() > 10);
}

TEST_CASE("numbers are read as decimals with blanks around, and nothing else is a number") {
  Api api(10);
  const auto messages = [&](const std::string& parameters) {
    const v1::Answer answer = api.get("/api/V1/formations?romes=F1001&caller=x&" + parameters);
    const auto json = nlohmann::json::parse(answer.body);
    return answer.status == 200 ? nlohmann::json::array() : json["error_messages"];
  };
  for (const char* fine : {"latitude=48.85&longitude=2.35&radius=30", "latitude=%2048.85%20&longitude=2.35&radius=30",
                           "latitude=4885e-2&longitude=+2.35&radius=3e1", "latitude=.5&longitude=5.&radius=200.99",
                           "latitude=-90&longitude=-180&radius=-0.9", "radius=XX"})
    CHECK(messages(fine).empty());
  for (const char* wrong : {"latitude=%20&longitude=2.35&radius=30", "latitude=0x10&longitude=2.35&radius=30",
                            "latitude=Infinity&longitude=2.35&radius=30", "latitude=48,85&longitude=2.35&radius=30"})
    CHECK(messages(wrong) == nlohmann::json::array({"latitude : Search center latitude must be a number."}));
  CHECK(messages("latitude=48&longitude=2&radius=20001") ==
        nlohmann::json::array({"radius : Search radius must be a number between 0 and 200."}));
}

}  // namespace balise
