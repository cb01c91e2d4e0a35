#include "core/v1/item.hpp"

#include <initializer_list>

#include "core/decimal.hpp"

namespace balise::v1 {

namespace {

class ItemWriter {
 public:
  ItemWriter(JsonWriter& json, const Item& item, const ItemStyle& style) : m_json(json), m_item(item), m_style(style) {}

  void formation() {
    start("formation");
    text("longTitle", detail(Field::long_title));
    text("id", m_item.card.id);
    contact();
    m_json.key("place");
    m_json.begin_object();
    m_json.key("distance");
    if (m_item.distance_m)
      m_json.scaled(*m_item.distance_m, 3);
    else
      m_json.null();
    const Card& card = m_item.card;
    text("fullAddress", joined({card.address, card.postal_code, card.city}));
    coordinates_as_text();
    text("city", card.city);
    text("address", card.address);
    text("cedex", detail(Field::cedex));
    text("zipCode", card.postal_code);
    text("departementNumber", info(card.departement).code);
    text("region", name_of(info(card.departement).region));
    text("insee", card.insee);
    m_json.end_object();
    m_json.key("company");
    m_json.begin_object();
    text("name", card.company);
    text("siret", detail(Field::siret));
    text("id", detail(Field::school_id));
    text("uai", detail(Field::school_uai));
    headquarter();
    m_json.key("place");
    m_json.begin_object();
    text("city", detail(Field::school_city));
    m_json.end_object();
    m_json.end_object();
    text("diplomaLevel", label_of_level(card.level));
    text("diploma", detail(Field::diploma));
    text("cfd", detail(Field::cfd));
    text("rncpCode", detail(Field::rncp_code));
    text("rncpLabel", detail(Field::rncp_label));
    boolean("rncpEligibleApprentissage", Field::rncp_eligible);
    null("period");
    text("capacity", detail(Field::capacity));
    text("createdAt", time_of(to_string_date(card.created)));
    text("lastUpdateAt", time_of(detail(Field::updated)));
    text("onisepUrl", detail(Field::onisep_url));
    null("url");
    null("job");
    romes("");
    null("nafs");
    null("training");
    text("idRco", detail(Field::id_rco));
    text("idRcoFormation", detail(Field::id_rco_formation));
    text("cleMinistereEducatif", card.id);
    m_json.end_object();
  }

  void offre() {
    start("peJob");
    null("longTitle");
    null("id");
    contact();
    const Card& card = m_item.card;
    const std::string_view label = detail(Field::place_label);
    const std::string_view town = label.empty() ? std::string_view(card.city) : label;
    m_json.key("place");
    m_json.begin_object();
    m_json.key("distance");
    // 0 where nobody asked for a distance, null where it is not known (section 2.6).
    if (card.key == no_place)
      m_json.null();
    else
      tenths_of_km(m_item.distance_m.value_or(0));
    text("insee", card.insee);
    text("zipCode", card.postal_code);
    text("city", town);
    coordinate("latitude", position_of(card.key).lat_e5);
    coordinate("longitude", position_of(card.key).lon_e5);
    text("fullAddress", joined({town, card.postal_code}));
    m_json.end_object();
    m_json.key("company");
    m_json.begin_object();
    text_if_any("name", card.company);
    text_if_any("logo", detail(Field::company_logo));
    text_if_any("description", detail(Field::company_description));
    if (m_style.is_own)
      text_if_any("siret", detail(Field::siret));
    m_json.end_object();
    formation_keys();
    null("createdAt");
    null("lastUpdateAt");
    null("onisepUrl");
    text("url", detail(Field::url));
    m_json.key("job");
    m_json.begin_object();
    text("id", card.id);
    text("creationDate", time_of(to_string_date(card.created)));
    text("description", detail(Field::description));
    const std::string_view code = detail(Field::contract_code);
    text("contractType", code.empty() ? with_commas(detail(Field::contract_type)) : std::string(code));
    text("contractDescription", detail(Field::contract_description));
    text_if_any("duration", detail(Field::contract_duration));
    m_json.end_object();
    romes(detail(Field::rome_label));
    nafs(true);
    null("training");
    m_json.end_object();
  }

