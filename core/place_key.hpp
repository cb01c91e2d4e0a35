#ifndef BALISE_CORE_PLACE_KEY_HPP
#define BALISE_CORE_PLACE_KEY_HPP

#include <cstdint>

#include "core/position.hpp"

namespace balise {

/// A position as one number of 52 bits whose order keeps neighbours together (Z-order): the bits of longitude and
/// latitude, counted from -180 and -90 degrees in hundred-thousandths, take turns, longitude first. Key 0, the
/// antarctic corner, stands for "no position".
using PlaceKey = std::uint64_t;
inline constexpr unsigned place_key_bits = 52;
inline constexpr PlaceKey no_place = 0;

[[nodiscard]] PlaceKey place_key_of(Position position);
/// The inverse; any value below 2^52 is allowed, and gives a position that may lie outside the globe.
[[nodiscard]] Position position_of(PlaceKey key);

}  // namespace balise

#endif
