#include "core/v1/lookup_routes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "core/decimal.hpp"
#include "core/json.hpp"
#include "core/lookup.hpp"
#include "core/text.hpp"

namespace balise::v1 {

namespace {

constexpr std::uint32_t most_labels = 20, most_found = 200, most_intitules = 30, most_communes = 20;

constexpr std::string_view missing_title =
    R"({"error":"missing_parameters","error_messages":["Parameters must include at least one from 'title', 'romes' and 'rncps'"]})";
constexpr std::string_view missing_label =
    R"({"error":"missing_parameters","error_messages":["Parameters must include a label to search for."]})";
constexpr std::string_view no_training = R"({"romes":[],"error":"No training found","metiers":[]})";

Answer answer_with(std::string_view body, int status = 200) {
  return {status, std::string(body)};
}

/// The pieces between commas, without spaces around them; empty ones left out.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view piece = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (!piece.empty() && piece.front() == ' ')
      piece.remove_prefix(1);
    while (!piece.empty() && piece.back() == ' ')
      piece.remove_suffix(1);
    if (!piece.empty())
      pieces.push_back(piece);
  }
  return pieces;
}

std::vector<RomeCode> romes_in(std::string_view text) {
  std::vector<RomeCode> romes;
  for (const std::string_view piece : split(text))
    if (const auto code = parse_rome(piece))
      romes.push_back(*code);
  return romes;
}

/// "RNCP13595", "rncp13595" or "13595".
std::vector<std::uint32_t> rncps_in(std::string_view text) {
  std::vector<std::uint32_t> rncps;
  for (std::string_view piece : split(text)) {
    if (fold(piece).starts_with("rncp"))
      piece.remove_prefix(4);
    if (const auto number = parse_count(piece, 999'999'999))
      rncps.push_back(*number);
  }
  return rncps;
}

template <typename All, typename Wanted>
std::size_t count_common(const All& all, const Wanted& wanted) {
  std::size_t count = 0;
  for (const auto& item : wanted)
    count += std::find(all.begin(), all.end(), item) != all.end() ? 1U : 0U;
  return count;
}

/// Labels of ROMEs, from the files of LookupPart::romes.
class RomeLabels {
 public:
  /// False while a file is missing.
  bool read(LookupReader& reader) {
    m_shards = reader.metiers_of(LookupPart::romes);
    return reader.is_complete();
  }
  [[nodiscard]] std::string_view label_of(RomeCode code) const {
    for (const MetierShard* shard : m_shards)
      for (const MetierItem& item : shard->items)
        if (item.romes.size() == 1 && item.romes[0] == code)
          return item.label;
    return {};
  }

 private:
  List<const MetierShard*> m_shards;
};

