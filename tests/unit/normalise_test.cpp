#include "generator/ingest/normalise.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <string>

using namespace balise;

namespace {

std::string day(std::string_view text) {
  const auto date = parse_any_date(text);
  return date ? to_string_date(*date) : "none";
}

std::string romes(std::string_view text) {
  std::vector<RomeCode> codes;
  std::vector<std::string> malformed;
  parse_rome_list(text, codes, malformed);
  std::string result;
  for (const RomeCode code : codes)
    result += to_string(code) + ' ';
  for (const std::string& code : malformed)
    result += '!' + code + ' ';
  return result;
}

std::string parts(std::string_view line) {
  const AddressParts address = split_address(line);
  return address.street + '|' + address.postal_code + '|' + address.city;
}

std::string place(std::string_view label) {
  const PlaceLabel result = parse_place_label(label);
  return result.departement + '|' + result.city;
}

}  // namespace

TEST_CASE("SIRETs") {
  CHECK(parse_siret("01625043300220") == "01625043300220");
  CHECK(parse_siret(" 130 027 923 00171 ") == "13002792300171");
  CHECK(parse_siret("130.027.923.00171") == "13002792300171");
  CHECK(parse_siret("130\xC2\xA0"
                    "027\xE2\x80\xAF"
                    "923 00171") == "13002792300171");
  // A spreadsheet has eaten the zero in front.
  CHECK(parse_siret("1625043300220") == "01625043300220");
  CHECK_FALSE(parse_siret("1625043300221"));
  // One digit wrong, two digits exchanged.
  CHECK_FALSE(parse_siret("13002792300172"));
  CHECK_FALSE(parse_siret("13002792300117"));
  CHECK_FALSE(parse_siret("12345678901234"));
  CHECK_FALSE(parse_siret("99999999999920"));
  CHECK_FALSE(parse_siret("78136153000000"));
  CHECK_FALSE(parse_siret("00000000000000"));
  CHECK_FALSE(parse_siret("130027923"));
  CHECK_FALSE(parse_siret("1300279230017A"));
  CHECK_FALSE(parse_siret(""));
  // La Poste: 3+5+6+4+9+5+3 = 35.
  CHECK(parse_siret("35600000049530") == "35600000049530");
  CHECK(parse_siret("35600000000048"));
  CHECK(parse_siret("35600000049837"));  // sum 45
  CHECK_FALSE(parse_siret("35600000049838"));
}

TEST_CASE("Dates in every spelling of the sources") {
  CHECK(day("2026-11-21") == "2026-11-21");
  CHECK(day("2020-11-12T14:45:40.387000Z") == "2020-11-12");
  CHECK(day("2025-08-31Z") == "2025-08-31");
  CHECK(day("2025-08-31+02:00") == "2025-08-31");
  CHECK(day("2025-01-16T17:29:33+0100\n") == "2025-01-16");
  CHECK(day("2025-01-16 17:29:33") == "2025-01-16");
  CHECK(day("31/12/2025") == "2025-12-31");
  CHECK(day("1/2/2025") == "2025-02-01");
  CHECK(day("12/31/2025") == "2025-12-31");
  CHECK(day("10/31/19") == "2019-10-31");
  CHECK(day("31/10/19") == "2019-10-31");
  CHECK(day("1/1/24") == "2024-01-01");
  CHECK(day("5/6/19") == "none");
  CHECK(day("31/31/2019") == "none");
  CHECK(day("30/02/2024") == "none");
  CHECK(day("29/02/2024") == "2024-02-29");
  CHECK(day("1/1/123") == "none");
  CHECK(day("1970-01-01") == "none");
  CHECK(day("1970-01-17T00:00:00Z") == "none");
  CHECK(day("1971-01-01") == "1971-01-01");
  CHECK(day("9999-12-31") == "none");
  CHECK(day("2199-12-31") == "2199-12-31");
  CHECK(day("2200-01-01") == "none");
  CHECK(day("2021-09") == "none");
  CHECK(day("2026-11-21x") == "none");
  CHECK(day("") == "none");
  CHECK(day("demain") == "none");
}

