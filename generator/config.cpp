#include "generator/config.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>

#include "core/decimal.hpp"
#include "generator/failure.hpp"
#include "generator/input/input_stream.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

constexpr std::size_t max_config_bytes = 16U << 20U;
constexpr std::size_t max_list_bytes = 256U << 20U;

struct FormatName {
  std::string_view name;
  Format format;
};
constexpr std::array<FormatName, 4> format_names{{{"catalogue", Format::catalogue},
                                                  {"france-travail", Format::france_travail},
                                                  {"lba-v3", Format::lba_v3},
                                                  {"recruteurs-lba", Format::recruteurs_lba}}};

/// What may stand under a source.
bool fits(Source source, Format format) {
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

/// "a, b, c"
template <typename Range, typename Name>
std::string joined(const Range& range, const Name& name) {
  std::string text;
  for (const auto& item : range) {
    text += text.empty() ? "" : ", ";
    text += name(item);
  }
  return text;
}

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A value of the file in a message: at most 60 bytes, cut between characters.
std::string shown(const Json& value) {
  constexpr std::size_t longest = 60;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= longest)
    return text;
  std::size_t end = longest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "...";
}

/// Refuses a key that stands twice in one object: nlohmann::json alone would silently keep the last one.
class DuplicateGuard {
 public:
  explicit DuplicateGuard(std::string file) : m_file(std::move(file)) {}

  bool operator()(int /*depth*/, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    switch (event) {
      case Event::object_start:
      case Event::array_start:
        count_element();
        m_levels.push_back({event == Event::array_start, 0, {}, {}});
        break;
      case Event::object_end:
      case Event::array_end:
        m_levels.pop_back();
        break;
      case Event::key:
        m_levels.back().key = parsed.get<std::string>();
        if (!m_levels.back().keys.insert(m_levels.back().key).second)
          throw Failure(Exit::usage, m_file + ": the key " + path() + " stands twice; keep one of the two");
        break;
      case Event::value:
        count_element();
        break;
    }
    return true;
  }

 private:
  struct Level {
    bool is_array;
    std::size_t elements;
    std::string key;
    std::set<std::string> keys;
  };

  void count_element() {
    if (!m_levels.empty() && m_levels.back().is_array)
      ++m_levels.back().elements;
  }
  [[nodiscard]] std::string path() const {
    std::string text;
    for (const Level& level : m_levels) {
      if (level.is_array) {
        text += '[' + std::to_string(level.elements - 1) + ']';
      } else {
        text += text.empty() ? "" : ".";
        text += level.key;
      }
    }
    return text;
  }

  std::string m_file;
  std::vector<Level> m_levels;
};

Json parse_config(const std::string& text, const std::string& file) {
  DuplicateGuard guard(file);
  try {
    // The parser copies its callback: a reference keeps the state in one place.
    return Json::parse(
        text, [&guard](int depth, Json::parse_event_t event, Json& parsed) { return guard(depth, event, parsed); });
  } catch (const Json::parse_error& error) {
    const std::size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, text.size());
    const std::string_view before = std::string_view(text).substr(0, at);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const std::size_t last_break = before.rfind('\n');
    const std::size_t column = 1 + at - (last_break == std::string_view::npos ? 0 : last_break + 1);
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ...": what follows the place.
    std::string_view reason = error.what();
    if (const std::size_t colon = reason.find(": "); colon != std::string_view::npos)
      reason.remove_prefix(colon + 2);
    throw Failure(Exit::usage, file + ", line " + std::to_string(line) + ", column " + std::to_string(column) +
                                   ": this is no valid JSON: " + std::string(reason));
  }
}

/// Reads one config file; every message names the file and the path of the key.
class Reader {
 public:
  explicit Reader(const fs::path& file) : m_file(file), m_folder(file.parent_path()) {}

