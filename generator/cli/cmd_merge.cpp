#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/gates.hpp"
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
  fs::path work, out;
  std::string progress;
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
  const Config config = load_config(plan.config);
  Progress progress(progress_mode(options.progress));
  const fs::path assets = assets_folder();
  check_theme(assets, config.theme);
  const Reference reference = load_reference(config, assets);
  const std::vector<MetierEntry> metiers = load_metiers(config.metiers.value_or(assets / "reference" / "metiers.json"));
  progress.phase("Checking receipts");
  std::vector<WrittenRegion> written(plan.parts.size());
  in_parallel(plan.parts.size(), options.jobs, [&](std::size_t i) { written[i] = work.result(i); });

  progress.phase("Merging");
  const ScratchFolder scratch(options.out);
  const fs::path site = scratch.path() / "site";
  make_folder(site / "data");
  make_folder(scratch.path() / "ids");
  IdWriter ids(scratch.path() / "ids");
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    copy_files(work.done(i) / "site", site);
    ids.add_from(work.done(i) / "ids");
  }
  ListingWriter listings(load_listing_facts(assets, config.url, plan.as_of, config.logo, config.title),
                         reference.communes(), site);
  const Root root =
      write_country(std::move(written), {}, ids,
                    write_reference_lookups(reference.communes(), reference.romes(), metiers, site / "data"),
                    plan.as_of, site / "data", listings);
  for (const Verdict& verdict : judge_drop(options.out, total_counts(root), config.limits, {}))
    if (verdict.result == Verdict::Result::refused)
      throw Failure(Exit::data_refused, "source " + verdict.source + ": " + verdict.message + "; " +
                                            options.out.string() +
                                            " stays as it is: check the source, or raise the limit if this is meant");
  progress.phase("Writing pages and compressed variants");
  write_site({config.title, config.url, covers_of(config.filter), config.theme, config.logo, config.offline,
              config.keys, root, plan.sources},
             assets, site, listings.finish(), options.jobs);
  publish_folder(site, options.out);
  progress.done("Published " + options.out.string());
  return Exit::done;
}

}  // namespace

void add_merge_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("merge", "Make a site of what the jobs of a build wrote, once all are done");
  auto options = std::make_shared<MergeOptions>();
  command->add_option("--work", options->work, "Folder of the jobs")->required();
  command->add_option("--out", options->out, "Folder of the site; it is replaced in one step, or left as it is")
      ->required();
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return merge(*options); }; });
}

}  // namespace balise
