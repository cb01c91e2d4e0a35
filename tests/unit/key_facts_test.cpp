#include "generator/write/key_facts.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>

#include "core/lookup_files.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

TEST_CASE("facts of keys are the union of what was said, by hash, in memory of any size") {
  std::mt19937 random(11);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
  struct Known {
    std::set<RomeCode> romes;
    std::uint8_t levels = 0;
  };
  const TemporaryFolder folder;
  for (const std::size_t memory_bytes : {std::size_t{0}, std::size_t{50'000}, ample_memory_bytes}) {
    CAPTURE(memory_bytes);
    std::map<std::pair<std::string, std::string>, Known> known;  // by hash and key
    KeyFacts facts(folder.path(), memory_bytes);
    for (int i = 0; i < 5'000; ++i) {
      const std::string key = below(3) == 0 ? std::string(below(300), 'k') : std::to_string(below(2'000));
      std::vector<RomeCode> romes;
      for (std::uint32_t n = below(4); n > 0; --n)
        romes.push_back({below(250'000)});
      const auto levels = static_cast<std::uint8_t>(1U << below(8));
      facts.add(key, romes, levels);
      Known& one = known[{key_hash(key), key}];
      one.romes.insert(romes.begin(), romes.end());
      one.levels = static_cast<std::uint8_t>(one.levels | levels);
    }
    for (int pass = 0; pass < 2; ++pass) {
      auto expected = known.begin();
      bool is_equal = true;
      facts.for_each([&](const KeyFacts::Row& row) {
        is_equal = is_equal && expected != known.end() && row.key == expected->first.second &&
                   row.hash == std::stoul(expected->first.first, nullptr, 16) &&
                   std::equal(row.romes.begin(), row.romes.end(), expected->second.romes.begin(),
                              expected->second.romes.end()) &&
                   row.levels == expected->second.levels;
        if (expected != known.end())
          ++expected;
      });
      CHECK(is_equal);
      CHECK(expected == known.end());
    }
  }
  KeyFacts(folder.path()).for_each([](const KeyFacts::Row&) { FAIL("there is none"); });
}

}  // namespace balise
