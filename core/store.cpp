#include "core/store.hpp"

#include <utility>

namespace balise {

namespace {

template <typename Map, typename Key>
auto find_in(const Map& map, const Key& key) -> const typename Map::mapped_type* {
  const auto place = map.find(key);
  return place == map.end() ? nullptr : &place->second;
}

/// Keeps an opened file under its key, or says why it could not be opened.
template <typename Map, typename Key, typename File>
std::optional<Error> keep(Map& map, const Key& key, Result<File> opened) {
  if (!opened)
    return opened.error();
  map.insert_or_assign(key, std::move(*opened));
  return std::nullopt;
}

}  // namespace

Result<bool> Store::open(ByteView root) {
  auto opened = open_root(root);
  if (!opened)
    return opened.error();
  *this = Store();
  m_root = std::move(*opened);
  m_is_open = true;
  return true;
}

void Store::want(const FileId& file) {
  m_wanted.try_emplace(path_of(file), file);
}

Result<bool> Store::put(std::string_view path, ByteView bytes) {
  const auto wanted = m_wanted.find(path);
  if (wanted == m_wanted.end())
    return Error{ErrorCode::wrong_name, std::string(path.substr(0, 100)) + ": no search asked for this file"};
  const FileId& file = wanted->second;
  std::optional<Error> error;
  switch (file.kind) {
    case FileKind::directory:
      error = keep(m_directories, file.region, open_directory(bytes, file.ref));
      break;
    case FileKind::index:
      error = keep(m_indexes, file.ref.hash, open_index(bytes, file.ref));
      break;
    case FileKind::titles:
      error = keep(m_titles, file.ref.hash, open_titles(bytes, file.ref));
      break;
    case FileKind::cards:
      error = keep(m_cards, file.ref.hash, open_cards(bytes, file.ref));
      break;
    case FileKind::details:
      error = keep(m_details, file.ref.hash, open_details(bytes, file.ref));
      break;
    case FileKind::id_directory:
      error = keep(m_id_directories, file.ref.hash, open_id_directory(bytes, file.ref));
      break;
    case FileKind::ids:
      error = keep(m_ids, file.ref.hash, open_ids(bytes, file.ref));
      break;
    case FileKind::lookups:
      error = keep(m_lookups, file.ref.hash, open_lookups(bytes, file.ref));
      break;
    case FileKind::places:
      error = keep(m_places, file.ref.hash, open_places(bytes, file.ref));
      break;
    case FileKind::metiers:
      error = keep(m_metiers, file.ref.hash, open_metiers(bytes, file.ref));
      break;
    case FileKind::table:
      error = keep(m_tables, file.ref.hash, open_table(bytes, file.ref));
      break;
  }
  if (error)
    return Error{error->code, std::string(path) + ": " + error->what};
  m_wanted.erase(wanted);
  return true;
}

const Directory* Store::directory(Region region) const {
  return find_in(m_directories, region);
}
const IndexShard* Store::index(const FileRef& ref) const {
  return find_in(m_indexes, ref.hash);
}
const TitleChunk* Store::titles(const FileRef& ref) const {
  return find_in(m_titles, ref.hash);
}
const CardPage* Store::cards(const FileRef& ref) const {
  return find_in(m_cards, ref.hash);
}
const DetailPage* Store::details(const FileRef& ref) const {
  return find_in(m_details, ref.hash);
}
const IdDirectory* Store::id_directory(const FileRef& ref) const {
  return find_in(m_id_directories, ref.hash);
}
const IdShard* Store::ids(const FileRef& ref) const {
  return find_in(m_ids, ref.hash);
}
const LookupDirectory* Store::lookups(const FileRef& ref) const {
  return find_in(m_lookups, ref.hash);
}
const PlaceShard* Store::places(const FileRef& ref) const {
  return find_in(m_places, ref.hash);
}
const MetierShard* Store::metiers(const FileRef& ref) const {
  return find_in(m_metiers, ref.hash);
}
const TableShard* Store::table(const FileRef& ref) const {
  return find_in(m_tables, ref.hash);
}

}  // namespace balise
