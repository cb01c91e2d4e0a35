#include "core/packed.hpp"

#include <algorithm>

namespace balise {

void put_varint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

std::uint64_t PackedReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    const std::uint8_t part = byte();
    if (!m_ok)
      return 0;
    value |= static_cast<std::uint64_t>(part & 0x7FU) << shift;
    if ((part & 0x80U) == 0)
      return value;
  }
  m_ok = false;
  return 0;
}

std::uint8_t PackedReader::byte() {
  if (!m_ok || m_next == m_bytes.size()) {
    m_ok = false;
    return 0;
  }
  return m_bytes[m_next++];
}

bool PackedReader::step(std::uint64_t& value, std::uint64_t end) {
  const std::uint64_t difference = varint();
  if (!m_ok || difference >= end || value + difference >= end)
    return false;
  value += difference;
  return true;
}

std::string_view PackedReader::text(std::uint64_t size) {
  if (!m_ok || size > m_bytes.size() - m_next) {
    m_ok = false;
    return {};
  }
  const std::string_view view(reinterpret_cast<const char*>(m_bytes.data()) + m_next, static_cast<std::size_t>(size));
  m_next += static_cast<std::size_t>(size);
  return view;
}

bool LineReader::holds(std::size_t count) const {
  return static_cast<std::size_t>(std::count(m_rest.begin(), m_rest.end(), '\n')) == count &&
         (m_rest.empty() || m_rest.back() == '\n');
}

std::string_view LineReader::line() {
  const std::string_view text = m_rest.substr(0, m_rest.find('\n'));
  m_rest.remove_prefix(text.size() + 1);
  return text;
}

bool read_lines(ByteView bytes, std::size_t count, List<std::string>& out) {
  LineReader reader(bytes);
  if (!reader.holds(count))
    return false;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(std::string(reader.line()));
  return true;
}

bool read_ascending(PackedReader& reader, std::uint64_t end, List<std::uint32_t>& out) {
  const std::uint64_t count = reader.varint();
  if (count > 10'000)
    return false;
  std::uint64_t value = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t before = value;
    if (!reader.step(value, end) || (i > 0 && value == before))
      return false;
    out.push_back(static_cast<std::uint32_t>(value));
  }
  return reader.ok();
}

bool read_numbers(ByteView bytes, std::size_t count, std::uint64_t end, List<std::uint32_t>& out) {
  // A number takes a byte at least: a count beyond that is a lie, and must not reserve memory.
  if (count > bytes.size())
    return false;
  out.resize(count);
  PackedReader reader(bytes);
  for (std::uint32_t& number : out) {
    const std::uint64_t value = reader.varint();
    if (value >= end)
      return false;
    number = static_cast<std::uint32_t>(value);
  }
  return reader.ok_and_at_end();
}

bool read_references(ByteView bytes, std::size_t count, List<std::uint32_t>& out, std::size_t& values) {
  values = 0;
  if (!read_numbers(bytes, count, std::uint64_t{1} << 32U, out))
    return false;
  for (std::uint32_t& number : out) {
    if (number > values)
      return false;
    number = static_cast<std::uint32_t>(number == 0 ? values++ : number - 1);
  }
  return true;
}

}  // namespace balise
