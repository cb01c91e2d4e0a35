#include "generator/report.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"
#include "generator/text/clean_text.hpp"
#include "generator/text/personal_data.hpp"

namespace balise {

namespace {

constexpr std::size_t max_detail_characters = 120;

using Counts = std::map<std::string, Report::Count>;

/// At most so many characters, the last one an ellipsis when some were left out.
std::string shortened(std::string text, std::size_t max_characters) {
  std::size_t characters = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U)
      continue;
    if (++characters == max_characters)
      cut = i;
    if (characters > max_characters)
      return text.substr(0, cut) + "\xE2\x80\xA6";
  }
  return text;
}

/// Text that may stand in the report, whatever the source held.
std::string presentable(std::string_view text) {
  // Only the beginning is shown; the margin keeps an address that the cut would split whole.
  constexpr std::size_t enough_bytes = 4096;
  return shortened(remove_personal_data(clean_line(text.substr(0, enough_bytes))).text, max_detail_characters);
}

/// Keeps the smallest, each once.
void insert_example(std::vector<Report::Example>& examples, Report::Example&& example) {
  const auto place = std::lower_bound(examples.begin(), examples.end(), example);
  if (place != examples.end() && *place == example)
    return;
  examples.insert(place, std::move(example));
  if (examples.size() > Report::max_examples)
    examples.pop_back();
}

std::uint64_t total_of(const Counts& counts) {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : counts)
    total += count.count;
  return total;
}

void merge_counts(Counts& into, const Counts& from) {
  for (const auto& [reason, count] : from) {
    Report::Count& mine = into[reason];
    mine.count += count.count;
    for (Report::Example example : count.examples)
      insert_example(mine.examples, std::move(example));
  }
}

nlohmann::json json_of(const Counts& counts) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [reason, count] : counts) {
    nlohmann::json examples = nlohmann::json::array();
    for (const Report::Example& example : count.examples)
      examples.push_back({{"id", example.id}, {"detail", example.detail}});
    object[reason] = {{"count", count.count}, {"examples", std::move(examples)}};
  }
  return object;
}

Counts counts_of(const nlohmann::json& json) {
  Counts counts;
  for (const auto& [reason, item] : json.items()) {
    Report::Count& count = counts[reason];
    item.at("count").get_to(count.count);
    for (const nlohmann::json& example : item.at("examples"))
      count.examples.push_back({example.at("id").get<std::string>(), example.at("detail").get<std::string>()});
  }
  return counts;
}

/// "expired 12, duplicate 3", the most frequent first.
std::string in_words(const Counts& counts) {
  std::vector<std::pair<std::string_view, std::uint64_t>> reasons;
  for (const auto& [reason, count] : counts)
    reasons.emplace_back(reason, count.count);
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [reason, count] : reasons) {
    text += text.empty() ? "" : ", ";
    text += reason;
    text += ' ' + std::to_string(count);
  }
  return text;
}

/// One decimal, without a locale.
std::string percent_of(double percent) {
  const auto tenths = static_cast<std::uint64_t>(std::llround(percent * 10));
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " %";
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
  ++m_entries[entry].read;
}
void Report::count_kept(std::size_t entry) {
  ++m_entries[entry].kept;
}
void Report::uncount_kept(std::size_t entry) {
  --m_entries[entry].kept;
}

void Report::add(std::size_t entry, Fate fate, std::string_view reason, std::string_view id, std::string_view detail) {
  if (fate == Fate::kept) {
    count_kept(entry);
    return;
  }
  Entry& counted = m_entries[entry];
  Counts& counts = fate == Fate::left_out   ? counted.left_out
                   : fate == Fate::rejected ? counted.rejected
                                            : counted.noted;
  auto place = counts.find(std::string(reason));
  if (place == counts.end())
    place = counts.emplace(reason, Count{}).first;
  Count& count = place->second;
  ++count.count;
  // Most rows are no example: they are turned away before their detail is looked at.
  std::string shown_id = presentable(id);
  if (count.examples.size() == max_examples && shown_id > count.examples.back().id)
    return;
  insert_example(count.examples, {std::move(shown_id), presentable(detail)});
}

void Report::merge(const Report& other) {
  for (std::size_t i = m_entries.size(); i < other.m_entries.size(); ++i) {
    Entry entry;
    entry.source = other.m_entries[i].source;
    entry.format = other.m_entries[i].format;
    entry.url = other.m_entries[i].url;
    m_entries.push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < other.m_entries.size(); ++i) {
    Entry& mine = m_entries[i];
    const Entry& theirs = other.m_entries[i];
    mine.read += theirs.read;
    mine.kept += theirs.kept;
    merge_counts(mine.left_out, theirs.left_out);
    merge_counts(mine.rejected, theirs.rejected);
    merge_counts(mine.noted, theirs.noted);
  }
}

nlohmann::json Report::to_json(Date as_of) const {
  nlohmann::json sources = nlohmann::json::array();
  std::uint64_t read = 0, kept = 0, left_out = 0, rejected = 0, noted = 0;
  for (const Entry& entry : m_entries) {
    sources.push_back({{"source", entry.source},
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
    rejected += entry.rejected_total();
    noted += total_of(entry.noted);
  }
  return {
      {"as_of", to_string_date(as_of)},
      {"sources", std::move(sources)},
      {"totals", {{"read", read}, {"kept", kept}, {"left_out", left_out}, {"rejected", rejected}, {"noted", noted}}}};
}

Report Report::from_json(const nlohmann::json& json) {
  Report report;
  for (const nlohmann::json& source : json.at("sources")) {
    Entry entry;
    source.at("source").get_to(entry.source);
    source.at("format").get_to(entry.format);
    source.at("url").get_to(entry.url);
    source.at("read").get_to(entry.read);
    source.at("kept").get_to(entry.kept);
    entry.left_out = counts_of(source.at("left_out"));
    entry.rejected = counts_of(source.at("rejected"));
    entry.noted = counts_of(source.at("noted"));
    report.m_entries.push_back(std::move(entry));
  }
  return report;
}

std::string Report::summary() const {
  std::string text;
  const auto line = [&text](std::string_view what, const Counts& counts) {
    if (!counts.empty())
      text += "  " + std::string(what) + " " + std::to_string(total_of(counts)) + ": " + in_words(counts) + "\n";
  };
  for (const Entry& entry : m_entries) {
    text += entry.source + " (" + entry.format + ") " + entry.url + ": " + std::to_string(entry.read) + " read, " +
            std::to_string(entry.kept) + " kept\n";
    line("left out", entry.left_out);
    line("rejected", entry.rejected);
    line("noted", entry.noted);
  }
  return text;
}

std::optional<std::string> Report::too_many_rejected(std::size_t number, double max_rejected_percent) const {
  const Entry& entry = m_entries[number];
  if (entry.read == 0)
    return std::nullopt;
  const std::uint64_t rejected = entry.rejected_total();
  const double percent = 100.0 * static_cast<double>(rejected) / static_cast<double>(entry.read);
  if (percent <= max_rejected_percent)
    return std::nullopt;
  return std::to_string(rejected) + " of " + std::to_string(entry.read) + " rows (" + percent_of(percent) +
         ") were rejected, more than limits.max_rejected_percent (" + percent_of(max_rejected_percent) +
         ") allows: " + in_words(entry.rejected);
}

}  // namespace balise
