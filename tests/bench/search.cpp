// Milliseconds of searches over one store that is kept in memory: query text in, answer with its cards out.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/answer.hpp"
#include "generator/files.hpp"
#include "generator/site.hpp"

namespace balise::bench {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string query_text(const Json& search, const std::string& cards) {
  std::string romes;
  for (const std::string code : search.at("romes"))
    romes += (romes.empty() ? "" : ",") + code;
  return "lat=" + search.at("lat").dump() + "&lon=" + search.at("lon").dump() +
         "&radius=" + search.at("radius").dump() + (romes.empty() ? "" : "&romes=" + romes) +
         (cards.empty() ? "" : "&cards=" + cards);
}

std::string answer(Site& site, const std::string& text) {
  auto query = parse_query(text);
  if (!query)
    throw std::runtime_error(query.error().what);
  Search search(site.store(), *query);
  site.run(search);
  return answer_of(search);
}

int run(const fs::path& folder, const fs::path& searches_file, const fs::path& oracle_file, const std::string& cards,
        int rounds) {
  const Json searches = Json::parse(read_file(searches_file)).at("searches");
  const Json oracle = Json::parse(read_file(oracle_file)).at("answers");
  Site site(folder);
  Json results = Json::array();
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    const std::string text = query_text(searches[i], cards);
    const auto begin = Clock::now();
    const std::string first = answer(site, text);
    const std::chrono::duration<double, std::milli> cold = Clock::now() - begin;
    // All ids of all sources where all cards are asked for, the first ones otherwise.
    const Json found = Json::parse(first).at("results");
    std::map<std::string, Json> ids;
    for (const Json& result : found)
      ids[result.at("source")].push_back(result.at("id"));
    bool right = true;
    if (cards.empty())
      for (const auto& [source, list] : oracle[i].at("ids").items())
        right = right && (ids.contains(source) ? ids[source] : Json::array()) == list;
    const Json& expected = oracle[i].at("first");
    right = right && found.size() >= expected.size();
    for (std::size_t j = 0; right && j < expected.size(); ++j)
      right = found[j].at("id") == expected[j].at("id") && found[j].at("distance_m") == expected[j].at("distance_m");
    wrong += right ? 0 : 1;
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
      const auto start = Clock::now();
      const std::string again = answer(site, text);
      times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
      if (again != first)
        throw std::runtime_error("the same search gave two answers: " + text);
    }
    results.push_back({{"cold_ms", cold.count()}, {"warm_ms", times}, {"bytes", first.size()}, {"right", right}});
  }
  std::cout << Json{{"wrong", wrong}, {"searches", results}}.dump() << '\n';
  return wrong == 0 ? 0 : 1;
}

}  // namespace

}  // namespace balise::bench

int main(int argc, char** argv) {
  CLI::App app("Times searches over a built site in memory, and checks them against the oracle");
  std::filesystem::path site, searches, oracle;
  std::string cards;
  int rounds = 5;
  app.add_option("--site", site, "What balise build wrote")->required();
  app.add_option("--searches", searches, "As balise_bench_data writes them")->required();
  app.add_option("--oracle", oracle, "As balise_bench_oracle writes it")->required();
  app.add_option("--cards", cards, "How many cards are decoded; all without it");
  app.add_option("--rounds", rounds, "How often each search is timed")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return balise::bench::run(site, searches, oracle, cards, rounds);
  } catch (const std::exception& error) {
    std::cerr << "balise_bench_search: " << error.what() << '\n';
    return 1;
  }
}
