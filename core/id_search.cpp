#include "core/id_search.hpp"

#include <string_view>
#include <utility>

#include "core/text.hpp"

namespace balise {

std::optional<FileId> parse_card_page(std::string_view reference) {
  const auto region = parse_region(reference.substr(0, reference.find('/')));
  if (!region)
    return std::nullopt;
  FileId file{*region, CardPage::kind, {}};
  std::string_view rest = reference;
  static_cast<void>(cut(rest, '-'));
  for (std::uint8_t& byte : file.ref.hash) {
    for (int i = 0; i < 2 && !rest.empty(); ++i, rest.remove_prefix(1)) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(rest[0]);
      byte = static_cast<std::uint8_t>(std::size_t{byte} << 4U | digit);
    }
  }
  static_cast<void>(cut(rest, ' '));
  for (const char digit : rest)
    file.ref.size_bytes = file.ref.size_bytes * 10 + static_cast<std::uint32_t>(digit - '0');
  // Whatever else may be wrong with it is not written so.
  return reference_of(file) == reference ? std::optional(file) : std::nullopt;
}

IdSearch::IdSearch(Store& store, Source source, std::string id, std::optional<FileId> seen_on)
    : m_store(store), m_source(source), m_id(std::move(id)), m_seen_on(seen_on) {}

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
  for (const CardPage* page : m_store.card_pages())
    if (find_on(*page))
      return missing.result();
  // Who asks has mostly seen the card in a list. A page that is there has been searched above.
  if (m_seen_on && missing.get<CardPage>(m_seen_on->region, m_seen_on->ref) == nullptr)
    return missing.result();
  const Root& root = m_store.root();
  const IdDirectory* directory = root.ids ? missing.get<IdDirectory>({}, *root.ids) : nullptr;
  if (directory == nullptr)
    return missing.result();
  const IdHash hash = id_hash_of(m_source, m_id);
  const auto* shard = missing.get<IdShard>({}, directory->shard_of(hash));
  if (root.pages)
    static_cast<void>(missing.get<PageDirectory>({}, *root.pages));  // in the same step
  if (!missing.empty())
    return missing.result();
  // Nearly always one page, or none; where it is there, it has been searched above.
  for (const IdEntry& entry : shard->entries) {
    if (entry.hash != hash)
      continue;
    if (const FileRef* page = missing.page_of(entry.region, entry.page))
      static_cast<void>(missing.get<CardPage>(entry.region, *page));
  }
  return missing.result();
}

const List<Detail>* details_of(Missing& missing, Region region, const CardPage& page, const Card& card) {
  const auto* details = missing.get<DetailPage>(region, page.details);
  if (details == nullptr)
    return nullptr;
  const auto slot = static_cast<std::size_t>(&card - page.cards.data());
  if (slot < details->items.size())
    return &details->items[slot];
  missing.refuse({region, DetailPage::kind, page.details}, "not one item for each card");
  return nullptr;
}

Result<List<FileId>> ItemSearch::advance() {
  auto searched = m_search.advance();
  if (!searched || !searched->empty() || m_search.card() == nullptr)
    return searched;
  Missing missing(m_store);
  m_details = details_of(missing, m_search.region(), *m_search.page(), *m_search.card());
  return missing.result();
}

}  // namespace balise
