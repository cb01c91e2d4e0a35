#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/work_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct JobOptions {
  fs::path work;
  std::size_t number = 0;
};

Exit job(const JobOptions& options) {
  const WorkFolder work(options.work);
  const std::size_t parts = work.plan().parts.size();
  if (options.number >= parts)
    throw Failure(Exit::usage, "--number " + std::to_string(options.number) + ": the jobs of " + options.work.string() +
                                   " are 0 to " + std::to_string(parts - 1));
  const Config config = load_config(work.plan().config);
  const fs::path assets = assets_folder();
  const Reference reference = load_reference(config, assets);
  // Removed with all that it holds when the job fails, and when it was done before.
  const ScratchFolder scratch(work.done(options.number));
  const fs::path made = scratch.path() / "made";
  make_folder(made / "site" / "data");
  make_folder(made / "ids");
  const ListingWriter listings(
      load_listing_facts(assets, config.url, work.plan().as_of, config.logo, config.title, work.plan().sources),
      reference.communes(), made / "site");
  IdWriter ids(made / "ids");
  TrainingFacts facts(scratch.path());
  const WrittenRegion written = write_region(
      work.plan().parts[options.number].region, [&](const TakeRecord& take) { work.read(options.number, take); },
      {made / "site" / "data", scratch.path(), sort_memory_bytes, ids, facts, &listings});
  ids.close();
  std::cout << work.finish(options.number, made, written, facts);
  return Exit::done;
}

}  // namespace

void add_job_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("job", "Do one job of a build that was cut by 'partition'; prints its receipt");
  auto options = std::make_shared<JobOptions>();
  command->add_option("--work", options->work, "Folder of the jobs")->required();
  command->add_option("--number", options->number, "Which job, from 0 on")->required()->check(CLI::Range(0, 1'000'000));
  command->callback([options, &action] { action = [options] { return job(*options); }; });
}

}  // namespace balise
