#include "core/place_key.hpp"

namespace balise {

namespace {

/// Moves bit i to bit 2i, for the 32 low bits.
constexpr std::uint64_t spread(std::uint64_t bits) {
  bits &= 0xFFFFFFFFU;
  bits = (bits | bits << 16U) & 0x0000FFFF0000FFFFU;
  bits = (bits | bits << 8U) & 0x00FF00FF00FF00FFU;
  bits = (bits | bits << 4U) & 0x0F0F0F0F0F0F0F0FU;
  bits = (bits | bits << 2U) & 0x3333333333333333U;
  return (bits | bits << 1U) & 0x5555555555555555U;
}

constexpr std::uint64_t gather(std::uint64_t bits) {
  bits &= 0x5555555555555555U;
  bits = (bits | bits >> 1U) & 0x3333333333333333U;
  bits = (bits | bits >> 2U) & 0x0F0F0F0F0F0F0F0FU;
  bits = (bits | bits >> 4U) & 0x00FF00FF00FF00FFU;
  bits = (bits | bits >> 8U) & 0x0000FFFF0000FFFFU;
  return (bits | bits >> 16U) & 0xFFFFFFFFU;
}

constexpr std::int32_t lat_origin_e5 = -9'000'000;
constexpr std::int32_t lon_origin_e5 = -18'000'000;

}  // namespace

PlaceKey place_key_of(Position position) {
  const auto lat = static_cast<std::uint64_t>(position.lat_e5 - lat_origin_e5);
  const auto lon = static_cast<std::uint64_t>(position.lon_e5 - lon_origin_e5);
  return spread(lon) << 1U | spread(lat);
}

Position position_of(PlaceKey key) {
  return {static_cast<std::int32_t>(gather(key)) + lat_origin_e5,
          static_cast<std::int32_t>(gather(key >> 1U)) + lon_origin_e5};
}

}  // namespace balise
