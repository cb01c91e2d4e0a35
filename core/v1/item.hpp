#ifndef BALISE_CORE_V1_ITEM_HPP
#define BALISE_CORE_V1_ITEM_HPP

#include <cstdint>
#include <optional>

#include "core/json.hpp"
#include "core/shard.hpp"

namespace balise::v1 {

/// A record, all of it, as an answer shows it.
struct Item {
  const Card& card;
  const List<Detail>& details;
  std::optional<std::uint32_t> distance_m;  ///< from the centre; nullopt without a centre
};

/// How an item is shown.
struct ItemStyle {
  bool is_own = false;         ///< a page of the site asks: France Travail offers then show their SIRET (section 2.3)
  bool with_idea_type = true;  ///< false for a company asked for without its type (section 2.7)
};

/// The item of reference section 2.5, with its place of 2.6. Keys are always the same for one source, with null where
/// the source says nothing; only `company` and `job` of an offer of France Travail leave out what they do not have.
void write_item(JsonWriter& json, const Item& item, const ItemStyle& style);

/// "3 (CAP...)" to "7 (Master, titre ingénieur...)", the labels of formations (section 3.5); empty for none.
[[nodiscard]] std::string_view label_of_level(Level level);

}  // namespace balise::v1

#endif
