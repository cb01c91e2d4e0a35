#ifndef BALISE_GENERATOR_WRITE_SORTER_HPP
#define BALISE_GENERATOR_WRITE_SORTER_HPP

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/packed.hpp"

namespace balise {

/// Sorts any number of items by their keys, byte by byte, then by their values, in memory that does not grow with their
/// number: what is too much is sorted in pieces, which wait in a file and are merged. Nothing is written to disk for
/// items that fit into memory.
class Sorter {
 public:
  struct Item {
    ByteView key, value;
  };
  /// A file in `folder`, without a name, is made when it is needed. The items in memory take `most_bytes`, or one item
  /// if that is larger.
  Sorter(std::filesystem::path folder, std::size_t most_bytes);
  ~Sorter();
  Sorter(const Sorter&) = delete;
  Sorter& operator=(const Sorter&) = delete;

  /// Throws Failure(Exit::failed) when the disk is full.
  void add(ByteView key, ByteView value);
  /// The next item in order, nullopt after the last: from the first call on nothing may be added. The bytes are valid
  /// until the next call. Throws Failure(Exit::failed) when the file cannot be read.
  [[nodiscard]] std::optional<Item> next();
  /// From here on next() gives all items again.
  void rewind() { m_is_reading = false; }
  /// Gives back the memory and the file; there are no items after it.
  void clear();

 private:
  /// An item in memory: the beginning of the key decides most comparisons.
  struct Place {
    std::uint64_t prefix;
    const std::uint8_t* at;
  };
  class Run;
  static bool is_before(const Place& a, const Place& b);
  std::uint8_t* room_for(std::size_t size);
  void sort_places();
  void write_run();
  [[noreturn]] void fail_to_write() const;
  void begin_reading();
  void sift_down(std::size_t at);

  std::filesystem::path m_folder;
  std::size_t m_most_bytes;
  int m_file = -1;
  std::uint64_t m_file_bytes = 0;
  std::vector<std::uint64_t> m_run_begins;
  std::vector<std::unique_ptr<std::uint8_t[]>> m_blocks;
  std::size_t m_block = 0;                               ///< that is being filled
  std::size_t m_block_used = 0;                          ///< bytes of it
  std::vector<std::unique_ptr<std::uint8_t[]>> m_large;  ///< items that no block holds
  std::size_t m_bytes = 0;                               ///< of items in memory
  std::vector<Place> m_places;
  bool m_is_reading = false;
  std::size_t m_next = 0;                    ///< of `m_places`
  std::vector<std::unique_ptr<Run>> m_runs;  ///< a heap, the one with the least item on top
};

}  // namespace balise

#endif
