#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>

#include "generator/cli/command.hpp"
#include "generator/write/verify.hpp"

namespace balise {

namespace {

struct VerifyOptions {
  std::filesystem::path site;
  std::string progress;
  unsigned jobs = 1;
};

Exit verify(const VerifyOptions& options) {
  Progress progress(progress_mode(options.progress));
  const Verified verified = verify_site(options.site, options.jobs, progress);
  std::cout << options.site.string() << ": " << verified.records << " records in " << verified.files << " files, "
            << verified.bytes << " bytes, all as published\n";
  return Exit::done;
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("verify", "Re-read every file of a site against its manifest");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return verify(*options); }; });
}

}  // namespace balise
