#include "generator/night/night.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "generator/files.hpp"
#include "generator/night/night_page.hpp"
#include "generator/parallel.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr unsigned hosts_at_once = 4;

std::string shown(const SourceEntry& entry) {
  return "source " + std::string(name_of(entry.source)) + " (" + entry.url + ")";
}

Json json_of(const std::vector<Verdict>& verdicts) {
  Json list = Json::array();
  for (const Verdict& verdict : verdicts) {
    Json one{{"gate", verdict.gate}, {"source", verdict.source}};
    if (!verdict.format.empty())
      one["format"] = verdict.format;
    one["result"] = name_of(verdict.result);
    one["message"] = verdict.message;
    if (!verdict.flag.empty())
      one["accept"] = verdict.flag;
    list.push_back(std::move(one));
  }
  return list;
}

/// Records by entry, then and now.
Json changes_of(const NightFacts& before, const NightFacts& now) {
  Json entries = Json::array();
  for (const EntryFacts& entry : now.entries) {
    const auto then = std::find_if(before.entries.begin(), before.entries.end(),
                                   [&entry](const EntryFacts& other) { return other.key == entry.key; });
    Json departements = Json::object();
    if (then != before.entries.end()) {
      std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> both;
      for (const auto& [code, count] : then->departements)
        both[code].first = count;
      for (const auto& [code, count] : entry.departements)
        both[code].second = count;
      for (const auto& [code, counts] : both)
        if (counts.first != counts.second)
          departements[code] = {counts.first, counts.second};
    }
    entries.push_back({{"source", entry.source},
                       {"format", entry.format},
                       {"before", then == before.entries.end() ? Json() : Json(then->records)},
                       {"after", entry.records},
                       {"departements", std::move(departements)}});
  }
  return {{"since", to_string_date(before.as_of)}, {"sources", std::move(entries)}};
}

[[noreturn]] void refuse_prepared() {
  throw Failure(Exit::data_refused, "what the plan says of the night is damaged; run 'balise partition' again");
}

}  // namespace

RecordCounter::RecordCounter(unsigned workers, std::size_t entries) : m_counts(workers, std::vector<Counts>(entries)) {
  for (auto& of_worker : m_counts)
    for (Counts& counts : of_worker)
      counts.departements.resize(balise::departements().size());
}

void RecordCounter::count(unsigned worker, std::size_t entry, const Record& record) {
  Counts& counts = m_counts[worker][entry];
  ++counts.departements[record.departement.index];
  if (record.company.empty())
    ++counts.without_name;
}

std::map<std::string, std::uint64_t> RecordCounter::departements(std::size_t entry) const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& of_worker : m_counts)
    for (std::size_t i = 0; i < of_worker[entry].departements.size(); ++i)
      if (const std::uint64_t count = of_worker[entry].departements[i]; count > 0)
        all[std::string(info(Departement{static_cast<std::uint8_t>(i)}).code)] += count;
  return all;
}

std::uint64_t RecordCounter::without_name(std::size_t entry) const {
  std::uint64_t sum = 0;
  for (const auto& of_worker : m_counts)
    sum += of_worker[entry].without_name;
  return sum;
}

Night::Night(Config& config, Date as_of, std::set<std::string> accepted)
    : m_config(config), m_as_of(as_of), m_accepted(std::move(accepted)), m_states(config.sources.size()) {
  check_accepted(m_accepted);
  for (SourceState& state : m_states)
    state.as_of = as_of;
  open_folder();
  if (m_folder)
    SourceCopies(m_folder->sources()).remove_candidates();
}

