#include "core/sort.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

namespace balise {

TEST_CASE("items are sorted, and equal ones keep their order") {
  struct Item {
    std::uint32_t key, number;
    char rest[5];
  };
  std::mt19937 random(12);
  for (std::size_t count = 0; count < 300; ++count) {
    std::vector<Item> items(count);
    for (std::uint32_t i = 0; i < count; ++i)
      items[i] = {static_cast<std::uint32_t>(random() % (count / 3 + 1)), i, {static_cast<char>(i)}};
    const auto before = [](const Item& a, const Item& b) { return a.key < b.key; };
    // Lists that are in order already, one behind the other.
    if (count % 2 == 0)
      std::stable_sort(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count / 2), before);
    if (count % 3 == 0)
      std::stable_sort(items.begin() + static_cast<std::ptrdiff_t>(count / 2), items.end(), before);
    std::vector<Item> expected = items;
    std::stable_sort(expected.begin(), expected.end(), before);
    sort(items, [](const Item& a, const Item& b) { return a.key < b.key; });
    REQUIRE(std::equal(items.begin(), items.end(), expected.begin(), [](const Item& a, const Item& b) {
      return a.key == b.key && a.number == b.number && a.rest[0] == b.rest[0];
    }));
  }
}

}  // namespace balise
