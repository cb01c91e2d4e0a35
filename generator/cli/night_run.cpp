#include "generator/cli/night_run.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "generator/cli/command.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/join.hpp"
#include "generator/write/site_write.hpp"

namespace balise {

namespace fs = std::filesystem;

NightRun::NightRun(const Options& options, Config& config, Date as_of)
    : m_options(options),
      m_config(config),
      m_as_of(as_of),
      m_night(config, as_of, {options.accept.begin(), options.accept.end()}),
      m_progress(progress_mode(options.progress)) {
  m_run.started = time_now();
  for (const SourceEntry& source : config.sources)
    m_run.report.add_entry(source.source, name_of(source.format), source.url);
  set_before();
}

NightRun::NightRun(const Options& options, Config& config, Date as_of, const std::string& prepared)
    : m_options(options),
      m_config(config),
      m_as_of(as_of),
      m_night(config, as_of, {options.accept.begin(), options.accept.end()}, prepared),
      m_run(run_of(prepared)),
      m_progress(progress_mode(options.progress)) {
  for (const auto& [step, duration_ms] : m_run.durations_ms)
    if (step == "total")
      m_before_ms = duration_ms;
  set_before();
}

void NightRun::set_before() {
  for (const NightFacts& night : m_night.history())
    if (night.as_of < m_as_of)
      m_run.before = night;
}

void NightRun::run(const std::function<void()>& work) {
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

void NightRun::timed(const char* name, const std::function<void()>& step) {
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

void NightRun::fetch() {
  if (m_night.is_remembered())
    timed("fetch", [&] { m_night.fetch(m_progress); });
}

bool NightRun::read(const Reference& reference, Spill& spill, const fs::path& scratch) {
  // What made a source fall back stays in the report.
  std::erase_if(m_run.verdicts, [this](const Verdict& verdict) {
    return !(verdict.result == Verdict::Result::refused && verdict.entry &&
             m_night.states()[*verdict.entry].is_refused);
  });
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
  timed("join", [&] { join_duplicates(spill, scratch, sort_memory_bytes, m_options.jobs, report); });
  m_run.report = report;
  m_run.facts = m_night.facts_of(report, counter);
  return pass(judge_records(report));
}

std::vector<SiteSource> NightRun::sources() const {
  std::vector<SiteSource> sources;
  for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
    const SourceState& state = m_night.states()[i];
    sources.push_back({m_config.sources[i].source, std::string(name_of(m_config.sources[i].format)), state.as_of,
                       m_run.report.entries()[i].kept, state.is_kept, state.is_refused});
  }
  return sources;
}

std::string NightRun::prepare() {
  end("prepared", Exit::done, {});
  write_report();
  return m_night.prepared(m_run);
}

bool NightRun::publish(const Root& root, const fs::path& assets, const fs::path& site, ListingWriter& listings) {
  if (!pass(judge_drop(m_options.target, total_counts(root), m_config.limits, m_night.accepted())))
    return false;
  m_progress.phase("Writing pages and compressed variants");
  timed("pages", [&] {
    write_site({m_config.title, m_config.url, covers_of(m_config.filter), m_config.theme, m_config.logo,
                m_config.offline, m_config.keys, root, sources()},
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
  timed("publish", [&] { publish_folder(site, m_options.target); });
  m_progress.done("Published " + m_options.target.string());
  return true;
}

void NightRun::finish() {
  m_night.remember(*m_run.facts);
  end(m_night.is_degraded() ? "degraded" : "published", Exit::done, {});
  m_night.tell(m_run);
}

/// The gates that look at what was read: against earlier nights, and the share of rejected rows.
std::vector<Verdict> NightRun::judge_records(const Report& report) const {
  std::vector<Verdict> verdicts = m_night.judge(*m_run.facts);
  for (std::size_t i = 0; i < m_config.sources.size(); ++i)
    if (const auto found = report.too_many_rejected(i, m_config.limits.max_rejected_percent))
      verdicts.push_back(settled(
          {"rejected", report.entries()[i].source, report.entries()[i].format, i, {}, *found, {}}, m_night.accepted()));
  return verdicts;
}

bool NightRun::pass(const std::vector<Verdict>& verdicts) {
  m_run.verdicts.insert(m_run.verdicts.end(), verdicts.begin(), verdicts.end());
  std::set<std::size_t> fallen;
  for (const Verdict& verdict : verdicts) {
    if (verdict.result != Verdict::Result::refused)
      continue;
    bool is_settled = false;
    for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
      const bool is_meant = verdict.entry ? *verdict.entry == i : name_of(m_config.sources[i].source) == verdict.source;
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

void NightRun::refuse(const Verdict& verdict) const {
  std::string name = "source " + verdict.source;
  if (verdict.entry)
    name += " (" + m_config.sources[*verdict.entry].url + ")";
  throw Failure(Exit::data_refused,
                name + ": " + verdict.message + "; " + m_options.target.string() +
                    " stays as it is: look at the report (--report FILE), and if this is meant, raise the limit or " +
                    "run again with --accept " + verdict.flag);
}

void NightRun::end(std::string outcome, Exit exit, std::string message) {
  m_run.outcome = std::move(outcome);
  m_run.exit = static_cast<int>(exit);
  m_run.message = std::move(message);
  m_run.ended = time_now();
  std::erase_if(m_run.durations_ms, [](const auto& one) { return one.first == "total"; });
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_start).count();
  const std::uint64_t total_ms = m_before_ms + static_cast<std::uint64_t>(ms);
  m_run.durations_ms.emplace_back("total", total_ms);
  if (m_run.facts)
    m_run.facts->duration_ms = total_ms;
}

void NightRun::write_report() const {
  if (!m_options.report.empty())
    write_file(m_options.report, m_night.report_of(m_run).dump(2) + "\n");
}

void NightRun::tell_failure(Exit exit, const char* message) {
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

}  // namespace balise
