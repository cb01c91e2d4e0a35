#include "generator/text/personal_data.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace balise {

namespace {

const std::string email_mark =
    "[adresse retir\xC3\xA9"
    "e]";
const std::string phone_mark = "[num\xC3\xA9ro retir\xC3\xA9]";

std::string cleaned(std::string_view text) {
  return remove_personal_data(text).text;
}

/// "{}" in a pattern stands for the mark.
std::string filled(std::string pattern, const std::string& mark) {
  for (std::size_t place = pattern.find("{}"); place != std::string::npos; place = pattern.find("{}", place))
    pattern.replace(place, 2, mark);
  return pattern;
}

}  // namespace

TEST_CASE("phone numbers in every usual spelling are removed") {
  const char* const spellings[] = {
      "0123456789",
      "01 23 45 67 89",
      "01.23.45.67.89",
      "01-23-45-67-89",
      "01/23/45/67/89",
      "01_23_45_67_89",
      "01 23.45-67/89",
      "01 - 23 - 45 - 67 - 89",
      "01  23  45  67  89",
      "01. 23. 45. 67. 89",
      "01\xC2\xA0"
      "23\xC2\xA0"
      "45\xC2\xA0"
      "67\xC2\xA0"
      "89",
      "01\xE2\x80\xAF"
      "23\xE2\x80\xAF"
      "45\xE2\x80\xAF"
      "67\xE2\x80\xAF"
      "89",
      "01\xE2\x80\x91"
      "23\xE2\x80\x91"
      "45\xE2\x80\x91"
      "67\xE2\x80\x91"
      "89",
      "06 12345678",
      "0612 345678",
      "0612 34 56 78",
      "0612 345 678",
      "0 612 345 678",
      "0 612345678",
      "0 800 123 456",
      "0800 12 34 56",
      "0262 12 34 56",
      "0262123456",
      "0692.12.34.56",
      "01 2345 6789",
      "06 12 345 678",
      "(06) 12 34 56 78",
      "(0)6 12 34 56 78",
      "+33123456789",
      "+33 1 23 45 67 89",
      "+33 (0)1 23 45 67 89",
      "+33(0)123456789",
      "+33 (0) 1 23 45 67 89",
      "+33 0123456789",
      "+33.1.23.45.67.89",
      "+33-1-23-45-67-89",
      "+336 12 34 56 78",
      "+ 33 6 12 34 56 78",
      "(+33) 6 12 34 56 78",
      "0033123456789",
      "0033 1 23 45 67 89",
      "00 33 1 23 45 67 89",
      "0033 (0)1 23 45 67 89",
      "33 6 12 34 56 78",
      "+262 262 12 34 56",
      "+262692123456",
      "00262 692 12 34 56",
      "+590 590 12 34 56",
      "+596 696 12 34 56",
      "+32 470 12 34 56",
      "+41 79 123 45 67",
      "+352 621 123 456",
      "+377 93 15 00 00",
  };
  for (const std::string spelling : spellings) {
    INFO(spelling);
    CHECK(cleaned(spelling) == phone_mark);
    CHECK(cleaned("Tel. " + spelling + ".") == "Tel. " + phone_mark + ".");
    CHECK(cleaned("appelez le " + spelling + " ou passez") == "appelez le " + phone_mark + " ou passez");
    CHECK(cleaned("Tel:" + spelling + "\nMerci") == "Tel:" + phone_mark + "\nMerci");
    CHECK(cleaned("\xC3\xA0 12 km, " + spelling + ", 35 heures") == "\xC3\xA0 12 km, " + phone_mark + ", 35 heures");
    CHECK(holds_personal_data(spelling));
    CHECK(remove_personal_data(spelling).phones == 1);
  }
}

