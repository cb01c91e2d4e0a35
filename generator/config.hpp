#ifndef BALISE_GENERATOR_CONFIG_HPP
#define BALISE_GENERATOR_CONFIG_HPP

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "generator/filter.hpp"
#include "generator/publish/signature.hpp"
#include "generator/theme.hpp"

namespace balise {

enum class Format { catalogue, france_travail, lba_v3, recruteurs_lba };
[[nodiscard]] std::string_view name_of(Format format);  ///< "catalogue", "france-travail", "lba-v3", "recruteurs-lba"

struct SourceEntry {
  Source source;  ///< the key it stands under in `sources`
  Format format;
  std::string url;             ///< as written, for messages and the report
  std::filesystem::path path;  ///< resolved against the config's folder
};

struct Limits {
  double max_drop_percent = 20;      ///< against the site that stands in --out
  double max_rejected_percent = 10;  ///< of the rows read, by source entry
};

/// The config of `balise build` (interface, section 3), checked.
struct Config {
  std::filesystem::path file;
  std::string title;
  std::string url;  ///< where the site is published, ending in a slash; empty = not said
  Theme theme;
  bool offline = true;  ///< whether devices may keep the site, by its service worker
  std::vector<PublicKey> keys;  ///< that the pages trust, at most two; none: pages take data unsigned
  std::vector<SourceEntry> sources;
  std::optional<std::filesystem::path> communes, romes, metiers;  ///< `reference`; nullopt = the built-in tables
  Filter filter;
  std::unordered_set<std::string> excluded_sirets;  ///< read from the file that `exclude.sirets` names
  std::unordered_set<std::string> excluded_ids;
  Limits limits;
};

/// Throws Failure: Exit::usage for JSON that does not parse (line and column), an unknown key (its path, such as
/// "sources.lba[0].formatt", and the keys that exist there), a wrong type or value, no source at all; Exit::failed for
/// a file that is named and missing. http(s) urls: Exit::usage with the sentence that fetching is not built in yet and
/// the file should be downloaded first.
[[nodiscard]] Config load_config(const std::filesystem::path& file);

/// A `url` alone, checked in the same way and ending in a slash; `name` is where it stands, for messages. Throws
/// Failure: Exit::usage.
[[nodiscard]] std::string site_url_of(const std::string& url, const std::string& name);
/// `keys` alone, checked in the same way; `name` is where it stands, for messages. Throws Failure: Exit::usage.
[[nodiscard]] std::vector<PublicKey> keys_of_config(const nlohmann::json& json, const std::string& name);
/// A `filter` alone, checked in the same way; `name` is where it stands, for messages. Throws Failure: Exit::usage.
[[nodiscard]] Filter filter_of(const nlohmann::json& json, const std::string& name);

}  // namespace balise

#endif
