#ifndef BALISE_CORE_STORE_HPP
#define BALISE_CORE_STORE_HPP

#include <memory>
#include <string>
#include <string_view>

#include "core/lookup_files.hpp"
#include "core/result.hpp"
#include "core/shard.hpp"

namespace balise {

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
  /// kept. Errors: wrong_name for a file that nobody wanted, otherwise as open_file() says; the message names the path.
  /// Then the file stays wanted, and may be put again.
  [[nodiscard]] Result<bool> put(std::string_view path, ByteView bytes);

 private:
  friend class Missing;
  using Kept = std::unique_ptr<const void, void (*)(const void*)>;
  /// How a file of one type is made, opened and removed. A module holds the readers of those that its requests ask for.
  struct FileType {
    FileKind kind;
    void* (*make)();
    Flaw (*open)(ByteView, const FileRef&, void*);
    void (*remove)(const void*);
  };
  struct Wanted {
    FileRef ref;
    std::string path;
    const FileType* type;
  };
  struct KeptFile {
    FileHash hash;
    Kept content;
  };

  template <typename File>
  static constexpr FileType type_of{
      File::kind, []() -> void* { return new File; },
      [](ByteView bytes, const FileRef& ref, void* file) { return open_file(bytes, ref, *static_cast<File*>(file)); },
      [](const void* file) { delete static_cast<const File*>(file); }};
  void want(const FileId& file, const FileType& type);
  [[nodiscard]] const void* find_kept(const FileHash& hash) const;
  /// The number of the first file that is not before `hash`.
  [[nodiscard]] std::size_t place_of(const FileHash& hash) const;

  bool m_is_open = false;
  Root m_root;
  List<Wanted> m_wanted;
  List<KeptFile> m_files;  ///< ascending by hash
  List<const CardPage*> m_card_pages;
};

/// What one step of a request came to: the files that it still has to read, or what is wrong with one that was read.
class Missing {
 public:
  /// `store` must be open and outlive this.
  explicit Missing(Store& store) : m_store(store) {}

  /// An opened file; nullptr when it was not read yet: then it is one of files(), once, and put() takes it.
  template <typename File>
  [[nodiscard]] const File* get(Region region, const FileRef& ref) {
    const File* file = m_store.find<File>(ref);
    if (file == nullptr)
      add({region, File::kind, ref}, Store::type_of<File>);
    return file;
  }
  /// Which page of cards has that number in a region; nullptr while a file that leads to it is missing, and when the
  /// site has no such page, which is refused.
  [[nodiscard]] const FileRef* page_of(Region region, std::uint32_t number);
  /// A file is as its reference says, but does not fit the others; of several the first counts.
  void refuse(const FileId& file, Flaw flaw);
  /// Whether the request can go on.
  [[nodiscard]] bool empty() const { return m_files.empty() && !m_flaw; }
  /// The files, each once; malformed, with the path of the file, when one was refused.
  [[nodiscard]] Result<List<FileId>> result() const;
  void clear() { m_files.clear(); }

 private:
  void add(const FileId& file, const Store::FileType& type);

  Store& m_store;
  List<FileId> m_files;
  FileId m_refused;
  Flaw m_flaw;
};

}  // namespace balise

#endif
