#ifndef BALISE_CORE_STORE_HPP
#define BALISE_CORE_STORE_HPP

#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "core/lookup_files.hpp"
#include "core/result.hpp"
#include "core/shard.hpp"

namespace balise {

/// The files of one site that were read so far, opened. Whoever does the reading asks a Search what it needs, fetches
/// those files in any way and puts them here.
class Store {
 public:
  /// Begins with the root of a manifest; forgets everything else. On an error the store is as before.
  [[nodiscard]] Result<bool> open(ByteView root);
  [[nodiscard]] bool is_open() const { return m_is_open; }
  [[nodiscard]] const Root& root() const { return m_root; }

  /// Notes that a file is wanted, so that put() knows its length and hash.
  void want(const FileId& file);
  /// Takes the bytes of a wanted file, by its path below /data/; they are copied or decoded, not kept. Errors:
  /// wrong_name for a file that nobody wanted, otherwise as open_*() say; the message names the path. Then the file
  /// stays wanted, and may be put again.
  [[nodiscard]] Result<bool> put(std::string_view path, ByteView bytes);

  // nullptr when not read yet. Valid until the next open().
  [[nodiscard]] const Directory* directory(Region region) const;
  [[nodiscard]] const IndexShard* index(const FileRef& ref) const;
  [[nodiscard]] const TitleChunk* titles(const FileRef& ref) const;
  [[nodiscard]] const CardPage* cards(const FileRef& ref) const;
  [[nodiscard]] const DetailPage* details(const FileRef& ref) const;
  [[nodiscard]] const IdDirectory* id_directory(const FileRef& ref) const;
  [[nodiscard]] const IdShard* ids(const FileRef& ref) const;
  [[nodiscard]] const LookupDirectory* lookups(const FileRef& ref) const;
  [[nodiscard]] const PlaceShard* places(const FileRef& ref) const;
  [[nodiscard]] const MetierShard* metiers(const FileRef& ref) const;
  [[nodiscard]] const TableShard* table(const FileRef& ref) const;

 private:
  bool m_is_open = false;
  Root m_root;
  std::map<std::string, FileId, std::less<>> m_wanted;
  std::map<Region, Directory> m_directories;
  std::map<FileHash, IndexShard> m_indexes;
  std::map<FileHash, TitleChunk> m_titles;
  std::map<FileHash, CardPage> m_cards;
  std::map<FileHash, DetailPage> m_details;
  std::map<FileHash, IdDirectory> m_id_directories;
  std::map<FileHash, IdShard> m_ids;
  std::map<FileHash, LookupDirectory> m_lookups;
  std::map<FileHash, PlaceShard> m_places;
  std::map<FileHash, MetierShard> m_metiers;
  std::map<FileHash, TableShard> m_tables;
};

}  // namespace balise

#endif
