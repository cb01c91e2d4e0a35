#ifndef BALISE_BENCH_DATA_RANDOM_HPP
#define BALISE_BENCH_DATA_RANDOM_HPP

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace balise::bench {

/// splitmix64: spreads the bits of numbers that lie close together.
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

/// What a stream of random numbers is for: one record's text does not change when another part of it does.
enum class Stream : std::uint64_t {
  company,
  school,
  formation,
  formation_text,
  offer,
  offer_text,
  night,
  search,
  zipf
};

/// A stream of random numbers that depends on nothing but its four names: any record can be made again without those
/// before it, so the maker needs no memory and a night changes only what it means to.
class Random {
 public:
  Random(std::uint64_t seed, Stream stream, std::uint64_t index, std::uint64_t version = 0)
      : m_state(mixed(mixed(mixed(seed) ^ static_cast<std::uint64_t>(stream)) ^ mixed(index) ^
                      (version * 0xD6E8FEB86659FD93U))) {}

  std::uint64_t next() { return mixed(m_state += 0x9E3779B97F4A7C15U); }
  /// From 0 to `end` - 1; `end` > 0.
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(((next() >> 32U) * end) >> 32U); }
  int between(int low, int high) { return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1))); }
  double unit() { return static_cast<double>(next() >> 11U) * 0x1p-53; }
  bool chance(double share) { return unit() < share; }
  /// Standard normal.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - unit()));
    return radius * std::cos(6.283185307179586 * unit());
  }
  template <typename Value>
  const Value& pick(const std::vector<Value>& list) {
    return list[below(static_cast<std::uint32_t>(list.size()))];
  }

 private:
  std::uint64_t m_state;
};

/// Draws indexes by given weights.
class Weighted {
 public:
  void add(double weight) { m_sums.push_back((m_sums.empty() ? 0 : m_sums.back()) + weight); }
  [[nodiscard]] std::size_t size() const { return m_sums.size(); }
  std::size_t draw(Random& random) const {
    const double wanted = random.unit() * m_sums.back();
    std::size_t low = 0, high = m_sums.size() - 1;
    while (low < high) {
      const std::size_t middle = (low + high) / 2;
      if (m_sums[middle] > wanted)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }

 private:
  std::vector<double> m_sums;
};

}  // namespace balise::bench

#endif
