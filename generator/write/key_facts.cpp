#include "generator/write/key_facts.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace balise {

namespace {

/// Rows are sorted when so many new ones came, or as many as there are already.
constexpr std::size_t least_new_bytes = 256U << 10U;

}  // namespace

void KeyFacts::put(Bytes& out, const Row& row) {
  put_varint(out, row.key.size());
  out.insert(out.end(), row.key.begin(), row.key.end());
  put_ascending(out, row.romes, [](RomeCode code) { return code.value; });
  out.push_back(row.levels);
}

KeyFacts::Row KeyFacts::row_at(ByteView bytes, std::size_t& at) {
  const auto number = [&] {
    std::uint64_t value = 0;
    unsigned shift = 0;
    do {
      value |= static_cast<std::uint64_t>(bytes[at] & 0x7FU) << shift;
      shift += 7;
    } while (bytes[at++] >= 0x80);
    return static_cast<std::size_t>(value);
  };
  Row row;
  const std::size_t size = number();
  row.key = {reinterpret_cast<const char*>(bytes.data() + at), size};
  at += size;
  row.romes.resize(number());
  std::uint32_t last = 0;
  for (RomeCode& code : row.romes)
    code.value = last += static_cast<std::uint32_t>(number());
  row.levels = bytes[at++];
  return row;
}

void KeyFacts::join(Row& into, const Row& row) {
  into.levels = static_cast<std::uint8_t>(into.levels | row.levels);
  if (std::includes(into.romes.begin(), into.romes.end(), row.romes.begin(), row.romes.end()))
    return;
  std::vector<RomeCode> all;
  std::set_union(into.romes.begin(), into.romes.end(), row.romes.begin(), row.romes.end(), std::back_inserter(all));
  into.romes = std::move(all);
}

void KeyFacts::add(std::string_view key, std::span<const RomeCode> romes, std::uint8_t levels) {
  Row row{key, {romes.begin(), romes.end()}, levels};
  if (std::adjacent_find(romes.begin(), romes.end(), [](RomeCode a, RomeCode b) { return !(a < b); }) != romes.end()) {
    std::sort(row.romes.begin(), row.romes.end());
    row.romes.erase(std::unique(row.romes.begin(), row.romes.end()), row.romes.end());
  }
  put(m_new, row);
  if (m_new.size() < std::max(least_new_bytes, m_sorted.size()))
    return;
  m_new.insert(m_new.end(), m_sorted.begin(), m_sorted.end());
  m_sorted = sorted(m_new);
  m_new = {};
}

void KeyFacts::merge(KeyFacts others) {
  m_others.push_back(std::move(others.m_sorted));
  m_others.push_back(sorted(others.m_new));
  std::move(others.m_others.begin(), others.m_others.end(), std::back_inserter(m_others));
  std::erase_if(m_others, [](const Bytes& rows) { return rows.empty(); });
}

Bytes KeyFacts::sorted(ByteView rows) {
  std::vector<std::pair<std::string_view, std::size_t>> places;
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t begin = at;
    places.emplace_back(row_at(rows, at).key, begin);
  }
  std::sort(places.begin(), places.end());
  Bytes out;
  for (std::size_t i = 0; i < places.size();) {
    std::size_t at = places[i].second;
    Row row = row_at(rows, at);
    for (++i; i < places.size() && places[i].first == row.key; ++i) {
      at = places[i].second;
      join(row, row_at(rows, at));
    }
    put(out, row);
  }
  out.shrink_to_fit();
  return out;
}

void KeyFacts::Merger::Head::advance() {
  is_there = at < rows.size();
  if (is_there)
    row = row_at(rows, at);
}

KeyFacts::Merger::Merger(const KeyFacts& facts) : m_new(sorted(facts.m_new)) {
  m_heads.push_back({m_new, 0, {}, false});
  m_heads.push_back({facts.m_sorted, 0, {}, false});
  for (const Bytes& rows : facts.m_others)
    m_heads.push_back({rows, 0, {}, false});
  for (Head& head : m_heads)
    head.advance();
}

bool KeyFacts::Merger::advance() {
  const Head* least = nullptr;
  for (const Head& head : m_heads)
    if (head.is_there && (least == nullptr || head.row.key < least->row.key))
      least = &head;
  if (least == nullptr)
    return false;
  m_row = least->row;
  for (Head& head : m_heads) {
    if (head.is_there && head.row.key == m_row.key) {
      join(m_row, head.row);
      head.advance();
    }
  }
  return true;
}

}  // namespace balise
