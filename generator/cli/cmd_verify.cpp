#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/write/verify.hpp"

namespace balise {

namespace {

struct VerifyOptions {
  std::filesystem::path site;
  std::vector<std::string> keys;
  std::string progress;
  unsigned jobs = 1;
};

Exit verify(const VerifyOptions& options) {
  Progress progress(progress_mode(options.progress));
  const std::vector<PublicKey> keys =
      options.keys.empty() ? std::vector<PublicKey>() : keys_of_config(nlohmann::json(options.keys), "verify");
  const Verified verified = verify_site(options.site, options.jobs, progress, keys);
  std::cout << options.site.string() << ": " << verified.records << " records in " << verified.files << " files, "
            << verified.bytes << " bytes, all as published" << (verified.signature.empty() ? "" : "; ")
            << verified.signature << "\n";
  if (verified.signature.find("EXPIRED") != std::string::npos)
    std::cerr << "balise: " << options.site.string() << " should have been published again by now: it is "
              << verified.signature << "; run the night\n";
  return Exit::done;
}

}  // namespace

void add_verify_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("verify", "Re-read every file of a site against its manifest");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("--site", options->site, "Folder of the site")->required();
  command->add_option("--key", options->keys, "Public key that must have signed it, or two with a comma between")
      ->delimiter(',');
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return verify(*options); }; });
}

}  // namespace balise
