#include "core/id_search.hpp"

#include <utility>

namespace balise {

IdSearch::IdSearch(Store& store, Source source, std::string id)
    : m_store(store), m_source(source), m_id(std::move(id)) {}

bool IdSearch::find_on(const CardPage& page) {
  for (const Card& card : page.cards) {
    if (card.source == m_source && card.id == m_id) {
      m_region = page.region;
      m_page = &page;
      m_card = &card;
      return true;
    }
  }
  return false;
}

Result<List<FileId>> IdSearch::advance() {
  Missing missing(m_store);
  // Who asks has mostly seen the card in a list.
  for (const CardPage* page : m_store.card_pages())
    if (find_on(*page))
      return missing.files();
  const Root& root = m_store.root();
  const IdDirectory* directory = root.ids ? missing.get<IdDirectory>({}, *root.ids) : nullptr;
  if (directory == nullptr)
    return missing.files();
  const IdHash hash = id_hash_of(m_source, m_id);
  const auto* shard = missing.get<IdShard>({}, directory->shard_of(hash));
  if (root.pages)
    static_cast<void>(missing.get<PageDirectory>({}, *root.pages));  // in the same step
  if (!missing.empty())
    return missing.files();
  // Nearly always one page, or none; where it is there, it has been searched above.
  for (const IdEntry& entry : shard->entries) {
    if (entry.hash != hash)
      continue;
    const auto page = missing.page_of(entry.region, entry.page);
    if (!page)
      return page.error();
    if (*page != nullptr)
      static_cast<void>(missing.get<CardPage>(entry.region, **page));
  }
  return missing.files();
}

const List<Detail>* details_of(Missing& missing, Region region, const CardPage& page, const Card& card,
                               std::optional<Error>& error) {
  const auto* details = missing.get<DetailPage>(region, page.details);
  if (details == nullptr)
    return nullptr;
  const auto slot = static_cast<std::size_t>(&card - page.cards.data());
  if (slot < details->items.size())
    return &details->items[slot];
  error =
      Error{ErrorCode::malformed, path_of({region, FileKind::details, page.details}) + ": not one item for each card"};
  return nullptr;
}

Result<List<FileId>> ItemSearch::advance() {
  auto searched = m_search.advance();
  if (!searched || !searched->empty() || m_search.card() == nullptr)
    return searched;
  Missing missing(m_store);
  std::optional<Error> error;
  m_details = details_of(missing, m_search.region(), *m_search.page(), *m_search.card(), error);
  if (error)
    return *error;
  return missing.files();
}

}  // namespace balise