TEST_CASE("Levels in every spelling of the sources") {
  CHECK(parse_level("3 (CAP...)") == 3);
  CHECK(parse_level("4 (BAC...)") == 4);
  CHECK(parse_level("5 (BTS, DEUST...)") == 5);
  CHECK(parse_level("6 (Licence, BUT...)") == 6);
  CHECK(parse_level("7 (Master, titre ing\xC3\xA9nieur...)") == 7);
  CHECK(parse_level("8 (Doctorat)") == 7);
  CHECK(parse_level("3") == 3);
  CHECK(parse_level("niveau3") == 3);
  CHECK(parse_level("Niveau 4") == 4);
  CHECK(parse_level("NIVEAU IV") == 4);
  CHECK(parse_level("V") == 3);
  CHECK(parse_level("IV") == 4);
  CHECK(parse_level("III") == 5);
  CHECK(parse_level("ii") == 6);
  CHECK(parse_level("I") == 7);
  // The European scale has 1 and 2, below a CAP: not the old scale's masters.
  CHECK(parse_level("1") == level_unknown);
  CHECK(parse_level("2") == level_unknown);
  CHECK(parse_level("9") == level_unknown);
  CHECK(parse_level("35") == level_unknown);
  CHECK(parse_level("Indiff\xC3\xA9rent") == level_unknown);
  CHECK(parse_level("niveau") == level_unknown);
  CHECK(parse_level("") == level_unknown);

  CHECK(level_of_words("CAP, BEP et \xC3\xA9quivalents") == 3);
  CHECK(level_of_words("Bac ou \xC3\xA9quivalent") == 4);
  CHECK(level_of_words("Bac+2 ou \xC3\xA9quivalents") == 5);
  CHECK(level_of_words("Bac+3, Bac+4 ou \xC3\xA9quivalents") == 6);
  CHECK(level_of_words("Bac+5 et plus ou \xC3\xA9quivalents") == 7);
  CHECK(level_of_words("CAP, BEP (Infrabac)") == 3);
  CHECK(level_of_words("BTS, DEUST (Bac+2)") == 5);
  CHECK(level_of_words("Licence, BUT, Licence Pro (Bac+3)") == 6);
  CHECK(level_of_words("Master, titre ing\xC3\xA9nieur, grande \xC3\xA9"
                       "cole (Bac+5)") == 7);
  CHECK(level_of_words("Aucune formation scolaire") == level_unknown);
  CHECK(level_of_words("3\xC3\xA8me achev\xC3\xA9"
                       "e ou Brevet") == level_unknown);
  CHECK(level_of_words("2nd ou 1\xC3\xA8re achev\xC3\xA9"
                       "e") == level_unknown);
}

TEST_CASE("Lists of ROME codes") {
  CHECK(romes("F1702") == "F1702 ");
  CHECK(romes("a1101, B1102") == "A1101 B1102 ");
  CHECK(romes("[\"F1702\",\"F1705\"]") == "F1702 F1705 ");
  CHECK(romes("H12|K|H2100|F1702") == "F1702 !H12 !K !H2100 ");
  CHECK(romes("Z1101 O1101 N4104") == "N4104 !Z1101 !O1101 ");
  CHECK(romes("F17021") == "!F17021 ");
  CHECK(romes(" , ") == "");
}

TEST_CASE("Codes of places") {
  CHECK(parse_postal_code("75011") == "75011");
  CHECK(parse_postal_code(" 75 011 ") == "75011");
  CHECK(parse_postal_code("F-75011") == "75011");
  CHECK(parse_postal_code("1400") == "01400");
  CHECK(parse_postal_code("140").empty());
  CHECK(parse_postal_code("00000").empty());
  CHECK(parse_postal_code("99999").empty());
  CHECK(parse_postal_code("7501A").empty());
  CHECK(parse_insee("2a004") == "2A004");
  CHECK(parse_insee("1004") == "01004");
  CHECK(parse_insee("97411") == "97411");
  CHECK(parse_insee("2C004").empty());
  CHECK(parse_insee("A2004").empty());
  CHECK(parse_insee("Paris").empty());
}