Night::Night(Config& config, Date as_of, std::set<std::string> accepted, const std::string& prepared)
    : m_config(config),
      m_as_of(as_of),
      m_accepted(std::move(accepted)),
      m_states(config.sources.size()),
      m_is_read(true) {
  check_accepted(m_accepted);
  open_folder();
  std::vector<std::string> hashes;
  try {
    const Json json = Json::parse(prepared);
    for (std::size_t i = 0; i < m_states.size(); ++i) {
      const Json& saved = json.at("states").at(i);
      SourceState& state = m_states[i];
      saved.at("kept").get_to(state.is_kept);
      saved.at("refused").get_to(state.is_refused);
      saved.at("why").get_to(state.why);
      state.as_of = parse_date(saved.at("as_of").get<std::string>()).value();
      state.file = saved.at("file").get<std::string>();
      saved.at("etag").get_to(state.validators.etag);
      saved.at("last_modified").get_to(state.validators.last_modified);
      saved.at("bytes").get_to(state.received_bytes);
      saved.at("requests").get_to(state.requests);
      saved.at("unchanged").get_to(state.is_unchanged);
      hashes.push_back(saved.at("sha256").get<std::string>());
    }
  } catch (const std::exception&) {
    refuse_prepared();
  }
  if (!m_folder)
    return;
  const SourceCopies copies(m_folder->sources());
  for (std::size_t i = 0; i < m_states.size(); ++i) {
    if (!config.sources[i].remote || m_states[i].is_kept || hash_of_copy(m_states[i].file) == hashes[i])
      continue;
    // The same night may be ended twice: by then it is the copy.
    const auto copy = copies.find(config.sources[i]);
    if (!copy || hash_of_copy(copy->file) != hashes[i])
      throw Failure(Exit::data_refused, shown(config.sources[i]) +
                                            " was fetched again since the build was cut into parts; run "
                                            "'balise partition' again");
    m_states[i].file = copy->file;
  }
}

void Night::open_folder() {
  if (!m_config.state)
    return;
  m_folder = std::make_unique<StateFolder>(*m_config.state);
  m_history = load_nights(m_folder->nights(), m_as_of);
}

void Night::stand_on(std::size_t entry, const SourceCopies::Copy& copy) {
  SourceState& state = m_states[entry];
  state.as_of = copy.as_of;
  state.file = copy.file;
  state.validators = copy.validators;
  m_config.sources[entry].path = copy.file;
}

void Night::fetch(std::size_t entry) {
  const SourceEntry& source = m_config.sources[entry];
  const SourceCopies copies(m_folder->sources());
  const auto copy = copies.find(source);
  SourceState& state = m_states[entry];
  try {
    const fs::path file = copies.candidate(source);
    const Fetched fetched =
        balise::fetch(source.url, *source.remote, m_config.fetch, copy ? copy->validators : Validators{}, file);
    if (fetched.is_unchanged)
      stand_on(entry, {copy->file, copy->validators, m_as_of});
    else
      stand_on(entry, {file, fetched.validators, m_as_of});
    state.is_unchanged = fetched.is_unchanged;
    state.received_bytes = fetched.bytes;
    state.requests = fetched.requests;
  } catch (const FetchFailure& failure) {
    state.is_kept = true;
    state.why = failure.what();
    if (!copy)
      throw Failure(Exit::data_refused, shown(source) + " cannot be fetched: " + state.why +
                                            ", and there is no copy of an earlier night to keep; try again later, or "
                                            "take it out of the config");
    stand_on(entry, *copy);
  }
}

void Night::fetch(Progress& progress) {
  // One after the other from each host, and in the order of the config.
  std::vector<std::vector<std::size_t>> hosts;
  std::map<std::string, std::size_t> numbers;
  std::size_t count = 0;
  for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
    if (!m_config.sources[i].remote)
      continue;
    ++count;
    const auto [place, is_new] = numbers.try_emplace(host_of(m_config.sources[i].url), hosts.size());
    if (is_new)
      hosts.emplace_back();
    hosts[place->second].push_back(i);
  }
  if (count == 0)
    return;
  progress.phase(count == 1 ? "Fetching a source" : "Fetching " + std::to_string(count) + " sources");
  std::vector<std::exception_ptr> failures(m_config.sources.size());
  in_parallel(hosts.size(), hosts_at_once, [&](std::size_t host) {
    for (const std::size_t i : hosts[host]) {
      try {
        fetch(i);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    }
  });
  // Whatever came first: what is told is the same each time.
  for (const std::exception_ptr& failure : failures)
    if (failure)
      std::rethrow_exception(failure);
  for (std::size_t i = 0; i < m_config.sources.size(); ++i)
    if (m_config.sources[i].remote)
      progress.done((m_states[i].is_kept        ? "Kept the copy of "
                     : m_states[i].is_unchanged ? "Nothing new at "
                                                : "Fetched ") +
                    m_config.sources[i].url);
}

