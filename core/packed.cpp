#include "core/packed.hpp"

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

std::string_view PackedReader::text(std::uint64_t size) {
  if (!m_ok || size > m_bytes.size() - m_next) {
    m_ok = false;
    return {};
  }
  const std::string_view view(reinterpret_cast<const char*>(m_bytes.data()) + m_next, static_cast<std::size_t>(size));
  m_next += static_cast<std::size_t>(size);
  return view;
}

void TextColumnWriter::add(std::string_view text) {
  const auto [place, is_new] = m_numbers.try_emplace(std::string(text), m_numbers.size());
  if (is_new) {
    put_varint(m_refs, 0);
    put_varint(m_texts, text.size());
    m_texts.insert(m_texts.end(), text.begin(), text.end());
  } else {
    put_varint(m_refs, place->second + 1);
  }
}

bool read_text_column(ByteView texts, ByteView refs, std::size_t count, std::vector<std::string>& out) {
  PackedReader text_reader(texts);
  PackedReader ref_reader(refs);
  std::vector<std::string_view> known;
  out.clear();
  // A row costs at least one byte of refs: a count beyond that is a lie, and must not reserve memory.
  if (count > refs.size())
    return false;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t ref = ref_reader.varint();
    if (ref == 0)
      known.push_back(text_reader.text(text_reader.varint()));
    else if (ref > known.size())
      return false;
    if (!text_reader.ok() || !ref_reader.ok())
      return false;
    out.emplace_back(ref == 0 ? known.back() : known[static_cast<std::size_t>(ref - 1)]);
  }
  return text_reader.ok_and_at_end() && ref_reader.ok_and_at_end();
}

}  // namespace balise
