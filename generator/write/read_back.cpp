#include "generator/write/read_back.hpp"

#include "generator/failure.hpp"

namespace balise {

namespace {

Record record_of(Card&& card, List<Detail>&& details) {
  Record record;
  record.source = card.source;
  record.id = std::move(card.id);
  record.title = std::move(card.title);
  record.company = std::move(card.company);
  if (card.key != no_place)
    record.position = position_of(card.key);
  record.address = std::move(card.address);
  record.postal_code = std::move(card.postal_code);
  record.city = std::move(card.city);
  record.insee = std::move(card.insee);
  record.departement = card.departement;
  record.romes = {card.romes.begin(), card.romes.end()};
  record.level = card.level;
  record.opco = card.opco;
  record.created = card.created;
  record.expires = card.expires;
  for (Detail& detail : details)
    record.details.push_back(std::move(detail));
  return record;
}

}  // namespace

void read_records(const Site& site, Region region, const std::function<void(const Record&)>& take) {
  const Root& root = site.store().root();
  if (!root.pages)
    return;
  const auto directory = site.open<PageDirectory>({}, *root.pages);
  for (const RegionPages& pages : directory.regions) {
    if (!(pages.region == region))
      continue;
    for (const FileRef& list_ref : pages.lists) {
      const auto list = site.open<PageList>(region, list_ref);
      for (const FileRef& ref : list.pages) {
        auto cards = site.open<CardPage>(region, ref);
        auto details = site.open<DetailPage>(region, cards.details);
        if (details.items.size() != cards.cards.size())
          throw Failure(Exit::verification_failed,
                        (site.folder() / "data" / path_of({region, FileKind::details, cards.details})).string() +
                            ": has not one item for each card; publish the site again");
        for (std::size_t i = 0; i < cards.cards.size(); ++i)
          take(record_of(std::move(cards.cards[i]), std::move(details.items[i])));
      }
    }
  }
}

}  // namespace balise