bool Night::fall_back(std::size_t entry, const std::string& why) {
  const SourceEntry& source = m_config.sources[entry];
  SourceState& state = m_states[entry];
  if (m_is_read || !source.remote || state.is_kept || state.is_unchanged)
    return false;
  const auto copy = SourceCopies(m_folder->sources()).find(source);
  if (!copy)
    return false;
  state.is_kept = state.is_refused = true;
  state.why = why;
  stand_on(entry, *copy);
  return true;
}

bool Night::is_degraded() const {
  return std::any_of(m_states.begin(), m_states.end(), [](const SourceState& state) { return state.is_kept; });
}

NightFacts Night::facts_of(const Report& report, const RecordCounter& counter) const {
  NightFacts night;
  night.as_of = m_as_of;
  night.outcome = is_degraded() ? "degraded" : "published";
  for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
    const Report::Entry& read = report.entries().at(i);
    EntryFacts entry;
    entry.key = key_of(m_config.sources[i]);
    entry.source = name_of(m_config.sources[i].source);
    entry.format = name_of(m_config.sources[i].format);
    entry.is_kept = m_states[i].is_kept;
    entry.as_of = m_states[i].as_of;
    entry.read = read.read;
    entry.records = read.kept;
    entry.doubtful = doubtful_of(read, counter.without_name(i));
    entry.departements = counter.departements(i);
    night.entries.push_back(std::move(entry));
  }
  return night;
}

std::vector<Verdict> Night::judge(const NightFacts& facts) const {
  return is_remembered() ? balise::judge(facts, m_history, m_config.limits, m_accepted) : std::vector<Verdict>();
}

void Night::remember(const NightFacts& facts) {
  if (!m_folder)
    return;
  const SourceCopies copies(m_folder->sources());
  for (std::size_t i = 0; i < m_config.sources.size(); ++i)
    if (m_config.sources[i].remote && !m_states[i].is_kept)
      copies.keep(m_config.sources[i], {m_states[i].file, m_states[i].validators, m_states[i].as_of});
  copies.remove_candidates();
  save_night(m_folder->nights(), facts);
}

std::string Night::prepared(const Run& run) const {
  Json json{{"started", run.started}, {"states", Json::array()}};
  for (std::size_t i = 0; i < m_states.size(); ++i) {
    const SourceState& state = m_states[i];
    const bool is_fetched = m_config.sources[i].remote && !state.is_kept;
    json["states"].push_back({{"kept", state.is_kept},
                              {"refused", state.is_refused},
                              {"why", state.why},
                              {"as_of", to_string_date(state.as_of)},
                              {"file", state.file.string()},
                              {"sha256", is_fetched ? hash_of_copy(state.file) : std::string()},
                              {"etag", state.validators.etag},
                              {"last_modified", state.validators.last_modified},
                              {"bytes", state.received_bytes},
                              {"requests", state.requests},
                              {"unchanged", state.is_unchanged}});
  }
  json["facts"] = json_of(*run.facts);
  json["report"] = Json(run.report.to_json(m_as_of));
  json["gates"] = json_of(run.verdicts);
  json["durations_ms"] = Json::object();
  for (const auto& [step, duration_ms] : run.durations_ms)
    json["durations_ms"][step] = duration_ms;
  return json.dump();
}

