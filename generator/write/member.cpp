#include "generator/write/member.hpp"

#include <algorithm>
#include <cstring>

namespace balise {

namespace {

void put_ordered(Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
  out.push_back(0);
}

}  // namespace

void put_big_endian(Bytes& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes)
    value = value << 8U | byte;
  return value;
}

void put_place_order(Bytes& out, PlaceKey key, std::string_view lower_title, std::string_view id, Source source) {
  put_big_endian(out, key, place_bytes);
  put_ordered(out, lower_title);
  put_ordered(out, id);
  out.push_back(static_cast<std::uint8_t>(source));
}

void put_title_order(Bytes& out, Source source, std::string_view lower_title, std::string_view lower_company,
                     std::string_view id) {
  out.push_back(static_cast<std::uint8_t>(source));
  put_ordered(out, lower_title);
  put_ordered(out, lower_company);
  put_ordered(out, id);
}

std::string_view title_of_order(ByteView title_order) {
  const ByteView rest = title_order.subspan(1);
  const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{0});
  return {reinterpret_cast<const char*>(rest.data()), static_cast<std::size_t>(end - rest.begin())};
}

void put_member(Bytes& out, const Member& member, std::span<const RomeCode> romes) {
  const std::size_t begin = out.size();
  out.resize(begin + sizeof member + romes.size_bytes());
  std::memcpy(out.data() + begin, &member, sizeof member);
  if (!romes.empty())
    std::memcpy(out.data() + begin + sizeof member, romes.data(), romes.size_bytes());
}

void MemberView::look_at(ByteView bytes) {
  std::memcpy(&m_member, bytes.data(), sizeof m_member);
  m_romes.resize((bytes.size() - sizeof m_member) / sizeof(RomeCode));
  if (!m_romes.empty())
    std::memcpy(m_romes.data(), bytes.data() + sizeof m_member, m_romes.size() * sizeof(RomeCode));
}

std::span<const RomeCode> MemberView::romes(RomeDomain domain) const {
  const auto is_in = [&](RomeCode code) { return domain_of(code) == domain; };
  const auto begin = std::find_if(m_romes.begin(), m_romes.end(), is_in);
  return {begin, std::find_if_not(begin, m_romes.end(), is_in)};
}

}  // namespace balise