void write_item(JsonWriter& json, const MetierItem& item, bool is_diploma, const RomeLabels* labels) {
  json.begin_object();
  json.key("label");
  json.text(item.label);
  json.key("romes");
  json.begin_array();
  for (const RomeCode code : item.romes)
    json.text(to_string(code));
  json.end_array();
  json.key("rncps");
  json.begin_array();
  for (const std::uint32_t rncp : item.rncps)
    json.text("RNCP" + std::to_string(rncp));
  json.end_array();
  json.key("type");
  json.text(is_diploma ? "diploma" : "job");
  if (labels != nullptr && !is_diploma) {
    json.key("romeTitles");
    json.begin_array();
    for (const RomeCode code : item.romes) {
      json.begin_object();
      json.key("codeRome");
      json.text(to_string(code));
      json.key("intitule");
      json.text(labels->label_of(code));
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

/// /api/romelabels
class RomeLabelsRoute : public Route {
 public:
  RomeLabelsRoute(Store& store, std::string_view title, bool with_labels)
      : m_reader(store), m_search(store, title, {most_labels, false, true, true, true}), m_with_labels(with_labels) {}

  Result<List<FileId>> advance() override {
    // The labels come with the files of the search.
    auto missing = m_search.advance();
    m_reader.begin();
    if (missing && missing->empty() && m_with_labels && !m_labels.read(m_reader))
      return m_reader.missing();
    return missing;
  }
  [[nodiscard]] Answer answer() const override {
    JsonWriter json;
    json.begin_object();
    for (const bool diplomas : {false, true}) {
      json.key(diplomas ? "labelsAndRomesForDiplomas" : "labelsAndRomes");
      json.begin_array();
      for (const Metier& metier : m_search.results())
        if ((metier.kind == Metier::Kind::diploma) == diplomas)
          write_item(json, *metier.item, diplomas, m_with_labels ? &m_labels : nullptr);
      json.end_array();
    }
    json.end_object();
    return {200, json.take()};
  }

 private:
  LookupReader m_reader;
  MetierSearch m_search;
  RomeLabels m_labels;
  bool m_with_labels;
};

/// All items of LookupPart::metiers, each once.
class AllMetiers {
 public:
  /// False while a file is missing.
  bool read(LookupReader& reader) {
    m_items.clear();
    for (const MetierShard* shard : reader.metiers_of(LookupPart::metiers))
      for (const MetierItem& item : shard->items)
        m_items.push_back(&item);
    std::sort(m_items.begin(), m_items.end(),
              [](const MetierItem* a, const MetierItem* b) { return a->label < b->label; });
    m_items.erase(std::unique(m_items.begin(), m_items.end(),
                              [](const MetierItem* a, const MetierItem* b) { return a->label == b->label; }),
                  m_items.end());
    return reader.is_complete();
  }
  [[nodiscard]] const std::vector<const MetierItem*>& items() const { return m_items; }

 private:
  std::vector<const MetierItem*> m_items;
};

/// /api/v1/metiers
class MetiersRoute : public Route {
 public:
  MetiersRoute(Store& store, std::string_view title, std::string_view romes, std::string_view rncps)
      : m_reader(store),
        m_search(store, title, {most_found, true, true, false, false}),
        m_has_title(!title.empty()),
        m_has_romes(!romes.empty()),
        m_has_rncps(!rncps.empty()),
        m_romes(romes_in(romes)),
        m_rncps(rncps_in(rncps)) {}

  Result<List<FileId>> advance() override {
    if (m_has_title)
      return m_search.advance();
    m_reader.begin();
    static_cast<void>(m_all.read(m_reader));
    return m_reader.missing();
  }
  [[nodiscard]] Answer answer() const override {
    JsonWriter json;
    json.begin_object();
    json.key("labelsAndRomes");
    json.begin_array();
    std::uint32_t count = 0;
    const auto add = [&](const MetierItem& item) {
      if (count == most_labels || (m_has_romes && count_common(item.romes, m_romes) == 0) ||
          (m_has_rncps && count_common(item.rncps, m_rncps) == 0))
        return;
      ++count;
      write_item(json, item, false, nullptr);
    };
    if (m_has_title)
      for (const Metier& metier : m_search.results())
        add(*metier.item);
    else
      for (const MetierItem* item : m_all.items())
        add(*item);
    json.end_array();
    json.end_object();
    return {200, json.take()};
  }

 private:
  LookupReader m_reader;
  MetierSearch m_search;
  AllMetiers m_all;
  bool m_has_title, m_has_romes, m_has_rncps;
  std::vector<RomeCode> m_romes;
  std::vector<std::uint32_t> m_rncps;
};

/// /api/v1/metiers/all, and with a table: the occupations of a diploma code or a school.
class MetiersOfRoute : public Route {
 public:
  explicit MetiersOfRoute(Store& store) : m_reader(store) {}
  MetiersOfRoute(Store& store, LookupPart part, std::string_view key) : m_reader(store), m_part(part), m_key(key) {}

  Result<List<FileId>> advance() override {
    m_reader.begin();
    if (m_part)
      m_item = m_reader.table_item(*m_part, m_key);
    static_cast<void>(m_metiers.read(m_reader));
    return m_reader.missing();
  }
  [[nodiscard]] Answer answer() const override {
    if (m_part && (m_item == nullptr || m_item->romes.empty()))
      return answer_with(no_training, 500);
    struct Found {
      std::size_t common;
      const MetierItem* item;
    };
    std::vector<Found> found;
    for (const MetierItem* item : m_metiers.items())
      if (const std::size_t common = m_part ? count_common(item->romes, m_item->romes) : 1; common > 0)
        found.push_back({common, item});
    // Those that share most ROMEs first; items() is sorted by label.
    std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.common > b.common; });
    JsonWriter json;
    json.begin_object();
    json.key("metiers");
    json.begin_array();
    for (std::size_t i = 0; i < found.size() && (!m_part || i < most_labels); ++i)
      json.text(found[i].item->label);
    json.end_array();
    json.end_object();
    return {200, json.take()};
  }

 private:
  LookupReader m_reader;
  std::optional<LookupPart> m_part;
  std::string m_key;
  AllMetiers m_metiers;
  const TableItem* m_item = nullptr;
};

/// /api/v1/metiers/intitule
class IntituleRoute : public Route {
 public:
  IntituleRoute(Store& store, std::string_view label)
      : m_reader(store), m_search(store, label, {most_intitules, false, true, true, false}) {}

  Result<List<FileId>> advance() override {
    auto missing = m_search.advance();
    m_reader.begin();
    if (missing && missing->empty() && !m_labels.read(m_reader))
      return m_reader.missing();
    return missing;
  }
  [[nodiscard]] Answer answer() const override {
    JsonWriter json;
    json.begin_object();
    json.key("coupleAppellationRomeMetier");
    json.begin_array();
    std::uint32_t count = 0;
    for (const Metier& metier : m_search.results()) {
      for (const RomeCode code : metier.item->romes) {
        if (count == most_intitules)
          break;
        ++count;
        json.begin_object();
        json.key("codeRome");
        json.text(to_string(code));
        json.key("intitule");
        const std::string_view label = m_labels.label_of(code);
        json.text(label.empty() ? std::string_view(metier.item->label) : label);
        json.key("appellation");
        json.text(metier.item->label);
        json.end_object();
      }
    }
    json.end_array();
    json.end_object();
    return {200, json.take()};
  }

 private:
  LookupReader m_reader;
  MetierSearch m_search;
  RomeLabels m_labels;
};

/// /api/jobsdiplomas
class LevelsRoute : public Route {
 public:
  LevelsRoute(Store& store, std::string_view romes) : m_reader(store), m_romes(romes_in(romes)) {}

  Result<List<FileId>> advance() override {
    m_reader.begin();
    m_levels = 0;
    for (const RomeCode code : m_romes)
      if (const TableItem* item = m_reader.table_item(LookupPart::rome_levels, to_string(code)))
        m_levels = static_cast<std::uint8_t>(m_levels | item->levels);
    return m_reader.missing();
  }
  [[nodiscard]] Answer answer() const override {
    constexpr std::array<std::string_view, 5> labels{"3 (CAP...)", "4 (BAC...)", "5 (BTS, DEUST...)",
                                                     "6 (Licence, BUT...)", "7 (Master, titre ing\xC3\xA9nieur...)"};
    JsonWriter json;
    json.begin_array();
    for (std::size_t i = 0; i < labels.size(); ++i)
      if ((m_levels >> (i + 3) & 1U) != 0)
        json.text(labels[i]);
    json.end_array();
    return {200, json.take()};
  }

 private:
  LookupReader m_reader;
  std::vector<RomeCode> m_romes;
  std::uint8_t m_levels = 0;
};

/// /api/v1/communes
class CommunesRoute : public Route {
 public:
  /// `text` is a name or a postal code; only communes that have the postal code are kept when it is not empty.
  CommunesRoute(Store& store, std::string_view text, std::string_view postal_code, std::uint32_t limit)
      : m_search(store, text, most_communes + 20), m_postal_code(postal_code), m_limit(limit) {}

  Result<List<FileId>> advance() override { return m_search.advance(); }
  [[nodiscard]] Answer answer() const override {
    // What is typed finds communes by the beginning of a postal code too.
    std::vector<const PlaceItem*> communes;
    for (const PlaceItem* place : m_search.results())
      if (place->kind == PlaceItem::Kind::commune && communes.size() < m_limit &&
          (m_postal_code.empty() || has_word(place->postal_codes(), m_postal_code)))
        communes.push_back(place);
    return {200, body_of(communes)};
  }

  static std::string body_of(const std::vector<const PlaceItem*>& communes) {
    JsonWriter json;
    json.begin_array();
    for (const PlaceItem* commune : communes) {
      const Departement departement = commune->departement();
      json.begin_object();
      json.key("nom");
      json.text(commune->name);
      json.key("code");
      json.text(commune->code);
      json.key("codesPostaux");
      json.begin_array();
      for (const std::string_view code : words_of(commune->postal_codes()))
        json.text(code);
      json.end_array();
      json.key("codeDepartement");
      json.text_or_null(departement.is_none() ? std::string_view() : info(departement).code);
      json.key("codeRegion");
      json.text_or_null(departement.is_none() ? std::string_view() : info(info(departement).region).code);
      json.key("population");
      json.number(commune->population);
      json.key("centre");
      if (const auto& centre = commune->centre) {
        json.begin_object();
        json.key("type");
        json.text("Point");
        json.key("coordinates");
        json.begin_array();
        json.scaled(centre->lon_e5, 5);
        json.scaled(centre->lat_e5, 5);
        json.end_array();
        json.end_object();
      } else {
        json.null();
      }
      json.end_object();
    }
    json.end_array();
    return json.take();
  }

 private:
  PlaceSearch m_search;
  std::string m_postal_code;
  std::uint32_t m_limit;
};

/// /api/v1/communes?insee=
class CommuneByInseeRoute : public Route {
 public:
  CommuneByInseeRoute(Store& store, std::string_view insee) : m_lookup(store, insee) {}
  Result<List<FileId>> advance() override { return m_lookup.advance(); }
  [[nodiscard]] Answer answer() const override {
    std::vector<const PlaceItem*> communes;
    if (m_lookup.result() != nullptr)
      communes.push_back(m_lookup.result());
    return {200, CommunesRoute::body_of(communes)};
  }

 private:
  CommuneLookup m_lookup;
};

bool is_postal_code(std::string_view text) {
  return text.size() == 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::unique_ptr<Route> communes_route(Store& store, const Parameters& parameters) {
  const std::string_view name = value_of(parameters, "nom"), postal_code = value_of(parameters, "codePostal"),
                         insee = value_of(parameters, "insee"), limit = value_of(parameters, "limit");
  std::vector<std::string> messages;
  if (name.empty() && postal_code.empty() && insee.empty())
    messages.push_back("nom, codePostal, insee : You must define at least one of these parameters.");
  if (!postal_code.empty() && !is_postal_code(postal_code))
    messages.push_back("codePostal : Badly formatted postal code. Must be 5 digit number.");
  if (!insee.empty() && !insee_number(insee))
    messages.push_back("insee : Badly formatted insee city code. Must be 5 digit number.");
  const auto count = limit.empty() ? std::optional(most_communes) : parse_count(limit, most_communes);
  if (!count || *count == 0)
    messages.push_back("limit : Must be a number between 1 and 20.");
  if (!messages.empty())
    // The wire shape of errors is V1's; the route and its messages are ours.
    return ready(wrong_parameters(messages));
  if (!insee.empty())
    return std::make_unique<CommuneByInseeRoute>(store, insee);
  std::string text(name);
  if (!postal_code.empty())
    text += (text.empty() ? "" : " ") + std::string(postal_code);
  return std::make_unique<CommunesRoute>(store, text, postal_code, *count);
}

}  // namespace

std::unique_ptr<Route> lookup_route(Store& store, std::string_view path, const Parameters& parameters) {
  if (path == "romelabels") {
    const std::string_view title = value_of(parameters, "title");
    if (title.empty())
      return ready(answer_with(R"({"error":"title_missing"})"));
    return std::make_unique<RomeLabelsRoute>(store, title, !value_of(parameters, "withRomeLabels").empty());
  }
  if (path == "jobsdiplomas") {
    const std::string_view romes = value_of(parameters, "romes");
    if (romes.empty())
      return ready(answer_with("\"romes_missing\"", 400));
    if (value_of(parameters, "rncps").empty())
      return ready(answer_with("\"rncps_missing\""));
    return std::make_unique<LevelsRoute>(store, romes);
  }
  if (path == "v1/communes")
    return communes_route(store, parameters);
  if (path == "v1/metiers") {
    const std::string_view title = value_of(parameters, "title"), romes = value_of(parameters, "romes"),
                           rncps = value_of(parameters, "rncps");
    if (title.empty() && romes.empty() && rncps.empty())
      return ready(answer_with(missing_title, 400));
    return std::make_unique<MetiersRoute>(store, title, romes, rncps);
  }
  if (path == "v1/metiers/all")
    return std::make_unique<MetiersOfRoute>(store);
  if (path == "v1/metiers/intitule") {
    const std::string_view label = value_of(parameters, "label");
    if (label.empty())
      return ready(answer_with(missing_label, 400));
    return std::make_unique<IntituleRoute>(store, label);
  }
  constexpr std::string_view by_formation = "v1/metiers/metiersparformation/",
                             by_school = "v1/metiers/metiersparetablissement/";
  if (path.starts_with(by_formation) && path.size() > by_formation.size())
    return std::make_unique<MetiersOfRoute>(store, LookupPart::cfds, path.substr(by_formation.size()));
  if (path.starts_with(by_school) && path.size() > by_school.size())
    return std::make_unique<MetiersOfRoute>(store, LookupPart::schools, path.substr(by_school.size()));
  return nullptr;
}

}  // namespace balise::v1
