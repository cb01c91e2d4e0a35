#ifndef BALISE_GENERATOR_WRITE_KEY_FACTS_HPP
#define BALISE_GENERATOR_WRITE_KEY_FACTS_HPP

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/packed.hpp"

namespace balise {

/// ROMEs and levels of texts, of which a country may have millions: some twenty bytes each, one after the other.
class KeyFacts {
 public:
  struct Row {
    std::string_view key;
    std::vector<RomeCode> romes;  ///< ascending
    std::uint8_t levels = 0;
  };
  /// Says more of a key; `romes` have any order.
  void add(std::string_view key, std::span<const RomeCode> romes, std::uint8_t levels);
  /// Takes what others say.
  void merge(KeyFacts others);

  /// Calls take(row) for each key, ascending, with all that was said of it. The row is valid during the call.
  template <typename Take>
  void for_each(const Take& take) const {
    Merger merger(*this);
    while (merger.advance())
      take(merger.row());
  }

  /// One row as bytes, for who needs them in another order.
  static void put(Bytes& out, const Row& row);
  /// The row that put() wrote at `at`, which becomes its end.
  [[nodiscard]] static Row row_at(ByteView bytes, std::size_t& at);

 private:
  /// Reads several sorted lists of rows as one.
  class Merger {
   public:
    explicit Merger(const KeyFacts& facts);
    /// False after the last key.
    bool advance();
    [[nodiscard]] const Row& row() const { return m_row; }

   private:
    struct Head {
      ByteView rows;
      std::size_t at = 0;
      Row row;
      bool is_there = false;
      void advance();
    };
    Bytes m_new;
    std::vector<Head> m_heads;
    Row m_row;
  };
  static void join(Row& into, const Row& row);
  /// `rows`, of any order, by key, each key once.
  [[nodiscard]] static Bytes sorted(ByteView rows);

  Bytes m_new;                  ///< as they came
  Bytes m_sorted;               ///< those before them
  std::vector<Bytes> m_others;  ///< sorted as well
};

}  // namespace balise

#endif
