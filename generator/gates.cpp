#include "generator/gates.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"
#include "generator/files.hpp"

namespace balise {

namespace {

constexpr Date median_days = 28;
constexpr std::size_t most_named = 5;  ///< departements in a message
constexpr double least_rows = 3;

const std::vector<std::string>& gate_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"shrink", "growth", "departements", "kept", "drop"};
    all.insert(all.end(), doubt_names().begin(), doubt_names().end());
    return all;
  }();
  return names;
}

/// One decimal, without a locale.
std::string decimal(double number) {
  const auto tenths = static_cast<std::int64_t>(std::llround(number * 10));
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(std::abs(tenths % 10)));
}

double percent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

const EntryFacts* find(const NightFacts& night, const std::string& key) {
  const auto found = std::find_if(night.entries.begin(), night.entries.end(),
                                  [&key](const EntryFacts& entry) { return entry.key == key; });
  return found == night.entries.end() ? nullptr : &*found;
}

double share_of(const EntryFacts& entry, const std::string& doubt) {
  const auto found = entry.doubtful.find(doubt);
  return found == entry.doubtful.end() ? 0
                                       : percent(static_cast<double>(found->second), static_cast<double>(entry.read));
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

struct DoubtLimit {
  const char* doubt;
  const char* key;
  double Limits::*points;
};
constexpr DoubtLimit doubt_limits[] = {
    {"missing_name", "max_missing_name_points", &Limits::max_missing_name_points},
    {"missing_position", "max_missing_position_points", &Limits::max_missing_position_points},
    {"unknown_rome", "max_unknown_rome_points", &Limits::max_unknown_rome_points},
    {"expired", "max_expired_points", &Limits::max_expired_points},
    {"duplicate", "max_duplicate_points", &Limits::max_duplicate_points},
    {"rejected", "max_rejected_points", &Limits::max_rejected_points},
};

class Judge {
 public:
  Judge(const NightFacts& tonight, const std::vector<NightFacts>& history, const Limits& limits,
        const std::set<std::string>& accepted)
      : m_tonight(tonight), m_history(history), m_limits(limits), m_accepted(accepted) {}

  std::vector<Verdict> judge() {
    for (m_entry = 0; m_entry < m_tonight.entries.size(); ++m_entry) {
      const EntryFacts& now = entry();
      const auto last = std::find_if(m_history.rbegin(), m_history.rend(),
                                     [&](const NightFacts& night) { return find(night, now.key) != nullptr; });
      if (now.is_kept)
        judge_age();
      else if (last == m_history.rend())
        refuse("baseline", "no earlier night has this source, so there is nothing to compare its " +
                               std::to_string(now.records) + " records with");
      else
        judge_against(*find(*last, now.key));
    }
    return std::move(m_verdicts);
  }

 private:
  [[nodiscard]] const EntryFacts& entry() const { return m_tonight.entries[m_entry]; }

  void refuse(const std::string& gate, std::string message) {
    m_verdicts.push_back(
        settled({gate, entry().source, entry().format, m_entry, {}, std::move(message), {}}, m_accepted));
  }
  void warn(const std::string& gate, std::string message) {
    m_verdicts.push_back(
        {gate, entry().source, entry().format, m_entry, Verdict::Result::warned, std::move(message), {}});
  }

  void judge_age() {
    const auto days = static_cast<double>(m_tonight.as_of - entry().as_of);
    const std::string since =
        "its last good copy is of " + to_string_date(entry().as_of) + ", " + decimal(days) + " days ago, and limits.";
    if (days > m_limits.max_kept_days)
      refuse("kept", since + "max_kept_days is " + decimal(m_limits.max_kept_days));
    else if (days > m_limits.warn_kept_days)
      warn("kept", since + "warn_kept_days is " + decimal(m_limits.warn_kept_days));
  }

  void judge_against(const EntryFacts& before) {
    judge_size(before);
    judge_departements(before);
    if (static_cast<double>(before.read) >= m_limits.min_records)
      for (const DoubtLimit& limit : doubt_limits)
        judge_share(limit);
  }

  void judge_size(const EntryFacts& before) {
    const auto was = static_cast<double>(before.records), is = static_cast<double>(entry().records);
    const std::string numbers =
        "from " + std::to_string(before.records) + " to " + std::to_string(entry().records) + " records (";
    const double lost = percent(was - is, was), won = percent(is - was, was);
    if (lost > m_limits.max_shrink_percent)
      refuse("shrink", "it shrank " + numbers + "-" + decimal(lost) + " %), and limits.max_shrink_percent is " +
                           decimal(m_limits.max_shrink_percent));
    else if (lost > m_limits.warn_shrink_percent)
      warn("shrink", "it shrank " + numbers + "-" + decimal(lost) + " %), and limits.warn_shrink_percent is " +
                         decimal(m_limits.warn_shrink_percent));
    if (won > m_limits.max_growth_percent && is >= m_limits.min_records)
      refuse("growth", "it grew " + numbers + "+" + decimal(won) + " %), and limits.max_growth_percent is " +
                           decimal(m_limits.max_growth_percent));
  }

  void judge_departements(const EntryFacts& before) {
    std::string named;
    std::size_t count = 0;
    for (const auto& [code, was] : before.departements) {
      const auto found = entry().departements.find(code);
      const std::uint64_t is = found == entry().departements.end() ? 0 : found->second;
      const auto from = static_cast<double>(was);
      if (from < m_limits.min_records ||
          percent(from - static_cast<double>(is), from) <= m_limits.max_departement_shrink_percent)
        continue;
      if (++count <= most_named)
        named += (named.empty() ? "" : ", ") + code + " from " + std::to_string(was) + " to " + std::to_string(is);
    }
    if (count > most_named)
      named += " and " + std::to_string(count - most_named) + " more";
    if (count > 0)
      refuse("departements", "departements shrank (" + named + "), and limits.max_departement_shrink_percent is " +
                                 decimal(m_limits.max_departement_shrink_percent));
  }

  void judge_share(const DoubtLimit& limit) {
    std::vector<double> shares;
    for (const NightFacts& night : m_history)
      if (const EntryFacts* then = find(night, entry().key);
          then != nullptr && !then->is_kept && night.as_of > m_tonight.as_of - median_days)
        shares.push_back(share_of(*then, limit.doubt));
    // After a longer break the last night that there was says what is usual.
    if (shares.empty())
      for (const NightFacts& night : m_history)
        if (const EntryFacts* then = find(night, entry().key))
          shares = {share_of(*then, limit.doubt)};
    const double usual = median(shares), share = share_of(entry(), limit.doubt);
    // A row or two of a small source are no pattern.
    const double more_rows = (share - usual) * static_cast<double>(entry().read) / 100;
    if (share - usual > m_limits.*limit.points && more_rows >= least_rows)
      refuse(limit.doubt, std::string(limit.doubt) + " is " + decimal(share) + " % of its rows, usually " +
                              decimal(usual) + " %, and limits." + limit.key + " is " +
                              decimal(m_limits.*limit.points));
  }

  const NightFacts& m_tonight;
  const std::vector<NightFacts>& m_history;
  const Limits& m_limits;
  const std::set<std::string>& m_accepted;
  std::size_t m_entry = 0;
  std::vector<Verdict> m_verdicts;
};

}  // namespace

