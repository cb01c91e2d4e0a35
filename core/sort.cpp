#include "core/sort.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

namespace balise {

void sort_bytes(void* items, std::size_t count, std::size_t size, bool (*before)(const void*, const void*)) {
  auto* const bytes = static_cast<std::uint8_t*>(items);
  // What is moved about are pointers. The arrays are not cleared.
  const std::unique_ptr<std::uint8_t*[]> pointers(new std::uint8_t*[2 * count]);
  std::uint8_t** from = pointers.get();
  std::uint8_t** to = from + count;
  for (std::size_t i = 0; i < count; ++i)
    from[i] = bytes + i * size;
  // Runs of 1, 2, 4 … items are merged two by two from one array into the other.
  for (std::size_t run = 1; run < count; run *= 2) {
    for (std::size_t begin = 0; begin < count; begin += 2 * run) {
      const std::size_t middle = std::min(begin + run, count), end = std::min(middle + run, count);
      // Lists that are in order already often stand one behind the other.
      const bool in_order = middle == end || !before(from[middle], from[middle - 1]);
      std::size_t left = begin, right = middle;
      for (std::size_t i = begin; i < end; ++i) {
        const bool take_right = left == middle || (!in_order && right < end && before(from[right], from[left]));
        to[i] = from[take_right ? right++ : left++];
      }
    }
    std::swap(from, to);
  }
  const std::unique_ptr<std::uint8_t[]> sorted(new std::uint8_t[count * size]);
  for (std::size_t i = 0; i < count; ++i)
    std::memcpy(&sorted[i * size], from[i], size);
  if (count > 0)
    std::memcpy(items, sorted.get(), count * size);
}

}  // namespace balise
