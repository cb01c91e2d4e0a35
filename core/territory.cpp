#include "core/territory.hpp"

#include <array>
#include <string_view>

#include "core/text.hpp"

namespace balise {

namespace {

/// The codes, a space behind each.
constexpr std::string_view region_codes = "01 02 03 04 06 11 24 27 28 32 44 52 53 75 76 84 93 94 ";

/// Of each département its code and the number of its region as a letter, "a" for 0, a space behind each.
constexpr std::string_view departement_codes =
    "01p 02j 03p 04q 05q 06q 07p 08k 09o 10k 11o 12o 13q 14i 15p 16n 17n 18g 19n 21h 22m 23n 24n 25h 26p 27i 28g "
    "29m 2Ar 2Br 30o 31o 32o 33n 34o 35m 36g 37g 38p 39h 40n 41g 42p 43p 44l 45g 46o 47n 48o 49l 50i 51k 52k 53l "
    "54k 55k 56m 57k 58h 59j 60j 61i 62j 63p 64n 65o 66o 67k 68k 69p 70h 71h 72l 73p 74p 75f 76i 77f 78f 79n 80j "
    "81o 82o 83q 84q 85l 86n 87n 88k 89h 90h 91f 92f 93f 94f 95f 971a 972b 973c 974d 976e ";

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
      departement.region.index = static_cast<std::uint8_t>(departement.code.back() - 'a');
      departement.code.remove_suffix(1);
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
