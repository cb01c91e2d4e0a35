#include "core/id_search.hpp"

#include <utility>

namespace balise {

IdSearch::IdSearch(Store& store, Source source, std::string id)
    : m_store(store), m_source(source), m_id(std::move(id)) {}

Result<std::vector<FileId>> IdSearch::advance() {
  std::vector<FileId> missing;
  const auto ask_for = [&](Region region, FileKind kind, const FileRef& ref) {
    missing.push_back({region, kind, ref});
    m_store.want(missing.back());
  };
  const auto& root = m_store.root();
  if (!root.ids)
    return missing;
  const IdDirectory* directory = m_store.id_directory(*root.ids);
  if (directory == nullptr) {
    ask_for({}, FileKind::id_directory, *root.ids);
    return missing;
  }
  const IdHash hash = id_hash_of(m_source, m_id);
  const FileRef& ref = directory->shard_of(hash);
  const IdShard* shard = m_store.ids(ref);
  if (shard == nullptr) {
    ask_for({}, FileKind::ids, ref);
    return missing;
  }
  // Nearly always one page, or none.
  for (const IdEntry& entry : shard->entries) {
    if (entry.hash != hash)
      continue;
    const RegionRef* region = nullptr;
    for (const RegionRef& item : root.regions)
      if (item.region == entry.region)
        region = &item;
    if (region == nullptr)
      return Error{ErrorCode::malformed, path_of({{}, FileKind::ids, ref}) + ": a region that the root does not have"};
    const Directory* files = m_store.directory(entry.region);
    if (files == nullptr) {
      ask_for(entry.region, FileKind::directory, region->directory);
      continue;
    }
    const PageRef* page = page_numbered(*files, entry.page);
    if (page == nullptr)
      return Error{ErrorCode::malformed, path_of({{}, FileKind::ids, ref}) + ": a page that the region does not have"};
    const CardPage* cards = m_store.cards(page->cards);
    if (cards == nullptr) {
      ask_for(entry.region, FileKind::cards, page->cards);
      continue;
    }
    for (const Card& card : cards->cards) {
      if (card.source == m_source && card.id == m_id) {
        m_region = entry.region;
        m_page = cards;
        m_card = &card;
      }
    }
  }
  return missing;
}

}  // namespace balise