  void matcha() {
    start("matcha");
    null("longTitle");
    const Card& card = m_item.card;
    text("id", card.id);
    contact();
    m_json.key("place");
    m_json.begin_object();
    distance();
    const std::string address = joined({card.address, card.postal_code, card.city});
    text("fullAddress", address);
    coordinates_as_text();
    null("city");
    text("address", address);
    for (const char* key : {"cedex", "zipCode", "departementNumber", "region", "insee"})
      null(key);
    m_json.end_object();
    m_json.key("company");
    m_json.begin_object();
    text("name", card.company.empty() ? "Enseigne inconnue" : std::string_view(card.company));
    text("siret", detail(Field::siret));
    text("size", detail(Field::company_size));
    text("logo", detail(Field::company_logo));
    text("description", detail(Field::company_description));
    null("socialNetwork");
    text("url", detail(Field::company_url));
    for (const char* key : {"id", "uai", "place"})
      null(key);
    m_json.key("mandataire");
    m_json.boolean(detail(Field::is_delegated) == "true");
    null("creationDate");
    null("headquarter");
    m_json.end_object();
    formation_keys(level_of_offre());
    text("createdAt", time_of(to_string_date(card.created)));
    text("lastUpdateAt", time_of(detail(Field::updated)));
    null("onisepUrl");
    text("url", detail(Field::url));
    m_json.key("job");
    m_json.begin_object();
    text("id", card.id);
    text("description", detail(Field::description));
    text("creationDate", time_of(to_string_date(card.created)));
    m_json.key("contractType");
    list(detail(Field::contract_type));
    text("jobStartDate", time_of(detail(Field::contract_start)));
    null("romeDetails");
    text("rythmeAlternance", detail(Field::work_rhythm));
    number_or_text("dureeContrat", detail(Field::contract_duration));
    number_or_text("quantiteContrat", detail(Field::opening_count));
    boolean("elligibleHandicap", Field::accepts_handicap);
    m_json.end_object();
    romes("");
    nafs(false);
    null("training");
    m_json.end_object();
  }

  void company() {
    start("lba");
    null("longTitle");
    null("id");
    contact();
    const Card& card = m_item.card;
    const std::string town = joined({card.postal_code, card.city});
    const std::string address = card.address.empty() || town.empty() ? card.address + town : card.address + ", " + town;
    m_json.key("place");
    m_json.begin_object();
    distance();
    text("fullAddress", address);
    coordinates_as_text();
    text("city", card.city);
    text("address", address);
    m_json.end_object();
    m_json.key("company");
    m_json.begin_object();
    text("name", card.title);
    text("siret", card.id);
    text("size", detail(Field::company_size));
    m_json.end_object();
    formation_keys();
    null("createdAt");
    null("lastUpdateAt");
    null("onisepUrl");
    null("url");
    null("job");
    null("romes");
    nafs(true);
    null("training");
    m_json.end_object();
  }

 private:
  [[nodiscard]] std::string_view detail(Field field) const {
    for (const Detail& item : m_item.details)
      if (item.field == field)
        return item.value;
    return {};
  }

  void text(std::string_view key, std::string_view value) {
    m_json.key(key);
    m_json.text_or_null(value);
  }
  void text_if_any(std::string_view key, std::string_view value) {
    if (!value.empty())
      text(key, value);
  }
  void null(std::string_view key) {
    m_json.key(key);
    m_json.null();
  }

  void start(std::string_view idea_type) {
    m_json.begin_object();
    if (m_style.with_idea_type)
      text("ideaType", idea_type);
    text("title", m_item.card.title);
  }

  /// No address of anybody is published, only that there is one (interface, section 6).
  void contact() {
    m_json.key("contact");
    if (detail(Field::has_email) != "true") {
      m_json.null();
      return;
    }
    m_json.begin_object();
    m_json.key("hasEmail");
    m_json.boolean(true);
    m_json.end_object();
  }

  /// The keys of a formation that a job leaves null.
  void formation_keys(std::string_view level = {}) {
    text("diplomaLevel", level);
    for (const char* key :
         {"diploma", "cfd", "rncpCode", "rncpLabel", "rncpEligibleApprentissage", "period", "capacity"})
      null(key);
  }

  void headquarter() {
    m_json.key("headquarter");
    m_json.begin_object();
    text("id", detail(Field::head_id));
    text("uai", detail(Field::head_uai));
    text("siret", detail(Field::head_siret));
    text("type", detail(Field::head_type));
    const std::string_view agreement = detail(Field::head_has_agreement);
    text("hasConvention", agreement.empty() ? "" : agreement == "true" ? "OUI" : "NON");
    m_json.key("place");
    m_json.begin_object();
    text("address", detail(Field::head_address));
    text("cedex", detail(Field::head_cedex));
    text("zipCode", detail(Field::head_postal_code));
    text("city", detail(Field::head_city));
    m_json.end_object();
    text("name", detail(Field::head_name));
    m_json.end_object();
  }

