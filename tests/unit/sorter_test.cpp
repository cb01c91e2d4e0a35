#include "generator/write/sorter.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "generator/failure.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

using Pair = std::pair<Bytes, Bytes>;

std::vector<Pair> all_of(Sorter& sorter) {
  std::vector<Pair> items;
  while (const auto item = sorter.next())
    items.push_back({{item->key.begin(), item->key.end()}, {item->value.begin(), item->value.end()}});
  return items;
}

/// Keys that begin alike, some of them equal, some empty; now and then a value that is larger than a block.
std::vector<Pair> made_up_items(std::size_t count) {
  std::mt19937 random(5);
  std::vector<Pair> items;
  for (std::size_t i = 0; i < count; ++i) {
    Bytes key(random() % 12, 7), value(i == 100 ? 3'000'000 : random() % 40);
    for (std::uint8_t& byte : key)
      if (random() % 4 == 0)
        byte = static_cast<std::uint8_t>(random());
    for (std::uint8_t& byte : value)
      byte = static_cast<std::uint8_t>(random());
    items.emplace_back(std::move(key), std::move(value));
  }
  return items;
}

}  // namespace

TEST_CASE("items are sorted by key, then value, in memory of any size") {
  const TemporaryFolder folder;
  std::vector<Pair> items = made_up_items(5'000);
  std::vector<Pair> sorted = items;
  std::sort(sorted.begin(), sorted.end());
  for (const std::size_t most_bytes : {std::size_t{0}, std::size_t{5'000}, std::size_t{70'000}, ample_memory_bytes}) {
    CAPTURE(most_bytes);
    std::shuffle(items.begin(), items.end(), std::mt19937(6));
    Sorter sorter(folder.path(), most_bytes);
    for (const auto& [key, value] : items)
      sorter.add(key, value);
    CHECK((all_of(sorter) == sorted));
    CHECK_FALSE(sorter.next());
    sorter.rewind();
    CHECK(sorter.next());
    sorter.rewind();
    CHECK((all_of(sorter) == sorted));
    sorter.clear();
    CHECK_FALSE(sorter.next());
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("nothing is sorted, too") {
  const TemporaryFolder folder;
  Sorter sorter(folder.path(), 100);
  CHECK_FALSE(sorter.next());
  sorter.rewind();
  CHECK_FALSE(sorter.next());
}

TEST_CASE("a folder that cannot be written is named") {
  const TemporaryFolder folder;
  Sorter sorter(folder.path() / "absent", 0);
  sorter.add({}, {});
  try {
    sorter.add({}, {});
    FAIL("it was written");
  } catch (const Failure& failure) {
    CHECK(std::string(failure.what()).find((folder.path() / "absent").string()) != std::string::npos);
  }
}

}  // namespace balise
