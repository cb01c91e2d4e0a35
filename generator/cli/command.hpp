#ifndef BALISE_GENERATOR_CLI_COMMAND_HPP
#define BALISE_GENERATOR_CLI_COMMAND_HPP

#include <CLI/App.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/shard.hpp"
#include "generator/failure.hpp"
#include "generator/progress.hpp"

namespace balise {

/// What a command does once its arguments were read and checked. Throws Failure.
using Action = std::function<Exit()>;

/// One file each. Every function adds its command to `app` and, when it was called, sets `action`; nothing is read or
/// written before main() runs the action.
void add_api_command(CLI::App& app, Action& action);
void add_build_command(CLI::App& app, Action& action);
void add_compare_command(CLI::App& app, Action& action);
void add_job_command(CLI::App& app, Action& action);
void add_inspect_command(CLI::App& app, Action& action);
void add_key_command(CLI::App& app, Action& action);
void add_publish_command(CLI::App& app, Action& action);
void add_rollback_command(CLI::App& app, Action& action);
void add_merge_command(CLI::App& app, Action& action);
void add_partition_command(CLI::App& app, Action& action);
void add_search_command(CLI::App& app, Action& action);
void add_serve_command(CLI::App& app, Action& action);
void add_snapshot_command(CLI::App& app, Action& action);
void add_verify_command(CLI::App& app, Action& action);

/// `--progress auto|never|always`; progress_mode() reads it.
void add_progress_option(CLI::App& command, std::string& mode);
[[nodiscard]] Progress::Mode progress_mode(const std::string& mode);

/// `--jobs N`; the default is the number of cores.
void add_jobs_option(CLI::App& command, unsigned& jobs);

/// `--accept`, of the commands that judge a night.
void add_accept_option(CLI::App& command, std::vector<std::string>& accepted);

/// Refuses a night that leaves nothing to be published. Throws Failure(Exit::data_refused).
void check_some(const std::vector<Region>& regions, const std::filesystem::path& config);

/// What `--as-of` says. Throws Failure(Exit::usage) when that is no day.
[[nodiscard]] Date as_of_option(const std::string& text);

}  // namespace balise

#endif
