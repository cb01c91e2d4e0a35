#ifndef BALISE_BENCH_DATA_MAKE_HPP
#define BALISE_BENCH_DATA_MAKE_HPP

#include <cstdint>
#include <string>

#include "tests/bench/data/world.hpp"

namespace balise::bench {

inline constexpr std::uint64_t formations_at_scale_1 = 60'000, france_travail_at_scale_1 = 90'000,
                               lba_at_scale_1 = 50'000, matcha_at_scale_1 = 10'000, companies_at_scale_1 = 600'000;

/// Which set a record belongs to; the numbers go into its random streams.
enum class Kind : std::uint64_t { formation = 1, france_travail, lba, matcha, company };

// Each appends one record as one line of JSON, with the line break.
void make_formation(std::string& out, const World& world, std::uint64_t index, unsigned version);
/// `companies` is how many the offers choose from.
void make_france_travail(std::string& out, const World& world, std::uint64_t companies, std::uint64_t index,
                         unsigned version);
void make_lba_v3(std::string& out, const World& world, std::uint64_t companies, std::uint64_t index, unsigned version,
                 Kind kind);
void make_company(std::string& out, const World& world, std::uint64_t index, unsigned version);

/// The searches that everything is asked, as JSON: three of four around a place drawn by its population, the others
/// around any commune.
[[nodiscard]] std::string make_searches(const World& world, std::size_t count);

}  // namespace balise::bench

#endif
