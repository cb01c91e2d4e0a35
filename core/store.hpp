#ifndef BALISE_CORE_STORE_HPP
#define BALISE_CORE_STORE_HPP

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/lookup_files.hpp"
#include "core/result.hpp"
#include "core/shard.hpp"

namespace balise {

/// Which kind of file opens as `File`, and by what. A module holds the readers of the kinds that its requests ask for.
template <typename File>
struct FileTraits;
template <FileKind file_kind, typename File, Result<File> (*opener)(ByteView, const FileRef&)>
struct FileTraitsOf {
  static constexpr FileKind kind = file_kind;
  static Result<File> open(ByteView bytes, const FileRef& ref) { return opener(bytes, ref); }
};
template <>
struct FileTraits<Directory> : FileTraitsOf<FileKind::directory, Directory, open_directory> {};
template <>
struct FileTraits<IndexShard> : FileTraitsOf<FileKind::index, IndexShard, open_index> {};
template <>
struct FileTraits<TitleDirectory> : FileTraitsOf<FileKind::title_directory, TitleDirectory, open_title_directory> {};
template <>
struct FileTraits<PageDirectory> : FileTraitsOf<FileKind::page_directory, PageDirectory, open_page_directory> {};
template <>
struct FileTraits<PageList> : FileTraitsOf<FileKind::pages, PageList, open_pages> {};
template <>
struct FileTraits<TitleChunk> : FileTraitsOf<FileKind::titles, TitleChunk, open_titles> {};
template <>
struct FileTraits<CardPage> : FileTraitsOf<FileKind::cards, CardPage, open_cards> {};
template <>
struct FileTraits<DetailPage> : FileTraitsOf<FileKind::details, DetailPage, open_details> {};
template <>
struct FileTraits<IdDirectory> : FileTraitsOf<FileKind::id_directory, IdDirectory, open_id_directory> {};
template <>
struct FileTraits<IdShard> : FileTraitsOf<FileKind::ids, IdShard, open_ids> {};
template <>
struct FileTraits<LookupDirectory> : FileTraitsOf<FileKind::lookups, LookupDirectory, open_lookups> {};
template <>
struct FileTraits<PlaceShard> : FileTraitsOf<FileKind::places, PlaceShard, open_places> {};
template <>
struct FileTraits<MetierShard> : FileTraitsOf<FileKind::metiers, MetierShard, open_metiers> {};
template <>
struct FileTraits<TableShard> : FileTraitsOf<FileKind::table, TableShard, open_table> {};

/// The files of one site that were read so far, opened. Whoever does the reading asks a request what it needs, fetches
/// those files in any way and puts them here.
class Store {
 public:
  /// Begins with the root of a manifest; forgets everything else. On an error the store is as before.
  [[nodiscard]] Result<bool> open(ByteView root);
  [[nodiscard]] bool is_open() const { return m_is_open; }
  [[nodiscard]] const Root& root() const { return m_root; }

  /// An opened file; nullptr when it was not read yet. Valid until the next open().
  template <typename File>
  [[nodiscard]] const File* find(const FileRef& ref) const {
    return static_cast<const File*>(find_kept(ref.hash));
  }
  /// The pages of cards that were read, in that order. Valid until the next open() or put().
  [[nodiscard]] const List<const CardPage*>& card_pages() const { return m_card_pages; }
  /// Takes the bytes of a file that some request asked for, by its path below /data/; they are copied or decoded, not
  /// kept. Errors: wrong_name for a file that nobody wanted, otherwise as open_*() say; the message names the path.
  /// Then the file stays wanted, and may be put again.
  [[nodiscard]] Result<bool> put(std::string_view path, ByteView bytes);

 private:
  friend class Missing;
  using Kept = std::unique_ptr<const void, void (*)(const void*)>;
  using Opener = Result<Kept> (*)(ByteView, const FileRef&);
  struct Wanted {
    FileRef ref;
    std::string path;
    Opener opener;
  };
  struct KeptFile {
    FileHash hash;
    Kept content;
  };

  template <typename File>
  static Result<Kept> open_as(ByteView bytes, const FileRef& ref) {
    auto opened = FileTraits<File>::open(bytes, ref);
    if (!opened)
      return opened.error();
    return Kept(new File(std::move(*opened)), [](const void* file) { delete static_cast<const File*>(file); });
  }
  void want(const FileId& file, Opener opener);
  [[nodiscard]] const void* find_kept(const FileHash& hash) const;
  [[nodiscard]] std::vector<KeptFile>::const_iterator place_of(const FileHash& hash) const;

  bool m_is_open = false;
  Root m_root;
  List<Wanted> m_wanted;
  std::vector<KeptFile> m_files;  ///< ascending by hash
  List<const CardPage*> m_card_pages;
};

/// What one step of a request still has to read.
class Missing {
 public:
  /// `store` must be open and outlive this.
  explicit Missing(Store& store) : m_store(store) {}

  /// An opened file; nullptr when it was not read yet: then it is one of files(), once, and put() takes it.
  template <typename File>
  [[nodiscard]] const File* get(Region region, const FileRef& ref) {
    const File* file = m_store.find<File>(ref);
    if (file == nullptr)
      add({region, FileTraits<File>::kind, ref}, Store::open_as<File>);
    return file;
  }
  /// Which page of cards has that number in a region; nullptr while a file that leads to it is missing. Errors:
  /// malformed, when the site has no such page.
  [[nodiscard]] Result<const FileRef*> page_of(Region region, std::uint32_t number);
  [[nodiscard]] bool empty() const { return m_files.empty(); }
  [[nodiscard]] const std::vector<FileId>& files() const { return m_files; }
  void clear() { m_files.clear(); }

 private:
  void add(const FileId& file, Store::Opener opener);

  Store& m_store;
  std::vector<FileId> m_files;
};

}  // namespace balise

#endif
