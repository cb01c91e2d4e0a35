#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/cli/night_run.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/ingest/metiers.hpp"
#include "generator/parallel.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/work_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct MergeOptions {
  fs::path work, out, report;
  std::string progress;
  std::vector<std::string> accept;
  unsigned jobs = 1;
};

/// Jobs write different files. Their folder stays as it is, so that a merge can be run again.
void copy_files(const fs::path& from, const fs::path& to) {
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(from); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path target = to / entry->path().lexically_relative(from);
    if (entry->is_directory()) {
      make_folder(target);
      continue;
    }
    fs::create_hard_link(entry->path(), target, error);
    if (error)
      write_file(target, read_file(entry->path()));
  }
}

Exit merge(const MergeOptions& options) {
  check_replaceable(options.out);
  const WorkFolder work(options.work);
  const WorkFolder::Plan& plan = work.plan();
  Config config = load_config(plan.config);
  NightRun night({plan.config, options.out, options.report, options.accept, options.progress, options.jobs}, config,
                 plan.as_of, plan.night);
  night.run([&] {
    const fs::path assets = assets_folder();
    check_theme(assets, config.theme);
    const Reference reference = load_reference(config, assets);
    const auto metiers = load_metiers(config.metiers.value_or(assets / "reference" / "metiers.json"));
    night.progress().phase("Checking receipts");
    const ScratchFolder scratch(options.out);
    TrainingFacts facts(scratch.path());
    std::vector<WrittenRegion> written(plan.parts.size());
    in_parallel(plan.parts.size(), options.jobs, [&](std::size_t i) { written[i] = work.result(i, facts); });

    night.progress().phase("Merging");
    const fs::path site = scratch.path() / "site";
    make_folder(site / "data");
    make_folder(scratch.path() / "ids");
    IdWriter ids(scratch.path() / "ids");
    for (std::size_t i = 0; i < plan.parts.size(); ++i) {
      copy_files(work.done(i) / "site", site);
      ids.add_from(work.done(i) / "ids");
    }
    ListingWriter listings(load_listing_facts(assets, config.url, plan.as_of, config.logo, config.title, plan.sources),
                           reference.communes(), site);
    const Root root =
        write_country(std::move(written), facts, ids,
                      write_reference_lookups(reference.communes(), reference.romes(), metiers, site / "data"),
                      plan.as_of, site / "data", listings);
    // The sources were read and judged: what is refused now has nothing to fall back to, and has thrown.
    if (night.publish(root, assets, site, listings))
      night.finish();
  });
  return Exit::done;
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("merge", "Make a site of what the jobs of a build wrote, once all are done");
  auto options = std::make_shared<MergeOptions>();
  command->add_option("--work", options->work, "Folder of the jobs")->required();
  command->add_option("--out", options->out, "Folder of the site; it is replaced in one step, or left as it is")
      ->required();
  command->add_option("--report", options->report, "Write what was read, kept, left out and rejected as JSON");
  add_accept_option(*command, options->accept);
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return merge(*options); }; });
}

}  // namespace balise
