#include "core/text.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace balise {

TEST_CASE("folding leaves plain words") {
  CHECK(fold("L'\xC3\x8Ele-d'Yeu") == "l ile d yeu");
  CHECK(fold("  C\xC5\x93ur de m\xC3\xA9tier\xC2\xA0!  ") == "coeur de metier");
  CHECK(fold("\xC3\x89tudes & d\xC3\xA9veloppement (C++)") == "etudes developpement c");
  CHECK(fold("e\xCC\x81"
             "cole") == "ecole");
  CHECK(fold("Stra\xC3\x9F"
             "e \xC5\x81\xC3\xB3"
             "d\xC5\xBA") == "strasse lodz");
  CHECK(fold("a\xFF"
             "b") == "a b");
  CHECK(fold("").empty());
  CHECK(fold("\xE2\x80\x99\xE2\x80\x93").empty());
}

TEST_CASE("folding what is folded changes nothing") {
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t size = random() % 20; size > 0; --size)
      text += static_cast<char>(random() % 3 == 0 ? 0xC3 + random() % 4 : random() % 256);
    const std::string folded = fold(text);
    REQUIRE(fold(folded) == folded);
    REQUIRE((folded.empty() || (folded.front() != ' ' && folded.back() != ' ')));
  }
}

TEST_CASE("lower case keeps accents, as JavaScript's does") {
  CHECK(lower("\xC3\x89"
              "COLE \xC5\x92UVRE \xC5\xB8 \xC5\xBD"
              "an Na\xC3\x8Fve") ==
        "\xC3\xA9"
        "cole \xC5\x93uvre \xC3\xBF \xC5\xBE"
        "an na\xC3\xAFve");
  CHECK(lower("\xC3\x97 \xC4\xB9\xC4\xBA \xC4\x80") == "\xC3\x97 \xC4\xBA\xC4\xBA \xC4\x81");
  CHECK(lower("\xFF") == "\xFF");
  // Accents come after z.
  CHECK(lower("Zoo") < lower("\xC3\x89"
                             "cole"));
}

}  // namespace balise
