#include "core/place_key.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace balise {

TEST_CASE("place keys and positions are each other's inverse") {
  std::mt19937_64 random(5);
  std::uniform_int_distribution<std::int32_t> lat(-9'000'000, 9'000'000), lon(-18'000'000, 18'000'000);
  for (int i = 0; i < 100'000; ++i) {
    const Position position{lat(random), lon(random)};
    const PlaceKey key = place_key_of(position);
    REQUIRE(key < PlaceKey{1} << place_key_bits);
    REQUIRE(position_of(key) == position);
  }
}

TEST_CASE("a place key takes bits of longitude and latitude in turn, as the format says") {
  CHECK(place_key_of({-9'000'000, -18'000'000}) == no_place);
  CHECK(place_key_of({-9'000'000 + 1, -18'000'000}) == 1);
  CHECK(place_key_of({-9'000'000, -18'000'000 + 1}) == 2);
  CHECK(place_key_of({-9'000'000 + 2, -18'000'000}) == 4);
  CHECK(place_key_of({-9'000'000 + 3, -18'000'000 + 3}) == 15);
}

}  // namespace balise
