#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/answer.hpp"
#include "generator/files.hpp"
#include "generator/site.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;

const fs::path samples = fs::path(BALISE_SOURCE_DIR) / "docs" / "format-samples";

nlohmann::json read_json(const fs::path& path) {
  return nlohmann::json::parse(read_file(path));
}

/// A search to its end over the samples; the ids as the vectors write them, and the answer.
std::pair<std::vector<std::string>, nlohmann::json> ids_of(Store& store, const Query& query) {
  Search search(store, query);
  for (auto missing = search.advance();; missing = search.advance()) {
    REQUIRE(missing);
    if (missing->empty())
      break;
    for (const FileId& file : *missing)
      REQUIRE(store.put(path_of(file), read_file(samples / path_of(file))));
  }
  const auto answer = nlohmann::json::parse(answer_of(search));
  std::vector<std::string> ids;
  for (const auto& result : answer["results"])
    ids.push_back(result["source"].get<std::string>() + ":" + result["id"].get<std::string>());
  return {ids, answer};
}

}  // namespace

TEST_CASE("the vectors hold natively over the sample files of the format") {
  Store store;
  REQUIRE(store.open(root_of_manifest(read_json(samples / "manifest.json"), "manifest.json")));
  std::size_t count = 0;
  for (const auto& vector : read_json(fs::path(BALISE_SOURCE_DIR) / "tests" / "vectors" / "searches.json")) {
    CAPTURE(vector.dump());
    ++count;
    const auto query = parse_query(vector["query"].get<std::string>());
    if (vector.contains("error")) {
      REQUIRE_FALSE(query);
      CHECK(query.error().what.starts_with(vector["error"].get<std::string>() + " "));
      continue;
    }
    REQUIRE(query);
    const auto [ids, answer] = ids_of(store, *query);
    CHECK(ids == vector["ids"].get<std::vector<std::string>>());
    if (vector.contains("more"))
      CHECK(answer["more"] == vector["more"]);
  }
  CHECK(count >= 28);
}

}  // namespace balise
