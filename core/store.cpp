#include "core/store.hpp"

#include <algorithm>
#include <utility>

namespace balise {

Result<bool> Store::open(ByteView root) {
  Root opened;
  if (const Flaw flaw = open_file(root, opened))
    return error_of_root(flaw);
  m_wanted.clear();
  m_card_pages.clear();
  m_files.clear();
  m_root = std::move(opened);
  m_is_open = true;
  return true;
}

void Store::want(const FileId& file, const FileType& type) {
  for (const Wanted& wanted : m_wanted)
    if (wanted.ref == file.ref)
      return;
  m_wanted.push_back({file.ref, path_of(file), &type});
}

Result<bool> Store::put(std::string_view path, ByteView bytes) {
  for (Wanted& wanted : m_wanted) {
    if (wanted.path != path)
      continue;
    void* const file = wanted.type->make();
    Kept kept(file, wanted.type->remove);
    if (const Flaw flaw = wanted.type->open(bytes, wanted.ref, file)) {
      Error error = error_of(flaw, wanted.type->kind, bytes, wanted.ref);
      if constexpr (Flaw::has_words)
        error.what.insert(0, std::string(path) + ": ");
      return error;
    }
    const FileHash hash = wanted.ref.hash;
    if (wanted.type == &type_of<CardPage>)
      m_card_pages.push_back(static_cast<const CardPage*>(file));
    const std::size_t place = place_of(hash);
    m_files.push_back({hash, std::move(kept)});
    for (std::size_t i = m_files.size() - 1; i > place; --i)
      std::swap(m_files[i], m_files[i - 1]);
    wanted = std::move(m_wanted.back());
    m_wanted.pop_back();
    return true;
  }
  Error error{ErrorCode::wrong_name, {}};
  if constexpr (Flaw::has_words)
    error.what = std::string(path.substr(0, 100)) + ": no search asked for this file";
  return error;
}

std::size_t Store::place_of(const FileHash& hash) const {
  const auto place =
      std::partition_point(m_files.begin(), m_files.end(), [&](const KeptFile& file) { return file.hash < hash; });
  return static_cast<std::size_t>(place - m_files.begin());
}

const void* Store::find_kept(const FileHash& hash) const {
  const std::size_t place = place_of(hash);
  return place < m_files.size() && m_files[place].hash == hash ? m_files[place].content.get() : nullptr;
}

const FileRef* Missing::page_of(Region region, std::uint32_t number) {
  const Root& root = m_store.root();
  const auto* directory = root.pages ? get<PageDirectory>({}, *root.pages) : nullptr;
  if (root.pages && directory == nullptr)
    return nullptr;
  const FileRef* ref = directory == nullptr ? nullptr : directory->list_of(region, number);
  const auto* list = ref == nullptr ? nullptr : get<PageList>(region, *ref);
  if (ref == nullptr || (list != nullptr && number % pages_per_list >= list->pages.size()))
    refuse({{}, PageDirectory::kind, root.pages.value_or(FileRef())}, "no page of a number that another file names");
  else if (list != nullptr)
    return &list->pages[number % pages_per_list];
  return nullptr;
}

void Missing::refuse(const FileId& file, Flaw flaw) {
  if (m_flaw)
    return;
  m_refused = file;
  m_flaw = flaw;
}

Result<List<FileId>> Missing::result() const {
  if (!m_flaw)
    return m_files;
  std::string what = path_of(m_refused);
  if constexpr (Flaw::has_words)
    what.append(": ").append(m_flaw.words());
  return Error{m_flaw.code(), std::move(what)};
}

void Missing::add(const FileId& file, const Store::FileType& type) {
  for (const FileId& item : m_files)
    if (item.ref == file.ref)
      return;
  m_files.push_back(file);
  m_store.want(file, type);
}

}  // namespace balise
