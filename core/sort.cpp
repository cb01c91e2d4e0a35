#include "core/sort.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

namespace balise {

void sort_bytes(void* items, std::size_t count, std::size_t size, bool (*before)(const void*, const void*)) {
  // Runs of 1, 2, 4 … items are merged two by two from one buffer into the other.
  const std::size_t all = count * size;
  const std::unique_ptr<std::uint8_t[]> buffer(new std::uint8_t[all]);  // not cleared
  auto* from = static_cast<std::uint8_t*>(items);
  std::uint8_t* to = buffer.get();
  for (std::size_t run = size; run < all; run *= 2) {
    for (std::size_t begin = 0; begin < all; begin += 2 * run) {
      const std::size_t middle = std::min(begin + run, all), end = std::min(middle + run, all);
      std::size_t left = begin, right = middle;
      for (std::size_t i = begin; i < end; i += size) {
        const bool take_right = left == middle || (right < end && before(from + right, from + left));
        std::size_t& next = take_right ? right : left;
        std::memcpy(to + i, from + next, size);
        next += size;
      }
    }
    std::swap(from, to);
  }
  if (from != items)
    std::memcpy(items, from, all);
}

}  // namespace balise