  Config read(const Json& root) {
    Config config;
    config.file = m_file;
    check_keys(root, "",
               {"title", "url", "theme", "logo", "offline", "keys", "sources", "reference", "filter", "exclude",
                "limits", "state", "fetch"});
    config.title = "Balise";
    if (root.contains("title"))
      config.title = text_of(root["title"], "title");
    if (root.contains("url"))
      config.url = site_url_of(text_of(root["url"], "url"));
    if (root.contains("theme"))
      config.theme = theme_of(root["theme"], m_file.string() + ": theme");
    if (root.contains("logo"))
      config.logo = load_logo(file_of(text_of(root["logo"], "logo"), "logo"));
    if (root.contains("offline")) {
      if (!root["offline"].is_boolean())
        refuse("offline", "must be true or false, and it is " + shown(root["offline"]));
      config.offline = root["offline"].get<bool>();
    }
    if (root.contains("keys"))
      config.keys = keys_of(root["keys"]);
    read_sources(root, config);
    if (root.contains("reference"))
      read_reference(root["reference"], config);
    if (root.contains("filter"))
      read_filter(root["filter"], "filter", config.filter);
    if (root.contains("exclude"))
      read_exclude(root["exclude"], config);
    if (root.contains("limits"))
      read_limits(root["limits"], config.limits);
    if (root.contains("fetch"))
      read_fetch(root["fetch"], config.fetch);
    read_state(root, config);
    return config;
  }

  [[nodiscard]] Filter filter_of(const Json& json) const {
    Filter filter;
    read_filter(json, "", filter);
    return filter;
  }

