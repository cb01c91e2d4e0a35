#include "core/word_match.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace balise {

namespace {

/// The distance by its definition, over the whole table: optimal string alignment.
unsigned plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<unsigned>> table(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = static_cast<unsigned>(i + j);
        continue;
      }
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
    }
  }
  return table[a.size()][b.size()];
}

}  // namespace

TEST_CASE("errors are counted as their definition says, to the nearest beginning of the word") {
  std::mt19937 random(31);
  const auto word = [&] {
    std::string text;
    for (std::size_t n = 1 + random() % 10; n > 0; --n)
      text += static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string typed = word(), name = word();
    unsigned least = 99;
    for (std::size_t size = 0; size <= name.size(); ++size)
      least = std::min(least, plain_distance(typed, name.substr(0, size)));
    const unsigned most = static_cast<unsigned>(random() % 3);
    const auto found = errors_as_beginning(typed, name, most);
    CAPTURE(typed, name, most, least);
    REQUIRE(found.has_value() == (least <= most));
    if (found)
      REQUIRE(*found == least);
  }
  CHECK(errors_as_beginning(std::string(40, 'a'), std::string(40, 'a'), 2) == std::nullopt);
  CHECK(errors_as_beginning("marseile", "marseille", 2) == 1U);
  CHECK(errors_as_beginning("starsbourg", "strasbourg", 2) == 1U);
}

TEST_CASE("short words and numbers forgive nothing") {
  CHECK(errors_allowed("pau") == 0);
  CHECK(errors_allowed("metz") == 1);
  CHECK(errors_allowed("boulager") == 2);
  CHECK(errors_allowed("75011") == 0);
}

TEST_CASE("forms of one word have one stem") {
  const char* families[][4] = {{"coiffeur", "coiffeuse", "coiffeuses", "coiffeurs"},
                               {"electricien", "electriciens", "electricienne", "electriciennes"},
                               {"boulanger", "boulangere", "boulangers", "boulangeres"},
                               {"conducteur", "conductrice", "conducteurs", "conductrices"},
                               {"assistant", "assistante", "assistants", "assistantes"},
                               {"jardinier", "jardiniere", "jardiniers", "jardinieres"}};
  for (const auto& family : families)
    for (const char* word : family)
      CHECK(stem_of(word) == stem_of(family[0]));
  CHECK(stem_of("coiffeur") != stem_of("coiffure"));
  CHECK(stem_of("m1805") == "m1805");
  CHECK(stem_of("bus") == "bus");
}

}  // namespace balise
