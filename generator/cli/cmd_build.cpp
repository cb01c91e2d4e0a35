#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/ingest/metiers.hpp"
#include "generator/night/night.hpp"
#include "generator/progress.hpp"
#include "generator/report.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/join.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/spill.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct BuildOptions {
  fs::path config, out, report;
  std::string as_of, progress;
  std::vector<std::string> accept;
  unsigned jobs = 1;
};

Date today() {
  const auto days = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<Date>(days.time_since_epoch().count());
}

/// One run: as many tries at a site as there are sources to be kept from an earlier night.
class Build {
 public:
  Build(const BuildOptions& options, Config& config, Date as_of)
      : m_options(options),
        m_config(config),
        m_as_of(as_of),
        m_night(config, as_of, {options.accept.begin(), options.accept.end()}),
        m_progress(progress_mode(options.progress)) {
    m_run.started = time_now();
    for (const SourceEntry& source : config.sources)
      m_run.report.add_entry(source.source, name_of(source.format), source.url);
    for (const NightFacts& night : m_night.history())
      if (night.as_of < as_of)
        m_run.before = night;
  }

  void run() {
    try {
      work();
    } catch (const Failure& failure) {
      tell_failure(failure.exit(), failure.what());
      throw;
    } catch (const std::exception& error) {
      tell_failure(Exit::failed, error.what());
      throw;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;

  void work() {
    const fs::path assets = assets_folder();
    check_theme(assets, m_config.theme);
    const Reference reference = load_reference(m_config, assets);
    const auto metiers = load_metiers(m_config.metiers.value_or(assets / "reference" / "metiers.json"));
    if (m_night.is_remembered())
      timed("fetch", [&] { m_night.fetch(m_progress); });
    while (!publish(assets, reference, metiers)) {
    }
    m_night.remember(*m_run.facts);
    end(m_night.is_degraded() ? "degraded" : "published", Exit::done, {});
    m_night.tell(m_run);
    std::cerr << m_run.report.summary();
  }

  /// False when a source was refused that has an earlier copy to stand on: try again.
  bool publish(const fs::path& assets, const Reference& reference, const std::vector<MetierEntry>& metiers) {
    // What made a source fall back stays in the report.
    std::erase_if(m_run.verdicts, [this](const Verdict& verdict) {
      return !(verdict.result == Verdict::Result::refused && verdict.entry &&
               m_night.states()[*verdict.entry].is_refused);
    });
    const ScratchFolder scratch(m_options.out);
    const fs::path site = scratch.path() / "site";
    Spill spill(scratch.path() / "spill", m_options.jobs);
    RecordCounter counter(m_options.jobs, m_config.sources.size());
    Report report;
    try {
      timed("read", [&] {
        ingest(m_config, reference, m_as_of, m_options.jobs, m_progress, report,
               [&](unsigned worker, std::size_t entry, Record&& record) {
                 counter.count(worker, entry, record);
                 spill.add(worker, entry, record);
               });
      });
    } catch (const SourceFailure& failure) {
      if (failure.exit() != Exit::data_refused || !m_night.fall_back(failure.entry(), failure.what()))
        throw;
      const SourceEntry& entry = m_config.sources[failure.entry()];
      m_run.verdicts.push_back({"unreadable",
                                std::string(name_of(entry.source)),
                                std::string(name_of(entry.format)),
                                failure.entry(),
                                Verdict::Result::refused,
                                failure.what(),
                                {}});
      return false;
    }
    timed("join", [&] { join_duplicates(spill, scratch.path(), sort_memory_bytes, m_options.jobs, report); });
    m_run.report = report;
    m_run.facts = m_night.facts_of(report, counter);
    if (!pass(judge_records(report)))
      return false;

    ListingFacts listing_facts = load_listing_facts(assets, m_config.url, m_as_of, m_config.logo, m_config.title);
    const std::vector<SiteSource> sources = site_sources(report);
    listing_facts.kept = kept_lines(sources);
    ListingWriter listings(std::move(listing_facts), reference.communes(), site);
    Root root;
    timed("write", [&] {
      root =
          write_data({spill.regions(),
                      [&](Region region, const TakeRecord& take) {
                        spill.read(region, [&](const SpillPlace&, std::uint32_t, ByteView record) { take(record); });
                        spill.remove(region);
                      },
                      [&](const fs::path& data_folder) {
                        return write_reference_lookups(reference.communes(), reference.romes(), metiers, data_folder);
                      }},
                     m_as_of, site / "data", scratch.path(), listings, m_options.jobs, m_progress);
    });
    if (root.regions.empty())
      throw Failure(Exit::data_refused, "no record of " + m_options.config.string() + " can be published: the report " +
                                            "of --report FILE says why, source by source");
    if (!pass(judge_drop(m_options.out, total_counts(root), m_config.limits, m_night.accepted())))
      return false;
    m_progress.phase("Writing pages and compressed variants");
    timed("pages", [&] {
      write_site({m_config.title, m_config.url, covers_of(m_config.filter), m_config.theme, m_config.logo,
                  m_config.offline, m_config.keys, root, sources},
                 assets, site, listings.finish(), m_options.jobs);
    });
    for (const auto& file : fs::recursive_directory_iterator(site)) {
      if (file.is_regular_file()) {
        ++m_run.facts->files;
        m_run.facts->bytes += file.file_size();
      }
    }
    // Before the site is published: a report that cannot be written changes nothing.
    end(m_night.is_degraded() ? "degraded" : "published", Exit::done, {});
    write_report();
    timed("publish", [&] { publish_folder(site, m_options.out); });
    m_progress.done("Published " + m_options.out.string());
    return true;
  }

  /// The gates that look at what was read: against earlier nights, and the share of rejected rows.
  [[nodiscard]] std::vector<Verdict> judge_records(const Report& report) const {
    std::vector<Verdict> verdicts = m_night.judge(*m_run.facts);
    for (std::size_t i = 0; i < m_config.sources.size(); ++i)
      if (const auto found = report.too_many_rejected(i, m_config.limits.max_rejected_percent))
        verdicts.push_back(
            settled({"rejected", report.entries()[i].source, report.entries()[i].format, i, {}, *found, {}},
                    m_night.accepted()));
    return verdicts;
  }

  /// True when nothing is refused, false when what is refused now stands on an earlier copy. Throws Failure when it
  /// cannot.
  bool pass(const std::vector<Verdict>& verdicts) {
    m_run.verdicts.insert(m_run.verdicts.end(), verdicts.begin(), verdicts.end());
    std::set<std::size_t> fallen;
    for (const Verdict& verdict : verdicts) {
      if (verdict.result != Verdict::Result::refused)
        continue;
      bool is_settled = false;
      for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
        const bool is_meant =
            verdict.entry ? *verdict.entry == i : name_of(m_config.sources[i].source) == verdict.source;
        if (!is_meant || verdict.gate == "baseline")
          continue;
        if (fallen.contains(i) || m_night.fall_back(i, verdict.message)) {
          fallen.insert(i);
          is_settled = true;
        }
      }
      if (!is_settled)
        refuse(verdict);
    }
    return fallen.empty();
  }

  [[noreturn]] void refuse(const Verdict& verdict) const {
    std::string name = "source " + verdict.source;
    if (verdict.entry)
      name += " (" + m_config.sources[*verdict.entry].url + ")";
    throw Failure(Exit::data_refused,
                  name + ": " + verdict.message + "; " + m_options.out.string() +
                      " stays as it is: look at the report (--report FILE), and if this is meant, raise the limit or " +
                      "run again with --accept " + verdict.flag);
  }

  [[nodiscard]] std::vector<SiteSource> site_sources(const Report& report) const {
    std::vector<SiteSource> sources;
    for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
      const SourceState& state = m_night.states()[i];
      sources.push_back({m_config.sources[i].source, std::string(name_of(m_config.sources[i].format)), state.as_of,
                         report.entries()[i].kept, state.is_kept, state.is_refused});
    }
    return sources;
  }

