#ifndef BALISE_CORE_PACKED_HPP
#define BALISE_CORE_PACKED_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/list.hpp"

namespace balise {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Appends a varint: seven bits a byte, lowest first, the high bit set on all but the last (docs/FORMAT.md).
void put_varint(Bytes& out, std::uint64_t value);

/// Reads packed columns of untrusted bytes. After a read past the end or an overlong varint, ok() is false for good and
/// every read returns 0 or nothing: callers may check once, at the end.
class PackedReader {
 public:
  explicit PackedReader(ByteView bytes) : m_bytes(bytes) {}
  [[nodiscard]] std::uint64_t varint();
  [[nodiscard]] std::uint8_t byte();
  /// Adds the next varint of a column of differences; false, and `value` as it was, when the sum would reach `end`.
  [[nodiscard]] bool step(std::uint64_t& value, std::uint64_t end);
  /// A view into the bytes given to the constructor.
  [[nodiscard]] std::string_view text(std::uint64_t size);
  [[nodiscard]] bool ok() const { return m_ok; }
  /// True when nothing went wrong and every byte was read.
  [[nodiscard]] bool ok_and_at_end() const { return m_ok && m_next == m_bytes.size(); }

 private:
  ByteView m_bytes;
  std::size_t m_next = 0;
  bool m_ok = true;
};

/// Columns, each behind its length as a varint.
class ColumnWriter {
 public:
  void add(ByteView column) {
    put_varint(m_bytes, column.size());
    m_bytes.insert(m_bytes.end(), column.begin(), column.end());
  }
  [[nodiscard]] const Bytes& bytes() const { return m_bytes; }

 private:
  Bytes m_bytes;
};
class ColumnReader {
 public:
  explicit ColumnReader(ByteView bytes) : m_reader(bytes) {}
  /// The next column; empty when there is none, and ok() false. There may be more than the caller knows.
  [[nodiscard]] ByteView next() {
    const std::string_view column = m_reader.text(m_reader.varint());
    return {reinterpret_cast<const std::uint8_t*>(column.data()), column.size()};
  }
  [[nodiscard]] bool ok() const { return m_reader.ok(); }

 private:
  PackedReader m_reader;
};

/// Signed numbers as 0, 1, 2, 3 … for 0, -1, 1, -2 …
[[nodiscard]] constexpr std::uint64_t folded_sign(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63U);
}
[[nodiscard]] constexpr std::int64_t unfolded_sign(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

/// A column of texts, each ended by a line feed.
class LineReader {
 public:
  explicit LineReader(ByteView bytes) : m_rest(reinterpret_cast<const char*>(bytes.data()), bytes.size()) {}
  /// Whether there are exactly so many.
  [[nodiscard]] bool holds(std::size_t count) const;
  /// The next one, without its end, in the bytes given to the constructor. Precondition: there is one.
  [[nodiscard]] std::string_view line();

 private:
  std::string_view m_rest;
};
/// Reads exactly `count` texts, each ended by a line feed.
[[nodiscard]] bool read_lines(ByteView bytes, std::size_t count, List<std::string>& out);
/// Reads an ascending list: how many numbers, then each as the difference to the one before; all below `end`.
[[nodiscard]] bool read_ascending(PackedReader& reader, std::uint64_t end, List<std::uint32_t>& out);
/// Reads exactly `count` numbers below `end`.
[[nodiscard]] bool read_numbers(ByteView bytes, std::size_t count, std::uint64_t end, List<std::uint32_t>& out);

/// Appends an ascending list.
template <typename Numbers, typename NumberOf>
void put_ascending(Bytes& out, const Numbers& numbers, NumberOf&& number_of) {
  put_varint(out, numbers.size());
  std::uint32_t last = 0;
  for (const auto& item : numbers) {
    put_varint(out, number_of(item) - last);
    last = number_of(item);
  }
}

/// Reads a column of references of `count` rows: each is 0 for the next value of another column, or the number of an
/// earlier one, from 1 on. Gives the number of each row's value from 0 on, and how many values there are.
[[nodiscard]] bool read_references(ByteView bytes, std::size_t count, List<std::uint32_t>& out, std::size_t& values);

}  // namespace balise

#endif
