#ifndef BALISE_CORE_PACKED_HPP
#define BALISE_CORE_PACKED_HPP

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

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

/// Writes a text column: every distinct text once, in the order of first use, and a reference for each row.
class TextColumnWriter {
 public:
  void add(std::string_view text);
  [[nodiscard]] const Bytes& texts() const { return m_texts; }
  [[nodiscard]] const Bytes& refs() const { return m_refs; }

 private:
  Bytes m_texts, m_refs;
  std::unordered_map<std::string, std::uint64_t> m_numbers;
};

/// Reads a text column of `count` rows; false when it breaks the format.
[[nodiscard]] bool read_text_column(ByteView texts, ByteView refs, std::size_t count, std::vector<std::string>& out);

}  // namespace balise

#endif
