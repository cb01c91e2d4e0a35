#ifndef BALISE_GENERATOR_WRITE_CELLS_HPP
#define BALISE_GENERATOR_WRITE_CELLS_HPP

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "core/place_key.hpp"

namespace balise {

/// Cuts items that come in the order of their keys into cells of at most `most`, halving by one bit of the key after
/// the other; holds no more than the items of the cell that is being filled. More stand together only where they stand
/// on one point, and then at most `most_on_point`.
template <typename Item>
class CellCutter {
 public:
  using Take = std::function<void(std::span<Item>)>;
  CellCutter(std::size_t most, Take take, std::size_t most_on_point = std::numeric_limits<std::size_t>::max())
      : m_most(most), m_most_on_point(most_on_point), m_take(std::move(take)), m_cells{{0, place_key_bits}} {}

  void add(PlaceKey key, Item item) {
    while (key >= end_of(m_cells.back())) {
      give(m_items.size());
      m_cells.pop_back();
    }
    make_room();
    m_items.push_back(std::move(item));
    m_keys.push_back(key);
    while (m_items.size() > m_most && m_cells.back().bit > 0)
      halve();
    if (m_cells.back().bit == 0 && m_items.size() == m_most_on_point)
      give(m_items.size());
  }
  /// After the last item.
  void finish() { give(m_items.size()); }

 private:
  struct Cell {
    PlaceKey first;
    unsigned bit;  ///< how many are open
  };
  static PlaceKey end_of(const Cell& cell) { return cell.first + (PlaceKey{1} << cell.bit); }

  /// All items that wait stand in the cell on top; what is to the left of the last one's half is whole.
  void halve() {
    const Cell whole = m_cells.back();
    const Cell left{whole.first, whole.bit - 1}, right{end_of(left), whole.bit - 1};
    m_cells.back() = right;
    if (m_keys.back() < right.first) {
      m_cells.push_back(left);
      return;
    }
    std::size_t count = 0;
    while (m_keys[count] < right.first)
      ++count;
    give(count);
  }

  /// For one more item than a cell has at most: many cutters wait at a time, and doubling would take twice that.
  void make_room() {
    if (m_items.size() < m_items.capacity() || m_items.size() > m_most)
      return;
    const std::size_t room = std::min(m_most + 1, std::max<std::size_t>(2 * m_items.size(), 16));
    m_items.reserve(room);
    m_keys.reserve(room);
  }

  void give(std::size_t count) {
    if (count == 0)
      return;
    m_take(std::span(m_items).first(count));
    m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(count));
    m_keys.erase(m_keys.begin(), m_keys.begin() + static_cast<std::ptrdiff_t>(count));
  }

  std::size_t m_most, m_most_on_point;
  Take m_take;
  std::vector<Cell> m_cells;  ///< that are not whole, the first one on top
  std::vector<Item> m_items;
  std::vector<PlaceKey> m_keys;
};

}  // namespace balise

#endif
