#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/parallel.hpp"
#include "generator/write/snapshot.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct SnapshotOptions {
  fs::path site, out, zip, theme, logo, recipes;
  std::string title, url, near, progress;
  std::vector<std::string> regions, departements, romes, rome_domains, sources, opcos, keys;
  unsigned jobs = 1;
};

/// The options, read by the reader of a config's `filter`.
Filter wanted_by(const SnapshotOptions& options) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [key, values] : std::initializer_list<std::pair<const char*, const std::vector<std::string>&>>{
           {"regions", options.regions},
           {"departements", options.departements},
           {"romes", options.romes},
           {"rome_domains", options.rome_domains},
           {"sources", options.sources},
           {"opcos", options.opcos}})
    if (!values.empty())
      json[key] = values;
  if (!options.near.empty())
    json["near"] = options.near;
  return filter_of(json, "snapshot");
}

Recipe recipe_of(const SnapshotOptions& options) {
  Recipe recipe;
  recipe.filter = wanted_by(options);
  recipe.title = options.title;
  recipe.url = options.url.empty() ? options.url : site_url_of(options.url, "snapshot");
  // Whoever publishes a snapshot signs it: the keys of the site that it was cut from are none of its own.
  if (!options.keys.empty())
    recipe.keys = keys_of_config(nlohmann::json(options.keys), "snapshot");
  if (!options.theme.empty())
    recipe.theme = load_theme(options.theme);
  if (!options.logo.empty())
    recipe.logo = load_logo(options.logo);
  recipe.out = options.out;
  recipe.zip = options.zip;
  return recipe;
}

void print(const Recipe& recipe, const SourceCounts& counts) {
  std::cout << recipe.out.string() << ":";
  for (const Source kind : all_sources)
    std::cout << ' ' << counts[static_cast<std::size_t>(kind)] << ' ' << name_of(kind)
              << (kind == Source::lba ? "\n" : ",");
}

/// What became of one recipe.
struct Outcome {
  SourceCounts counts{};
  std::optional<Failure> failure;
};

Exit cut_all(const SnapshotOptions& options) {
  const std::vector<Recipe> recipes = load_recipes(options.recipes, options.out);
  Cutter cutter(options.site);
  for (const Recipe& recipe : recipes)
    cutter.check(recipe);
  Progress progress(progress_mode(options.progress));
  Progress silent(Progress::Mode::never);
  make_folder(options.out);
  const ScratchFolder scratch(options.out / "recipes");
  cutter.share(recipes, scratch.path());

  // The largest first, so that none of them is alone at the end; threads that are left over help within each.
  std::vector<std::size_t> order(recipes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return cutter.size_of(recipes[a]) > cutter.size_of(recipes[b]);
  });
  const auto at_once = static_cast<unsigned>(std::min<std::size_t>(options.jobs, recipes.size()));
  const unsigned jobs_each = options.jobs / at_once;
  std::vector<Outcome> outcomes(recipes.size());
  std::atomic<std::uint64_t> done{0};
  progress.phase("Cutting " + std::to_string(recipes.size()) + " snapshots");
  in_parallel(recipes.size(), at_once, [&](std::size_t i) {
    Outcome& outcome = outcomes[order[i]];
    try {
      outcome.counts = cutter.cut(recipes[order[i]], jobs_each, sort_memory_bytes / at_once, silent);
    } catch (const Failure& failure) {
      outcome.failure = failure;
    }
    progress.update(static_cast<double>(++done) / static_cast<double>(recipes.size()), done, "snapshots");
  });

  std::string failed;
  std::size_t failures = 0;
  Exit exit = Exit::data_refused;
  for (std::size_t i = 0; i < recipes.size(); ++i) {
    const auto& failure = outcomes[i].failure;
    if (!failure) {
      print(recipes[i], outcomes[i].counts);
      continue;
    }
    std::cerr << recipes[i].name << ": " << failure->what() << '\n';
    failed += (failures++ == 0 ? "" : ", ") + recipes[i].name;
    // A disk that is full or a damaged site is worse than a filter that lets nothing through.
    if (failure->exit() != Exit::data_refused)
      exit = failure->exit();
  }
  if (failures > 0) {
    std::cout.flush();
    throw Failure(exit, std::to_string(failures) + " of " + std::to_string(recipes.size()) +
                            " snapshots were not made: " + failed +
                            "; what stood in their folders stays, and the others are published");
  }
  progress.done("Published " + std::to_string(recipes.size()) + " snapshots in " + options.out.string());
  return Exit::done;
}

Exit snapshot(const SnapshotOptions& options) {
  if (!options.recipes.empty())
    return cut_all(options);
  const Recipe recipe = recipe_of(options);
  Cutter cutter(options.site);
  cutter.check(recipe);
  Progress progress(progress_mode(options.progress));
  print(recipe, cutter.cut(recipe, options.jobs, sort_memory_bytes, progress));
  return Exit::done;
}

}  // namespace

void add_snapshot_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("snapshot", "Cut a smaller complete site from a built one");
  auto options = std::make_shared<SnapshotOptions>();
  command->add_option("--site", options->site, "Folder of the site to cut from")->required();
  command->add_option("--out", options->out, "Folder of the new site; it is replaced in one step, or left as it is")
      ->required();
  std::vector<CLI::Option*> of_one;
  const auto add = [&](const char* option, std::vector<std::string>& values, const char* help) {
    of_one.push_back(command->add_option(option, values, help)->delimiter(','));
  };
  const auto add_one = [&](const char* option, auto& value, const char* help) {
    of_one.push_back(command->add_option(option, value, help));
  };
  add("--region", options->regions, "Regions, by INSEE code or name, with commas between");
  add("--departement", options->departements, "Departements, by code, 2A and 2B included");
  add("--romes", options->romes, "ROME codes");
  add("--rome-domain", options->rome_domains, "ROME domains: F or F17");
  add("--sources", options->sources, "Among formations, offres, matcha, lba");
  add("--opco", options->opcos, "Skills operators of offers and companies");
  add_one("--near", options->near, "What lies in a circle: LAT,LON,KM");
  add_one("--title", options->title, "Title of the new site [that of the old one]");
  add_one("--theme", options->theme, "JSON file with the theme of the new site [that of the old one]");
  add_one("--logo", options->logo, "SVG or PNG in the place of the mark [that of the old one]");
  add_one("--url", options->url, "Address of the new site, for its sitemap and its guide");
  add("--keys", options->keys, "Public keys that its pages trust, one or two; without them they take unsigned data");
  add_one("--zip", options->zip, "Write the new site into this archive as well");
  auto* const recipes =
      command->add_option("--recipes", options->recipes,
                          "JSON file of many snapshots, each made in its own folder below --out (docs/OPERATIONS.md)");
  for (CLI::Option* const option : of_one)
    recipes->excludes(option);
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return snapshot(*options); }; });
}

}  // namespace balise
