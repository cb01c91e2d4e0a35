#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/cli/night_run.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/ingest/metiers.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/spill.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct BuildOptions {
  fs::path config, out, report;
  std::string as_of, progress;
  std::vector<std::string> accept;
  unsigned jobs = 1;
};

Date today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Date>(days.time_since_epoch().count());
}

Exit build(const BuildOptions& options) {
  Config config = load_config(options.config);
  check_replaceable(options.out);
  const Date as_of = options.as_of.empty() ? today() : as_of_option(options.as_of);
  NightRun night({options.config, options.out, options.report, options.accept, options.progress, options.jobs}, config,
                 as_of);
  night.run([&] {
    const fs::path assets = assets_folder();
    check_theme(assets, config.theme);
    const Reference reference = load_reference(config, assets);
    const auto metiers = load_metiers(config.metiers.value_or(assets / "reference" / "metiers.json"));
    night.fetch();
    // As many tries as there are sources to be kept from an earlier night.
    for (bool is_published = false; !is_published;) {
      const ScratchFolder scratch(options.out);
      const fs::path site = scratch.path() / "site";
      Spill spill(scratch.path() / "spill", options.jobs);
      if (!night.read(reference, spill, scratch.path()))
        continue;
      check_some(spill.regions(), options.config);
      ListingWriter listings(load_listing_facts(assets, config.url, as_of, config.logo, config.title, night.sources()),
                             reference.communes(), site);
      Root root;
      night.timed("write", [&] {
        root =
            write_data({spill.regions(), [&](Region region, const TakeRecord& take) { spill.hand_over(region, take); },
                        [&](const fs::path& data_folder) {
                          return write_reference_lookups(reference.communes(), reference.romes(), metiers, data_folder);
                        }},
                       as_of, site / "data", scratch.path(), listings, options.jobs, night.progress());
      });
      is_published = night.publish(root, assets, site, listings);
    }
    night.finish();
  });
  std::cerr << night.summary();
  return Exit::done;
}

}  // namespace

void add_build_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("build", "Read every source of a config and write a complete site");
  auto options = std::make_shared<BuildOptions>();
  command->add_option("--config", options->config, "The config, JSON (README.md)")->required();
  command->add_option("--out", options->out, "Folder of the site; it is replaced in one step, or left as it is")
      ->required();
  command->add_option("--as-of", options->as_of, "Take this day, YYYY-MM-DD, for today");
  command->add_option("--report", options->report, "Write what was read, kept, left out and rejected as JSON");
  add_accept_option(*command, options->accept);
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return build(*options); }; });
}

}  // namespace balise
