#include "generator/night/facts.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generator/files.hpp"
#include "generator/night/state_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

constexpr int format = 1;
constexpr Date kept_days = 400;

std::uint64_t count_of(const std::map<std::string, Report::Count>& counts, const char* reason) {
  const auto found = counts.find(reason);
  return found == counts.end() ? 0 : found->second.count;
}

EntryFacts entry_of(const Json& json) {
  EntryFacts entry;
  json.at("key").get_to(entry.key);
  json.at("source").get_to(entry.source);
  json.at("format").get_to(entry.format);
  entry.is_kept = json.at("state") == "kept";
  entry.as_of = parse_date(json.at("as_of").get<std::string>()).value_or(date_unknown);
  json.at("read").get_to(entry.read);
  json.at("records").get_to(entry.records);
  for (const auto& [name, count] : json.at("doubtful").items())
    entry.doubtful[name] = count.get<std::uint64_t>();
  for (const auto& [code, count] : json.at("departements").items())
    entry.departements[code] = count.get<std::uint64_t>();
  return entry;
}

}  // namespace

const std::vector<std::string>& doubt_names() {
  static const std::vector<std::string> names{"missing_name", "missing_position", "unknown_rome",
                                              "expired",      "duplicate",        "rejected"};
  return names;
}

std::map<std::string, std::uint64_t> doubtful_of(const Report::Entry& entry, std::uint64_t without_name) {
  return {{"missing_name", without_name + count_of(entry.rejected, "missing_title")},
          {"missing_position", count_of(entry.noted, "no_position") + count_of(entry.noted, "position_outside_france")},
          {"unknown_rome", count_of(entry.noted, "unknown_rome")},
          {"expired", count_of(entry.left_out, "expired")},
          {"duplicate", count_of(entry.left_out, "duplicate")},
          {"rejected", entry.rejected_total()}};
}

Json json_of(const EntryFacts& entry) {
  return {{"key", entry.key},
          {"source", entry.source},
          {"format", entry.format},
          {"state", entry.is_kept ? "kept" : "ok"},
          {"as_of", to_string_date(entry.as_of)},
          {"read", entry.read},
          {"records", entry.records},
          {"doubtful", entry.doubtful},
          {"departements", entry.departements}};
}

Json json_of(const NightFacts& night) {
  Json entries = Json::array();
  for (const EntryFacts& entry : night.entries)
    entries.push_back(json_of(entry));
  return {{"format", format},
          {"as_of", to_string_date(night.as_of)},
          {"outcome", night.outcome},
          {"files", night.files},
          {"bytes", night.bytes},
          {"duration_ms", night.duration_ms},
          {"entries", std::move(entries)}};
}

NightFacts night_of(const Json& json) {
  NightFacts night;
  night.as_of = parse_date(json.at("as_of").get<std::string>()).value();
  night.outcome = json.at("outcome").get<std::string>();
  json.at("files").get_to(night.files);
  json.at("bytes").get_to(night.bytes);
  json.at("duration_ms").get_to(night.duration_ms);
  for (const Json& entry : json.at("entries"))
    night.entries.push_back(entry_of(entry));
  return night;
}

std::vector<NightFacts> load_nights(const fs::path& folder, Date until) {
  std::vector<NightFacts> nights;
  if (!fs::is_directory(folder))
    return nights;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".json")
      continue;
    try {
      const Json json = Json::parse(read_file(file.path()));
      NightFacts night = night_of(json);
      if (json.at("format") == format && night.as_of <= until)
        nights.push_back(std::move(night));
    } catch (const Json::exception&) {
      continue;
    } catch (const std::bad_optional_access&) {
      continue;
    }
  }
  std::sort(nights.begin(), nights.end(), [](const NightFacts& a, const NightFacts& b) { return a.as_of < b.as_of; });
  return nights;
}

void save_night(const fs::path& folder, const NightFacts& night) {
  replace_file(folder / (to_string_date(night.as_of) + ".json"), json_of(night).dump() + "\n");
  for (const auto& file : fs::directory_iterator(folder))
    if (const auto day = parse_date(file.path().stem().string()); day && *day < night.as_of - kept_days)
      fs::remove(file.path());
}

}  // namespace balise
