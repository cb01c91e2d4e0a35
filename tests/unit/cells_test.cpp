#include "generator/write/cells.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

namespace balise {

namespace {

using Keys = std::vector<PlaceKey>;

/// What a cell is (docs/FORMAT.md): halves of halves, as long as there are too many.
void cut(const Keys& keys, std::size_t most, PlaceKey first, unsigned bit, std::vector<Keys>& cells) {
  if (keys.empty())
    return;
  if (keys.size() <= most || bit == 0) {
    cells.push_back(keys);
    return;
  }
  const PlaceKey middle = first + (PlaceKey{1} << (bit - 1));
  Keys left, right;
  for (const PlaceKey key : keys)
    (key < middle ? left : right).push_back(key);
  cut(left, most, first, bit - 1, cells);
  cut(right, most, middle, bit - 1, cells);
}

std::vector<Keys> cells_of(const Keys& keys, std::size_t most, std::size_t most_on_point = 1'000'000) {
  std::vector<Keys> cells;
  CellCutter<PlaceKey> cutter(
      most, [&](std::span<const PlaceKey> cell) { cells.emplace_back(cell.begin(), cell.end()); }, most_on_point);
  for (const PlaceKey key : keys)
    cutter.add(key, key);
  cutter.finish();
  return cells;
}

}  // namespace

TEST_CASE("cells are those that halving gives, though they come one item at a time") {
  std::mt19937_64 random(8);
  constexpr PlaceKey end = PlaceKey{1} << place_key_bits;
  for (int turn = 0; turn < 300; ++turn) {
    CAPTURE(turn);
    Keys keys{0, end - 1};
    for (std::uint64_t cluster = random() % 6; cluster > 0; --cluster) {
      const PlaceKey centre = random() % end, width = PlaceKey{1} << random() % place_key_bits;
      for (std::uint64_t n = random() % 60; n > 0; --n)
        keys.push_back(random() % 4 == 0 ? centre : std::min(centre + random() % width, end - 1));
    }
    std::sort(keys.begin(), keys.end());
    for (const std::size_t most : {1U, 2U, 10U, 40U, 1000U}) {
      std::vector<Keys> expected;
      cut(keys, most, 0, place_key_bits, expected);
      CHECK(cells_of(keys, most) == expected);
    }
  }
}

TEST_CASE("what stands on one point is a cell, up to a limit") {
  const Keys keys(25, 77);
  CHECK(cells_of(keys, 4) == std::vector<Keys>{keys});
  CHECK(cells_of(keys, 4, 10) == std::vector<Keys>{Keys(10, 77), Keys(10, 77), Keys(5, 77)});
  CHECK(cells_of({}, 4).empty());
}

}  // namespace balise
