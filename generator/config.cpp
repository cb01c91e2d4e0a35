#include "generator/config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>

#include "core/decimal.hpp"
#include "generator/failure.hpp"
#include "generator/input/input_stream.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 4> format_names{"catalogue", "france-travail", "lba-v3", "recruteurs-lba"};

/// A value of the config with where it stands, so that every message can name it.
class Node {
 public:
  Node(const fs::path& file, std::string path, const Json& value)
      : m_file(file), m_path(std::move(path)), m_value(value) {}

  [[noreturn]] void refuse(const std::string& what) const {
    throw Failure(Exit::usage,
                  m_file.string() + ": " + (m_path.empty() ? "the config" : "\"" + m_path + "\"") + " " + what);
  }
  [[nodiscard]] const Json& value() const { return m_value; }

  /// Checks that this is an object with no other keys than these.
  void expect_keys(std::initializer_list<std::string_view> known) const {
    if (!m_value.is_object())
      refuse("must be an object {...}");
    for (const auto& [key, ignored] : m_value.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end())
        continue;
      std::string list;
      for (const std::string_view name : known)
        list += (list.empty() ? "" : ", ") + std::string(name);
      throw Failure(Exit::usage, m_file.string() + ": unknown key \"" + (m_path.empty() ? "" : m_path + ".") + key +
                                     "\"; the keys there are " + list);
    }
  }
  [[nodiscard]] bool has(const std::string& key) const { return m_value.contains(key) && !m_value.at(key).is_null(); }
  [[nodiscard]] Node at(const std::string& key) const {
    return {m_file, m_path.empty() ? key : m_path + "." + key, m_value.at(key)};
  }
  [[nodiscard]] std::vector<Node> items() const {
    if (!m_value.is_array())
      refuse("must be a list [...]");
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < m_value.size(); ++i)
      nodes.emplace_back(m_file, m_path + "[" + std::to_string(i) + "]", m_value.at(i));
    return nodes;
  }
  [[nodiscard]] std::string text() const {
    if (!m_value.is_string() || m_value.get_ref<const std::string&>().empty())
      refuse("must be a text that is not empty");
    return m_value.get<std::string>();
  }
  [[nodiscard]] double number(double low, double high) const {
    if (!m_value.is_number() || m_value.get<double>() < low || m_value.get<double>() > high)
      refuse("must be a number from " + std::to_string(static_cast<int>(low)) + " to " +
             std::to_string(static_cast<int>(high)));
    return m_value.get<double>();
  }

 private:
  const fs::path& m_file;
  std::string m_path;
  const Json& m_value;
};

/// Parses with the line and column of a fault, and refuses a key that stands twice in one object: the second would win
/// in silence.
Json parse_config(const fs::path& file, const std::string& text) {
  std::vector<std::set<std::string>> keys;
  std::string twice;
  const auto watch = [&](int, Json::parse_event_t event, Json& value) {
    if (event == Json::parse_event_t::object_start)
      keys.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      keys.pop_back();
    else if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second && twice.empty())
      twice = value.get<std::string>();
    return true;
  };
  try {
    Json json = Json::parse(text, watch);
    if (!twice.empty())
      throw Failure(Exit::usage, file.string() + ": the key \"" + twice + "\" stands twice in one object; keep one");
    return json;
  } catch (const Json::parse_error& error) {
    const std::size_t byte = std::min(text.size(), error.byte == 0 ? 0 : error.byte - 1);
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n');
    const std::size_t line_begin = byte == 0 ? std::string::npos : text.rfind('\n', byte - 1);
    const std::size_t column = line_begin == std::string::npos ? byte + 1 : byte - line_begin;
    throw Failure(Exit::usage, file.string() + ": no valid JSON at line " + std::to_string(line) + ", column " +
                                   std::to_string(column) + "; check the commas, quotes and brackets there");
  }
}

/// The path that a url of the config names.
fs::path resolve(const Node& node, const fs::path& folder) {
  std::string url = node.text();
  if (url.starts_with("http://") || url.starts_with("https://"))
    node.refuse("is an address on the network, and this version reads files only; download it first and name the file");
  if (url.starts_with("file:///"))
    url = url.substr(7);
  else if (url.starts_with("file:"))
    url = url.substr(5);
  else if (url.find("://") != std::string::npos)
    node.refuse("has an unknown scheme; write a path or a file: address");
  return (folder / url).lexically_normal();
}

