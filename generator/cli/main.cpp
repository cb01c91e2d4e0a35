// The program `balise`: reads arguments, runs one command, and is the only place that catches a Failure.

#include <malloc.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>
#include <thread>

#include "generator/cli/command.hpp"

namespace balise {

void add_progress_option(CLI::App& command, std::string& mode) {
  mode = "auto";
  command.add_option("--progress", mode, "Show how far the work is: auto, never or always")
      ->check(CLI::IsMember({"auto", "never", "always"}))
      ->capture_default_str();
}

Progress::Mode progress_mode(const std::string& mode) {
  if (mode == "never")
    return Progress::Mode::never;
  return mode == "always" ? Progress::Mode::always : Progress::Mode::automatic;
}

void add_jobs_option(CLI::App& command, unsigned& jobs) {
  jobs = std::max(1U, std::thread::hardware_concurrency());
  command.add_option("--jobs", jobs, "How many threads work; the result is the same for any number")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
}

Date as_of_option(const std::string& text) {
  const auto day = parse_date(text);
  if (!day || text.size() != 10)
    throw Failure(Exit::usage, "--as-of \"" + text + "\" is no date: write it as 2026-11-21");
  return *day;
}

void add_accept_option(CLI::App& command, std::vector<std::string>& accepted) {
  command.add_option("--accept", accepted,
                     "Let pass what a gate refuses, tonight: baseline for a first run, or SOURCE:GATE such as "
                     "offres:shrink; may be repeated");
}

void check_some(const std::vector<Region>& regions, const std::filesystem::path& config) {
  if (regions.empty())
    throw Failure(Exit::data_refused, "no record of " + config.string() + " can be published: the report of --report " +
                                          "FILE says why, source by source");
}

namespace {

int exit_code(Exit exit) {
  return static_cast<int>(exit);
}

/// Compressors and sorters take and give back megabytes many thousand times: the allocator keeps them, instead of
/// asking the system for zeroed pages every time.
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  ::mallopt(M_TOP_PAD, 16 << 20);
}

int run(int argc, char** argv) {
  keep_freed_memory();
  CLI::App app{"Balise builds a static site that searches apprenticeship courses and companies."};
  app.name("balise");
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("balise ") + BALISE_VERSION);
  Action action;
  add_build_command(app, action);
  add_search_command(app, action);
  add_api_command(app, action);
  add_compare_command(app, action);
  add_verify_command(app, action);
  add_inspect_command(app, action);
  add_serve_command(app, action);
  add_snapshot_command(app, action);
  add_key_command(app, action);
  add_publish_command(app, action);
  add_rollback_command(app, action);
  add_partition_command(app, action);
  add_job_command(app, action);
  add_merge_command(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    const auto used = app.get_subcommands();
    std::cerr << "balise: " << error.what() << "; see 'balise" << (used.empty() ? "" : " " + used.front()->get_name())
              << " --help'\n";
    return exit_code(Exit::usage);
  }
  const Exit exit = action();
  errno = 0;
  if (!std::cout.flush())
    throw Failure(Exit::failed, "cannot write the answer: " + std::string(std::strerror(errno != 0 ? errno : ENOSPC)) +
                                    "; free some space where it goes");
  return exit_code(exit);
}

}  // namespace

}  // namespace balise

int main(int argc, char** argv) {
  try {
    return balise::run(argc, argv);
  } catch (const balise::Failure& failure) {
    std::cerr << "balise: " << failure.what() << '\n';
    return balise::exit_code(failure.exit());
  } catch (const std::bad_alloc&) {
    std::cerr << "balise: not enough memory; try --jobs 1 or a machine with more\n";
  } catch (const std::exception& error) {
    std::cerr << "balise: " << error.what() << "; this is a fault of balise: please report it\n";
  }
  return balise::exit_code(balise::Exit::failed);
}
