#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/ingest/metiers.hpp"
#include "generator/progress.hpp"
#include "generator/report.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/join.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/spill.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct BuildOptions {
  fs::path config, out, report;
  std::string as_of, progress;
  unsigned jobs = 1;
};

Date today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Date>(days.time_since_epoch().count());
}

Exit build(const BuildOptions& options) {
  const Config config = load_config(options.config);
  check_replaceable(options.out);
  Date as_of = today();
  if (!options.as_of.empty()) {
    const auto given = parse_date(options.as_of);
    if (!given || options.as_of.size() != 10)
      throw Failure(Exit::usage, "--as-of \"" + options.as_of + "\" is no date: write it as 2026-11-21");
    as_of = *given;
  }
  Progress progress(progress_mode(options.progress));
  const fs::path assets = assets_folder();
  check_theme(assets, config.theme);
  const Reference reference = Reference::load(config.communes.value_or(assets / "reference" / "communes.json.gz"),
                                              config.romes.value_or(assets / "reference" / "romes.csv"));
  const std::vector<MetierEntry> metiers = load_metiers(config.metiers.value_or(assets / "reference" / "metiers.json"));
  const ScratchFolder scratch(options.out);
  Report report;
  Spill spill(scratch.path() / "spill", options.jobs);
  ingest(config, reference, as_of, options.jobs, progress, report,
         [&](unsigned worker, std::size_t entry, Record&& record) { spill.add(worker, entry, record); });
  join_duplicates(spill, scratch.path(), sort_memory_bytes, options.jobs, report);
  if (!options.report.empty())
    write_file(options.report, report.to_json(as_of).dump(2) + "\n");
  report.check_rejected(config.limits.max_rejected_percent);

  const fs::path site = scratch.path() / "site";
  ListingWriter listings(load_listing_facts(assets, config.url, as_of), reference.communes(), site);
  const Root root =
      write_data({spill.regions(),
                  [&](Region region, const TakeRecord& take) {
                    spill.read(region, [&](const SpillPlace&, std::uint32_t, ByteView record) { take(record); });
                    spill.remove(region);
                  },
                  [&](const fs::path& data_folder) {
                    return write_reference_lookups(reference.communes(), reference.romes(), metiers, data_folder);
                  }},
                 as_of, site / "data", scratch.path(), listings, options.jobs, progress);
  if (root.regions.empty())
    throw Failure(Exit::data_refused, "no record of " + options.config.string() + " can be published: the report of " +
                                          "--report FILE says why, source by source");
  check_drop(options.out, root, config.limits.max_drop_percent);
  progress.phase("Writing pages and compressed variants");
  write_site({config.title, config.url, covers_of(config.filter), config.theme, root}, assets, site, listings.finish(),
             options.jobs);
  publish_folder(site, options.out);
  progress.done("Published " + options.out.string());
  std::cerr << report.summary();
  return Exit::done;
}

}  // namespace

void check_drop(const fs::path& out, const Root& root, double max_drop_percent) {
  const fs::path path = out / "data" / "manifest.json";
  if (!fs::exists(path))
    return;
  const auto before = nlohmann::json::parse(read_file(path), nullptr, false);
  const SourceCounts now = total_counts(root);
  for (const Source source : all_sources) {
    const std::string name(name_of(source));
    const double was = before.is_object() ? before.value(nlohmann::json::json_pointer("/counts/" + name), 0.0) : 0;
    const double is = now[static_cast<std::size_t>(source)];
    if (was > 0 && (was - is) * 100 / was > max_drop_percent)
      throw Failure(Exit::data_refused,
                    "source " + name + " shrank from " + std::to_string(static_cast<std::uint64_t>(was)) + " to " +
                        std::to_string(static_cast<std::uint64_t>(is)) +
                        " records, more than limits.max_drop_percent (" +
                        std::to_string(static_cast<int>(max_drop_percent)) + " %) allows, so " + out.string() +
                        " stays as it is: check the source, or raise the limit for a change that is meant");
  }
}

void add_build_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("build", "Read every source of a config and write a complete site");
  auto options = std::make_shared<BuildOptions>();
  command->add_option("--config", options->config, "The config, JSON (README.md)")->required();
  command->add_option("--out", options->out, "Folder of the site; it is replaced in one step, or left as it is")
      ->required();
  command->add_option("--as-of", options->as_of, "Take this day, YYYY-MM-DD, for today");
  command->add_option("--report", options->report, "Write what was read, kept, left out and rejected as JSON");
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return build(*options); }; });
}

}  // namespace balise
