#include "generator/prefectures.hpp"

#include <array>

namespace balise {

namespace {

/// In the order of departements(). Cergy and Mamoudzou hold the offices of Pontoise and Dzaoudzi.
constexpr std::array<std::string_view, departement_count> of_departements{
    "01053", "02408", "03190", "04070", "05061", "06088", "07186", "08105", "09122", "10387", "11069", "12202", "13055",
    "14118", "15014", "16015", "17300", "18033", "19272", "21231", "22278", "23096", "24322", "25056", "26362", "27229",
    "28085", "29232", "2A004", "2B033", "30189", "31555", "32013", "33063", "34172", "35238", "36044", "37261", "38185",
    "39300", "40192", "41018", "42218", "43157", "44109", "45234", "46042", "47001", "48095", "49007", "50502", "51108",
    "52121", "53130", "54395", "55029", "56260", "57463", "58194", "59350", "60057", "61001", "62041", "63113", "64445",
    "65440", "66136", "67482", "68066", "69123", "70550", "71270", "72181", "73065", "74010", "75056", "76540", "77288",
    "78646", "79191", "80021", "81004", "82121", "83137", "84007", "85191", "86194", "87085", "88160", "89024", "90010",
    "91228", "92050", "93008", "94028", "95127", "97105", "97209", "97302", "97411", "97611",
};

/// In the order of regions().
constexpr std::array<std::string_view, region_count> of_regions{
    "97105", "97209", "97302", "97411", "97611", "75056", "45234", "21231", "76540",
    "59350", "67482", "44109", "35238", "33063", "31555", "69123", "13055", "2A004",
};

}  // namespace

std::string_view prefecture_of(Departement departement) {
  return of_departements[departement.index];
}

std::string_view prefecture_of(Region region) {
  return of_regions[region.index];
}

}  // namespace balise