TEST_CASE("Numbers and booleans") {
  CHECK(parse_number(" 48.85 ") == 48.85);
  CHECK(parse_number("48,85") == 48.85);
  CHECK(parse_number("-1e-3") == -0.001);
  CHECK(parse_number("+2") == 2);
  CHECK_FALSE(parse_number("48.85 N"));
  CHECK_FALSE(parse_number("1.2.3"));
  CHECK_FALSE(parse_number("inf"));
  CHECK_FALSE(parse_number("nan"));
  CHECK_FALSE(parse_number("1e999"));
  CHECK_FALSE(parse_number(std::string(100, '1')));
  CHECK_FALSE(parse_number(""));
  CHECK(parse_boolean("OUI") == true);
  CHECK(parse_boolean("Non") == false);
  CHECK(parse_boolean("1") == true);
  CHECK(parse_boolean("false") == false);
  CHECK(parse_boolean("peut-\xC3\xAAtre") == std::nullopt);
}

TEST_CASE("Pairs of coordinates") {
  using State = PlacedPair::State;
  const auto state = [](std::string_view text) { return place_pair(text).state; };
  CHECK(place_pair("48.11,-1.67").position == Position{4811000, -167000});
  CHECK(place_pair(" 43.5298309326172 , 5.44765996932983 ").position == Position{4352983, 544766});
  // The sixth decimal rounds, away from zero at the half.
  CHECK(place_pair("48.123455,-1.123455").position == Position{4812346, -112346});
  CHECK(place_pair("43.1,5.1##48.1,2.1").position == Position{4310000, 510000});
  CHECK(place_pair("5.3919076,43.2701626").position == Position{4327016, 539191});
  CHECK(state("5.3919076,43.2701626") == State::swapped);
  CHECK(place_pair("-0.564629,44.886959").position == Position{4488696, -56463});
  CHECK(place_pair("55.45,-20.88").position == Position{-2088000, 5545000});
  CHECK(state("-52.33,4.94") == State::swapped);
  CHECK(state("40.4168,-3.7038") == State::outside);
  CHECK(state("0,0") == State::absent);
  CHECK(state("") == State::absent);
  CHECK(state("48.85") == State::absent);
  CHECK(state("48.85,") == State::absent);
  CHECK(state("nan,nan") == State::absent);
  CHECK(state("200,500") == State::outside);
  CHECK(place_pair(std::numeric_limits<double>::infinity(), 2).state == State::absent);
  CHECK(place_pair(std::nullopt, 2).state == State::absent);
  CHECK(place_pair(0, 2.5).state == State::outside);
}

TEST_CASE("NAF codes and sizes") {
  CHECK(parse_naf("85.59a") == "8559A");
  CHECK(parse_naf("7820z") == "7820Z");
  CHECK(parse_naf("0000Z").empty());
  CHECK(parse_naf("62").empty());
  CHECK(parse_company_size("11") == "10-19");
  CHECK(parse_company_size("01") == "1-2");
  CHECK(parse_company_size("00") == "0");
  CHECK(parse_company_size("10-19") == "10-19");
  CHECK(parse_company_size("99").empty());
  CHECK(parse_company_size("NN").empty());
  CHECK(parse_company_size("").empty());
}

TEST_CASE("What stands for nothing") {
  for (const char* text : {"", " ", "-", ".", ",", "#N/D", "NULL", "null", "[ND]", " \xC2\xA0 ", "***", "#REF!"})
    CHECK(is_placeholder(text));
  for (const char* text : {"Nulle part", "N/D SARL", "3", "\xC3\x89", "Nanterre"})
    CHECK_FALSE(is_placeholder(text));
}

