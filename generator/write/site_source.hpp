#ifndef BALISE_GENERATOR_WRITE_SITE_SOURCE_HPP
#define BALISE_GENERATOR_WRITE_SITE_SOURCE_HPP

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"

namespace balise {

/// What a site says of one of the sources that it was built from. No address and no path.
struct SiteSource {
  Source source = Source::formations;
  std::string format;
  Date as_of = date_unknown;             ///< the day on which the source last gave these data
  std::optional<std::uint64_t> records;  ///< from it; not said of a site of a part
  bool is_kept = false;                  ///< the data are those of an earlier night
  bool is_refused = false;               ///< because newer ones were refused; else the source is down
};

/// "21 novembre 2026", in UTF-8.
[[nodiscard]] std::string day_in_french(Date date);

/// The manifest's key `sources`.
[[nodiscard]] nlohmann::ordered_json json_of(const std::vector<SiteSource>& sources);
/// The same read back; nothing of a manifest without the key. Throws Failure(Exit::verification_failed); `name` is for
/// the message.
[[nodiscard]] std::vector<SiteSource> site_sources_of(const nlohmann::json& manifest, const std::string& name);

/// What pages say of the sources that were kept, one paragraph each, in French HTML; nothing when all are current.
[[nodiscard]] std::string kept_lines(const std::vector<SiteSource>& sources);

}  // namespace balise

#endif
