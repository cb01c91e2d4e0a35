#include "generator/write/key_facts.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>

namespace balise {

TEST_CASE("facts of keys are the union of what was said, in any order and any number of pieces") {
  std::mt19937 random(11);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  struct Known {
    std::set<RomeCode> romes;
    std::uint8_t levels = 0;
  };
  std::map<std::string, Known> known;
  KeyFacts all;
  for (int piece = 0; piece < 6; ++piece) {
    KeyFacts facts;
    // The first one is sorted several times on the way.
    for (int i = 0; i < (piece == 0 ? 120'000 : 500); ++i) {
      const std::string key = below(3) == 0 ? std::string(below(300), 'k') : std::to_string(below(20'000));
      std::vector<RomeCode> romes;
      for (std::uint32_t n = below(4); n > 0; --n)
        romes.push_back({below(250'000)});
      const auto levels = static_cast<std::uint8_t>(1U << below(8));
      facts.add(key, romes, levels);
      known[key].romes.insert(romes.begin(), romes.end());
      known[key].levels = static_cast<std::uint8_t>(known[key].levels | levels);
    }
    if (piece == 3)
      std::swap(all, facts);
    all.merge(std::move(facts));
  }
  auto expected = known.begin();
  bool is_equal = true;
  all.for_each([&](const KeyFacts::Row& row) {
    is_equal =
        is_equal && expected != known.end() && row.key == expected->first &&
        std::equal(row.romes.begin(), row.romes.end(), expected->second.romes.begin(), expected->second.romes.end()) &&
        row.levels == expected->second.levels;
    if (expected != known.end())
      ++expected;
  });
  CHECK(is_equal);
  CHECK(expected == known.end());
  KeyFacts().for_each([](const KeyFacts::Row&) { FAIL("there is none"); });
}

}  // namespace balise
