#include "core/inflate.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <type_traits>

namespace balise {

namespace {

/// Natively; in the module every byte of code is fetched by whoever searches, and one at a time is fast enough.
constexpr bool has_room_for_code = sizeof(void*) == 8;

constexpr unsigned longest_code = 15;
constexpr std::size_t literal_codes = 288, distance_codes = 30;
constexpr std::uint32_t end_of_block = 256;

/// Bits of a stream, lowest first. Behind the end come zeros; overran() tells.
class BitReader {
 public:
  explicit BitReader(ByteView bytes) : m_bytes(bytes) {}

  /// At least 32 bits, not consumed.
  std::uint32_t peek() {
    if (has_room_for_code && m_count < 32 && m_next + 4 <= m_bytes.size()) {
      const std::uint8_t* const at = m_bytes.data() + m_next;
      const std::uint32_t four =
          at[0] | std::uint32_t{at[1]} << 8U | std::uint32_t{at[2]} << 16U | std::uint32_t{at[3]} << 24U;
      m_bits |= std::uint64_t{four} << m_count;
      m_next += 4;
      m_count += 32;
    }
    while (m_count < 32) {
      if (m_next < m_bytes.size())
        m_bits |= std::uint64_t{m_bytes[m_next]} << m_count;
      ++m_next;
      m_count += 8;
    }
    return static_cast<std::uint32_t>(m_bits);
  }
  void skip(unsigned count) {
    m_bits >>= count;
    m_count -= count;
  }
  /// At most 16.
  std::uint32_t take(unsigned count) {
    const std::uint32_t bits = peek() & ((1U << count) - 1);
    skip(count);
    return bits;
  }
  void skip_to_byte() { skip(m_count % 8); }
  [[nodiscard]] bool overran() const { return m_next - m_count / 8 > m_bytes.size(); }
  [[nodiscard]] bool at_end() const { return m_next - m_count / 8 == m_bytes.size(); }

 private:
  ByteView m_bytes;
  std::size_t m_next = 0;
  std::uint64_t m_bits = 0;
  unsigned m_count = 0;
};

/// A canonical Huffman code. Short codes are looked up, longer ones counted out.
class Code {
 public:
  /// False when the lengths give too many codes, or too few: except a single one, which deflate allows.
  bool make(const std::uint8_t* lengths, std::size_t count) {
    m_counts.fill(0);
    for (std::size_t i = 0; i < count; ++i)
      ++m_counts[lengths[i]];
    const std::size_t used = count - m_counts[0];
    m_counts[0] = 0;
    std::int32_t left = 1;
    std::array<std::uint16_t, longest_code + 2> first{};
    for (unsigned length = 1; length <= longest_code; ++length) {
      left = 2 * left - m_counts[length];
      if (left < 0)
        return false;
      first[length + 1] = static_cast<std::uint16_t>(first[length] + m_counts[length]);
    }
    if (left > 0 && used > 1)
      return false;
    m_fast.fill(0);
    std::array<std::uint32_t, longest_code + 1> next{};
    for (unsigned length = 1; length < longest_code; ++length)
      next[length + 1] = (next[length] + m_counts[length]) << 1U;
    for (std::size_t symbol = 0; symbol < count; ++symbol) {
      const unsigned length = lengths[symbol];
      if (length == 0)
        continue;
      m_symbols[first[length]++] = static_cast<std::uint16_t>(symbol);
      const std::uint32_t code = next[length]++;
      if (length > fast_bits)
        continue;
      std::uint32_t reversed = 0;
      for (unsigned bit = 0; bit < length; ++bit)
        reversed |= (code >> bit & 1U) << (length - 1 - bit);
      for (; reversed < m_fast.size(); reversed += 1U << length)
        m_fast[reversed] = static_cast<std::uint16_t>(symbol << 4U | length);
    }
    return true;
  }

  /// The next symbol; above all symbols for a code that there is not.
  std::uint32_t read(BitReader& bits) const {
    std::uint32_t ahead = bits.peek();
    if (const std::uint16_t entry = m_fast[ahead & (m_fast.size() - 1)]; entry != 0) {
      bits.skip(entry & 15U);
      return entry >> 4U;
    }
    std::uint32_t code = 0, first = 0, index = 0;
    for (unsigned length = 1; length <= longest_code; ++length) {
      code |= ahead & 1U;
      ahead >>= 1U;
      const std::uint32_t count = m_counts[length];
      if (code < first + count) {
        bits.skip(length);
        return m_symbols[index + code - first];
      }
      index += count;
      first = (first + count) << 1U;
      code <<= 1U;
    }
    return 0xFFFF;
  }

