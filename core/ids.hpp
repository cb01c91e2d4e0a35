#ifndef BALISE_CORE_IDS_HPP
#define BALISE_CORE_IDS_HPP

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace balise {

/// The four sources of results (reference, section 0.3). The numbers are part of the shard format: append only.
enum class Source : std::uint8_t { formations = 0, offres = 1, matcha = 2, lba = 3 };
inline constexpr std::size_t source_count = 4;
inline constexpr std::array<Source, source_count> all_sources{Source::formations, Source::offres, Source::matcha,
                                                              Source::lba};

/// "formations", "offres", "matcha" or "lba".
[[nodiscard]] std::string_view name_of(Source source);
[[nodiscard]] std::optional<Source> parse_source(std::string_view name);

/// A ROME occupation code: one letter, four digits ("F1702"). Ordered as its text is.
struct RomeCode {
  std::uint32_t value = 0;  ///< letter index (A = 0) * 10000 + the four digits
  [[nodiscard]] friend constexpr bool operator==(RomeCode a, RomeCode b) { return a.value == b.value; }
  [[nodiscard]] friend constexpr bool operator<(RomeCode a, RomeCode b) { return a.value < b.value; }
};
/// Accepts either case, nothing else around the five characters.
[[nodiscard]] std::optional<RomeCode> parse_rome(std::string_view text);
[[nodiscard]] std::string to_string(RomeCode code);

/// A ROME domain of three characters ("F17"), or none. Ordered as its text is; none comes first.
struct RomeDomain {
  std::uint16_t value = 0;  ///< 0 = none, else 1 + letter index * 100 + the two digits
  [[nodiscard]] constexpr bool is_none() const { return value == 0; }
  [[nodiscard]] friend constexpr bool operator==(RomeDomain a, RomeDomain b) { return a.value == b.value; }
  [[nodiscard]] friend constexpr bool operator<(RomeDomain a, RomeDomain b) { return a.value < b.value; }
};
[[nodiscard]] constexpr RomeDomain domain_of(RomeCode code) {
  return {static_cast<std::uint16_t>(1 + code.value / 10000 * 100 + code.value % 10000 / 100)};
}
/// "F17"; empty for none.
[[nodiscard]] std::string to_string(RomeDomain domain);
[[nodiscard]] std::optional<RomeDomain> parse_rome_domain(std::string_view text);

/// European level of a diploma, 3 (CAP) to 7 (master); 0 = not stated (reference, section 3.5).
using Level = std::uint8_t;
inline constexpr Level level_unknown = 0;

/// Days since 1970-01-01; 0 = not stated.
using Date = std::int32_t;
inline constexpr Date date_unknown = 0;
/// "2026-11-21", also followed by a time of day ("T…" or " …"), which is dropped. nullopt if it is no real day.
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "YYYY-MM-DD"; empty for date_unknown.
[[nodiscard]] std::string to_string_date(Date date);

/// A skills operator (reference, sections 3.8 and 4.6). The numbers are part of the shard format: append only.
enum class Opco : std::uint8_t {
  unknown = 0,
  afdas,
  akto,
  atlas,
  constructys,
  opcommerce,
  ocapiat,
  opco2i,
  ep,
  mobilite,
  sante,
  uniformation,
};
inline constexpr std::size_t opco_count = 12;
/// The label of today's service ("AFDAS", "L'Opcommerce", …); empty for unknown.
[[nodiscard]] std::string_view label_of(Opco opco);
/// Accepts the keys of 2023 ("OPCO2I") and the labels of 2026, in any case, spaces and apostrophes folded.
[[nodiscard]] std::optional<Opco> parse_opco(std::string_view text);

}  // namespace balise

#endif
