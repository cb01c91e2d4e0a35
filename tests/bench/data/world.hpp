#ifndef BALISE_BENCH_DATA_WORLD_HPP
#define BALISE_BENCH_DATA_WORLD_HPP

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generator/ingest/reference.hpp"
#include "tests/bench/data/random.hpp"
#include "tests/bench/data/words.hpp"

namespace balise::bench {

struct Rome {
  std::string code, label;
  std::size_t letter = 0;
};

struct Place {
  const Commune* commune = nullptr;
  double lat_deg = 0, lon_deg = 0;
  std::string postal_code;
};

struct Company {
  std::uint64_t index = 0;
  const Naf* naf = nullptr;
  std::size_t letter = 0;  ///< of its first ROME
  std::string siret, name, legal_name, street_number, street, size;
  Place place;
};

/// How many records a set has, and what a night does to them.
struct Plan {
  std::uint64_t seed = 1;
  double scale = 1;
  unsigned night = 0;  ///< how many nights went over the set
  [[nodiscard]] std::uint64_t of(std::uint64_t count_at_scale_1) const;
};

/// What became of a record.
struct Fate {
  bool gone = false;
  unsigned version = 0;  ///< how often it was changed
};

/// Everything that records are made of.
class World {
 public:
  explicit World(std::uint64_t seed);

  /// Where people live: a commune by its population, then a point around its centre, the farther the larger the town.
  [[nodiscard]] Place draw_place(Random& random) const;
  [[nodiscard]] Place at_centre(const Commune& commune, Random& random) const;
  [[nodiscard]] const Commune& any_commune(Random& random) const;  ///< all alike
  [[nodiscard]] const Commune& populated_commune(Random& random) const;
  [[nodiscard]] std::size_t draw_rome(Random& random) const;  ///< Zipf
  /// The ROME of a company's job: the first of its activity most often.
  [[nodiscard]] std::size_t draw_rome_of(const Naf& naf, Random& random) const;
  [[nodiscard]] std::size_t rome_number(const std::string& code) const;
  /// Numbers of the ROMEs of one domain (F17), first to end.
  [[nodiscard]] std::pair<std::size_t, std::size_t> domain_of(std::size_t rome) const;
  [[nodiscard]] Company company(std::uint64_t index) const;
  [[nodiscard]] std::string brand(Random& random) const;
  [[nodiscard]] std::string street(Random& random) const;

  const std::uint64_t seed;
  const Words words;
  const Reference reference;
  std::vector<Rome> romes;  ///< by code

 private:
  std::vector<const Commune*> m_communes;
  Weighted m_population, m_naf, m_zipf;
  std::vector<std::size_t> m_zipf_romes;  ///< of the rank
  std::vector<std::vector<std::size_t>> m_naf_romes;
};

/// Fourteen digits whose two check digits are right; `number` below 80,000,000 for companies; schools have others.
[[nodiscard]] std::string siret_of(std::uint64_t number, bool is_school);
/// Upper case without accents, as registers write.
[[nodiscard]] std::string register_case(std::string_view text);
[[nodiscard]] Fate fate_of(const Plan& plan, std::uint64_t kind, std::uint64_t index, std::uint64_t count);
/// How many there are with those that came in the nights.
[[nodiscard]] std::uint64_t with_new_ones(const Plan& plan, std::uint64_t count);

/// Fills in the slots of sentences.
class Writer {
 public:
  Writer(const World& world, Random& random, const Company& company, std::size_t rome, const Diploma& diploma)
      : m_world(world), m_random(random), m_company(company), m_rome(rome), m_diploma(diploma) {}
  void write(std::string& out, const Sentence& sentence);
  /// One of the sentences.
  void write(std::string& out, const std::vector<Sentence>& sentences) { write(out, m_random.pick(sentences)); }
  const std::string& task();

 private:
  void fill(std::string& out, Slot slot);
  void write_words(std::string& out);
  const World& m_world;
  Random& m_random;
  const Company& m_company;
  std::size_t m_rome;
  const Diploma& m_diploma;
};

/// "2026-11-20" less some days, and a time when asked for; the day of the set itself for 0.
[[nodiscard]] std::string day_before(int days);
inline constexpr std::string_view as_of = "2026-11-20";
[[nodiscard]] std::string fixed(double value, int decimals);

}  // namespace balise::bench

#endif