  [[nodiscard]] std::vector<PublicKey> keys_of(const Json& json) const {
    constexpr std::size_t most_keys = 2;
    if (!json.is_array() || json.empty() || json.size() > most_keys)
      refuse("keys", "must be a list of one public key, or of two while one takes the place of the other, and it is " +
                         shown(json));
    std::vector<PublicKey> keys;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string path = "keys[" + std::to_string(i) + ']';
      const auto key = parse_public_key(text_of(json[i], path));
      if (!key)
        refuse(path, "is " + shown(json[i]) + ", which is no public key; 'balise key FILE' prints that of a key file");
      keys.push_back(*key);
    }
    return keys;
  }

  /// The address of a folder, ending in a slash.
  [[nodiscard]] std::string site_url_of(std::string url) const {
    constexpr std::string_view marks = "-._~/:%[]";
    const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : url.size();
    const bool is_plain = std::all_of(url.begin(), url.end(), [&](char c) {
      const char low = lower_ascii(c);
      return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
    if (host >= url.size() || url[host] == '/' || !is_plain)
      refuse("url", "is " + shown(Json(url)) +
                        "; write the address of the published site, without what follows a ? or "
                        "#, such as https://example.org/balise/");
    if (!url.ends_with('/'))
      url += '/';
    return url;
  }

 private:
  [[noreturn]] void refuse(const std::string& path, const std::string& what) const {
    throw Failure(Exit::usage, m_file.string() + ": " + (path.empty() ? "the config" : path) + " " + what);
  }

  /// An object with these keys and no other one.
  void check_keys(const Json& object, const std::string& path, std::initializer_list<std::string_view> known) const {
    check_keys(object, path, std::vector<std::string_view>(known));
  }
  void check_keys(const Json& object, const std::string& path, const std::vector<std::string_view>& known) const {
    if (!object.is_object())
      refuse(path, "must be an object { ... }, and it is " + shown(object));
    for (const auto& [key, value] : object.items())
      if (std::find(known.begin(), known.end(), key) == known.end())
        throw Failure(Exit::usage, m_file.string() + ": unknown key " + (path.empty() ? "" : path + ".") + key +
                                       "; the keys that exist there are " +
                                       joined(known, [](std::string_view name) { return std::string(name); }));
  }

  [[nodiscard]] std::string text_of(const Json& value, const std::string& path) const {
    if (!value.is_string())
      refuse(path, "must be a text in quotes, and it is " + shown(value));
    auto text = value.get<std::string>();
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
      refuse(path, "is empty; write a value or leave the key out");
    if (text.find('\0') != std::string::npos)
      refuse(path, "holds a NUL character; remove it");
    return text;
  }

  [[nodiscard]] double number_of(const Json& value, const std::string& path, double least, double most) const {
    const auto whole = [](double number) { return std::to_string(static_cast<long long>(number)); };
    if (!value.is_number())
      refuse(path, "must be a number, and it is " + shown(value));
    const auto number = value.get<double>();
    if (!(number >= least && number <= most))
      refuse(path, "must be from " + whole(least) + " to " + whole(most) + ", and it is " + shown(value));
    return number;
  }

  /// The path that a `url` names, resolved against the folder of the config; the file must be there.
  [[nodiscard]] fs::path file_of(const std::string& url, const std::string& path) const {
    std::string low;
    std::transform(url.begin(), url.end(), std::back_inserter(low), lower_ascii);
    if (low.starts_with("http:") || low.starts_with("https:"))
      refuse(path, "is an address on the network, and only sources are fetched; download the file first");
    std::string name = url;
    if (low.starts_with("file:")) {
      name.erase(0, 5);
      if (name.starts_with("//")) {
        name.erase(0, 2);
        if (lower_host_is_local(name))
          name.erase(0, std::string_view("localhost").size());
        if (!name.starts_with('/'))
          refuse(path, "is " + url +
                           ": a file: address has three slashes before an absolute path (file:///data/x.json)" +
                           " and none before a relative one (file:x.json)");
      }
      name = percent_decoded(name, url, path);
    } else if (const std::size_t colon = low.find("://"); colon != std::string::npos) {
      refuse(path, "is " + url + ": only paths, file: and http(s): addresses are known; download the file first");
    }
    const fs::path resolved = (m_folder / name).lexically_normal();
    std::error_code error;
    const fs::file_status state = fs::status(resolved, error);
    if (!fs::exists(state))
      throw Failure(Exit::failed, m_file.string() + ": " + path + " names " + resolved.string() +
                                      ", which is not there; paths are relative to the folder of the config");
    if (fs::is_directory(state))
      throw Failure(Exit::failed,
                    m_file.string() + ": " + path + " names " + resolved.string() + ", which is a folder; name a file");
    return resolved;
  }

  [[nodiscard]] static bool lower_host_is_local(std::string_view name) {
    constexpr std::string_view host = "localhost/";
    return name.size() > host.size() &&
           std::equal(host.begin(), host.end(), name.begin(), [](char a, char b) { return a == lower_ascii(b); });
  }

  [[nodiscard]] std::string percent_decoded(std::string_view name, const std::string& url,
                                            const std::string& path) const {
    const auto digit = [](char c) {
      const char low = lower_ascii(c);
      if (low >= '0' && low <= '9')
        return low - '0';
      return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (name[i] != '%') {
        out += name[i];
        continue;
      }
      const int high = i + 2 < name.size() ? digit(name[i + 1]) : -1;
      const int low = i + 2 < name.size() ? digit(name[i + 2]) : -1;
      if (high < 0 || low < 0 || high + low == 0)
        refuse(path, "is " + url + ": % must be followed by two hexadecimal digits (%25 for the sign itself)");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
    return out;
  }

  void read_sources(const Json& root, Config& config) const {
    if (!root.contains("sources"))
      refuse("", R"(has no "sources"; name at least one file, as {"sources": {"lba": [{"url": "x.json", "format": )"
                 R"("recruteurs-lba"}]}})");
    const Json& sources = root["sources"];
    check_keys(sources, "sources", {"formations", "offres", "matcha", "lba"});
    for (const Source source : all_sources) {
      const std::string key(name_of(source));
      if (!sources.contains(key))
        continue;
      const Json& list = sources[key];
      if (!list.is_array())
        refuse("sources." + key, "must be a list [ ... ], and it is " + shown(list));
      for (std::size_t i = 0; i < list.size(); ++i)
        add_entry(entry_of(source, list[i], "sources." + key + '[' + std::to_string(i) + ']'), config);
    }
    if (config.sources.empty())
      refuse("sources", "names no file at all; add an entry to formations, offres, matcha or lba");
  }

  void add_entry(SourceEntry&& entry, Config& config) const {
    // Copies of an earlier night are told apart by source, format and url.
    if (entry.remote && std::any_of(config.sources.begin(), config.sources.end(), [&](const SourceEntry& other) {
          return other.source == entry.source && other.format == entry.format && other.url == entry.url;
        }))
      refuse("sources." + std::string(name_of(entry.source)), "names one address twice; leave one of the two out");
    config.sources.push_back(std::move(entry));
  }

  [[nodiscard]] SourceEntry entry_of(Source source, const Json& entry, const std::string& path) const {
    check_keys(entry, path, {"url", "format", "auth", "pages", "page_size", "max_mb"});
    for (const char* key : {"url", "format"})
      if (!entry.contains(key))
        refuse(path, "has no \"" + std::string(key) + "\"");
    const std::string name = text_of(entry["format"], path + ".format");
    const auto* known = std::find_if(format_names.begin(), format_names.end(),
                                     [&name](const FormatName& format) { return format.name == name; });
    if (known == format_names.end() || !fits(source, known->format)) {
      std::vector<std::string_view> fitting;
      for (const FormatName& format : format_names)
        if (fits(source, format.format))
          fitting.push_back(format.name);
      refuse(path + ".format", "is " + shown(entry["format"]) + ", and a source of " + std::string(name_of(source)) +
                                   " takes " +
                                   joined(fitting, [](std::string_view text) { return std::string(text); }));
    }
    const std::string url = text_of(entry["url"], path + ".url");
    if (!is_http(url)) {
      for (const char* key : {"auth", "pages", "page_size", "max_mb"})
        if (entry.contains(key))
          refuse(path + '.' + key, "is for sources with an http or https url, and this one is a file");
      return {source, known->format, url, file_of(url, path + ".url")};
    }
    check_address(url, path + ".url");
    return {source, known->format, url, {}, remote_of(entry, url, path)};
  }

  [[nodiscard]] static bool is_http(const std::string& url) {
    std::string low;
    std::transform(url.begin(), url.end(), std::back_inserter(low), lower_ascii);
    return low.starts_with("http:") || low.starts_with("https:");
  }

  /// An address to fetch from. Messages do not repeat it: it may hold what it must not.
  void check_address(const std::string& url, const std::string& path) const {
    std::string low;
    std::transform(url.begin(), url.end(), std::back_inserter(low), lower_ascii);
    const std::size_t host = low.find("://");
    if (host == std::string::npos || host + 3 >= low.size() || low.find_first_of("/?#", host + 3) == host + 3 ||
        std::any_of(low.begin(), low.end(), [](char c) { return c <= ' ' || c > '~' || c == '"' || c == '<'; }))
      refuse(path, "is no address; write it as https://example.org/export.json, with %20 for a space");
    if (low.substr(host + 3, low.find_first_of("/?#", host + 3) - host - 3).find('@') != std::string::npos)
      refuse(path, "holds a user name or password; name environment variables in \"auth\" instead");
    if (low.find('#') != std::string::npos)
      refuse(path, "has a #, and what follows it is never sent; leave it out");
    static constexpr std::string_view secrets[] = {
        "token",  "access_token",  "api_key",    "apikey",         "api-key",
        "key",    "client_secret", "secret",     "password",       "passwd",
        "pwd",    "sig",           "signature",  "auth",           "authorization",
        "bearer", "jwt",           "credential", "x-amz-signature"};
    for (std::size_t at = low.find('?'); at != std::string::npos; at = low.find('&', at + 1)) {
      const std::string name = low.substr(at + 1, low.find_first_of("=&", at + 1) - at - 1);
      if (std::find(std::begin(secrets), std::end(secrets), name) != std::end(secrets))
        refuse(path, "holds what looks like a secret (the parameter " + name +
                         "); name an environment variable in \"auth\" instead");
    }
  }

  /// The name of an environment variable. The value is never repeated: people write the secret itself there.
  [[nodiscard]] std::string variable_of(const Json& value, const std::string& path) const {
    const std::string name = value.is_string() ? value.get<std::string>() : std::string();
    constexpr std::size_t longest = 64;
    const bool is_name = !name.empty() && name.size() <= longest && (name[0] < '0' || name[0] > '9') &&
                         std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                         });
    if (!is_name)
      refuse(path,
             "must be the name of an environment variable, in capitals, such as LBA_TOKEN; "
             "a secret itself must not stand in a config");
    return name;
  }

  [[nodiscard]] Auth auth_of(const Json& json, const std::string& url, const std::string& path) const {
    if (!json.is_object())
      refuse(path, "must be an object with bearer_env, or with token_url, client_id_env and client_secret_env");
    check_keys(json, path, {"bearer_env", "token_url", "client_id_env", "client_secret_env", "scope"});
    Auth auth;
    const auto check_is_private = [this](const std::string& address, const std::string& where) {
      const std::string rest = address.substr(std::min(address.size(), std::string_view("http://").size()));
      const std::string host = rest.substr(0, rest.find_first_of(":/?"));
      const bool is_here = address.starts_with("http://") && (host == "127.0.0.1" || host == "localhost");
      if (!address.starts_with("https://") && !is_here)
        refuse(where, "is sent a secret, so it must begin with https://");
    };
    check_is_private(url, path.substr(0, path.rfind('.')) + ".url");
    if (json.contains("bearer_env")) {
      if (json.size() > 1)
        refuse(path, "has bearer_env and something else; a token is either given or asked for");
      auth.bearer_env = variable_of(json["bearer_env"], path + ".bearer_env");
      return auth;
    }
    for (const char* key : {"token_url", "client_id_env", "client_secret_env"})
      if (!json.contains(key))
        refuse(path, "has no \"" + std::string(key) +
                         "\"; it takes bearer_env, or token_url, client_id_env and client_secret_env");
    auth.token_url = text_of(json["token_url"], path + ".token_url");
    check_address(auth.token_url, path + ".token_url");
    check_is_private(auth.token_url, path + ".token_url");
    auth.client_id_env = variable_of(json["client_id_env"], path + ".client_id_env");
    auth.client_secret_env = variable_of(json["client_secret_env"], path + ".client_secret_env");
    if (json.contains("scope"))
      auth.scope = text_of(json["scope"], path + ".scope");
    return auth;
  }

  [[nodiscard]] Remote remote_of(const Json& entry, const std::string& url, const std::string& path) const {
    constexpr double most_mb = 1U << 20U;
    Remote remote;
    if (entry.contains("auth"))
      remote.auth = auth_of(entry["auth"], url, path + ".auth");
    if (entry.contains("pages")) {
      const std::string pages = text_of(entry["pages"], path + ".pages");
      if (pages != "range" && pages != "next")
        refuse(path + ".pages", "is " + shown(entry["pages"]) + "; it is \"range\" or \"next\"");
      remote.paging = pages == "range" ? Paging::range : Paging::next;
    }
    if (entry.contains("page_size")) {
      if (remote.paging != Paging::range)
        refuse(path + ".page_size", "is for \"pages\": \"range\"; leave it out");
      remote.page_size = static_cast<unsigned>(number_of(entry["page_size"], path + ".page_size", 1, 100000));
    }
    if (entry.contains("max_mb"))
      remote.max_bytes =
          static_cast<std::uint64_t>(number_of(entry["max_mb"], path + ".max_mb", 0, most_mb) * (1U << 20U));
    return remote;
  }

  void read_fetch(const Json& json, FetchRules& rules) const {
    constexpr double day_s = 86400;
    check_keys(json, "fetch",
               {"connect_seconds", "stall_seconds", "total_seconds", "retries", "backoff_seconds", "max_wait_seconds"});
    const auto read_one = [&](const char* key, double& into, double least, double most) {
      if (json.contains(key))
        into = number_of(json[key], std::string("fetch.") + key, least, most);
    };
    read_one("connect_seconds", rules.connect_seconds, 0, day_s);
    read_one("stall_seconds", rules.stall_seconds, 0, day_s);
    read_one("total_seconds", rules.total_seconds, 0, day_s);
    read_one("backoff_seconds", rules.backoff_seconds, 0, day_s);
    read_one("max_wait_seconds", rules.max_wait_seconds, 0, day_s);
    double retries = rules.retries;
    read_one("retries", retries, 0, 20);
    rules.retries = static_cast<unsigned>(retries);
  }

  void read_state(const Json& root, Config& config) const {
    if (root.contains("state")) {
      const std::string name = text_of(root["state"], "state");
      if (name.find("://") != std::string::npos)
        refuse("state", "must be a folder on this machine");
      config.state = (m_folder / name).lexically_normal();
    } else if (std::any_of(config.sources.begin(), config.sources.end(),
                           [](const SourceEntry& entry) { return entry.remote.has_value(); })) {
      config.state = m_folder / (m_file.stem().string() + ".state");
    }
    if (config.state && fs::exists(*config.state) && !fs::is_directory(*config.state))
      throw Failure(Exit::failed,
                    m_file.string() + ": state names " + config.state->string() + ", which is a file; name a folder");
  }

  void read_reference(const Json& reference, Config& config) const {
    check_keys(reference, "reference", {"communes", "romes", "metiers"});
    const auto read_one = [&](const char* key, std::optional<fs::path>& into) {
      const std::string path = std::string("reference.") + key;
      if (reference.contains(key))
        into = file_of(text_of(reference[key], path), path);
    };
    read_one("communes", config.communes);
    read_one("romes", config.romes);
    read_one("metiers", config.metiers);
  }

  /// Each text of a list through `parse`, which gives an optional; doubles are dropped.
  template <typename Value, typename Parse>
  void read_list(const Json& filter, const std::string& path, std::vector<Value>& into, const std::string& wanted,
                 const Parse& parse) const {
    const std::string key = path.substr(path.rfind('.') + 1);
    if (!filter.contains(key))
      return;
    if (!filter[key].is_array())
      refuse(path, "must be a list [ ... ], and it is " + shown(filter[key]));
    for (std::size_t i = 0; i < filter[key].size(); ++i) {
      const std::string element = path + '[' + std::to_string(i) + ']';
      const std::optional<Value> value = parse(text_of(filter[key][i], element));
      if (!value)
        refuse(element, "is " + shown(filter[key][i]) + "; " + wanted);
      if (std::find(into.begin(), into.end(), *value) == into.end())
        into.push_back(*value);
    }
  }

  void read_filter(const Json& json, const std::string& path, Filter& filter) const {
    const std::string inside = path.empty() ? path : path + ".";
    check_keys(json, path, {"regions", "departements", "romes", "rome_domains", "sources", "opcos", "near"});
    read_list(json, inside + "regions", filter.regions,
              "a region is a code of INSEE or a name: " +
                  joined(regions(),
                         [](const RegionInfo& region) {
                           return std::string(region.code) + " " + std::string(name_of(*parse_region(region.code)));
                         }),
              [](const std::string& text) {
                const auto region = parse_region(text);
                return region ? region : region_named(text);
              });
    read_list(json, inside + "departements", filter.departements,
              "a d\xC3\xA9partement is a code: 01 to 95 with 2A and 2B, 971 to 974, 976",
              [](const std::string& text) { return parse_departement(text); });
    read_list(json, inside + "romes", filter.romes, "a ROME code is a letter and four digits, such as F1702",
              [](const std::string& text) { return parse_rome(text); });
    read_list(json, inside + "rome_domains", filter.rome_domains,
              "a ROME domain is a letter, or a letter and two digits, such as F or F17", parse_domain_prefix);
    read_list(json, inside + "sources", filter.sources, "the sources are formations, offres, matcha, lba",
              [](const std::string& text) { return parse_source(text); });
    std::vector<Opco> known;
    for (std::size_t i = 1; i < opco_count; ++i)
      known.push_back(static_cast<Opco>(i));
    read_list(json, inside + "opcos", filter.opcos,
              "the OPCOs are " + joined(known, [](Opco opco) { return '"' + std::string(label_of(opco)) + '"'; }),
              [](const std::string& text) { return parse_opco(text); });
    if (json.contains("near") && !json["near"].is_null())
      filter.near = near_of(json["near"], inside + "near");
  }

  [[nodiscard]] static std::optional<std::string> parse_domain_prefix(std::string text) {
    if (text.empty())
      return std::nullopt;
    if (text[0] >= 'a' && text[0] <= 'z')
      text[0] = static_cast<char>(text[0] - 'a' + 'A');
    const bool is_letter = text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z';
    return is_letter || parse_rome_domain(text) ? std::optional(text) : std::nullopt;
  }

  [[nodiscard]] NearFilter near_of(const Json& near, const std::string& path) const {
    constexpr double max_radius_km = 20000;
    Json fields = near;
    if (near.is_string()) {
      const std::string text = text_of(near, path);
      std::array<double, 3> numbers{};
      std::size_t begin = 0;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        std::string part = text.substr(std::min(begin, text.size()), end - std::min(begin, text.size()));
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        const auto number = parse_decimal(part);
        if (!number || (i + 1 == numbers.size()) != (end == text.size()))
          refuse(path, "is " + shown(near) + "; write it as \"LAT,LON,KM\", such as \"48.85,2.35,30\"");
        numbers[i] = *number;
        begin = end + 1;
      }
      fields = {{"lat", numbers[0]}, {"lon", numbers[1]}, {"radius", numbers[2]}};
    }
    check_keys(fields, path, {"lat", "lon", "radius"});
    for (const char* key : {"lat", "lon", "radius"})
      if (!fields.contains(key))
        refuse(path, "has no \"" + std::string(key) + "\"; it takes lat, lon (degrees) and radius (km)");
    const NearFilter filter{number_of(fields["lat"], path + ".lat", -90, 90),
                            number_of(fields["lon"], path + ".lon", -180, 180),
                            number_of(fields["radius"], path + ".radius", 0, max_radius_km)};
    if (filter.radius_km == 0)
      refuse(path + ".radius", "is 0 km, which holds next to nothing; give a radius above 0");
    return filter;
  }

  /// Calls take(line, where) for the lines that are not blank and no comment ("#").
  template <typename Take>
  void read_lines(const fs::path& list, const Take& take) const {
    const std::string text = read_all(list, max_list_bytes);
    std::string_view rest = text;
    if (rest.starts_with("\xEF\xBB\xBF"))
      rest.remove_prefix(3);
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
        line.remove_prefix(1);
      while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
        line.remove_suffix(1);
      if (!line.empty() && line.front() != '#')
        take(line, list.string() + ", line " + std::to_string(number));
    }
  }

  void read_exclude(const Json& exclude, Config& config) const {
    check_keys(exclude, "exclude", {"sirets", "ids", "non_diffusibles"});
    const auto read_numbers = [&](const char* key, bool takes_sirens, std::unordered_set<std::string>& into) {
      if (!exclude.contains(key))
        return;
      const std::string path = std::string("exclude.") + key;
      read_lines(file_of(text_of(exclude[key], path), path), [&](std::string_view line, const std::string& where) {
        std::string number;
        for (const char c : line)
          if (c != ' ')
            number += c;
        const bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
        // An opt-out that is misread would publish somebody who asked not to be: so it is an error, not a warning.
        if (!digits || (number.size() != 14 && !(takes_sirens && number.size() == 9)))
          throw Failure(Exit::usage, where + ": \"" + std::string(line.substr(0, 40)) + "\" is no " +
                                         (takes_sirens ? "SIREN or SIRET; write 9 or 14" : "SIRET; write 14") +
                                         " digits a line, or # before a comment");
        into.insert(std::move(number));
      });
    };
    read_numbers("sirets", false, config.excluded_sirets);
    read_numbers("non_diffusibles", true, config.non_diffusibles);
    if (exclude.contains("ids")) {
      const fs::path list = file_of(text_of(exclude["ids"], "exclude.ids"), "exclude.ids");
      read_lines(list, [&config](std::string_view line, const std::string&) { config.excluded_ids.emplace(line); });
    }
  }

  void read_limits(const Json& limits, Limits& into) const {
    struct Key {
      std::string_view name;
      double Limits::*value;
      double most;
    };
    constexpr double day_years = 3660, growth = 1e6, many = 1e9;
    static constexpr Key keys[] = {
        {"max_drop_percent", &Limits::max_drop_percent, 100},
        {"max_rejected_percent", &Limits::max_rejected_percent, 100},
        {"warn_shrink_percent", &Limits::warn_shrink_percent, 100},
        {"max_shrink_percent", &Limits::max_shrink_percent, 100},
        {"max_growth_percent", &Limits::max_growth_percent, growth},
        {"max_departement_shrink_percent", &Limits::max_departement_shrink_percent, 100},
        {"min_records", &Limits::min_records, many},
        {"max_missing_name_points", &Limits::max_missing_name_points, 100},
        {"max_missing_position_points", &Limits::max_missing_position_points, 100},
        {"max_unknown_rome_points", &Limits::max_unknown_rome_points, 100},
        {"max_expired_points", &Limits::max_expired_points, 100},
        {"max_duplicate_points", &Limits::max_duplicate_points, 100},
        {"max_rejected_points", &Limits::max_rejected_points, 100},
        {"warn_kept_days", &Limits::warn_kept_days, day_years},
        {"max_kept_days", &Limits::max_kept_days, day_years},
    };
    std::vector<std::string_view> names;
    for (const Key& key : keys)
      names.push_back(key.name);
    check_keys(limits, "limits", names);
    for (const Key& key : keys)
      if (const std::string name(key.name); limits.contains(name))
        into.*key.value = number_of(limits[name], "limits." + name, 0, key.most);
  }

  fs::path m_file, m_folder;
};

}  // namespace

std::string_view name_of(Format format) {
  return format_names[static_cast<std::size_t>(format)].name;
}

Config load_config(const fs::path& file) {
  return Reader(file).read(load_json(file));
}

Json load_json(const fs::path& file) {
  return parse_config(read_all(file, max_config_bytes), file.string());
}

std::string site_url_of(const std::string& url, const std::string& name) {
  return Reader(name).site_url_of(url);
}

std::vector<PublicKey> keys_of_config(const nlohmann::json& json, const std::string& name) {
  return Reader(name).keys_of(json);
}

Filter filter_of(const nlohmann::json& json, const std::string& name) {
  return Reader(name).filter_of(json);
}

}  // namespace balise