TEST_CASE("Titles and names") {
  CHECK(without_repeated_gender_mark("DATA Engineer H/F (H/F)") == "DATA Engineer H/F");
  CHECK(without_repeated_gender_mark("Charg\xC3\xA9(e) de gestion f/h (H/F)") == "Charg\xC3\xA9(e) de gestion f/h");
  CHECK(without_repeated_gender_mark("Vendeur (H/F) en boulangerie (F/H)") == "Vendeur (H/F) en boulangerie");
  CHECK(without_repeated_gender_mark("Vendeur H / F (h/f)") == "Vendeur H / F");
  CHECK(without_repeated_gender_mark("Vendeur H/F/X (H/F)") == "Vendeur H/F/X");
  CHECK(without_repeated_gender_mark("Vendeur H/F") == "Vendeur H/F");
  CHECK(without_repeated_gender_mark("Vendeur (H/F") == "Vendeur (H/F");
  CHECK(without_repeated_gender_mark("Chef HF/FM") == "Chef HF/FM");
  CHECK(without_repeated_gender_mark("") == "");
  CHECK(without_doubling("Cuisinier Cuisinier") == "Cuisinier");
  CHECK(without_doubling("CuisinierCuisinier") == "Cuisinier");
  CHECK(without_doubling("Cuisinier et Cuisinier") == "Cuisinier et Cuisinier");
  CHECK(without_doubling("aa") == "aa");
  CHECK(without_frame("***GLAXO SMITH KLINE***") == "GLAXO SMITH KLINE");
  CHECK(without_frame("\"CONVERSAT FORGES\"") == "CONVERSAT FORGES");
  CHECK(without_frame("* \xC2\xAB Le Chat \xC2\xBB") == "Le Chat");
  CHECK(without_frame("LE \"CHAT\"") == "LE \"CHAT\"");
  CHECK(without_frame("\"LE CHAT\" ET \"LE CHIEN\"") == "\"LE CHAT\" ET \"LE CHIEN\"");
  CHECK(without_frame("L'ATELIER") == "L'ATELIER");
  CHECK(without_frame("**").empty());
}

TEST_CASE("Addresses in one line") {
  CHECK(parts("12 rue X 75011 Paris") == "12 rue X|75011|Paris");
  CHECK(parts("12 rue X, 75011 Paris, France") == "12 rue X|75011|Paris");
  CHECK(parts("BP 12345 - 57000 METZ CEDEX 1") == "BP 12345|57000|METZ CEDEX 1");
  CHECK(parts("12 rue X, Paris, 75011") == "12 rue X|75011|Paris");
  CHECK(parts("Paris 75011") == "|75011|Paris");
  CHECK(parts("75011 Paris") == "|75011|Paris");
  CHECK(parts("Paris") == "||Paris");
  CHECK(parts("12 rue X") == "12 rue X||");
  CHECK(parts("12 rue X 750112 Paris") == "12 rue X 750112 Paris||");
  CHECK(parts("France") == "||France");
  CHECK(parts("") == "||");
}

TEST_CASE("Place labels of France Travail") {
  CHECK(place("69 - Lyon 3e Arrondissement") == "69|Lyon 3e Arrondissement");
  CHECK(place("75 - Paris (Dept.)") == "75|");
  CHECK(place("93 - Seine-Saint-Denis") == "93|Seine-Saint-Denis");
  CHECK(place("2A - AJACCIO") == "2A|AJACCIO");
  CHECK(place("974 - ST DENIS") == "974|ST DENIS");
  CHECK(place("75") == "75|");
  CHECK(place("\xC3\x8Ele-de-France") == "|");
  CHECK(place("France") == "|");
  CHECK(place("4 rue X") == "|");
  CHECK(place("123 rue X") == "|");
  CHECK(place("") == "|");
}
