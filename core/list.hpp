#ifndef BALISE_CORE_LIST_HPP
#define BALISE_CORE_LIST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <type_traits>
#include <utility>

namespace balise {

/// What a List is without its type: one block, of which the first `m_size` bytes are in use.
class RawList {
 public:
  RawList(const RawList&) = delete;
  RawList& operator=(const RawList&) = delete;

 protected:
  /// Moves that many bytes of items to another place, and ends them where they were; nullptr where copying bytes does.
  using Mover = void (*)(void* to, void* from, std::size_t size_bytes);

  RawList() = default;
  ~RawList() { ::operator delete(m_data); }
  /// Makes room for at least so many bytes in all.
  void reserve_bytes(std::size_t size_bytes, Mover mover);
  /// Makes room for one more item, uninitialised, and counts it.
  [[nodiscard]] void* add(std::size_t size_bytes, Mover mover);
  void swap(RawList& other) {
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_capacity, other.m_capacity);
  }

  std::byte* m_data = nullptr;
  std::size_t m_size = 0, m_capacity = 0;
};

/// A std::vector for core/, with what core/ needs of it: the code by which it grows stands once in the WebAssembly
/// module instead of once for each type, which makes the module an eighth smaller.
template <typename T>
class List : private RawList {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  List() = default;
  List(std::initializer_list<T> items) { append(items.begin(), items.end()); }
  template <typename Iterator>
  List(Iterator first, Iterator last) {
    append(first, last);
  }
  List(const List& other) : List(other.begin(), other.end()) {}
  List(List&& other) noexcept { swap(other); }
  List& operator=(List other) noexcept {
    swap(other);
    return *this;
  }
  ~List() { clear(); }

  [[nodiscard]] T* data() { return reinterpret_cast<T*>(m_data); }
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(m_data); }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return reinterpret_cast<T*>(m_data + m_size); }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return reinterpret_cast<const T*>(m_data + m_size); }
  [[nodiscard]] std::size_t size() const { return m_size / sizeof(T); }
  [[nodiscard]] bool empty() const { return m_size == 0; }
  [[nodiscard]] T& operator[](std::size_t i) { return data()[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return data()[i]; }
  [[nodiscard]] T& front() { return *begin(); }
  [[nodiscard]] const T& front() const { return *begin(); }
  [[nodiscard]] T& back() { return end()[-1]; }
  [[nodiscard]] const T& back() const { return end()[-1]; }

  void reserve(std::size_t count) { reserve_bytes(count * sizeof(T), mover); }
  /// `item` must not be one of the list.
  void push_back(const T& item) { new (add(sizeof(T), mover)) T(item); }
  void push_back(T&& item) { new (add(sizeof(T), mover)) T(std::move(item)); }
  template <typename Iterator>
  void append(Iterator first, Iterator last) {
    for (; first != last; ++first)
      push_back(*first);
  }
  void pop_back() {
    back().~T();
    m_size -= sizeof(T);
  }
  void clear() { shrink(0); }
  void resize(std::size_t count) {
    shrink(count);
    reserve(count);
    for (; size() < count; m_size += sizeof(T))
      new (m_data + m_size) T();
  }
  void erase(const T* first, const T* last) {
    if (first == last)
      return;  // nothing may be moved onto itself
    std::move(begin() + (last - begin()), end(), begin() + (first - begin()));
    shrink(size() - static_cast<std::size_t>(last - first));
  }

  template <typename Items>
  [[nodiscard]] friend bool operator==(const List& a, const Items& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  [[nodiscard]] friend bool operator<(const List& a, const List& b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  void shrink(std::size_t count) {
    while (size() > count)
      pop_back();
  }
  static void move_items(void* to, void* from, std::size_t size_bytes) {
    T* const source = static_cast<T*>(from);
    for (std::size_t i = 0; i < size_bytes / sizeof(T); ++i) {
      new (static_cast<T*>(to) + i) T(std::move(source[i]));
      source[i].~T();
    }
  }
#ifdef __wasm__
  // There a string holds no pointer into itself, and neither does anything else that core/ keeps in lists: to move the
  // bytes is enough, and takes no code for each type. (Elsewhere strings do; tests with sanitizers run there.)
  static constexpr Mover mover = nullptr;
#else
  static constexpr Mover mover = std::is_trivially_copyable_v<T> ? nullptr : move_items;
#endif
};

}  // namespace balise

#endif
