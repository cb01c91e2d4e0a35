#include "core/territory.hpp"

#include <string>

#include "core/text.hpp"

namespace balise {

namespace {

constexpr RegionInfo region_table[] = {
    {"01", "Guadeloupe"},
    {"02", "Martinique"},
    {"03", "Guyane"},
    {"04", "La R\xc3\xa9union"},
    {"06", "Mayotte"},
    {"11", "\xc3\x8ele-de-France"},
    {"24", "Centre-Val de Loire"},
    {"27", "Bourgogne-Franche-Comt\xc3\xa9"},
    {"28", "Normandie"},
    {"32", "Hauts-de-France"},
    {"44", "Grand Est"},
    {"52", "Pays de la Loire"},
    {"53", "Bretagne"},
    {"75", "Nouvelle-Aquitaine"},
    {"76", "Occitanie"},
    {"84", "Auvergne-Rh\xc3\xb4ne-Alpes"},
    {"93", "Provence-Alpes-C\xc3\xb4te d'Azur"},
    {"94", "Corse"},
};

constexpr DepartementInfo departement_table[] = {
    {"01", "Ain", {15}},
    {"02", "Aisne", {9}},
    {"03", "Allier", {15}},
    {"04", "Alpes-de-Haute-Provence", {16}},
    {"05", "Hautes-Alpes", {16}},
    {"06", "Alpes-Maritimes", {16}},
    {"07",
     "Ard\xc3\xa8"
     "che",
     {15}},
    {"08", "Ardennes", {10}},
    {"09", "Ari\xc3\xa8ge", {14}},
    {"10", "Aube", {10}},
    {"11", "Aude", {14}},
    {"12", "Aveyron", {14}},
    {"13", "Bouches-du-Rh\xc3\xb4ne", {16}},
    {"14", "Calvados", {8}},
    {"15", "Cantal", {15}},
    {"16", "Charente", {13}},
    {"17", "Charente-Maritime", {13}},
    {"18", "Cher", {6}},
    {"19", "Corr\xc3\xa8ze", {13}},
    {"21", "C\xc3\xb4te-d'Or", {7}},
    {"22", "C\xc3\xb4tes-d'Armor", {12}},
    {"23", "Creuse", {13}},
    {"24", "Dordogne", {13}},
    {"25", "Doubs", {7}},
    {"26", "Dr\xc3\xb4me", {15}},
    {"27", "Eure", {8}},
    {"28", "Eure-et-Loir", {6}},
    {"29", "Finist\xc3\xa8re", {12}},
    {"2A", "Corse-du-Sud", {17}},
    {"2B", "Haute-Corse", {17}},
    {"30", "Gard", {14}},
    {"31", "Haute-Garonne", {14}},
    {"32", "Gers", {14}},
    {"33", "Gironde", {13}},
    {"34", "H\xc3\xa9rault", {14}},
    {"35", "Ille-et-Vilaine", {12}},
    {"36", "Indre", {6}},
    {"37", "Indre-et-Loire", {6}},
    {"38", "Is\xc3\xa8re", {15}},
    {"39", "Jura", {7}},
    {"40", "Landes", {13}},
    {"41", "Loir-et-Cher", {6}},
    {"42", "Loire", {15}},
    {"43", "Haute-Loire", {15}},
    {"44", "Loire-Atlantique", {11}},
    {"45", "Loiret", {6}},
    {"46", "Lot", {14}},
    {"47", "Lot-et-Garonne", {13}},
    {"48", "Loz\xc3\xa8re", {14}},
    {"49", "Maine-et-Loire", {11}},
    {"50", "Manche", {8}},
    {"51", "Marne", {10}},
    {"52", "Haute-Marne", {10}},
    {"53", "Mayenne", {11}},
    {"54", "Meurthe-et-Moselle", {10}},
    {"55", "Meuse", {10}},
    {"56", "Morbihan", {12}},
    {"57", "Moselle", {10}},
    {"58", "Ni\xc3\xa8vre", {7}},
    {"59", "Nord", {9}},
    {"60", "Oise", {9}},
    {"61", "Orne", {8}},
    {"62", "Pas-de-Calais", {9}},
    {"63", "Puy-de-D\xc3\xb4me", {15}},
    {"64",
     "Pyr\xc3\xa9n\xc3\xa9"
     "es-Atlantiques",
     {13}},
    {"65",
     "Hautes-Pyr\xc3\xa9n\xc3\xa9"
     "es",
     {14}},
    {"66",
     "Pyr\xc3\xa9n\xc3\xa9"
     "es-Orientales",
     {14}},
    {"67", "Bas-Rhin", {10}},
    {"68", "Haut-Rhin", {10}},
    {"69", "Rh\xc3\xb4ne", {15}},
    {"70", "Haute-Sa\xc3\xb4ne", {7}},
    {"71", "Sa\xc3\xb4ne-et-Loire", {7}},
    {"72", "Sarthe", {11}},
    {"73", "Savoie", {15}},
    {"74", "Haute-Savoie", {15}},
    {"75", "Paris", {5}},
    {"76", "Seine-Maritime", {8}},
    {"77", "Seine-et-Marne", {5}},
    {"78", "Yvelines", {5}},
    {"79", "Deux-S\xc3\xa8vres", {13}},
    {"80", "Somme", {9}},
    {"81", "Tarn", {14}},
    {"82", "Tarn-et-Garonne", {14}},
    {"83", "Var", {16}},
    {"84", "Vaucluse", {16}},
    {"85",
     "Vend\xc3\xa9"
     "e",
     {11}},
    {"86", "Vienne", {13}},
    {"87", "Haute-Vienne", {13}},
    {"88", "Vosges", {10}},
    {"89", "Yonne", {7}},
    {"90", "Territoire de Belfort", {7}},
    {"91", "Essonne", {5}},
    {"92", "Hauts-de-Seine", {5}},
    {"93", "Seine-Saint-Denis", {5}},
    {"94", "Val-de-Marne", {5}},
    {"95", "Val-d'Oise", {5}},
    {"971", "Guadeloupe", {0}},
    {"972", "Martinique", {1}},
    {"973", "Guyane", {2}},
    {"974", "La R\xc3\xa9union", {3}},
    {"976", "Mayotte", {4}},
};

}  // namespace

std::span<const RegionInfo> regions() {
  return region_table;
}
std::span<const DepartementInfo> departements() {
  return departement_table;
}

std::optional<Region> parse_region(std::string_view code) {
  for (std::uint8_t i = 0; i < std::size(region_table); ++i)
    if (region_table[i].code == code)
      return Region{i};
  return std::nullopt;
}

std::optional<Region> region_named(std::string_view name) {
  const std::string folded = fold(name);
  for (std::uint8_t i = 0; i < std::size(region_table); ++i) {
    const std::string known = fold(region_table[i].name);
    // "Reunion" is as usual as "La Reunion".
    if (folded == known || (known.starts_with("la ") && folded == known.substr(3)))
      return Region{i};
  }
  return std::nullopt;
}

std::optional<Departement> parse_departement(std::string_view code) {
  std::string upper(code);
  for (char& c : upper)
    if (c == 'a' || c == 'b')
      c = static_cast<char>(c - 'a' + 'A');
  for (std::uint8_t i = 0; i < std::size(departement_table); ++i)
    if (departement_table[i].code == upper)
      return Departement{i};
  return std::nullopt;
}

const RegionInfo& info(Region region) {
  return region_table[region.index];
}
const DepartementInfo& info(Departement departement) {
  return departement_table[departement.index];
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
