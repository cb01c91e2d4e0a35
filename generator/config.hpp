#ifndef BALISE_GENERATOR_CONFIG_HPP
#define BALISE_GENERATOR_CONFIG_HPP

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "generator/fetch/remote.hpp"
#include "generator/filter.hpp"
#include "generator/logo.hpp"
#include "generator/publish/signature.hpp"
#include "generator/theme.hpp"

namespace balise {

enum class Format { catalogue, france_travail, lba_v3, recruteurs_lba };
[[nodiscard]] std::string_view name_of(Format format);  ///< "catalogue", "france-travail", "lba-v3", "recruteurs-lba"

struct SourceEntry {
  Source source;  ///< the key it stands under in `sources`
  Format format;
  std::string url;             ///< as written, for messages and the report
  std::filesystem::path path;  ///< resolved against the config's folder; of a fetched source empty until it is fetched
  std::optional<Remote> remote = std::nullopt;  ///< of http and https
};

struct Limits {
  double max_drop_percent = 20;      ///< against the site that stands in --out
  double max_rejected_percent = 10;  ///< of the rows read, by source entry

  // Against the nights in the state folder, by source entry (generator/gates.hpp).
  double warn_shrink_percent = 10, max_shrink_percent = 30, max_growth_percent = 100;
  double max_departement_shrink_percent = 50;
  double min_records = 20;  ///< fewer of the last night are no base for a share or a departement
  // Percentage points of the rows read above the median of 28 days.
  double max_missing_name_points = 1, max_missing_position_points = 5, max_unknown_rome_points = 2;
  double max_expired_points = 5, max_duplicate_points = 3, max_rejected_points = 5;
  double warn_kept_days = 7, max_kept_days = 30;  ///< age of the copy of a source that is kept
};

/// The config of `balise build` (interface, section 3), checked.
struct Config {
  std::filesystem::path file;
  std::string title;
  std::string url;  ///< where the site is published, ending in a slash; empty = not said
  Theme theme;
  Logo logo;
  bool offline = true;          ///< whether devices may keep the site, by its service worker
  std::vector<PublicKey> keys;  ///< that the pages trust, at most two; none: pages take data unsigned
  std::vector<SourceEntry> sources;
  std::optional<std::filesystem::path> communes, romes, metiers;  ///< `reference`; nullopt = the built-in tables
  Filter filter;
  std::unordered_set<std::string> excluded_sirets;  ///< read from the file that `exclude.sirets` names
  std::unordered_set<std::string> excluded_ids;
  std::unordered_set<std::string> non_diffusibles;  ///< SIREN (9 digits) or SIRET (14), of `exclude.non_diffusibles`
  Limits limits;
  FetchRules fetch;
  /// Where nights are remembered; nullopt = nowhere, for a config without `state` and without http(s) sources.
  std::optional<std::filesystem::path> state;
};

/// Throws Failure: Exit::usage for JSON that does not parse (line and column), an unknown key (its path, such as
/// "sources.lba[0].formatt", and the keys that exist there), a wrong type or value, no source at all; Exit::failed for
/// a file that is named and missing. What looks like a secret is refused, and no message repeats it.
[[nodiscard]] Config load_config(const std::filesystem::path& file);

/// A `url` alone, checked in the same way and ending in a slash; `name` is where it stands, for messages. Throws
/// Failure: Exit::usage.
[[nodiscard]] std::string site_url_of(const std::string& url, const std::string& name);
/// `keys` alone, checked in the same way; `name` is where it stands, for messages. Throws Failure: Exit::usage.
[[nodiscard]] std::vector<PublicKey> keys_of_config(const nlohmann::json& json, const std::string& name);
/// Any JSON file of people's, at most 16 MB. Throws Failure as load_config(): Exit::usage for text that does not parse
/// (line and column) and for a key that stands twice.
[[nodiscard]] nlohmann::json load_json(const std::filesystem::path& file);
/// A `filter` alone, checked in the same way; `name` is where it stands, for messages. Throws Failure: Exit::usage.
[[nodiscard]] Filter filter_of(const nlohmann::json& json, const std::string& name);

}  // namespace balise

#endif