  void tenths_of_km(std::uint32_t metres) { m_json.scaled((metres + 50) / 100, 1); }

  void distance() {
    m_json.key("distance");
    if (m_item.distance_m)
      tenths_of_km(*m_item.distance_m);
    else
      m_json.null();
  }

  void coordinate(std::string_view key, std::int32_t e5) {
    m_json.key(key);
    if (m_item.card.key == no_place)
      m_json.null();
    else
      m_json.scaled(e5, 5);
  }

  void coordinates_as_text() {
    const Position position = position_of(m_item.card.key);
    for (const bool is_latitude : {true, false}) {
      std::string degrees;
      if (m_item.card.key != no_place)
        append_scaled(degrees, is_latitude ? position.lat_e5 : position.lon_e5, 5);
      text(is_latitude ? "latitude" : "longitude", degrees);
    }
  }

  void boolean(std::string_view key, Field field) {
    const std::string_view value = detail(field);
    m_json.key(key);
    if (value.empty())
      m_json.null();
    else
      m_json.boolean(value == "true");
  }

  /// A count where the source gave one, else its words.
  void number_or_text(std::string_view key, std::string_view value) {
    m_json.key(key);
    constexpr std::uint32_t most = 1'000'000;
    if (const auto count = parse_count(value, most))
      m_json.number(*count);
    else
      m_json.text_or_null(value);
  }

  void list(std::string_view lines) {
    m_json.begin_array();
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size());
      m_json.text(lines.substr(0, end));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    m_json.end_array();
  }

  /// The label is that of the only code, where the source says it.
  void romes(std::string_view label) {
    m_json.key("romes");
    m_json.begin_array();
    for (const RomeCode code : m_item.card.romes) {
      m_json.begin_object();
      text("code", to_string(code));
      if (m_item.card.romes.size() == 1)
        text_if_any("label", label);
      m_json.end_object();
    }
    m_json.end_array();
  }

  void nafs(bool with_code) {
    m_json.key("nafs");
    const std::string_view code = detail(Field::naf_code), label = detail(Field::naf_label);
    if (label.empty() && (code.empty() || !with_code)) {
      m_json.null();
      return;
    }
    m_json.begin_array();
    m_json.begin_object();
    if (with_code)
      text("code", code);
    text("label", label);
    m_json.end_object();
    m_json.end_array();
  }

  /// Days are all that is kept of a time.
  static std::string time_of(std::string_view date) {
    return date.empty() ? std::string() : std::string(date) + "T00:00:00.000Z";
  }

  static std::string with_commas(std::string_view lines) {
    std::string text(lines);
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
      text.replace(at, 1, ", ");
    return text;
  }

  static std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts) {
      if (!text.empty() && !part.empty())
        text += ' ';
      text += part;
    }
    return text;
  }

  /// As the screens of 2022 word the levels of offers (section 3.5).
  [[nodiscard]] std::string_view level_of_offre() const {
    switch (m_item.card.level) {
      case 3:
        return "Cap, autres formations niveau 3";
      case 4:
        return "Bac, autres formations niveau 4";
      case 5:
        return "BTS, DEUST, autres formations niveaux 5 (Bac+2)";
      case 6:
        return "Licence, autres formations niveaux 6 (bac+3)";
      case 7:
        return "Master, titre ing\xC3\xA9nieur, autres formations niveaux 7 ou 8 (bac+5)";
      default:
        return "Indiff\xC3\xA9rent";
    }
  }

  JsonWriter& m_json;
  const Item& m_item;
  const ItemStyle& m_style;
};

}  // namespace

void write_item(JsonWriter& json, const Item& item, const ItemStyle& style) {
  ItemWriter writer(json, item, style);
  switch (item.card.source) {
    case Source::formations:
      writer.formation();
      break;
    case Source::offres:
      writer.offre();
      break;
    case Source::matcha:
      writer.matcha();
      break;
    case Source::lba:
      writer.company();
      break;
  }
}

std::string_view label_of_level(Level level) {
  switch (level) {
    case 3:
      return "3 (CAP...)";
    case 4:
      return "4 (BAC...)";
    case 5:
      return "5 (BTS, DEUST...)";
    case 6:
      return "6 (Licence, BUT...)";
    case 7:
      return "7 (Master, titre ing\xC3\xA9nieur...)";
    default:
      return {};
  }
}

}  // namespace balise::v1
