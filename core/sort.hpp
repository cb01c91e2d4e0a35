#ifndef BALISE_CORE_SORT_HPP
#define BALISE_CORE_SORT_HPP

#include <cstddef>
#include <type_traits>

namespace balise {

/// Sorts `count` items of `size` bytes that may be copied as bytes; those of which neither is before the other keep
/// their order.
void sort_bytes(void* items, std::size_t count, std::size_t size, bool (*before)(const void*, const void*));

/// The same for a list or vector, with a lambda that captures nothing. There is one sort for all types, because each
/// instance of std::sort costs a kilobyte of the WebAssembly module.
template <typename Items, typename Before>
void sort(Items& items, Before) {
  using T = typename Items::value_type;
  static_assert(std::is_trivially_copyable_v<T> && std::is_empty_v<Before>);
  sort_bytes(items.data(), items.size(), sizeof(T), [](const void* a, const void* b) {
    return Before()(*static_cast<const T*>(a), *static_cast<const T*>(b));
  });
}

}  // namespace balise

#endif