  template <typename Step>
  void timed(const char* name, const Step& step) {
    const Clock::time_point start = Clock::now();
    const auto add = [&] {
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
      auto place = std::find_if(m_run.durations_ms.begin(), m_run.durations_ms.end(),
                                [name](const auto& one) { return one.first == name; });
      if (place == m_run.durations_ms.end())
        place = m_run.durations_ms.emplace(place, name, 0);
      place->second += static_cast<std::uint64_t>(ms);
    };
    try {
      step();
    } catch (...) {
      add();
      throw;
    }
    add();
  }

  void end(std::string outcome, Exit exit, std::string message) {
    m_run.outcome = std::move(outcome);
    m_run.exit = static_cast<int>(exit);
    m_run.message = std::move(message);
    m_run.ended = time_now();
    std::erase_if(m_run.durations_ms, [](const auto& one) { return one.first == "total"; });
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_start).count();
    m_run.durations_ms.emplace_back("total", static_cast<std::uint64_t>(ms));
    if (m_run.facts)
      m_run.facts->duration_ms = static_cast<std::uint64_t>(ms);
  }

  void write_report() const {
    if (!m_options.report.empty())
      write_file(m_options.report, m_night.report_of(m_run).dump(2) + "\n");
  }

  /// What can still be told is; what went wrong first is what the user hears.
  void tell_failure(Exit exit, const char* message) {
    end(exit == Exit::data_refused ? "refused" : "failed", exit, message);
    try {
      write_report();
    } catch (const std::exception&) {  // the disk that is full is mostly the same one
    }
    try {
      m_night.tell(m_run);
    } catch (const std::exception&) {
    }
  }

  const BuildOptions& m_options;
  Config& m_config;
  Date m_as_of;
  Clock::time_point m_start = Clock::now();
  Night m_night;
  Run m_run;
  Progress m_progress;
};

Exit build(const BuildOptions& options) {
  Config config = load_config(options.config);
  check_replaceable(options.out);
  const Date as_of = options.as_of.empty() ? today() : as_of_option(options.as_of);
  Build(options, config, as_of).run();
  return Exit::done;
}

}  // namespace

void add_build_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("build", "Read every source of a config and write a complete site");
  auto options = std::make_shared<BuildOptions>();
  command->add_option("--config", options->config, "The config, JSON (README.md)")->required();
  command->add_option("--out", options->out, "Folder of the site; it is replaced in one step, or left as it is")
      ->required();
  command->add_option("--as-of", options->as_of, "Take this day, YYYY-MM-DD, for today");
  command->add_option("--report", options->report, "Write what was read, kept, left out and rejected as JSON");
  command->add_option("--accept", options->accept,
                      "Let pass what a gate refuses, tonight: baseline for a first run, or SOURCE:GATE such as "
                      "offres:shrink; may be repeated");
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return build(*options); }; });
}

}  // namespace balise
