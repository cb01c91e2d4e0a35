#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "core/answer.hpp"
#include "generator/cli/command.hpp"
#include "generator/site.hpp"

namespace balise {

namespace {

struct SearchOptions {
  std::filesystem::path site;
  std::string format = "table";
  /// As in core/query.hpp: the option's text goes to the same reader that the browser uses.
  std::vector<std::pair<std::string, std::string>> parameters;
};

std::string percent_encoded(std::string_view text) {
  std::ostringstream out;
  out << std::hex << std::uppercase << std::setfill('0');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '.' || c == '-' || c == ',' || c == '_')
      out << c;
    else
      out << '%' << std::setw(2) << static_cast<unsigned>(byte);
  }
  return out.str();
}

/// How many columns a terminal gives to UTF-8 text of French: one a character.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text)
    width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
  return width;
}

std::string cell(std::string text, std::size_t width) {
  while (width_of(text) > width) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
      text.pop_back();
    text.pop_back();
  }
  return text + std::string(width - width_of(text), ' ');
}

void print_table(const Search& search) {
  for (const Hit& hit : search.hits()) {
    const Card& card = *search.card(hit);
    std::string distance;
    if (search.query().centre) {
      std::ostringstream km;
      km << std::fixed << std::setprecision(1) << hit.distance_m / 1000.0 << " km";
      distance = km.str();
    }
    std::cout << cell(std::string(name_of(card.source)), 10) << ' '
              << std::string(9 - std::min<std::size_t>(9, distance.size()), ' ') << distance << "  "
              << cell(card.title, 44) << ' ' << cell(card.company, 30) << ' '
              << cell(card.postal_code + " " + card.city, 26) << ' ' << card.id << '\n';
  }
  for (const Source source : all_sources)
    if (search.more()[static_cast<std::size_t>(source)])
      std::cout << "more in " << name_of(source) << ": raise --limit\n";
}

Exit run_search(const SearchOptions& options) {
  std::string text;
  for (const auto& [name, value] : options.parameters)
    text += (text.empty() ? "" : "&") + name + "=" + percent_encoded(value);
  auto query = parse_query(text);
  if (!query)
    throw Failure(Exit::usage, "--" + query.error().what + "; see 'balise search --help'");
  Site site(options.site);
  Search search(site.store(), std::move(*query));
  site.run(search);
  if (options.format == "json")
    std::cout << answer_of(search) << '\n';
  else
    print_table(search);
  return Exit::done;
}

}  // namespace

void add_search_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("search", "Search a built site, with the answer that its pages give");
  auto options = std::make_shared<SearchOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  const auto add = [&](const std::string& option, const std::string& parameter, const std::string& help) {
    command->add_option_function<std::string>(
        option, [options, parameter](const std::string& value) { options->parameters.emplace_back(parameter, value); },
        help);
  };
  add("--lat", "lat", "Latitude of the centre, degrees");
  add("--lon", "lon", "Longitude of the centre, degrees");
  add("--radius", "radius", "Kilometres around the centre, inclusive [30]; 20000 is everywhere");
  add("--romes", "romes", "ROME codes with commas between, at most 20");
  add("--rome-domain", "rome_domain", "ROME domain: F or F17");
  add("--diploma", "diploma", "Level: 3 (CAP) to 7 (master)");
  add("--sources", "sources", "Among formations, offres, matcha, lba, with commas between");
  add("--region", "region", "INSEE code of a region");
  add("--departement", "departement", "Code of a departement, 2A and 2B included");
  add("--opco", "opco", "Skills operator of offers and companies");
  add("--limit", "limit", "Results a source [150]");
  add("--widen", "widen",
      "When no formation is within the radius: how many of the nearest beyond it; pages ask for 5 [0]");
  command->add_option("--format", options->format, "json or table")
      ->check(CLI::IsMember({"json", "table"}))
      ->capture_default_str();
  command->callback([options, &action] { action = [options] { return run_search(*options); }; });
}

}  // namespace balise
