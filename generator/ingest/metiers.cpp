#include "generator/ingest/metiers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "core/decimal.hpp"
#include "core/query.hpp"
#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/input/input_stream.hpp"

namespace balise {

namespace {

using Json = nlohmann::json;

constexpr std::size_t table_limit_bytes = 64U << 20U;

/// One entry of the file, with what to say of it when it is wrong.
class EntryReader {
 public:
  EntryReader(const std::filesystem::path& path, std::size_t number, const Json& json)
      : m_where(path.string() + ": entry " + std::to_string(number)), m_json(json) {}

  MetierEntry read() {
    if (!m_json.is_object())
      refuse("is no object; write {\"label\": \"Boulanger\", \"romes\": [\"D1102\"]}");
    for (const auto& [key, value] : m_json.items())
      if (key != "label" && key != "romes" && key != "rncps" && key != "keywords" && key != "appellations")
        refuse("has the unknown key \"" + key + "\"; there are label, romes, rncps, keywords, appellations");
    MetierEntry entry;
    entry.label = text_of(m_json.value("label", Json()), "label");
    m_where += " (" + entry.label + ")";
    for (const Json& code : list_of("romes"))
      entry.romes.push_back(rome_of(code, "romes"));
    if (entry.romes.empty())
      refuse("has no romes; it needs at least one ROME code");
    for (const Json& code : list_of("rncps")) {
      const std::string text = text_of(code, "rncps");
      const auto number =
          text.starts_with("RNCP") ? parse_count(std::string_view(text).substr(4), 999'999'999) : std::nullopt;
      if (!number)
        refuse("rncps has \"" + text + "\", which is no RNCP code such as RNCP37098");
      entry.rncps.push_back(*number);
    }
    for (const Json& word : list_of("keywords"))
      entry.keywords.push_back(text_of(word, "keywords"));
    for (const Json& item : list_of("appellations")) {
      if (!item.is_object())
        refuse("appellations holds something else than {\"rome\": \"D1102\", \"label\": \"Boulanger bio\"}");
      entry.appellations.emplace_back(rome_of(item.value("rome", Json()), "appellations.rome"),
                                      text_of(item.value("label", Json()), "appellations.label"));
    }
    sort_once(entry.romes);
    sort_once(entry.rncps);
    if (entry.romes.size() > max_romes)
      refuse("has " + std::to_string(entry.romes.size()) + " romes; a search takes at most " +
             std::to_string(max_romes));
    return entry;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw Failure(Exit::data_refused, m_where + " " + what); }

  template <typename T>
  static void sort_once(std::vector<T>& items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
  }

  /// A text that says something, on one line.
  [[nodiscard]] std::string text_of(const Json& value, const std::string& key) const {
    std::string text = value.is_string() ? value.get<std::string>() : std::string();
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (fold(text).empty())
      refuse(key + " is missing or no text");
    return text;
  }

  [[nodiscard]] RomeCode rome_of(const Json& value, const std::string& key) const {
    const std::string text = text_of(value, key);
    const auto code = parse_rome(text);
    if (!code)
      refuse(key + " has \"" + text + "\", which is no ROME code such as D1102");
    return *code;
  }

  [[nodiscard]] Json list_of(const char* key) const {
    Json list = m_json.value(key, Json::array());
    if (!list.is_array())
      refuse(std::string(key) + " is no list");
    return list;
  }

  std::string m_where;
  const Json& m_json;
};

}  // namespace

std::vector<MetierEntry> load_metiers(const std::filesystem::path& path) {
  const std::string text = read_all(path, table_limit_bytes);
  const Json table = Json::parse(text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text, nullptr, false);
  if (!table.is_array() || table.empty())
    throw Failure(Exit::data_refused, path.string() +
                                          " is no list of occupations: give a JSON array of objects with label, romes "
                                          "and, if you like, rncps, keywords, appellations");
  std::vector<MetierEntry> entries;
  std::set<std::string> labels;
  for (const Json& json : table) {
    entries.push_back(EntryReader(path, entries.size() + 1, json).read());
    if (!labels.insert(fold(entries.back().label)).second)
      throw Failure(Exit::data_refused,
                    path.string() + ": two entries have the label \"" + entries.back().label + "\"; join them");
  }
  return entries;
}

}  // namespace balise
