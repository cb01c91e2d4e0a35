#include <catch2/catch.hpp>
#include <string>

#include "generator/compare/recording.hpp"
#include "generator/files.hpp"
#include "input_support.hpp"

using namespace balise;
using namespace balise::compare;
using balise::test::failure_of;
using balise::test::TemporaryFolder;

namespace {

void check_refused(const std::string& text, const std::string& part) {
  const TemporaryFolder folder;
  const auto path = folder.write("recorded.json", text);
  const auto failure = failure_of([&] { (void)read_recording(path); });
  INFO(text);
  REQUIRE(failure);
  CHECK(failure->exit() == Exit::data_refused);
  INFO(failure->what());
  CHECK(std::string(failure->what()).find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("Recorded answers come as an array, as one object or one a line") {
  const TemporaryFolder folder;
  const std::string a = R"({"url": "/api/V1/jobs?romes=F1702", "status": 200, "json": {"peJobs": null}})";
  const std::string b =
      R"({"url": "https://example.org/api/v1/formations?romes=F1702#here", "body": "{\"results\": []}", "own": true})";
  for (const std::string& text : {"[" + a + ", " + b + "]", a + "\n" + b + "\n"}) {
    const Recording recording = read_recording(folder.write("recorded.json", text));
    REQUIRE(recording.answers.size() == 2);
    CHECK(recording.answers[0].url == "/api/V1/jobs?romes=F1702");
    CHECK(recording.answers[0].status == 200);
    CHECK_FALSE(recording.answers[0].is_own);
    CHECK(recording.answers[0].json == Json{{"peJobs", nullptr}});
    CHECK(recording.answers[1].url == "/api/v1/formations?romes=F1702");
    CHECK_FALSE(recording.answers[1].status);
    CHECK(recording.answers[1].is_own);
    CHECK(recording.answers[1].json == Json{{"results", Json::array()}});
  }
  CHECK(read_recording(folder.write("recorded.json", a)).answers.size() == 1);
}

TEST_CASE("A HAR file gives its answers of the API") {
  const std::string body = R"({"results": []})";
  const std::string packed = base64_of({reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
  const auto entry = [](const std::string& url, const Json& content, const Json& headers = Json::array()) {
    return Json{{"request", {{"method", "GET"}, {"url", url}, {"headers", headers}}},
                {"response", {{"status", 200}, {"content", content}}}};
  };
  const Json har{
      {"log",
       {{"version", "1.2"},
        {"entries",
         {entry("https://example.org/page", {{"text", "<html>"}}),
          entry("https://example.org/api/V1/formations?romes=F1702", {{"text", body}},
                Json::array({{{"name", "Referer"}, {"value", "https://example.org/recherche"}}})),
          entry("https://example.org/api/V1/formations?romes=F1703", {{"text", packed}, {"encoding", "base64"}},
                Json::array({{{"name", "Referer"}, {"value", "https://partner.example/"}}})),
          entry("https://example.org/api/V1/formations?romes=F1704", Json::object()),
          entry("https://example.org/api/V1/formations?romes=F1705", {{"text", "Too many requests"}})}}}}};
  const TemporaryFolder folder;
  const Recording recording = read_recording(folder.write("session.har", har.dump()));
  CHECK(recording.other_requests == 1);
  CHECK(recording.without_answer == 2);
  REQUIRE(recording.answers.size() == 2);
  CHECK(recording.answers[0].is_own);
  CHECK_FALSE(recording.answers[1].is_own);
  CHECK(recording.answers[1].url == "/api/V1/formations?romes=F1703");
  CHECK(recording.answers[1].json == Json::parse(body));
}

TEST_CASE("A file that is no recording is refused, and says where") {
  check_refused("", "is empty");
  check_refused("[]", "holds no recorded answer");
  check_refused("<html>", "JSON");
  check_refused(R"({"results": []})", "--shape");
  check_refused(R"([{"url": "/api/V1/jobs", "json": {}}, 7])", "record 2 is no object");
  check_refused(R"([{"url": "/recherche", "json": {}}])", "begin with /api/");
  check_refused(R"([{"url": "/api/V1/jobs"}])", "neither");
  check_refused(R"([{"url": "/api/V1/jobs", "body": "Too many requests"}])", "record 1: \"body\"");
  check_refused(R"([{"url": "/api/V1/jobs", "status": "200", "json": {}}])", "HTTP status");
  check_refused("{\"url\": \"/api/V1/jobs\", \"json\": {}}\n{\"url\": \"/api/V1/jobs\", \"json\": }\n",
                "record 2 is no valid JSON");
  check_refused(R"({"log": {"entries": []}})", "no answer of /api/");
  check_refused(
      R"({"log": {"entries": [{"request": {"url": "/api/v1/jobs"}, "response": {"content": {"text": "!", "encoding": "base64"}}}]}})",
      "entry 1");
  check_refused(R"([{"url": "/api/V1/jobs", "json": )" + std::string(100, '[') + std::string(100, ']') + "}]", "JSON");
}

TEST_CASE("A recording that is missing is a failure") {
  const auto failure = failure_of([] { (void)read_recording("/nonexistent/recorded.json"); });
  REQUIRE(failure);
  CHECK(failure->exit() == Exit::failed);
}

TEST_CASE("URLs belong to routes") {
  CHECK(route_of_url("https://example.org/api/V1/formations?romes=F1702") == "formations");
  CHECK(route_of_url("/api/v1/FORMATIONSPARREGION/") == "formationsParRegion");
  CHECK(route_of_url("/api/v1/formations/formation/a%23L01") == "formations/formation/{id}");
  CHECK(route_of_url("/api/v1/jobs/company/1?type=lba") == "jobs/company/{siret}");
  CHECK(route_of_url("/api/romelabels?title=web") == "romelabels");
  CHECK(route_of_url("/api/v1/metiers/metiersParFormation/1") == "metiers/metiersParFormation/{cfd}");
}
