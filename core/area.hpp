#ifndef BALISE_CORE_AREA_HPP
#define BALISE_CORE_AREA_HPP

#include <cstdint>
#include <string>

#include "core/query.hpp"
#include "core/store.hpp"

namespace balise {

/// Which files a device must hold so that every search within an area works without a network, cards and details
/// included; in steps, as Search is.
///
/// The area is a circle, where the query has a centre, else the régions and départements that it names: their records,
/// with a margin of a cell (some kilometres) around those, for what stands on the other side of a border. Of a
/// territory, what searches without a centre read is listed too. All else in the query is ignored.
class AreaSearch {
 public:
  /// `store` must be open, outlive the search and not be opened again meanwhile. A search that is not `whole` reads
  /// some pages of cards and estimates what the rest refers to; a whole one reads them all.
  AreaSearch(Store& store, Query area, bool whole);

  /// Goes as far as the store's files allow. The files that are missing, already wanted of the store; none when the
  /// search is done. Errors: wrong_query, when the query names no area.
  [[nodiscard]] Result<List<FileId>> advance();

  // The rest is for when it is done.
  /// Ascending by hash, each once. Without those that only pages of cards name, when the search is not whole.
  [[nodiscard]] const List<FileId>& files() const { return m_files; }
  /// Of all files, estimated when the search is not whole.
  [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
  [[nodiscard]] std::uint32_t records() const { return m_records; }

 private:
  [[nodiscard]] bool is_circle() const { return m_area.centre.has_value(); }
  [[nodiscard]] bool names_region(Region region) const;
  [[nodiscard]] bool is_in_reach(const Box& box) const;
  [[nodiscard]] bool contains(const IndexShard& shard, std::size_t entry) const;
  void find_cells(Missing& missing, const Directory& all);
  void read_index(Missing& missing, const Directory& all);
  void read_pages(Missing& missing);
  void list_lookups(Missing& missing);
  void list_places(const LookupFiles& files);
  void list_files();
  void add(const FileId& file) { m_files.push_back(file); }

  Store& m_store;
  Query m_area;
  bool m_whole;
  SpherePoint m_centre;  ///< of a circle
  bool m_has_cells = false;
  List<std::uint32_t> m_cells;  ///< of a territory, with its margin; ascending
  Box m_box;                    ///< of those
  List<FileId> m_pages;         ///< of cards, ascending by hash
  List<FileId> m_files;
  std::uint64_t m_unlisted_bytes = 0, m_bytes = 0;
  std::uint32_t m_records = 0;
};

/// {"records": …, "bytes": …, "files": [["path below data/", bytes], …]}. Precondition: the search is done.
[[nodiscard]] std::string answer_of(const AreaSearch& search);

}  // namespace balise

#endif
