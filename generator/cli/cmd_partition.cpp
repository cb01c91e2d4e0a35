#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/cli/night_run.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/spill.hpp"
#include "generator/write/work_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct PartitionOptions {
  fs::path config, work, report;
  std::string as_of, progress;
  std::vector<std::string> accept;
  unsigned jobs = 1;
};

Exit partition(const PartitionOptions& options) {
  Config config = load_config(options.config);
  const Date as_of = as_of_option(options.as_of);
  if (fs::exists(options.work) &&
      !(fs::is_directory(options.work) && (fs::is_empty(options.work) || fs::is_directory(options.work / "parts"))))
    throw Failure(Exit::usage,
                  "--work " + options.work.string() +
                      " holds something else than parts of a build; name a folder that is empty or absent");
  NightRun night({options.config, options.work, options.report, options.accept, options.progress, options.jobs}, config,
                 as_of);
  night.run([&] {
    const fs::path assets = assets_folder();
    check_theme(assets, config.theme);
    const Reference reference = load_reference(config, assets);
    night.fetch();
    // As many tries as there are sources to be kept from an earlier night.
    for (bool is_read = false; !is_read;) {
      const ScratchFolder scratch(options.work);
      Spill spill(scratch.path() / "spill", options.jobs);
      is_read = night.read(reference, spill, scratch.path());
      if (!is_read)
        continue;
      const std::vector<Region> regions = spill.regions();
      check_some(regions, options.config);
      night.progress().phase("Writing parts");
      WorkFolder::write(options.work, options.config, as_of, night.sources(), night.prepare(), regions,
                        [&](Region region, const TakeRecord& take) { spill.hand_over(region, take); });
      night.progress().done("Wrote " + std::to_string(regions.size()) + " parts");
      std::cout << regions.size() << '\n';
    }
  });
  std::cerr << night.summary();
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
  add_accept_option(*command, options->accept);
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return partition(*options); }; });
}

}  // namespace balise