std::string_view name_of(Verdict::Result result) {
  return result == Verdict::Result::warned ? "warned" : result == Verdict::Result::accepted ? "accepted" : "refused";
}

void check_accepted(const std::set<std::string>& accepted) {
  for (const std::string& name : accepted) {
    if (name == "baseline")
      continue;
    const std::size_t colon = name.find(':');
    const bool is_known =
        colon != std::string::npos && parse_source(name.substr(0, colon)) &&
        std::find(gate_names().begin(), gate_names().end(), name.substr(colon + 1)) != gate_names().end();
    if (is_known)
      continue;
    std::string names;
    for (const std::string& gate : gate_names())
      names += (names.empty() ? "" : ", ") + gate;
    throw Failure(Exit::usage, "--accept \"" + name + "\" is no gate; write baseline, or SOURCE:GATE such as " +
                                   "offres:shrink, where GATE is one of " + names);
  }
}

Verdict settled(Verdict verdict, const std::set<std::string>& accepted) {
  verdict.flag = verdict.gate == "baseline" ? verdict.gate : verdict.source + ':' + verdict.gate;
  verdict.result = accepted.contains(verdict.flag) ? Verdict::Result::accepted : Verdict::Result::refused;
  return verdict;
}

std::vector<Verdict> judge(const NightFacts& tonight, const std::vector<NightFacts>& history, const Limits& limits,
                           const std::set<std::string>& accepted) {
  return Judge(tonight, history, limits, accepted).judge();
}

std::vector<Verdict> judge_drop(const std::filesystem::path& out, const SourceCounts& now, const Limits& limits,
                                const std::set<std::string>& accepted) {
  std::vector<Verdict> verdicts;
  const std::filesystem::path path = out / "data" / "manifest.json";
  if (!std::filesystem::exists(path))
    return verdicts;
  const auto before = nlohmann::json::parse(read_file(path), nullptr, false);
  for (const Source source : all_sources) {
    const std::string name(name_of(source));
    const double was = before.is_object() ? before.value(nlohmann::json::json_pointer("/counts/" + name), 0.0) : 0;
    const double is = now[static_cast<std::size_t>(source)];
    if (was > 0 && (was - is) * 100 / was > limits.max_drop_percent)
      verdicts.push_back(settled(
          {"drop",
           name,
           {},
           {},
           {},
           "it shrank from " + std::to_string(static_cast<std::uint64_t>(was)) + " to " +
               std::to_string(static_cast<std::uint64_t>(is)) + " records, more than limits.max_drop_percent (" +
               std::to_string(static_cast<int>(limits.max_drop_percent)) + " %) allows",
           {}},
          accepted));
  }
  return verdicts;
}

}  // namespace balise
