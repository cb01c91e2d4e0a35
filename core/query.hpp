#ifndef BALISE_CORE_QUERY_HPP
#define BALISE_CORE_QUERY_HPP

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/list.hpp"
#include "core/result.hpp"
#include "core/territory.hpp"

namespace balise {

inline constexpr std::size_t max_romes = 20;
inline constexpr std::uint32_t default_limit = 150;
inline constexpr std::uint32_t max_limit = 1000;
/// From here on a radius means "everywhere": half the circumference is 20,015 km.
inline constexpr double everywhere_km = 20000;
inline constexpr double default_radius_km = 30;

/// One search. Records match when they match every filter that is set.
struct Query {
  std::optional<Centre> centre;          ///< without one: by title, then school or company, then id
  double radius_km = default_radius_km;  ///< with a centre; inclusive; 0 is that very point
  List<RomeCode> romes;                  ///< any of them; ascending, no duplicate, at most max_romes
  std::string rome_domain;               ///< "F" or "F17", upper case; empty = no filter; never with romes
  Level level = level_unknown;           ///< formations of that level; see also level_hides_offres
  bool level_hides_offres = true;  ///< whether `level` also leaves out offers and companies that state another one
  std::array<bool, source_count> sources{true, true, true, true};
  std::optional<Region> region;
  std::bitset<128> departements;  ///< by index; any of them; none set = no filter
  std::optional<Opco> opco;       ///< of offers and companies; Opco::unknown (a name that is none) matches nothing
  std::uint32_t limit = default_limit;  ///< results a source
  std::uint32_t widen =
      0;  ///< with a centre, when no formation is within the radius: how many of the nearest beyond it
  std::uint32_t cards = max_limit * source_count;  ///< how many of the first results, over all sources, are wanted
};

/// Percent sequences as bytes; those that are broken stay as they are.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space);

/// Names and values of a query string ("a=1&b=x%20y", '+' is a space), decoded, in their order; a name without '=' has
/// an empty value. Bytes after a broken percent sign stay as they are.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> split_query_string(std::string_view text);

/// Reads `lat`, `lon`, `radius` (km), `romes` (comma-separated), `rome_domain`, `diploma`, `sources`, `region`,
/// `departement`, `opco`, `limit`, `widen`, `cards` from a query string. Empty values are as absent ones. Errors:
/// wrong_query, with the parameter, its value and, `with_rules`, what it may be; a name that is none of these too.
[[nodiscard]] Result<Query> parse_query(std::string_view query_string, bool with_rules = true);

}  // namespace balise

#endif