 private:
  static constexpr unsigned fast_bits = 9;
  std::array<std::uint16_t, longest_code + 1> m_counts{};
  std::array<std::uint16_t, literal_codes> m_symbols{};
  /// By the next bits: symbol * 16 + length of its code; 0 for longer codes.
  std::array<std::uint16_t, std::size_t{1} << fast_bits> m_fast{};
};

struct Codes {
  Code literals, distances;
};

bool read_codes(BitReader& bits, Codes& codes) {
  const std::uint32_t literals = bits.take(5) + 257, distances = bits.take(5) + 1,
                      lengths_of_lengths = bits.take(4) + 4;
  if (literals > literal_codes - 2 || distances > distance_codes)
    return false;
  constexpr std::array<std::uint8_t, 19> order{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  std::array<std::uint8_t, literal_codes + distance_codes> lengths{};
  for (std::size_t i = 0; i < lengths_of_lengths; ++i)
    lengths[order[i]] = static_cast<std::uint8_t>(bits.take(3));
  if (!codes.literals.make(lengths.data(), order.size()))
    return false;
  const Code length_code = codes.literals;
  lengths.fill(0);
  for (std::size_t i = 0; i < literals + distances;) {
    const std::uint32_t symbol = length_code.read(bits);
    if (symbol < 16) {
      lengths[i++] = static_cast<std::uint8_t>(symbol);
      continue;
    }
    if (symbol > 18 || (symbol == 16 && i == 0))
      return false;
    const std::uint8_t value = symbol == 16 ? lengths[i - 1] : std::uint8_t{0};
    std::uint32_t times = symbol == 18 ? 11 + bits.take(7) : 3 + bits.take(symbol == 16 ? 2 : 3);
    if (i + times > literals + distances)
      return false;
    for (; times > 0; --times)
      lengths[i++] = value;
  }
  return lengths[end_of_block] != 0 && codes.literals.make(lengths.data(), literals) &&
         codes.distances.make(lengths.data() + literals, distances);
}

/// Those of blocks that bring none.
void take_fixed_codes(Codes& codes) {
  std::array<std::uint8_t, literal_codes> lengths{};
  std::fill(lengths.begin(), lengths.begin() + 144, std::uint8_t{8});
  std::fill(lengths.begin() + 144, lengths.begin() + 256, std::uint8_t{9});
  std::fill(lengths.begin() + 256, lengths.begin() + 280, std::uint8_t{7});
  std::fill(lengths.begin() + 280, lengths.end(), std::uint8_t{8});
  static_cast<void>(codes.literals.make(lengths.data(), literal_codes));
  // 32 of equal length: two of them stand for nothing, and read_block() refuses them.
  lengths.fill(5);
  static_cast<void>(codes.distances.make(lengths.data(), 32));
}

class Output {
 public:
  explicit Output(std::size_t size) : m_bytes(size) {}
  bool put(std::uint8_t byte) {
    if (m_next == m_bytes.size())
      return false;
    m_bytes[m_next++] = byte;
    return true;
  }
  bool repeat(std::size_t distance, std::size_t length) {
    if (distance > m_next || length > m_bytes.size() - m_next)
      return false;
    std::uint8_t* const bytes = m_bytes.data();
    // Eight at a time as long as they do not reach into each other.
    for (; has_room_for_code && length >= 8 && distance >= 8; length -= 8, m_next += 8)
      std::memcpy(bytes + m_next, bytes + m_next - distance, 8);
    for (; length > 0; --length, ++m_next)
      bytes[m_next] = bytes[m_next - distance];
    return true;
  }
  [[nodiscard]] bool is_full() const { return m_next == m_bytes.size(); }
  Bytes take() { return std::move(m_bytes); }

 private:
  Bytes m_bytes;
  std::size_t m_next = 0;
};

bool read_stored(BitReader& bits, Output& out) {
  bits.skip_to_byte();
  std::uint32_t length = bits.take(16);
  if (bits.take(16) != (length ^ 0xFFFFU))
    return false;
  for (; length > 0; --length)
    if (bits.overran() || !out.put(static_cast<std::uint8_t>(bits.take(8))))
      return false;
  return true;
}

bool read_block(BitReader& from, const Codes& codes, Output& out) {
  // A copy, which stays in registers: bytes that are written cannot change it.
  std::conditional_t<has_room_for_code, BitReader, BitReader&> bits = from;
  while (!bits.overran()) {
    std::uint32_t symbol = codes.literals.read(bits);
    if (symbol < end_of_block) {
      if (!out.put(static_cast<std::uint8_t>(symbol)))
        return false;
      continue;
    }
    if (symbol == end_of_block) {
      from = bits;
      return true;
    }
    // Lengths and distances grow in groups of codes, each with one more bit than the group before.
    symbol -= end_of_block + 1;
    if (symbol > 28)
      return false;
    std::uint32_t length = symbol + 3;
    if (symbol == 28) {
      length = 258;
    } else if (symbol >= 8) {
      const std::uint32_t extra = symbol / 4 - 1;
      length = 3 + ((4 + symbol % 4) << extra) + bits.take(extra);
    }
    const std::uint32_t code = codes.distances.read(bits);
    if (code >= distance_codes)
      return false;
    std::uint32_t distance = code + 1;
    if (code >= 4) {
      const unsigned extra = code / 2 - 1;
      distance = 1 + ((2 + code % 2) << extra) + bits.take(extra);
    }
    if (!out.repeat(distance, length))
      return false;
  }
  return false;
}

}  // namespace

std::optional<Bytes> inflate(ByteView packed, std::size_t size) {
  BitReader bits(packed);
  Output out(size);
  Codes codes;
  for (bool is_last = false; !is_last;) {
    is_last = bits.take(1) != 0;
    bool ok = false;
    switch (bits.take(2)) {
      case 0:
        ok = read_stored(bits, out);
        break;
      case 1:
        take_fixed_codes(codes);
        ok = read_block(bits, codes, out);
        break;
      case 2:
        ok = read_codes(bits, codes) && read_block(bits, codes, out);
        break;
      default:
        break;
    }
    if (!ok || bits.overran())
      return std::nullopt;
  }
  bits.skip_to_byte();
  if (!out.is_full() || !bits.at_end())
    return std::nullopt;
  return out.take();
}

}  // namespace balise
