#ifndef BALISE_GENERATOR_NIGHT_FACTS_HPP
#define BALISE_GENERATOR_NIGHT_FACTS_HPP

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "generator/report.hpp"

namespace balise {

/// What one source entry brought in one night.
struct EntryFacts {
  std::string key;  ///< the same every night (key_of() of source_copies.hpp)
  std::string source, format;
  bool is_kept = false;  ///< it stands on an earlier night's copy
  Date as_of = date_unknown;
  std::uint64_t read = 0;                             ///< rows
  std::uint64_t records = 0;                          ///< of them published
  std::map<std::string, std::uint64_t> doubtful;      ///< rows by what is wrong with them: the names in doubt_names()
  std::map<std::string, std::uint64_t> departements;  ///< usable records by code, before duplicates are joined
};

/// One night: what was published, in a file of some kilobytes.
struct NightFacts {
  Date as_of = date_unknown;
  std::string outcome;  ///< "published" or "degraded"
  std::vector<EntryFacts> entries;
  std::uint64_t files = 0, bytes = 0;  ///< of the site
  std::uint64_t duration_ms = 0;
};

/// What rows are counted by: missing_name, missing_position, unknown_rome, expired, duplicate, rejected.
[[nodiscard]] const std::vector<std::string>& doubt_names();
/// The same of an entry of the report; `without_name`: usable records that have no company.
[[nodiscard]] std::map<std::string, std::uint64_t> doubtful_of(const Report::Entry& entry, std::uint64_t without_name);

[[nodiscard]] nlohmann::ordered_json json_of(const EntryFacts& entry);
[[nodiscard]] nlohmann::ordered_json json_of(const NightFacts& night);

/// The same read back. Throws an exception of nlohmann::json, or std::bad_optional_access.
[[nodiscard]] NightFacts night_of(const nlohmann::ordered_json& json);

/// The nights up to a day, ascending. A file that is damaged is passed over.
[[nodiscard]] std::vector<NightFacts> load_nights(const std::filesystem::path& folder, Date until);
/// Writes a night's file, in the place of one of the same day, and removes those of more than 400 days ago.
void save_night(const std::filesystem::path& folder, const NightFacts& night);

}  // namespace balise

#endif