fs::path existing(const Node& node, const fs::path& folder) {
  fs::path path = resolve(node, folder);
  if (!fs::exists(path))
    throw Failure(Exit::failed, "cannot read " + path.string() + ": No such file or directory; check " +
                                    node.value().dump() + " in the config");
  return path;
}

bool may_stand_under(Format format, Source source) {
  switch (source) {
    case Source::formations:
      return format == Format::catalogue;
    case Source::offres:
      return format == Format::france_travail || format == Format::lba_v3;
    case Source::matcha:
      return format == Format::lba_v3;
    case Source::lba:
      return format == Format::recruteurs_lba;
  }
  return false;
}

SourceEntry read_source(const Node& node, Source source, const fs::path& folder) {
  node.expect_keys({"url", "format"});
  for (const char* key : {"url", "format"})
    if (!node.has(key))
      node.refuse(std::string("needs the key \"") + key + "\"");
  const std::string name = node.at("format").text();
  const auto place = std::find(format_names.begin(), format_names.end(), name);
  std::string allowed;
  for (std::size_t i = 0; i < format_names.size(); ++i)
    if (may_stand_under(static_cast<Format>(i), source))
      allowed += (allowed.empty() ? "" : " or ") + std::string(format_names[i]);
  const auto format = static_cast<Format>(place - format_names.begin());
  if (place == format_names.end() || !may_stand_under(format, source))
    node.at("format").refuse("is \"" + name + "\", but a source of " + std::string(name_of(source)) + " is read as " +
                             allowed);
  return {source, format, node.at("url").text(), existing(node.at("url"), folder)};
}

/// Reads a list of texts by `parse`, which gives nullopt for one that is wrong.
template <typename Value, typename Parse>
std::vector<Value> read_list(const Node& node, const char* key, const std::string& rule, const Parse& parse) {
  std::vector<Value> values;
  if (!node.has(key))
    return values;
  for (const Node& item : node.at(key).items()) {
    const std::optional<Value> value = parse(item.text());
    if (!value)
      item.refuse("is \"" + item.text() + "\" but must be " + rule);
    values.push_back(*value);
  }
  return values;
}

NearFilter read_near(const Node& node) {
  NearFilter near{};
  if (node.value().is_object()) {
    node.expect_keys({"lat", "lon", "radius"});
    for (const char* key : {"lat", "lon", "radius"})
      if (!node.has(key))
        node.refuse(std::string("needs the key \"") + key + "\"");
    return {node.at("lat").number(-90, 90), node.at("lon").number(-180, 180), node.at("radius").number(0, 20000)};
  }
  const std::string text = node.text();
  const std::size_t first = text.find(','), second = first == std::string::npos ? first : text.find(',', first + 1);
  if (second != std::string::npos) {
    const auto lat = parse_decimal(std::string_view(text).substr(0, first));
    const auto lon = parse_decimal(std::string_view(text).substr(first + 1, second - first - 1));
    const auto radius = parse_decimal(std::string_view(text).substr(second + 1));
    if (lat && lon && radius && std::abs(*lat) <= 90 && std::abs(*lon) <= 180 && *radius >= 0) {
      near = {*lat, *lon, *radius};
      return near;
    }
  }
  node.refuse(R"(must be "LAT,LON,KM" or {"lat": 48.85, "lon": 2.35, "radius": 30})");
}