Run run_of(const std::string& prepared) {
  try {
    const Json json = Json::parse(prepared);
    Run run;
    json.at("started").get_to(run.started);
    run.facts = night_of(json.at("facts"));
    run.report = Report::from_json(nlohmann::json(json.at("report")));
    for (const Json& gate : json.at("gates")) {
      Verdict verdict;
      gate.at("gate").get_to(verdict.gate);
      gate.at("source").get_to(verdict.source);
      verdict.format = gate.value("format", std::string());
      for (const auto result : {Verdict::Result::warned, Verdict::Result::accepted, Verdict::Result::refused})
        if (gate.at("result") == name_of(result))
          verdict.result = result;
      gate.at("message").get_to(verdict.message);
      verdict.flag = gate.value("accept", std::string());
      run.verdicts.push_back(std::move(verdict));
    }
    for (const auto& [step, duration_ms] : json.at("durations_ms").items())
      run.durations_ms.emplace_back(step, duration_ms.get<std::uint64_t>());
    return run;
  } catch (const std::exception&) {
    refuse_prepared();
  }
}

Json Night::report_of(const Run& run) const {
  Json json(run.report.to_json(m_as_of));
  for (std::size_t i = 0; i < json["sources"].size() && i < m_states.size(); ++i) {
    const SourceState& state = m_states[i];
    Json& source = json["sources"][i];
    source["state"] = state.is_kept ? "kept" : "ok";
    source["as_of"] = to_string_date(state.as_of);
    if (state.is_kept) {
      source["reason"] = state.is_refused ? "refused" : "down";
      source["why"] = state.why;
    }
    if (m_config.sources[i].remote)
      source["fetched"] = {
          {"bytes", state.received_bytes}, {"requests", state.requests}, {"unchanged", state.is_unchanged}};
  }
  json["outcome"] = run.outcome;
  json["exit"] = run.exit;
  if (!run.message.empty())
    json["message"] = run.message;
  json["gates"] = json_of(run.verdicts);
  if (run.facts && run.facts->files > 0)
    json["site"] = {{"files", run.facts->files}, {"bytes", run.facts->bytes}};
  if (run.facts && run.before)
    json["changes"] = changes_of(*run.before, *run.facts);
  Json durations = Json::object();
  for (const auto& [step, duration_ms] : run.durations_ms)
    durations[step] = duration_ms;
  json["run"] = {{"started", run.started}, {"ended", run.ended}, {"durations_ms", std::move(durations)}};
  return json;
}

void Night::tell(const Run& run) const {
  if (!m_folder)
    return;
  // The time of the last publication outlives the nights that are refused.
  const fs::path status_file = m_folder->path() / "status.json";
  std::string last_published, data_of;
  if (fs::exists(status_file)) {
    const auto before = nlohmann::json::parse(read_file(status_file), nullptr, false);
    if (before.is_object()) {
      if (const auto found = before.find("last_published"); found != before.end() && found->is_string())
        last_published = found->get<std::string>();
      if (const auto found = before.find("last_published_as_of"); found != before.end() && found->is_string())
        data_of = found->get<std::string>();
    }
  }
  if (run.exit == 0) {
    last_published = run.ended;
    data_of = to_string_date(m_as_of);
  }
  const Json report = report_of(run);
  Json status{{"outcome", run.outcome},           {"exit", run.exit},
              {"message", run.message},           {"as_of", to_string_date(m_as_of)},
              {"started", run.started},           {"ended", run.ended},
              {"last_published", last_published}, {"last_published_as_of", data_of}};
  status["sources"] = Json::array();
  for (std::size_t i = 0; i < m_config.sources.size(); ++i) {
    const SourceEntry& entry = m_config.sources[i];
    const SourceState& state = m_states[i];
    Json one{{"source", name_of(entry.source)},
             {"format", name_of(entry.format)},
             {"state", state.is_kept ? "kept" : "ok"},
             {"as_of", to_string_date(state.as_of)}};
    if (run.facts)
      one["records"] = run.facts->entries.at(i).records;
    if (!state.why.empty())
      one["why"] = state.why;
    status["sources"].push_back(std::move(one));
  }
  status["gates"] = report["gates"];
  replace_file(status_file, status.dump(2) + "\n");
  replace_file(m_folder->path() / "balise.prom", metrics_of(status, report));
  std::vector<NightFacts> nights = load_nights(m_folder->nights(), m_as_of);
  replace_file(m_folder->path() / "report.html", page_of(m_config.title, status, report, nights));
}

}  // namespace balise
