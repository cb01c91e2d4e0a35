#ifndef BALISE_GENERATOR_FILTER_HPP
#define BALISE_GENERATOR_FILTER_HPP

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/record.hpp"

namespace balise {

struct NearFilter {
  double lat_deg, lon_deg, radius_km;
};

/// `filter` of the config, or the options of a snapshot; an empty list lets everything through. A record passes when it
/// passes every list.
struct Filter {
  std::vector<Region> regions;
  std::vector<Departement> departements;
  std::vector<RomeCode> romes;
  std::vector<std::string> rome_domains;  ///< upper case, "F" or "F17"
  std::vector<Source> sources;
  std::vector<Opco> opcos;
  std::optional<NearFilter> near;
  [[nodiscard]] bool is_empty() const;
};

/// The first list of the filter that stops a record, by its key in the config; empty when the record passes them all.
[[nodiscard]] std::string_view stopped_by(const Record& record, const Filter& filter);
/// Whether records of a region may pass; false only when none can.
[[nodiscard]] bool may_hold(const Filter& filter, Region region);

/// As in the config, without the lists that are empty: filter_of() reads it back.
[[nodiscard]] nlohmann::ordered_json json_of(const Filter& filter);
/// What passes, in French, for the pages of a site: "Bretagne, domaines F17". Empty for an empty filter.
[[nodiscard]] std::string in_french(const Filter& filter);

}  // namespace balise

#endif