Filter read_filter(const Node& node) {
  node.expect_keys({"regions", "departements", "romes", "rome_domains", "sources", "opcos", "near"});
  Filter filter;
  filter.regions =
      read_list<Region>(node, "regions", "the code or name of a region, such as 11", [](const std::string& text) {
        const auto region = parse_region(text);
        return region ? region : region_named(text);
      });
  filter.departements = read_list<Departement>(node, "departements", "the code of a departement, such as 01, 2A or 974",
                                               [](const std::string& text) { return parse_departement(text); });
  filter.romes = read_list<RomeCode>(node, "romes", "a ROME code, such as F1702",
                                     [](const std::string& text) { return parse_rome(text); });
  filter.rome_domains = read_list<std::string>(
      node, "rome_domains", "a ROME domain, such as F or F17",
      [](const std::string& text) -> std::optional<std::string> {
        std::string upper = text;
        if (!upper.empty() && upper[0] >= 'a' && upper[0] <= 'z')
          upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
        if (parse_rome_domain(upper) || (upper.size() == 1 && upper[0] >= 'A' && upper[0] <= 'Z'))
          return upper;
        return std::nullopt;
      });
  filter.sources = read_list<Source>(node, "sources", "one of formations, offres, matcha, lba",
                                     [](const std::string& text) { return parse_source(text); });
  std::string known;
  for (std::size_t i = 1; i < opco_count; ++i)
    known += (i == 1 ? "" : "; ") + std::string(label_of(static_cast<Opco>(i)));
  filter.opcos = read_list<Opco>(node, "opcos", "one of these: " + known,
                                 [](const std::string& text) { return parse_opco(text); });
  if (node.has("near"))
    filter.near = read_near(node.at("near"));
  return filter;
}

std::unordered_set<std::string> read_lines(const fs::path& path) {
  constexpr std::size_t limit_bytes = 256U << 20U;
  const std::string text = read_all(path, limit_bytes);
  std::unordered_set<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    line.erase(0, std::min(line.find_first_not_of(" \t"), line.size()));
    line.erase(line.find_last_not_of(" \t\r") + 1);
    if (!line.empty())
      lines.insert(std::move(line));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

std::string_view name_of(Format format) {
  return format_names[static_cast<std::size_t>(format)];
}

Config load_config(const fs::path& file) {
  if (!fs::exists(file))
    throw Failure(Exit::failed, "cannot read " + file.string() + ": No such file or directory; check --config");
  constexpr std::size_t limit_bytes = 4U << 20U;
  const Json json = parse_config(file, read_all(file, limit_bytes));
  const fs::path folder = file.parent_path();
  const Node root(file, "", json);
  root.expect_keys({"title", "sources", "reference", "filter", "exclude", "limits"});
  Config config;
  config.file = file;
  config.title = root.has("title") ? root.at("title").text() : "Balise";
  if (root.has("sources")) {
    const Node sources = root.at("sources");
    sources.expect_keys({"formations", "offres", "matcha", "lba"});
    for (const Source source : all_sources)
      if (const std::string name(name_of(source)); sources.has(name))
        for (const Node& entry : sources.at(name).items())
          config.sources.push_back(read_source(entry, source, folder));
  }
  if (config.sources.empty())
    throw Failure(Exit::usage, file.string() + ": no source is named; put at least one under \"sources\"");
  if (root.has("reference")) {
    const Node reference = root.at("reference");
    reference.expect_keys({"communes", "romes", "metiers"});
    const auto read = [&](const char* key) -> std::optional<fs::path> {
      return reference.has(key) ? std::optional(existing(reference.at(key), folder)) : std::nullopt;
    };
    config.communes = read("communes");
    config.romes = read("romes");
    config.metiers = read("metiers");
  }
  if (root.has("filter"))
    config.filter = read_filter(root.at("filter"));
  if (root.has("exclude")) {
    const Node exclude = root.at("exclude");
    exclude.expect_keys({"sirets", "ids"});
    if (exclude.has("sirets"))
      config.excluded_sirets = read_lines(existing(exclude.at("sirets"), folder));
    if (exclude.has("ids"))
      config.excluded_ids = read_lines(existing(exclude.at("ids"), folder));
  }
  if (root.has("limits")) {
    const Node limits = root.at("limits");
    limits.expect_keys({"max_drop_percent", "max_rejected_percent"});
    if (limits.has("max_drop_percent"))
      config.limits.max_drop_percent = limits.at("max_drop_percent").number(0, 100);
    if (limits.has("max_rejected_percent"))
      config.limits.max_rejected_percent = limits.at("max_rejected_percent").number(0, 100);
  }
  return config;
}

}  // namespace balise