TEST_CASE("phone numbers beside other things are removed, and those stay") {
  const std::pair<const char*, const char*> cases[] = {
      {"06 12 34 56 78 / 07 12 34 56 78", "{} / {}"},
      {"06.12.34.56.78/07.12.34.56.78", "{}/{}"},
      {"06 12 34 56 78 07 12 34 56 78", "{} {}"},
      {"0612345678-0712345678", "{}-{}"},
      {"0612345678 ou 0712345678", "{} ou {}"},
      {"06 12 34 56 78 12 rue des Lilas", "{} 12 rue des Lilas"},
      {"92000 06 12 34 56 78", "92000 {}"},
      {"SIRET 412 345 678 00012 06 12 34 56 78", "SIRET 412 345 678 00012 {}"},
      {"poste 12 06 12 34 56 78", "poste 12 {}"},
      {"01/09/2026 0612345678", "01/09/2026 {}"},
      {"Tel0612345678", "Tel{}"},
      {"T\xC3\xA9l0612345678", "T\xC3\xA9l{}"},
      {"T\xC3\xA9l : 06.12.34.56.78 (Mme X)", "T\xC3\xA9l : {} (Mme X)"},
      {"n\xC2\xB0"
       "0612345678",
       "n\xC2\xB0{}"},
      {"06 12 34 56 78ou au bureau", "{}ou au bureau"},
      {"tel:+33612345678,fax:0112345678", "tel:{},fax:{}"},
      {"06 12 34 56 78 - 75011 Paris", "{} - 75011 Paris"},
      {"0612345678 2026", "{} 2026"},
  };
  for (const auto& [text, wanted] : cases) {
    INFO(text);
    CHECK(cleaned(text) == filled(wanted, phone_mark));
  }
}

TEST_CASE("numbers that are no phone numbers stay") {
  const char* const texts[] = {
      "SIRET 41234567800012",
      "SIRET 412 345 678 00012",
      "SIRET 012 345 678 00012",
      "SIRET 01234567800012",
      "SIRET : 012.345.678.00012",
      "SIREN 012345678",
      "SIREN 012 345 678",
      // In two parts, or the escape would go on.
      ("rentr\xC3\xA9"
       "e 2021 2022"),
      "de 09/2025 \xC3\xA0 06/2026",
      "09/2025 - 2026",
      "01/09/2026",
      "du 01/09/2026 au 31/08/2028",
      "01/09/2026 - 31/08/2028",
      "01-09-2026 12 34",
      "01.09.2026 14 h",
      "01/09/26 08/10/26",
      "le 01/09/26 - 30/06/27",
      "2026-09-01 08 30 00",
      "2026-11-21T08:30:00.000Z",
      "08:00 12:00 13:30 17:00",
      "RNCP35234, CFD 01022001",
      "35 heures, 08h30-17h00",
      "1 234 567 890 euros",
      "de 800.0 Euros \xC3\xA0 1200.0 Euros",
      "0.5 1.25 10.50 2000",
      "0,0612345678",
      "48.0612345678",
      "44.0123456789,2.0123456789",
      "-21.0612345678",
      "offre 198XKLM",
      "REF0612345678",
      "id_0123456789",
      "5f0123456789abcdef012345",
      "0123456789abcdef01234567",
      "01234567-89ab-cdef-0123-456789abcdef",
      "CS 01234 69002 LYON CEDEX",
      "BP 0123 06200 NICE",
      "01000 Bourg-en-Bresse, 01200",
      "d\xC3\xA9partements 01, 03, 07, 15, 26, 38, 42, 43",
      "d\xC3\xA9partements 01 03 07 15 26 38 42 43 63 69 73 74",
      "01/03/07/15/26/38",
      "01 - 03 - 07 - 15 - 26 - 38 - 42",
      "EAN 0123456789012",
      "NDA 01 97 31234 97",
      "FR76 3000 4000 0312 3456 7890 143",
      "0 1 2 3 4 5 6 7 8 9",
      "00 12 34 56 78",
      "0000000000",
      "bac +2 2023 2024",
      "+3 2023 2024 2025",
      "+ 20 000 000 euros",
      "au 3949 ou 36 46",
      "NAF 4673A, IDCC 0044",
      "UAI 0541234X",
      "01 23 45 67 8",
      "01 23 45 67 890",
      "N\xC2\xB0 TVA FR 40 123456824",
  };
  for (const std::string text : texts) {
    INFO(text);
    CHECK(cleaned(text) == text);
    CHECK_FALSE(holds_personal_data(text));
  }
}

