#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "generator/cli/command.hpp"
#include "generator/cli/publish_options.hpp"
#include "generator/publish/publisher.hpp"

namespace balise {

namespace fs = std::filesystem;

void add_release_options(CLI::App& command, ReleaseOptions& options) {
  command.add_option("--to", options.to, "Folder that the web server publishes: it serves TO/current")->required();
  command.add_option("--key", options.key, "File of the secret key, made by 'balise key --new'")->required();
  command.add_option("--keep-days", options.keep_days, "How long releases stay once a later one took their place")
      ->check(CLI::Range(0, 3650))
      ->capture_default_str();
  command.add_option("--expires-days", options.expires_days, "When pages begin to say that the data are old")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  command.add_option("--now", options.now, "Time to take for now, as 2026-11-21T04:00:00Z");
  command.add_flag("--dry-run", options.is_dry_run, "Say what would be done, and publish nothing");
}

PublishOptions publish_options_of(const ReleaseOptions& options) {
  constexpr Time day_s = 86400;
  PublishOptions all;
  all.now = now();
  if (!options.now.empty()) {
    const auto given = parse_time(options.now);
    if (!given)
      throw Failure(Exit::usage, "--now \"" + options.now + "\" is no time: write it as 2026-11-21T04:00:00Z");
    all.now = *given;
  }
  all.expires_s = day_s * options.expires_days;
  all.retention.keep_s = day_s * options.keep_days;
  all.is_dry_run = options.is_dry_run;
  return all;
}

void print(const Publication& done, const ReleaseOptions& options) {
  std::cout << options.to.string() << ": version " << done.version << " of " << done.as_of
            << (options.is_dry_run ? " would be current: " : " is current: ") << done.files << " files, " << done.linked
            << " of them unchanged, " << done.carried << " for older pages; removed releases:";
  for (const std::uint64_t version : done.removed)
    std::cout << ' ' << version;
  std::cout << (done.removed.empty() ? " none\n" : "\n");
}

namespace {

struct SiteOptions {
  ReleaseOptions release;
  fs::path site;
  std::uint64_t after = 0;
  std::string progress;
  unsigned jobs = 1;
};

Exit publish(const SiteOptions& options) {
  PublishOptions all = publish_options_of(options.release);
  all.after = options.after;
  const std::string site = fs::weakly_canonical(options.site).generic_string() + "/";
  const std::string to = fs::weakly_canonical(options.release.to).generic_string() + "/";
  if (site.starts_with(to) || to.starts_with(site))
    throw Failure(Exit::usage, "--to " + options.release.to.string() + " and --site " + options.site.string() +
                                   " are one folder, or one holds the other; name a folder beside it");
  const SecretKey key = SecretKey::load(options.release.key);
  if (options.release.is_dry_run && !fs::exists(options.release.to))
    throw Failure(Exit::failed, options.release.to.string() +
                                    " does not exist yet, so there is nothing to compare with; publish without "
                                    "--dry-run, or create the folder");
  Progress progress(progress_mode(options.progress));
  Publisher publisher(options.release.to);
  print(publisher.publish(options.site, key, all, options.jobs, progress), options.release);
  return Exit::done;
}

}  // namespace

void add_publish_command(CLI::App& app, Action& action) {
  auto* command =
      app.add_subcommand("publish", "Sign a built site and make it the current one of a folder, in one step");
  auto options = std::make_shared<SiteOptions>();
  command->add_option("--site", options->site, "Folder of the built site")->required();
  add_release_options(*command, options->release);
  command->add_option(
      "--after", options->after,
      "Give it a higher version than this: for a folder that begins anew under an address that pages know");
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return publish(*options); }; });
}

}  // namespace balise
