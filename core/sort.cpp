#include "core/sort.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/list.hpp"

namespace balise {

void sort_bytes(void* items, std::size_t count, std::size_t size, bool (*before)(const void*, const void*)) {
  // Runs of 1, 2, 4 … items are merged two by two from one buffer into the other.
  List<std::uint8_t> buffer;
  buffer.resize(count * size);
  auto* from = static_cast<std::uint8_t*>(items);
  std::uint8_t* to = buffer.data();
  for (std::size_t run = size; run < buffer.size(); run *= 2) {
    for (std::size_t begin = 0; begin < buffer.size(); begin += 2 * run) {
      const std::size_t middle = std::min(begin + run, buffer.size()), end = std::min(middle + run, buffer.size());
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
  if (from != items && !buffer.empty())
    std::memcpy(items, from, buffer.size());
}

}  // namespace balise