TEST_CASE("e-mail addresses in every usual spelling are removed") {
  const char* const spellings[] = {
      "nom@domaine.fr",
      "prenom.nom@domaine.fr",
      "Prenom-Nom@sous.domaine.fr",
      "NOM@DOMAINE.COM",
      "a@b.fr",
      "nom+filtre@domaine.org",
      "nom_2@mon-domaine.asso.fr",
      "o'neil@domaine.fr",
      "0612345678@domaine.fr",
      "jean.0612345678@domaine.fr",
      "rh2026@domaine.paris",
      "andr\xC3\xA9.l\xC3\xA9vy@domaine.fr",
      "contact@\xC3\xA9"
      "cole.fr",
      "nom @ domaine.fr",
      "nom@ domaine.fr",
      "nom @domaine.fr",
      "nom@domaine . fr",
      "nom@domaine. fr",
      "nom(at)domaine.fr",
      "nom (at) domaine.fr",
      "nom [at] domaine.fr",
      "nom {at} domaine.fr",
      "nom<at>domaine.fr",
      "nom ( at ) domaine.fr",
      "nom (AT) domaine (DOT) fr",
      "nom (at) domaine . fr",
      "nom (a) domaine.fr",
      "nom[@]domaine.fr",
      "nom_at_domaine.fr",
      "nom (arobase) domaine.fr",
      "nom [arobase] domaine.fr",
      "nom arobase domaine.fr",
      "nom AROBASE domaine point fr",
      "nom (at) domaine (point) fr",
      "nom [at] domaine [dot] com",
      "nom\xEF\xBC\xA0"
      "domaine.fr",
      "mailto:nom@domaine.fr",
      "MAILTO:nom@domaine.fr",
      "nom@127.domaine.fr",
  };
  for (const std::string spelling : spellings) {
    INFO(spelling);
    CHECK(cleaned(spelling) == email_mark);
    CHECK(cleaned("CV \xC3\xA0 : " + spelling + ", merci") == "CV \xC3\xA0 : " + email_mark + ", merci");
    CHECK(cleaned("(" + spelling + ")") == "(" + email_mark + ")");
    CHECK(cleaned("Mail:" + spelling + ".\nMerci") == "Mail:" + email_mark + ".\nMerci");
    CHECK(holds_personal_data(spelling));
    CHECK(remove_personal_data(spelling).emails == 1);
    CHECK(remove_personal_data(spelling).phones == 0);
  }
}

TEST_CASE("e-mail addresses beside other things are removed, and those stay") {
  const std::pair<const char*, const char*> cases[] = {
      {"a@b.fr;c@d.fr", "{};{}"},
      {"a@b.fr,c@d.fr/e@f.fr", "{},{}/{}"},
      {"a@b.fr c@d.fr", "{} {}"},
      {"<nom@domaine.fr>", "<{}>"},
      {"\"nom@domaine.fr\"", "\"{}\""},
      {"nom@domaine.fr-Merci", "{}-Merci"},
      {"nom@domaine.fr.Merci de postuler", "{}.Merci de postuler"},
      {"nom@domaine.fr. Merci", "{}. Merci"},
      {"nom@domaine.fr?subject=CV", "{}?subject=CV"},
      {"...nom@domaine.fr...", "...{}..."},
      {"mail=nom@domaine.fr&x=1", "{}&x=1"},
  };
  for (const auto& [text, wanted] : cases) {
    INFO(text);
    CHECK(cleaned(text) == filled(wanted, email_mark));
  }
  const auto both = remove_personal_data("nom@domaine.fr / 06 12 34 56 78");
  CHECK(both.text == email_mark + " / " + phone_mark);
  CHECK(both.emails == 1);
  CHECK(both.phones == 1);
}

