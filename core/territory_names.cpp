#include "core/territory.hpp"
#include "core/text.hpp"

namespace balise {

namespace {

/// A line each, in the order of regions().
constexpr std::string_view region_names =
    "Guadeloupe\n"
    "Martinique\n"
    "Guyane\n"
    "La R\xc3\xa9union\n"
    "Mayotte\n"
    "\xc3\x8ele-de-France\n"
    "Centre-Val de Loire\n"
    "Bourgogne-Franche-Comt\xc3\xa9\n"
    "Normandie\n"
    "Hauts-de-France\n"
    "Grand Est\n"
    "Pays de la Loire\n"
    "Bretagne\n"
    "Nouvelle-Aquitaine\n"
    "Occitanie\n"
    "Auvergne-Rh\xc3\xb4ne-Alpes\n"
    "Provence-Alpes-C\xc3\xb4te d'Azur\n"
    "Corse\n";

/// A line each, in the order of departements().
constexpr std::string_view departement_names =
    "Ain\n"
    "Aisne\n"
    "Allier\n"
    "Alpes-de-Haute-Provence\n"
    "Hautes-Alpes\n"
    "Alpes-Maritimes\n"
    "Ard\xc3\xa8"
    "che\n"
    "Ardennes\n"
    "Ari\xc3\xa8ge\n"
    "Aube\n"
    "Aude\n"
    "Aveyron\n"
    "Bouches-du-Rh\xc3\xb4ne\n"
    "Calvados\n"
    "Cantal\n"
    "Charente\n"
    "Charente-Maritime\n"
    "Cher\n"
    "Corr\xc3\xa8ze\n"
    "C\xc3\xb4te-d'Or\n"
    "C\xc3\xb4tes-d'Armor\n"
    "Creuse\n"
    "Dordogne\n"
    "Doubs\n"
    "Dr\xc3\xb4me\n"
    "Eure\n"
    "Eure-et-Loir\n"
    "Finist\xc3\xa8re\n"
    "Corse-du-Sud\n"
    "Haute-Corse\n"
    "Gard\n"
    "Haute-Garonne\n"
    "Gers\n"
    "Gironde\n"
    "H\xc3\xa9rault\n"
    "Ille-et-Vilaine\n"
    "Indre\n"
    "Indre-et-Loire\n"
    "Is\xc3\xa8re\n"
    "Jura\n"
    "Landes\n"
    "Loir-et-Cher\n"
    "Loire\n"
    "Haute-Loire\n"
    "Loire-Atlantique\n"
    "Loiret\n"
    "Lot\n"
    "Lot-et-Garonne\n"
    "Loz\xc3\xa8re\n"
    "Maine-et-Loire\n"
    "Manche\n"
    "Marne\n"
    "Haute-Marne\n"
    "Mayenne\n"
    "Meurthe-et-Moselle\n"
    "Meuse\n"
    "Morbihan\n"
    "Moselle\n"
    "Ni\xc3\xa8vre\n"
    "Nord\n"
    "Oise\n"
    "Orne\n"
    "Pas-de-Calais\n"
    "Puy-de-D\xc3\xb4me\n"
    "Pyr\xc3\xa9n\xc3\xa9"
    "es-Atlantiques\n"
    "Hautes-Pyr\xc3\xa9n\xc3\xa9"
    "es\n"
    "Pyr\xc3\xa9n\xc3\xa9"
    "es-Orientales\n"
    "Bas-Rhin\n"
    "Haut-Rhin\n"
    "Rh\xc3\xb4ne\n"
    "Haute-Sa\xc3\xb4ne\n"
    "Sa\xc3\xb4ne-et-Loire\n"
    "Sarthe\n"
    "Savoie\n"
    "Haute-Savoie\n"
    "Paris\n"
    "Seine-Maritime\n"
    "Seine-et-Marne\n"
    "Yvelines\n"
    "Deux-S\xc3\xa8vres\n"
    "Somme\n"
    "Tarn\n"
    "Tarn-et-Garonne\n"
    "Var\n"
    "Vaucluse\n"
    "Vend\xc3\xa9"
    "e\n"
    "Vienne\n"
    "Haute-Vienne\n"
    "Vosges\n"
    "Yonne\n"
    "Territoire de Belfort\n"
    "Essonne\n"
    "Hauts-de-Seine\n"
    "Seine-Saint-Denis\n"
    "Val-de-Marne\n"
    "Val-d'Oise\n"
    "Guadeloupe\n"
    "Martinique\n"
    "Guyane\n"
    "La R\xc3\xa9union\n"
    "Mayotte\n";

std::string_view line_of(std::string_view lines, std::size_t number) {
  while (number-- > 0)
    lines.remove_prefix(lines.find('\n') + 1);
  return cut(lines, '\n');
}

}  // namespace

std::string_view name_of(Region region) {
  return line_of(region_names, region.index);
}
std::string_view name_of(Departement departement) {
  return line_of(departement_names, departement.index);
}

std::optional<Region> region_named(std::string_view name) {
  const std::string folded = fold(name);
  for (std::uint8_t i = 0; i < region_count; ++i) {
    const std::string known = fold(name_of(Region{i}));
    // "Reunion" is as usual as "La Reunion".
    if (folded == known || (known.starts_with("la ") && folded == known.substr(3)))
      return Region{i};
  }
  return std::nullopt;
}

}  // namespace balise
