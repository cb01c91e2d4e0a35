#ifndef BALISE_GENERATOR_CLI_NIGHT_RUN_HPP
#define BALISE_GENERATOR_CLI_NIGHT_RUN_HPP

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/shard.hpp"
#include "generator/config.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/night/night.hpp"
#include "generator/progress.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_source.hpp"
#include "generator/write/spill.hpp"

namespace balise {

/// One night from its sources to the site and the report on both: what `build` does at once, and `partition` and
/// `merge` one after the other.
class NightRun {
 public:
  struct Options {
    std::filesystem::path config;
    std::filesystem::path target;  ///< what stays as it is when the night is refused
    std::filesystem::path report;  ///< empty: none
    std::vector<std::string> accept;
    std::string progress;
    unsigned jobs = 1;
  };

  /// Throws Failure as Night does.
  NightRun(const Options& options, Config& config, Date as_of);
  /// Goes on with what prepare() gave. Throws Failure as Night does.
  NightRun(const Options& options, Config& config, Date as_of, const std::string& prepared);

  /// Runs what a command does; when it throws, the state folder and the report tell of it.
  void run(const std::function<void()>& work);
  [[nodiscard]] Progress& progress() { return m_progress; }
  /// Adds the time that a step takes to the report.
  void timed(const char* name, const std::function<void()>& step);

  /// Fetches what has to be fetched. Throws Failure(Exit::data_refused).
  void fetch();
  /// Reads all sources into an empty spill, joins duplicates and judges what is there. False when a source was refused
  /// that has an earlier copy to stand on: try again. Throws Failure.
  [[nodiscard]] bool read(const Reference& reference, Spill& spill, const std::filesystem::path& scratch);
  /// What the site says of its sources, once they were read.
  [[nodiscard]] std::vector<SiteSource> sources() const;

  /// Ends the part that reads, and gives what the other one has to know, as JSON. Writes the report.
  [[nodiscard]] std::string prepare();

  /// Completes a site whose data and listings are written, and puts it in the place of the target; false as read().
  [[nodiscard]] bool publish(const Root& root, const std::filesystem::path& assets, const std::filesystem::path& site,
                             ListingWriter& listings);
  /// Remembers the night and tells of it.
  void finish();
  /// What was read, a few lines for people.
  [[nodiscard]] std::string summary() const { return m_run.report.summary(); }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::vector<Verdict> judge_records(const Report& report) const;
  /// True when nothing is refused, false when what is refused now stands on an earlier copy. Throws Failure when it
  /// cannot.
  bool pass(const std::vector<Verdict>& verdicts);
  [[noreturn]] void refuse(const Verdict& verdict) const;
  void set_before();
  void end(std::string outcome, Exit exit, std::string message);
  void write_report() const;
  /// What can still be told is; what went wrong first is what the user hears.
  void tell_failure(Exit exit, const char* message);

  Options m_options;
  Config& m_config;
  Date m_as_of;
  Clock::time_point m_start = Clock::now();
  std::uint64_t m_before_ms = 0;  ///< that the part before took
  Night m_night;
  Run m_run;
  Progress m_progress;
};

}  // namespace balise

#endif