TEST_CASE("at signs that are in no address stay") {
  const char* const texts[] = {
      "@",
      "suivez-nous @balise",
      "rendez-vous @ Paris. Venez nombreux",
      "5 postes @ 12.50 euros",
      "user@localhost",
      "a@b.c",
      "@domaine.fr",
      "salari\xC3\xA9(a) motiv\xC3\xA9(e)",
      "embauch\xC3\xA9 (at) Paris",
      "le signe arobase est un caract\xC3\xA8re",
      "C@fe & Cie",
      "<a href=x>",
      "[a] premier point, [b] second point",
      "look_at_me",
      "point fr, point com",
  };
  for (const std::string text : texts) {
    INFO(text);
    CHECK(cleaned(text) == text);
    CHECK_FALSE(holds_personal_data(text));
  }
}

TEST_CASE("nothing is left to be removed, whatever the text") {
  std::mt19937 random(20261121);
  const std::vector<std::string> parts = {
      "0", "1", "6", "12", "34", "56",       "78",       "2026",    "0612345678", "+33", "(0)",
      "@", ".", "-", "/",  " ",  "fr",       "nom",      "com",     "(at)",       "\n",  "_",
      "[", "]", "a", "(",  ")",  "\xC2\xA0", "\xC3\xA9", "arobase", "point",      "00"};
  for (int round = 0; round < 30'000; ++round) {
    std::string text;
    for (std::size_t size = random() % 24; size > 0; --size)
      text += parts[random() % parts.size()];
    const Redaction once = remove_personal_data(text);
    INFO(text);
    REQUIRE_FALSE(holds_personal_data(once.text));
    REQUIRE(remove_personal_data(once.text).text == once.text);
    REQUIRE(holds_personal_data(text) == (once.emails + once.phones > 0));
    if (once.emails + once.phones == 0)
      REQUIRE(once.text == text);
  }
}

TEST_CASE("hostile texts take time in proportion to their size") {
  constexpr std::size_t size = 2'000'000;
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() < size)
      text += part;
    return text;
  };
  for (const char* part : {"0", "0 ", "01 ", "@", "a@", "a@a.", "a.", "(at)", "(a", "+33 ", "a@b.fr ",
                           "06 12 34 56 78 ", "arobase ", " . ", "a . ", "-", "\xC3\xA9", "012 "}) {
    INFO(part);
    const Redaction redaction = remove_personal_data(repeated(part));
    CHECK(redaction.text.size() <= 4 * size);
  }
}

TEST_CASE("Links lose e-mail addresses, and nothing else") {
  const auto kept = [](const char* url) { return without_email_in_url(url) == url; };
  CHECK(kept("https://example.org/offre?id=0612345678&page=2#a"));
  CHECK(kept("https://example.org/@entreprise"));
  CHECK(kept("https://example.org/maps/@48.85,2.35,15z"));
  CHECK(kept("https://example.org/caf%C3%A9?a=100%25"));
  CHECK(without_email_in_url("https://example.org/postuler?contact=a.b@example.fr&x=1") ==
        "https://example.org/postuler");
  CHECK(without_email_in_url("https://example.org/postuler?contact=a.b%40example.fr") ==
        "https://example.org/postuler");
  CHECK(without_email_in_url("https://example.org/#mailto:a.b%40example.fr") == "https://example.org/");
  CHECK(without_email_in_url("https://example.org/?to=https%3A%2F%2Fx.fr%2F%3Fm%3Da%2540example.fr") ==
        "https://example.org/");
  CHECK(without_email_in_url("https://example.org/a@example.fr/b") == "");
}

}  // namespace balise
