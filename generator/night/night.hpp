#ifndef BALISE_GENERATOR_NIGHT_NIGHT_HPP
#define BALISE_GENERATOR_NIGHT_NIGHT_HPP

#include <array>
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/territory.hpp"
#include "generator/config.hpp"
#include "generator/failure.hpp"
#include "generator/gates.hpp"
#include "generator/night/facts.hpp"
#include "generator/night/source_copies.hpp"
#include "generator/night/state_folder.hpp"
#include "generator/progress.hpp"
#include "generator/record.hpp"
#include "generator/report.hpp"

namespace balise {

/// Counts records on their way to the spill; each worker its own.
class RecordCounter {
 public:
  RecordCounter(unsigned workers, std::size_t entries);
  void count(unsigned worker, std::size_t entry, const Record& record);
  [[nodiscard]] std::map<std::string, std::uint64_t> departements(std::size_t entry) const;
  [[nodiscard]] std::uint64_t without_name(std::size_t entry) const;

 private:
  struct Counts {
    std::vector<std::uint64_t> departements;
    std::uint64_t without_name = 0;
  };
  std::vector<std::vector<Counts>> m_counts;  ///< by worker, by entry
};

/// What a source entry stands on tonight.
struct SourceState {
  bool is_kept = false;
  bool is_refused = false;  ///< kept although the source answered: its data were refused
  std::string why;          ///< it is kept
  Date as_of = date_unknown;
  std::filesystem::path file;  ///< of a fetched source
  Validators validators;
  std::uint64_t received_bytes = 0;
  unsigned requests = 0;
  bool is_unchanged = false;  ///< the source says that the copy is still right
};

/// How a run went, for the report; complete when it ends.
struct Run {
  std::string outcome = "failed";  ///< "published", "degraded", "refused", "failed"
  std::string message;             ///< of what ended it
  int exit = 1;
  std::string started, ended;
  std::vector<std::pair<std::string, std::uint64_t>> durations_ms;  ///< by step, in order
  Report report;
  std::vector<Verdict> verdicts;
  std::optional<NightFacts> facts;
  std::optional<NightFacts> before;  ///< the night before
};

/// The input side of one run: fetches, keeps copies, remembers nights. For a config without a state folder it does
/// nothing but say that every source is as it should be.
class Night {
 public:
  /// Throws Failure as StateFolder does.
  Night(Config& config, Date as_of, std::set<std::string> accepted);
  /// Goes on, maybe on another machine, with a night whose sources were read: `prepared` is what prepared() gave.
  /// Throws Failure(Exit::data_refused) also when a source that was fetched then is no longer there.
  Night(Config& config, Date as_of, std::set<std::string> accepted, const std::string& prepared);

  /// Fetches every http(s) source, from several hosts at a time, and sets its path. One that is down stands on its last
  /// good copy; throws Failure(Exit::data_refused) when it has none.
  void fetch(Progress& progress);
  /// Lets a source whose data were refused stand on its last good copy; false when there is none to stand on.
  [[nodiscard]] bool fall_back(std::size_t entry, const std::string& why);

  [[nodiscard]] const std::vector<SourceState>& states() const { return m_states; }
  [[nodiscard]] const std::vector<NightFacts>& history() const { return m_history; }
  [[nodiscard]] const std::set<std::string>& accepted() const { return m_accepted; }
  [[nodiscard]] bool is_remembered() const { return m_folder != nullptr; }
  [[nodiscard]] bool is_degraded() const;

  /// What the entries brought; `counter` saw every record, `report` has the duplicates.
  [[nodiscard]] NightFacts facts_of(const Report& report, const RecordCounter& counter) const;
  /// What the gates say; nothing without a state folder.
  [[nodiscard]] std::vector<Verdict> judge(const NightFacts& facts) const;

  /// Keeps the copies and the night: call when the site is published.
  void remember(const NightFacts& facts);
  /// Writes report.html, status.json and balise.prom, whatever the outcome.
  void tell(const Run& run) const;
  /// What another process needs to end this night, as JSON.
  [[nodiscard]] std::string prepared(const Run& run) const;
  /// What `--report` writes.
  [[nodiscard]] nlohmann::ordered_json report_of(const Run& run) const;

 private:
  void open_folder();
  void fetch(std::size_t entry);
  void stand_on(std::size_t entry, const SourceCopies::Copy& copy);

  Config& m_config;
  Date m_as_of;
  std::set<std::string> m_accepted;
  std::unique_ptr<StateFolder> m_folder;
  std::vector<NightFacts> m_history;
  std::vector<SourceState> m_states;
  bool m_is_read = false;  ///< the sources were read by another process: none can fall back any more
};

/// The run of what Night::prepared() gave. Throws Failure(Exit::data_refused).
[[nodiscard]] Run run_of(const std::string& prepared);

}  // namespace balise

#endif
