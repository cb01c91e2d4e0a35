#ifndef BALISE_CORE_ID_SEARCH_HPP
#define BALISE_CORE_ID_SEARCH_HPP

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/store.hpp"

namespace balise {

/// A page of cards by its reference_of(); nullopt when the text is none.
[[nodiscard]] std::optional<FileId> parse_card_page(std::string_view reference);

/// Finds one record by its source and id, in steps as Search does: on the pages of cards that the store has, on the one
/// where a search saw it, else by id directory, id shard and page directory, list of pages, page of cards.
class IdSearch {
 public:
  /// `store` must be open, outlive the search and not be opened again meanwhile. `seen_on` may be wrong: the record is
  /// then looked up.
  IdSearch(Store& store, Source source, std::string id, std::optional<FileId> seen_on = std::nullopt);

  /// Goes as far as the store's files allow. The files that are missing, already wanted of the store; none when the
  /// search is done. Errors: malformed, when two files contradict each other.
  [[nodiscard]] Result<List<FileId>> advance();

  /// When it is done: nullptr when there is no such record. Valid as long as the store.
  [[nodiscard]] const Card* card() const { return m_card; }
  /// The page that holds the card, and its region.
  [[nodiscard]] const CardPage* page() const { return m_page; }
  [[nodiscard]] Region region() const { return m_region; }

 private:
  [[nodiscard]] bool find_on(const CardPage& page);

  Store& m_store;
  Source m_source;
  std::string m_id;
  std::optional<FileId> m_seen_on;
  Region m_region;
  const CardPage* m_page = nullptr;
  const Card* m_card = nullptr;
};

/// The details of a card of `page`; nullptr while they are missing, and when the page has none for it, which is
/// refused.
[[nodiscard]] const List<Detail>* details_of(Missing& missing, Region region, const CardPage& page, const Card& card);

/// All of one record, in steps: what IdSearch finds, then its details.
class ItemSearch {
 public:
  /// As of IdSearch.
  ItemSearch(Store& store, Source source, std::string id, std::optional<FileId> seen_on = std::nullopt)
      : m_store(store), m_search(store, source, std::move(id), seen_on) {}

  [[nodiscard]] Result<List<FileId>> advance();

  // When it is done:
  /// nullptr when there is no such record.
  [[nodiscard]] const Card* card() const { return m_search.card(); }
  [[nodiscard]] Region region() const { return m_search.region(); }
  /// Precondition: card() is not null.
  [[nodiscard]] const List<Detail>& details() const { return *m_details; }

 private:
  Store& m_store;
  IdSearch m_search;
  const List<Detail>* m_details = nullptr;
};

}  // namespace balise

#endif
