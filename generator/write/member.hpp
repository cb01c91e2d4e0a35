#ifndef BALISE_GENERATOR_WRITE_MEMBER_HPP
#define BALISE_GENERATOR_WRITE_MEMBER_HPP

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/packed.hpp"
#include "core/place_key.hpp"
#include "core/territory.hpp"

/// The orders of docs/FORMAT.md as bytes that a Sorter compares, and what is sorted by them.
namespace balise {

void put_big_endian(Bytes& out, std::uint64_t value, std::size_t bytes);
[[nodiscard]] std::uint64_t big_endian(ByteView bytes);

inline constexpr std::size_t place_bytes = 7;  ///< of a place key, at the beginning of the order by place

/// By place; at one place by title, then id, then source: the order of ranks. Appends to `out`. No text holds a zero.
void put_place_order(Bytes& out, PlaceKey key, std::string_view lower_title, std::string_view id, Source source);
/// By source, then title, then company, then id: the order of chunks of titles.
void put_title_order(Bytes& out, Source source, std::string_view lower_title, std::string_view lower_company,
                     std::string_view id);
/// The title in an order by title.
[[nodiscard]] std::string_view title_of_order(ByteView title_order);

/// A member of groups: what their entries say of a record, and where its card is.
struct Member {
  std::uint32_t page;  ///< number in the region
  std::uint16_t slot;
  std::uint16_t mark;  ///< of the id alone, any number: says where chunks of titles may end
  Source source;
  Departement departement;
  Level level;
  Opco opco;
};
/// Writes a member and its ROMEs, for MemberView.
void put_member(Bytes& out, const Member& member, std::span<const RomeCode> romes);

/// One object looks at one member after the other.
class MemberView {
 public:
  /// At what put_member() wrote in this process.
  void look_at(ByteView bytes);
  [[nodiscard]] const Member& operator*() const { return m_member; }
  [[nodiscard]] const Member* operator->() const { return &m_member; }
  /// Ascending.
  [[nodiscard]] std::span<const RomeCode> romes() const { return m_romes; }
  /// Those in one domain.
  [[nodiscard]] std::span<const RomeCode> romes(RomeDomain domain) const;

  /// Calls take(domain) for the group of all and for that of each of its domains.
  template <typename Take>
  void for_each_domain(const Take& take) const {
    take(RomeDomain{});
    RomeDomain last;
    for (const RomeCode code : m_romes) {
      if (!(domain_of(code) == last))
        take(domain_of(code));
      last = domain_of(code);
    }
  }

 private:
  Member m_member{};
  std::vector<RomeCode> m_romes;
};

}  // namespace balise

#endif
