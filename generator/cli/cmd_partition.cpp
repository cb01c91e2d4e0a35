#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/report.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/join.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/spill.hpp"
#include "generator/write/work_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct PartitionOptions {
  fs::path config, work, report;
  std::string as_of, progress;
  unsigned jobs = 1;
};

Exit partition(const PartitionOptions& options) {
  const Config config = load_config(options.config);
  for (const SourceEntry& source : config.sources)
    if (source.remote)
      throw Failure(Exit::usage, "source " + source.url +
                                     " has to be fetched, which only 'balise build' does; download it before, and name "
                                     "the file in the config");
  const Date as_of = as_of_option(options.as_of);
  if (fs::exists(options.work) &&
      !(fs::is_directory(options.work) && (fs::is_empty(options.work) || fs::is_directory(options.work / "parts"))))
    throw Failure(Exit::usage,
                  "--work " + options.work.string() +
                      " holds something else than parts of a build; name a folder that is empty or absent");
  const fs::path assets = assets_folder();
  check_theme(assets, config.theme);
  const Reference reference = load_reference(config, assets);
  Progress progress(progress_mode(options.progress));
  const ScratchFolder scratch(options.work);
  Report report;
  Spill spill(scratch.path() / "spill", options.jobs);
  ingest(config, reference, as_of, options.jobs, progress, report,
         [&](unsigned worker, std::size_t entry, Record&& record) { spill.add(worker, entry, record); });
  join_duplicates(spill, scratch.path(), sort_memory_bytes, options.jobs, report);
  if (!options.report.empty())
    write_file(options.report, report.to_json(as_of).dump(2) + "\n");
  for (std::size_t i = 0; i < config.sources.size(); ++i)
    if (const auto found = report.too_many_rejected(i, config.limits.max_rejected_percent))
      throw Failure(Exit::data_refused, "source " + config.sources[i].url + ": " + *found +
                                            "; check the source, or raise the limit if this is meant");
  const std::vector<Region> regions = spill.regions();
  if (regions.empty())
    throw Failure(Exit::data_refused, "no record of " + options.config.string() + " can be published: the report of " +
                                          "--report FILE says why, source by source");
  progress.phase("Writing parts");
  std::vector<SiteSource> sources;
  for (std::size_t i = 0; i < config.sources.size(); ++i)
    sources.push_back(
        {config.sources[i].source, std::string(name_of(config.sources[i].format)), as_of, report.entries()[i].kept});
  WorkFolder::write(options.work, options.config, as_of, sources, regions, [&](Region region, const TakeRecord& take) {
    spill.read(region, [&](const SpillPlace&, std::uint32_t, ByteView record) { take(record); });
    spill.remove(region);
  });
  progress.done("Wrote " + std::to_string(regions.size()) + " parts");
  std::cerr << report.summary();
  std::cout << regions.size() << '\n';
  return Exit::done;
}

}  // namespace

void add_partition_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("partition", "Cut a build into jobs for many machines; prints how many");
  auto options = std::make_shared<PartitionOptions>();
  command
      ->add_option("--config", options->config, "The config, JSON (README.md); it must stay as it is until the merge")
      ->required();
  command->add_option("--work", options->work, "Folder of the jobs, which all machines see")->required();
  command->add_option("--as-of", options->as_of, "The day of the site, YYYY-MM-DD")->required();
  command->add_option("--report", options->report, "Write what was read, kept, left out and rejected as JSON");
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return partition(*options); }; });
}

}  // namespace balise
