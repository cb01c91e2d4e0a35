#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "generator/api.hpp"
#include "generator/cli/command.hpp"
#include "generator/compare/comparison_text.hpp"
#include "generator/compare/recording.hpp"

namespace balise {

namespace {

using compare::Json;

struct CompareOptions {
  std::filesystem::path site;
  std::filesystem::path against;
  std::string shape;
  std::string format = "text";
  std::size_t limit = 3;
  bool is_own = false;
};

constexpr std::array<std::string_view, 4> search_routes{"formations", "formationsParRegion", "jobs",
                                                        "jobsEtFormations"};

Json asked(Site& site, const std::string& method, const std::string& url, bool is_own, int& status) {
  const v1::Answer answer = answer_api(site, {method, url, is_own});
  status = answer.status;
  return Json::parse(answer.body);
}

void append(Json& all, const Json& more) {
  for (const auto& [key, value] : more.items()) {
    if (value.is_object())
      append(all[key], value);
    else if (value.is_array() && all[key].is_array())
      all[key].insert(all[key].end(), value.begin(), value.end());
    else
      all[key] = value;
  }
}

/// Whether every list of the answer has items; companies of La bonne boite are no source.
bool has_items(const Json& answer) {
  return std::all_of(answer.items().begin(), answer.items().end(), [&](const auto& entry) {
    return entry.key() == "lbbCompanies" ||
           (entry.value().is_array() ? entry.value().size() >= 100 : has_items(entry.value()));
  });
}

/// Answers of one search route, put together until there is enough to see what items look like.
Json answers_of_route(Site& site, std::string_view route, bool is_own) {
  // Around the middle of France without a limit, so that there are distances.
  const std::string_view place = route == "formationsParRegion" ? "" : "&latitude=46.5&longitude=2.5&radius=20000";
  Json all = Json::object();
  // Letters of the ROME domains: together they find every record.
  for (char letter = 'A'; letter <= 'N'; ++letter) {
    int status = 0;
    append(all,
           asked(site, "GET",
                 "/api/V1/" + std::string(route) + "?caller=balise-compare&romeDomain=" + letter + std::string(place),
                 is_own, status));
    if (has_items(all))
      break;
  }
  return all;
}

compare::Recording compare_shapes(Site& site, const CompareOptions& options, compare::Comparison& comparison) {
  const Json recorded = compare::read_answer(options.against);
  if (options.shape.starts_with('/')) {
    int status = 0;
    const Json here = asked(site, "GET", options.shape, options.is_own, status);
    comparison.add_shapes(compare::route_of_url(options.shape), recorded, here);
  } else {
    comparison.add_shapes(options.shape, recorded, answers_of_route(site, options.shape, options.is_own));
  }
  return {};
}

compare::Recording compare_answers(Site& site, const CompareOptions& options, compare::Comparison& comparison) {
  compare::Recording recording = compare::read_recording(options.against);
  for (const compare::RecordedAnswer& recorded : recording.answers) {
    int status = 0;
    const Json here = asked(site, recorded.method, recorded.url, options.is_own || recorded.is_own, status);
    comparison.add(recorded, status, here);
  }
  return recording;
}

Exit run_compare(const CompareOptions& options) {
  if (!options.shape.empty() && !options.shape.starts_with("/api/") &&
      std::find(search_routes.begin(), search_routes.end(), options.shape) == search_routes.end())
    throw Failure(Exit::usage, "--shape: \"" + options.shape +
                                   "\" is no route: give formations, formationsParRegion, jobs or jobsEtFormations, or "
                                   "the URL of an answer ('/api/romelabels?title=web')");
  Site site(options.site);
  compare::Comparison comparison(options.limit);
  const compare::Recording recording =
      options.shape.empty() ? compare_answers(site, options, comparison) : compare_shapes(site, options, comparison);
  std::cout << (options.format == "json" ? json_of(comparison, recording) : text_of(comparison, recording));
  return comparison.different() == 0 ? Exit::done : Exit::verification_failed;
}

}  // namespace

void add_compare_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand(
      "compare",
      "Compare a site with recorded answers of the real API, field by field. Exit code 0 when nothing differs but what "
      "must (docs/API.md, \"Where Balise differs from V1\"), 4 when something else does");
  auto options = std::make_shared<CompareOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  command
      ->add_option("--against", options->against,
                   "Recorded answers, plain or compressed: a JSON array or NDJSON of {\"url\": \"/api/V1/...\", "
                   "\"status\": 200, \"json\": {...}} (or \"body\", its text; \"own\": true for a page of the real "
                   "site), or a HAR file")
      ->required();
  command->add_option(
      "--shape", options->shape,
      "The file is one bare answer of this route (formations, formationsParRegion, jobs, "
      "jobsEtFormations, or a URL of the API): compare keys and types only, with any items of the site");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--limit", options->limit, "Examples of each difference")->capture_default_str();
  command->add_flag("--own", options->is_own, "Ask as a page of the site itself, which needs no caller");
  command->callback([options, &action] { action = [options] { return run_compare(*options); }; });
}

}  // namespace balise
