#include "core/territory.hpp"

#include <array>
#include <string_view>

#include "core/text.hpp"

namespace balise {

namespace {

/// The codes, a space behind each.
constexpr std::string_view region_codes = "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94 ";

/// Of each département its code and that of its region, a space behind each.
constexpr std::string_view departement_codes =
    "01 84 02 32 03 84 04 93 05 93 06 93 07 84 08 44 09 76 10 44 11 76 12 76 13 93 14 28 15 84 16 75 17 75 18 24 "
    "19 75 21 27 22 53 23 75 24 75 25 27 26 84 27 28 28 24 29 53 2A 94 2B 94 30 76 31 76 32 76 33 75 34 76 35 53 "
    "36 24 37 24 38 84 39 27 40 75 41 24 42 84 43 84 44 52 45 24 46 76 47 75 48 76 49 52 50 28 51 44 52 44 53 52 "
    "54 44 55 44 56 53 57 44 58 27 59 32 60 32 61 28 62 32 63 84 64 75 65 76 66 76 67 44 68 44 69 84 70 27 71 27 "
    "72 52 73 84 74 84 75 11 76 28 77 11 78 11 79 75 80 32 81 76 82 76 83 93 84 93 85 52 86 75 87 75 88 44 89 27 "
    "90 27 91 11 92 11 93 11 94 11 95 11 971 01 972 02 973 03 974 04 976 06 ";

/// Of one text each, because two hundred pointers cost more of the WebAssembly module than cutting the texts does.
struct Tables {
  std::array<RegionInfo, region_count> regions;
  std::array<DepartementInfo, departement_count> departements;

  Tables() {
    std::string_view rest = region_codes;
    for (RegionInfo& region : regions)
      region.code = cut(rest, ' ');
    rest = departement_codes;
    for (DepartementInfo& departement : departements) {
      departement.code = cut(rest, ' ');
      const std::string_view region_code = cut(rest, ' ');
      departement.region.index = 0;
      while (regions[departement.region.index].code != region_code)
        ++departement.region.index;
    }
  }
};

const Tables& tables() {
  static const Tables instance;
  return instance;
}

}  // namespace

std::span<const RegionInfo> regions() {
  return tables().regions;
}
std::span<const DepartementInfo> departements() {
  return tables().departements;
}

std::optional<Region> parse_region(std::string_view code) {
  for (std::uint8_t i = 0; i < region_count; ++i)
    if (info(Region{i}).code == code)
      return Region{i};
  return std::nullopt;
}

std::optional<Departement> parse_departement(std::string_view code) {
  for (std::uint8_t i = 0; i < departement_count; ++i) {
    const std::string_view known = info(Departement{i}).code;
    bool is_same = known.size() == code.size();
    for (std::size_t j = 0; is_same && j < known.size(); ++j)
      is_same = code[j] == known[j] || (known[j] >= 'A' && code[j] == known[j] - 'A' + 'a');
    if (is_same)
      return Departement{i};
  }
  return std::nullopt;
}

const RegionInfo& info(Region region) {
  return tables().regions[region.index];
}
const DepartementInfo& info(Departement departement) {
  return tables().departements[departement.index];
}

std::optional<Departement> departement_of_insee(std::string_view insee) {
  if (insee.size() != 5)
    return std::nullopt;
  return parse_departement(insee.substr(0, insee.starts_with("97") ? 3 : 2));
}

std::optional<Departement> departement_of_postal_code(std::string_view postal_code) {
  if (postal_code.size() != 5)
    return std::nullopt;
  for (const char c : postal_code)
    if (c < '0' || c > '9')
      return std::nullopt;
  if (postal_code.starts_with("20"))
    return parse_departement(postal_code[2] <= '1' ? "2A" : "2B");
  return parse_departement(postal_code.substr(0, postal_code.starts_with("97") ? 3 : 2));
}

}  // namespace balise
