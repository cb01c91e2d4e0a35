#include "core/answer.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "core/decimal.hpp"
#include "core/json.hpp"

namespace balise {

namespace {

/// A number as given by a visitor, to seven decimals: a centimetre in degrees.
void write_decimal(JsonWriter& json, double value) {
  json.scaled(std::llround(value * 1e7), 7);
}

void write_romes(JsonWriter& json, std::span<const RomeCode> romes) {
  json.begin_array();
  for (const RomeCode code : romes)
    json.text(to_string(code));
  json.end_array();
}

void write_query(JsonWriter& json, const Query& query) {
  if (query.centre) {
    json.key("lat");
    write_decimal(json, query.centre->lat_deg);
    json.key("lon");
    write_decimal(json, query.centre->lon_deg);
    json.key("radius");
    write_decimal(json, query.radius_km);
  }
  if (!query.romes.empty()) {
    json.key("romes");
    write_romes(json, query.romes);
  }
  if (!query.rome_domain.empty()) {
    json.key("rome_domain");
    json.text(query.rome_domain);
  }
  if (query.level != level_unknown) {
    json.key("diploma");
    json.number(query.level);
  }
  json.key("sources");
  json.begin_array();
  for (const Source source : all_sources)
    if (query.sources[static_cast<std::size_t>(source)])
      json.text(name_of(source));
  json.end_array();
  if (query.region) {
    json.key("region");
    json.text(info(*query.region).code);
  }
  for (std::uint8_t i = 0; i < departements().size(); ++i) {
    if (query.departements.test(i)) {
      json.key("departement");
      json.text(info(Departement{i}).code);
    }
  }
  json.key("limit");
  json.number(query.limit);
  if (query.widen > 0) {
    json.key("widen");
    json.number(query.widen);
  }
}

void write_date(JsonWriter& json, Date date) {
  json.text_or_null(to_string_date(date));
}

/// The keys of a card, in an object that is begun and goes on. Without a centre there is no distance.
void write_card(JsonWriter& json, const Card& card, Region region, std::optional<std::uint32_t> distance_m) {
  json.key("source");
  json.text(name_of(card.source));
  json.key("id");
  json.text(card.id);
  json.key("title");
  json.text(card.title);
  json.key("company");
  json.text_or_null(card.company);
  json.key("distance_m");
  if (distance_m)
    json.number(*distance_m);
  else
    json.null();
  const bool placed = card.key != no_place;
  const Position position = position_of(card.key);
  json.key("lat");
  if (placed)
    json.scaled(position.lat_e5, 5);
  else
    json.null();
  json.key("lon");
  if (placed)
    json.scaled(position.lon_e5, 5);
  else
    json.null();
  json.key("address");
  json.text_or_null(card.address);
  json.key("postal_code");
  json.text_or_null(card.postal_code);
  json.key("city");
  json.text_or_null(card.city);
  json.key("insee");
  json.text_or_null(card.insee);
  json.key("departement");
  json.text(info(card.departement).code);
  json.key("region");
  json.text(info(region).code);
  json.key("romes");
  write_romes(json, card.romes);
  json.key("level");
  json.number(card.level);
  json.key("opco");
  json.text_or_null(label_of(card.opco));
  json.key("created");
  write_date(json, card.created);
  json.key("expires");
  write_date(json, card.expires);
}

}  // namespace

std::string answer_of(const Search& search, bool with_query) {
  const Query& query = search.query();
  SourceCounts counts{};
  for (const Hit& hit : search.hits())
    ++counts[static_cast<std::size_t>(hit.source)];
  JsonWriter json;
  json.begin_object();
  json.key("query");
  json.begin_object();
  if (with_query)
    write_query(json, query);
  if (query.opco) {
    json.key("opco");
    json.text_or_null(label_of(*query.opco));
  }
  json.end_object();
  json.key("counts");
  json.begin_object();
  for (const Source source : all_sources) {
    if (query.sources[static_cast<std::size_t>(source)]) {
      json.key(name_of(source));
      json.number(counts[static_cast<std::size_t>(source)]);
    }
  }
  json.end_object();
  json.key("more");
  json.begin_object();
  for (const Source source : all_sources) {
    if (query.sources[static_cast<std::size_t>(source)]) {
      json.key(name_of(source));
      json.boolean(search.more()[static_cast<std::size_t>(source)]);
    }
  }
  json.end_object();
  json.key("beyond_m");
  const auto nearest = std::find_if(search.hits().begin(), search.hits().end(),
                                    [](const Hit& hit) { return hit.source == Source::formations; });
  if (search.is_widened() && nearest != search.hits().end())
    json.number(nearest->distance_m);
  else
    json.null();
  json.key("results");
  json.begin_array();
  for (std::size_t i = 0; i < search.hits().size() && i < query.cards; ++i) {
    const Hit& hit = search.hits()[i];
    json.begin_object();
    write_card(json, *search.card(hit), hit.region,
               query.centre ? std::optional<std::uint32_t>(hit.distance_m) : std::nullopt);
    json.key("page");
    json.text(reference_of({hit.region, CardPage::kind, *hit.page}));
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string answer_of(const ItemSearch& search) {
  if (search.card() == nullptr)
    return "null";
  JsonWriter json;
  json.begin_object();
  write_card(json, *search.card(), search.region(), std::nullopt);
  json.key("details");
  json.begin_object();
  for (const Detail& detail : search.details()) {
    std::string number;
    append_number(number, static_cast<std::uint64_t>(detail.field));
    json.key(number);
    json.text(detail.value);
  }
  json.end_object();
  json.end_object();
  return json.take();
}

}  // namespace balise
