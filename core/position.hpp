#ifndef BALISE_CORE_POSITION_HPP
#define BALISE_CORE_POSITION_HPP

#include <cstdint>

namespace balise {

/// A place on the sphere in hundred-thousandths of a degree: what shards store and distances are taken from.
struct Position {
  std::int32_t lat_e5 = 0;  ///< -9,000,000 to 9,000,000
  std::int32_t lon_e5 = 0;  ///< -18,000,000 to 18,000,000
  [[nodiscard]] friend constexpr bool operator==(Position, Position) = default;
};

}  // namespace balise

#endif
