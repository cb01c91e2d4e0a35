#ifndef BALISE_GENERATOR_WRITE_KEY_FACTS_HPP
#define BALISE_GENERATOR_WRITE_KEY_FACTS_HPP

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/packed.hpp"
#include "generator/write/sorter.hpp"

namespace balise {

/// ROMEs and levels of texts, of which a country may have millions: they wait on disk, but for the last ones.
class KeyFacts {
 public:
  struct Row {
    std::uint32_t hash = 0;  ///< key_hash() as a number
    std::string key;
    std::vector<RomeCode> romes;  ///< ascending
    std::uint8_t levels = 0;
  };
  /// Those in memory take `memory_bytes`; `folder` takes the others, as that of a Sorter.
  explicit KeyFacts(const std::filesystem::path& folder, std::size_t memory_bytes = std::size_t{4} << 20U)
      : m_rows(folder, memory_bytes) {}

  /// Says more of a key; `romes` have any order. Throws Failure(Exit::failed) when the disk is full.
  void add(std::string_view key, std::span<const RomeCode> romes, std::uint8_t levels);

  /// Calls take(row) for each key, ascending by hash, then by key, with all that was said of it. May be called again;
  /// from the first call on nothing may be added. Throws Failure(Exit::failed) when the disk cannot be read.
  template <typename Take>
  void for_each(const Take& take) {
    m_rows.rewind();
    auto item = m_rows.next();
    while (item) {
      Row row = row_of(*item);
      for (item = m_rows.next(); item && is_of(*item, row); item = m_rows.next())
        join(row, row_of(*item));
      take(row);
    }
  }

 private:
  [[nodiscard]] static Row row_of(const Sorter::Item& item);
  [[nodiscard]] static bool is_of(const Sorter::Item& item, const Row& row);
  static void join(Row& into, const Row& row);

  Sorter m_rows;
  Bytes m_key, m_value;
};

}  // namespace balise

#endif
