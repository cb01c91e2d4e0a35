#ifndef BALISE_CORE_TERRITORY_HPP
#define BALISE_CORE_TERRITORY_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace balise {

/// One of the 18 regions of 2016, by position in `regions()`; INSEE codes "01"…"94" (reference, section 3.7).
struct Region {
  std::uint8_t index = 255;  ///< 255 = none
  [[nodiscard]] constexpr bool is_none() const { return index == 255; }
  [[nodiscard]] friend constexpr bool operator==(Region a, Region b) { return a.index == b.index; }
  [[nodiscard]] friend constexpr bool operator<(Region a, Region b) { return a.index < b.index; }
};

/// One of the 101 départements, by position in `departements()`; codes "01"…"95", "2A", "2B", "971"…"976".
struct Departement {
  std::uint8_t index = 255;  ///< 255 = none
  [[nodiscard]] constexpr bool is_none() const { return index == 255; }
  [[nodiscard]] friend constexpr bool operator==(Departement a, Departement b) { return a.index == b.index; }
  [[nodiscard]] friend constexpr bool operator<(Departement a, Departement b) { return a.index < b.index; }
};

inline constexpr std::size_t region_count = 18, departement_count = 101;

struct RegionInfo {
  std::string_view code;  ///< INSEE, two digits
};
struct DepartementInfo {
  std::string_view code;
  Region region;
};

/// In the order of the codes. Static storage.
[[nodiscard]] std::span<const RegionInfo> regions();
/// In the order of the codes; "2A" and "2B" stand after "29". Static storage.
[[nodiscard]] std::span<const DepartementInfo> departements();

[[nodiscard]] std::optional<Region> parse_region(std::string_view code);
/// "01", "1" is refused; "2a" = "2A".
[[nodiscard]] std::optional<Departement> parse_departement(std::string_view code);

/// Precondition: not none.
[[nodiscard]] const RegionInfo& info(Region region);
[[nodiscard]] const DepartementInfo& info(Departement departement);

// Names stand in territory_names.cpp: pages read them in the files of the look-ups, and their modules have none.

/// In French, as INSEE writes it. Static storage. Precondition: not none.
[[nodiscard]] std::string_view name_of(Region region);
[[nodiscard]] std::string_view name_of(Departement departement);
/// Region of that name, ignoring case, accents and hyphens ("PROVENCE ALPES COTE D'AZUR").
[[nodiscard]] std::optional<Region> region_named(std::string_view name);

/// Département of a commune by its INSEE code ("2A004", "97411"); nullopt outside the 101.
[[nodiscard]] std::optional<Departement> departement_of_insee(std::string_view insee);
/// Département of a postal code; Corsica's 20xxx are split by its own rule (200, 201: 2A; 202, 206: 2B).
[[nodiscard]] std::optional<Departement> departement_of_postal_code(std::string_view postal_code);

}  // namespace balise

#endif
