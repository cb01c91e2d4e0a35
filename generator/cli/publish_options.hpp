#ifndef BALISE_GENERATOR_CLI_PUBLISH_OPTIONS_HPP
#define BALISE_GENERATOR_CLI_PUBLISH_OPTIONS_HPP

#include <CLI/App.hpp>
#include <filesystem>
#include <string>

#include "generator/publish/publisher.hpp"

namespace balise {

/// What `publish` and `rollback` have in common.
struct ReleaseOptions {
  std::filesystem::path to, key;
  std::string now;
  int keep_days = 30;
  int expires_days = 7;
  bool is_dry_run = false;
};

void add_release_options(CLI::App& command, ReleaseOptions& options);
/// Throws Failure(Exit::usage).
[[nodiscard]] PublishOptions publish_options_of(const ReleaseOptions& options);
/// One line on stdout.
void print(const Publication& done, const ReleaseOptions& options);

}  // namespace balise

#endif
