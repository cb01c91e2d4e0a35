#include "core/list.hpp"

#include <cstring>

namespace balise {

void RawList::reserve_bytes(std::size_t size_bytes, Mover mover) {
  if (size_bytes <= m_capacity)
    return;
  auto* const data = static_cast<std::byte*>(::operator new(size_bytes));
  if (mover != nullptr)
    mover(data, m_data, m_size);
  else if (m_size > 0)
    std::memcpy(data, m_data, m_size);
  ::operator delete(m_data);
  m_data = data;
  m_capacity = size_bytes;
}

void* RawList::add(std::size_t size_bytes, Mover mover) {
  if (m_size + size_bytes > m_capacity)
    reserve_bytes(2 * m_capacity + size_bytes, mover);
  m_size += size_bytes;
  return m_data + m_size - size_bytes;
}

}  // namespace balise
