#include "generator/text/person_names.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace balise {

TEST_CASE("names that are announced are removed") {
  const char* mark = "[nom retir\xC3\xA9]";
  const std::pair<const char*, std::string> cases[] = {
      {"Demandez Perrine Kerbellec au bureau.", "Demandez " + std::string(mark) + " au bureau."},
      {"Votre contact : Ma\xC3\xAFwenn Tr\xC3\xA9guidel, bonjour",
       "Votre contact : " + std::string(mark) + ", bonjour"},
      {"Entreprise dirig\xC3\xA9"
       "e par Aur\xC3\xA9lien Vastelot.",
       "Entreprise dirig\xC3\xA9"
       "e par " +
           std::string(mark) + "."},
      {"Voir Mme Durand ou M. Le-Goff", "Voir Mme " + std::string(mark) + " ou M. " + mark},
      {"Madame Jeanne-Marie D'Arc Dupont et Monsieur Paul", "Madame " + std::string(mark) + " et Monsieur " + mark},
      {"CONTACT: Jean Dupont", "CONTACT: " + std::string(mark)},
  };
  for (const auto& [text, expected] : cases)
    CHECK(remove_person_names(text).text == expected);
  CHECK(remove_person_names("Mme Durand, M. Petit").names == 2);
}

TEST_CASE("what is no name stays") {
  for (const char* text :
       {"Contactez le Service Recrutement", "Contact : Service Ressources Humaines", "demandez conseil",
        "une poutre de 3 m. Elle porte", "Madame, Monsieur,", "contactez P\xC3\xB4le Emploi", "Le contact humain",
        "Bonjour madame", "responsable RH", "Aupr\xC3\xA8s de Lyon",
        "dirig\xC3\xA9"
        "e par le CFA de Metz",
        ""})
    CHECK(remove_person_names(text).text == text);
}

TEST_CASE("a text without its names has no more of them, whatever it is") {
  std::mt19937 random(41);
  const char* pieces[] = {"Mme ", "M. ",       "contact : ",    "Jean ", "Dupont", " ",
                          "\n",   "demandez ", "\xC3\x89lise ", "-",     "'",      "x"};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t n = random() % 12; n > 0; --n)
      text += pieces[random() % std::size(pieces)];
    const std::string once = remove_person_names(text).text;
    REQUIRE(remove_person_names(once).text == once);
  }
}

}  // namespace balise
