#include "core/territory.hpp"

#include <array>
#include <string>

#include "core/text.hpp"

namespace balise {

namespace {

/// A line each: code, name.
constexpr std::string_view region_lines =
    "01 Guadeloupe\n"
    "02 Martinique\n"
    "03 Guyane\n"
    "04 La R\xc3\xa9union\n"
    "06 Mayotte\n"
    "11 \xc3\x8ele-de-France\n"
    "24 Centre-Val de Loire\n"
    "27 Bourgogne-Franche-Comt\xc3\xa9\n"
    "28 Normandie\n"
    "32 Hauts-de-France\n"
    "44 Grand Est\n"
    "52 Pays de la Loire\n"
    "53 Bretagne\n"
    "75 Nouvelle-Aquitaine\n"
    "76 Occitanie\n"
    "84 Auvergne-Rh\xc3\xb4ne-Alpes\n"
    "93 Provence-Alpes-C\xc3\xb4te d'Azur\n"
    "94 Corse\n";

/// A line each: code, code of the region, name.
constexpr std::string_view departement_lines =
    "01 84 Ain\n"
    "02 32 Aisne\n"
    "03 84 Allier\n"
    "04 93 Alpes-de-Haute-Provence\n"
    "05 93 Hautes-Alpes\n"
    "06 93 Alpes-Maritimes\n"
    "07 84 Ard\xc3\xa8"
    "che\n"
    "08 44 Ardennes\n"
    "09 76 Ari\xc3\xa8ge\n"
    "10 44 Aube\n"
    "11 76 Aude\n"
    "12 76 Aveyron\n"
    "13 93 Bouches-du-Rh\xc3\xb4ne\n"
    "14 28 Calvados\n"
    "15 84 Cantal\n"
    "16 75 Charente\n"
    "17 75 Charente-Maritime\n"
    "18 24 Cher\n"
    "19 75 Corr\xc3\xa8ze\n"
    "21 27 C\xc3\xb4te-d'Or\n"
    "22 53 C\xc3\xb4tes-d'Armor\n"
    "23 75 Creuse\n"
    "24 75 Dordogne\n"
    "25 27 Doubs\n"
    "26 84 Dr\xc3\xb4me\n"
    "27 28 Eure\n"
    "28 24 Eure-et-Loir\n"
    "29 53 Finist\xc3\xa8re\n"
    "2A 94 Corse-du-Sud\n"
    "2B 94 Haute-Corse\n"
    "30 76 Gard\n"
    "31 76 Haute-Garonne\n"
    "32 76 Gers\n"
    "33 75 Gironde\n"
    "34 76 H\xc3\xa9rault\n"
    "35 53 Ille-et-Vilaine\n"
    "36 24 Indre\n"
    "37 24 Indre-et-Loire\n"
    "38 84 Is\xc3\xa8re\n"
    "39 27 Jura\n"
    "40 75 Landes\n"
    "41 24 Loir-et-Cher\n"
    "42 84 Loire\n"
    "43 84 Haute-Loire\n"
    "44 52 Loire-Atlantique\n"
    "45 24 Loiret\n"
    "46 76 Lot\n"
    "47 75 Lot-et-Garonne\n"
    "48 76 Loz\xc3\xa8re\n"
    "49 52 Maine-et-Loire\n"
    "50 28 Manche\n"
    "51 44 Marne\n"
    "52 44 Haute-Marne\n"
    "53 52 Mayenne\n"
    "54 44 Meurthe-et-Moselle\n"
    "55 44 Meuse\n"
    "56 53 Morbihan\n"
    "57 44 Moselle\n"
    "58 27 Ni\xc3\xa8vre\n"
    "59 32 Nord\n"
    "60 32 Oise\n"
    "61 28 Orne\n"
    "62 32 Pas-de-Calais\n"
    "63 84 Puy-de-D\xc3\xb4me\n"
    "64 75 Pyr\xc3\xa9n\xc3\xa9"
    "es-Atlantiques\n"
    "65 76 Hautes-Pyr\xc3\xa9n\xc3\xa9"
    "es\n"
    "66 76 Pyr\xc3\xa9n\xc3\xa9"
    "es-Orientales\n"
    "67 44 Bas-Rhin\n"
    "68 44 Haut-Rhin\n"
    "69 84 Rh\xc3\xb4ne\n"
    "70 27 Haute-Sa\xc3\xb4ne\n"
    "71 27 Sa\xc3\xb4ne-et-Loire\n"
    "72 52 Sarthe\n"
    "73 84 Savoie\n"
    "74 84 Haute-Savoie\n"
    "75 11 Paris\n"
    "76 28 Seine-Maritime\n"
    "77 11 Seine-et-Marne\n"
    "78 11 Yvelines\n"
    "79 75 Deux-S\xc3\xa8vres\n"
    "80 32 Somme\n"
    "81 76 Tarn\n"
    "82 76 Tarn-et-Garonne\n"
    "83 93 Var\n"
    "84 93 Vaucluse\n"
    "85 52 Vend\xc3\xa9"
    "e\n"
    "86 75 Vienne\n"
    "87 75 Haute-Vienne\n"
    "88 44 Vosges\n"
    "89 27 Yonne\n"
    "90 27 Territoire de Belfort\n"
    "91 11 Essonne\n"
    "92 11 Hauts-de-Seine\n"
    "93 11 Seine-Saint-Denis\n"
    "94 11 Val-de-Marne\n"
    "95 11 Val-d'Oise\n"
    "971 01 Guadeloupe\n"
    "972 02 Martinique\n"
    "973 03 Guyane\n"
    "974 04 La R\xc3\xa9union\n"
    "976 06 Mayotte\n";

/// Of one text each, because two hundred pointers cost more of the WebAssembly module than cutting the texts does.
struct Tables {
  std::array<RegionInfo, region_count> regions;
  std::array<DepartementInfo, departement_count> departements;

  Tables() {
    std::string_view rest = region_lines;
    for (RegionInfo& region : regions) {
      region.code = cut(rest, ' ');
      region.name = cut(rest, '\n');
    }
    rest = departement_lines;
    for (DepartementInfo& departement : departements) {
      departement.code = cut(rest, ' ');
      const std::string_view region_code = cut(rest, ' ');
      departement.region.index = 0;
      while (regions[departement.region.index].code != region_code)
        ++departement.region.index;
      departement.name = cut(rest, '\n');
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

std::optional<Region> region_named(std::string_view name) {
  const std::string folded = fold(name);
  for (std::uint8_t i = 0; i < region_count; ++i) {
    const std::string known = fold(info(Region{i}).name);
    // "Reunion" is as usual as "La Reunion".
    if (folded == known || (known.starts_with("la ") && folded == known.substr(3)))
      return Region{i};
  }
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
