#include "generator/write/key_facts.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "core/lookup_files.hpp"
#include "generator/write/member.hpp"

namespace balise {

namespace {

constexpr std::size_t hash_bytes = 4;

std::string_view text_of(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

void KeyFacts::add(std::string_view key, std::span<const RomeCode> romes, std::uint8_t levels) {
  std::vector<RomeCode> ascending(romes.begin(), romes.end());
  std::sort(ascending.begin(), ascending.end());
  ascending.erase(std::unique(ascending.begin(), ascending.end()), ascending.end());
  const std::string digits = key_hash(key);
  std::uint32_t hash = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  m_key.clear();
  put_big_endian(m_key, hash, hash_bytes);
  m_key.insert(m_key.end(), key.begin(), key.end());
  m_value.clear();
  put_varint(m_value, levels);
  put_ascending(m_value, ascending, [](RomeCode code) { return code.value; });
  m_rows.add(m_key, m_value);
}

KeyFacts::Row KeyFacts::row_of(const Sorter::Item& item) {
  Row row;
  row.hash = static_cast<std::uint32_t>(big_endian(item.key.first(hash_bytes)));
  row.key = text_of(item.key.subspan(hash_bytes));
  PackedReader reader(item.value);
  row.levels = static_cast<std::uint8_t>(reader.varint());
  row.romes.resize(static_cast<std::size_t>(reader.varint()));
  std::uint32_t last = 0;
  for (RomeCode& code : row.romes)
    code.value = last += static_cast<std::uint32_t>(reader.varint());
  return row;
}

bool KeyFacts::is_of(const Sorter::Item& item, const Row& row) {
  // Equal keys have equal hashes.
  return text_of(item.key.subspan(hash_bytes)) == row.key;
}

void KeyFacts::join(Row& into, const Row& row) {
  into.levels = static_cast<std::uint8_t>(into.levels | row.levels);
  if (std::includes(into.romes.begin(), into.romes.end(), row.romes.begin(), row.romes.end()))
    return;
  std::vector<RomeCode> all;
  std::set_union(into.romes.begin(), into.romes.end(), row.romes.begin(), row.romes.end(), std::back_inserter(all));
  into.romes = std::move(all);
}

}  // namespace balise
