// What the module has in place of the C library's: a tenth of the code.
//
// The allocator: blocks come in classes of size, four to each doubling, and a freed one is kept for the next of its
// class. Nothing is split, joined or given back, which suits a module that reads files of much the same sizes again and
// again. Copies are by eight bytes; what looks for a byte goes through them one by one.

#include <bit>
#include <cstddef>
#include <cstdint>

extern "C" std::byte __heap_base;  // NOLINT: where the linker says that memory is free

namespace {

constexpr std::size_t page = 65536, least_growth = 16 * page;
constexpr unsigned class_count = 32 * 4;

/// Before each block; the block itself is aligned to eight bytes.
struct alignas(8) Header {
  std::size_t size_class;
  Header* next;  ///< while it is free
};
static_assert(sizeof(Header) == 8);

struct Heap {
  Header* free[class_count] = {};
  std::byte* begin = &__heap_base;  ///< of what was never given out
};
constinit Heap heap;

std::byte* end_of_memory() {
  return reinterpret_cast<std::byte*>(__builtin_wasm_memory_size(0) * page);
}

}  // namespace

extern "C" void* malloc(std::size_t size) {
  constexpr std::size_t largest = std::size_t{1} << 30U;
  if (size > largest)
    return nullptr;
  // With the header, in whole units of eight bytes; its highest three bits, rounded up, are the class.
  const std::size_t last = ((size + 7) | 7U) + sizeof(Header);
  const unsigned shift = static_cast<unsigned>(std::bit_width(last)) - 3;
  const std::size_t rounded = ((last >> shift) + 1) << shift;
  const unsigned size_class = 4 * shift + (last >> shift & 3U);
  Header* block = heap.free[size_class];
  if (block != nullptr) {
    heap.free[size_class] = block->next;
  } else {
    const auto left = static_cast<std::size_t>(end_of_memory() - heap.begin);
    if (left < rounded) {
      const std::size_t growth = rounded - left + least_growth;
      if (__builtin_wasm_memory_grow(0, growth / page) == SIZE_MAX)
        return nullptr;
    }
    block = reinterpret_cast<Header*>(heap.begin);
    heap.begin += rounded;
    block->size_class = size_class;
  }
  return block + 1;
}

extern "C" void free(void* data) {
  if (data == nullptr)
    return;
  Header* const block = static_cast<Header*>(data) - 1;
  block->next = heap.free[block->size_class];
  heap.free[block->size_class] = block;
}

extern "C" __attribute__((no_builtin("memcpy"))) void* memcpy(void* __restrict to, const void* __restrict from,
                                                              std::size_t size) {
  auto* out = static_cast<std::byte*>(to);
  const auto* in = static_cast<const std::byte*>(from);
  for (; size >= 8; size -= 8, out += 8, in += 8)
    __builtin_memcpy_inline(out, in, 8);
  for (; size > 0; --size)
    *out++ = *in++;
  return to;
}

extern "C" __attribute__((no_builtin("strlen"))) std::size_t strlen(const char* text) {
  std::size_t size = 0;
  while (text[size] != '\0')
    ++size;
  return size;
}

extern "C" __attribute__((no_builtin("memchr"))) void* memchr(const void* from, int value, std::size_t size) {
  const auto* in = static_cast<const unsigned char*>(from);
  for (; size > 0; --size, ++in)
    if (*in == static_cast<unsigned char>(value))
      return const_cast<unsigned char*>(in);  // NOLINT: as the standard has it
  return nullptr;
}
