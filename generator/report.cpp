#include "generator/report.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"
#include "generator/text/personal_data.hpp"

namespace balise {

namespace {

using Json = nlohmann::ordered_json;
using Counts = std::map<std::string, Report::Count>;

/// Keeps the smallest examples, each once.
void add_example(Report::Count& count, Report::Example example) {
  const auto place = std::lower_bound(count.examples.begin(), count.examples.end(), example);
  if (place != count.examples.end() && *place == example)
    return;
  count.examples.insert(place, std::move(example));
  if (count.examples.size() > Report::max_examples)
    count.examples.pop_back();
}

void merge_counts(Counts& into, const Counts& from) {
  for (const auto& [reason, count] : from) {
    into[reason].count += count.count;
    for (const Report::Example& example : count.examples)
      add_example(into[reason], example);
  }
}

Json json_of(const Counts& counts) {
  Json json = Json::object();
  for (const auto& [reason, count] : counts) {
    Json examples = Json::array();
    for (const Report::Example& example : count.examples)
      examples.push_back({{"id", example.id}, {"detail", example.detail}});
    json[reason] = {{"count", count.count}, {"examples", std::move(examples)}};
  }
  return json;
}

std::uint64_t total_of(const Counts& counts) {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : counts)
    total += count.count;
  return total;
}

/// Valid UTF-8 of at most `most` bytes, without personal data: what a source says may be anything.
std::string shown(std::string_view text, std::size_t most) {
  std::string safe = remove_personal_data(text.substr(0, 4 * most)).text;
  if (safe.size() > most) {
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0U) == 0x80U)
      --end;
    safe.resize(end);
  }
  return safe;
}

std::string reasons_of(const Counts& counts) {
  std::string text;
  for (const auto& [reason, count] : counts)
    text += (text.empty() ? "" : ", ") + reason + " " + std::to_string(count.count);
  return text;
}

}  // namespace

std::uint64_t Report::Entry::rejected_total() const {
  return total_of(rejected);
}

void Report::add_entry(Source source, std::string_view format, std::string_view url) {
  Entry entry;
  entry.source = name_of(source);
  entry.format = format;
  entry.url = url;
  m_entries.push_back(std::move(entry));
}

void Report::count_read(std::size_t entry) {
  ++m_entries.at(entry).read;
}
void Report::count_kept(std::size_t entry) {
  ++m_entries.at(entry).kept;
}
void Report::uncount_kept(std::size_t entry) {
  --m_entries.at(entry).kept;
}

void Report::add(std::size_t number, Fate fate, std::string_view reason, std::string_view id, std::string_view detail) {
  Entry& entry = m_entries.at(number);
  Counts* counts = fate == Fate::left_out ? &entry.left_out : fate == Fate::rejected ? &entry.rejected : &entry.noted;
  if (fate == Fate::kept)
    return;
  Count& count = (*counts)[std::string(reason)];
  ++count.count;
  constexpr std::size_t longest = 120;
  // Most of a long run of the same fault cannot be an example any more: no need to clean its text.
  if (count.examples.size() < max_examples || id <= count.examples.back().id)
    add_example(count, {shown(id, longest), shown(detail, longest)});
}

void Report::merge(const Report& other) {
  if (m_entries.empty())
    for (const Entry& entry : other.m_entries) {
      m_entries.emplace_back();
      m_entries.back().source = entry.source;
      m_entries.back().format = entry.format;
      m_entries.back().url = entry.url;
    }
  for (std::size_t i = 0; i < other.m_entries.size(); ++i) {
    const Entry& from = other.m_entries[i];
    Entry& into = m_entries.at(i);
    into.read += from.read;
    into.kept += from.kept;
    merge_counts(into.left_out, from.left_out);
    merge_counts(into.rejected, from.rejected);
    merge_counts(into.noted, from.noted);
  }
}

nlohmann::json Report::to_json(Date as_of) const {
  Json json;
  json["as_of"] = to_string_date(as_of);
  json["sources"] = Json::array();
  std::uint64_t read = 0, kept = 0, left_out = 0, rejected = 0;
  for (const Entry& entry : m_entries) {
    json["sources"].push_back({{"source", entry.source},
                               {"format", entry.format},
                               {"url", entry.url},
                               {"read", entry.read},
                               {"kept", entry.kept},
                               {"left_out", json_of(entry.left_out)},
                               {"rejected", json_of(entry.rejected)},
                               {"noted", json_of(entry.noted)}});
    read += entry.read;
    kept += entry.kept;
    left_out += total_of(entry.left_out);
    rejected += total_of(entry.rejected);
  }
  json["totals"] = {{"read", read}, {"kept", kept}, {"left_out", left_out}, {"rejected", rejected}};
  return nlohmann::json(json);
}

std::string Report::summary() const {
  std::string text;
  for (const Entry& entry : m_entries) {
    text += entry.source + " (" + entry.url + "): " + std::to_string(entry.read) + " read, " +
            std::to_string(entry.kept) + " kept\n";
    for (const auto& [title, counts] : {std::pair("left out", &entry.left_out), std::pair("rejected", &entry.rejected),
                                        std::pair("noted", &entry.noted)})
      if (!counts->empty())
        text += "  " + std::string(title) + ": " + reasons_of(*counts) + "\n";
  }
  return text;
}

void Report::check_rejected(double max_rejected_percent) const {
  for (const Entry& entry : m_entries) {
    const double share =
        entry.read == 0 ? 0 : 100.0 * static_cast<double>(entry.rejected_total()) / static_cast<double>(entry.read);
    if (share <= max_rejected_percent)
      continue;
    char numbers[64];
    std::snprintf(numbers, sizeof numbers, "%.1f %% of %llu", share, static_cast<unsigned long long>(entry.read));
    throw Failure(Exit::data_refused, entry.source + " (" + entry.url + "): " + numbers + " rows were rejected (" +
                                          reasons_of(entry.rejected) + "), more than limits.max_rejected_percent (" +
                                          std::to_string(static_cast<int>(max_rejected_percent)) +
                                          " %) allows: check the source, or raise the limit if this is meant");
  }
}

}  // namespace balise
