#include "generator/ingest/reference.hpp"

#include <algorithm>
#include <array>
#include <boost/geometry/algorithms/comparable_distance.hpp>
#include <boost/geometry/algorithms/distance.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/strategies.hpp>
#include <charconv>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "core/geo.hpp"
#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/ingest/csv.hpp"
#include "generator/ingest/normalise.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/input/json_document.hpp"

namespace balise {

namespace {

constexpr std::size_t table_limit_bytes = 256U << 20U;
constexpr std::size_t neighbours = 8;  ///< candidates of nearest_commune() whose great circles are compared

/// On the unit sphere in space a straight line is the shorter the nearer two places are on the ground, so that an index
/// of plain boxes finds true neighbours everywhere, poles and date line included.
using SpacePoint = boost::geometry::model::point<double, 3, boost::geometry::cs::cartesian>;
using IndexEntry = std::pair<SpacePoint, std::uint32_t>;
using SpaceIndex = boost::geometry::index::rtree<IndexEntry, boost::geometry::index::quadratic<16>>;

SpacePoint in_space(Position position) {
  constexpr double radian = 3.14159265358979323846 / 180;
  const double lat = position.lat_e5 / 1e5 * radian, lon = position.lon_e5 / 1e5 * radian;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

/// INSEE codes as numbers: a digit, a digit or A or B, three digits; nullopt for anything else, which no commune has.
constexpr std::size_t insee_places = 120000;
std::optional<std::size_t> place_of_insee(std::string_view insee) {
  if (insee.size() != 5)
    return std::nullopt;
  std::size_t place = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    const char c = insee[i];
    const bool is_corsican = i == 1 && (c == 'A' || c == 'B');
    if ((c < '0' || c > '9') && !is_corsican)
      return std::nullopt;
    place = place * (i == 1 ? 12 : 10) + static_cast<std::size_t>(is_corsican ? c - 'A' + 10 : c - '0');
  }
  return place;
}

std::string key_in(Departement departement, std::string name_key) {
  return std::move(name_key) + '/' + std::to_string(departement.index);
}

bool is_upper_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

/// False for a row without a usable code or name.
bool add_commune(std::vector<Commune>& communes, Commune commune, std::string_view departement_code) {
  if (commune.insee.size() != 5 || !std::all_of(commune.insee.begin(), commune.insee.end(), is_upper_or_digit) ||
      commune.name.empty())
    return false;
  // The code of the commune decides; the column only helps where it says more, and never for a foreign territory.
  if (const auto departement = departement_of_insee(commune.insee))
    commune.departement = *departement;
  else if (const auto given = parse_departement(departement_code))
    commune.departement = *given;
  std::erase_if(commune.postal_codes, [](const std::string& code) { return parse_postal_code(code) != code; });
  communes.push_back(std::move(commune));
  return true;
}

/// Of digits alone; as large as can be kept when it is larger, 0 for any other number.
std::uint32_t whole_number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || rest != digits.data() + digits.size())
    return 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
}

std::string text_member(const JsonValue& object, std::string_view key) {
  const JsonValue* const found = object.find(key);
  return found != nullptr && found->is_string() ? std::string(found->text()) : std::string();
}

std::vector<Commune> communes_of_json(std::string_view text) {
  std::vector<Commune> communes;
  JsonDocument table;
  if (!table.parse(text) || !table.root().is_array())
    return communes;
  for (const JsonValue& row : table.root()) {
    if (!row.is_object())
      continue;
    Commune commune;
    commune.insee = text_member(row, "code");
    commune.name = text_member(row, "nom");
    if (const JsonValue* const codes = row.find("codesPostaux"); codes != nullptr && codes->is_array())
      for (const JsonValue& code : *codes)
        if (code.is_string())
          commune.postal_codes.emplace_back(code.text());
    if (const JsonValue* const population = row.find("population"); population != nullptr && population->is_number())
      commune.population = whole_number(population->text());
    if (const JsonValue* const centre = row.find("centre"); centre != nullptr && centre->is_object()) {
      const JsonValue* const pair = centre->find("coordinates");
      if (pair != nullptr && pair->is_array() && pair->size() == 2) {
        auto lat = pair->begin();
        const JsonValue& lon = *lat;
        ++lat;
        if (lon.is_number() && (*lat).is_number())
          commune.centre = rounded_position((*lat).number(), lon.number());
      }
    }
    add_commune(communes, std::move(commune), text_member(row, "codeDepartement"));
  }
  return communes;
}

std::vector<Commune> communes_of_csv(std::string_view text) {
  std::vector<Commune> communes;
  CsvReader rows(text);
  const auto insee = rows.column("insee"), name = rows.column("nom");
  if (!insee || !name)
    return communes;
  const auto postal_codes = rows.column("codes_postaux"), departement = rows.column("departement"),
             population = rows.column("population"), lat = rows.column("lat"), lon = rows.column("lon");
  const auto field = [&rows](std::optional<std::size_t> column) {
    return column ? std::string_view(rows.field(*column)) : std::string_view();
  };
  while (rows.next()) {
    Commune commune;
    commune.insee = rows.field(*insee);
    commune.name = rows.field(*name);
    for (std::string_view rest = field(postal_codes); !rest.empty();) {
      const std::size_t bar = std::min(rest.find('|'), rest.size());
      commune.postal_codes.emplace_back(rest.substr(0, bar));
      rest.remove_prefix(std::min(bar + 1, rest.size()));
    }
    const std::string_view people = field(population);
    std::from_chars(people.data(), people.data() + people.size(), commune.population);
    const auto lat_deg = parse_number(field(lat)), lon_deg = parse_number(field(lon));
    if (lat_deg && lon_deg)
      commune.centre = rounded_position(*lat_deg, *lon_deg);
    add_commune(communes, std::move(commune), field(departement));
  }
  return communes;
}

std::vector<Commune> load_communes(const std::filesystem::path& path) {
  const std::string text = read_all(path, table_limit_bytes);
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool is_json = first != std::string::npos && (text[first] == '[' || text[first] == '{');
  std::vector<Commune> communes =
      is_json ? communes_of_json(std::string_view(text).substr(first)) : communes_of_csv(text);
  if (communes.empty())
    throw Failure(Exit::data_refused,
                  "no commune could be read from " + path.string() +
                      ": give the JSON of geo.api.gouv.fr (nom, code, codesPostaux, centre), or a CSV "
                      "with the columns insee, nom, codes_postaux, departement, population, lat, lon");
  std::stable_sort(communes.begin(), communes.end(),
                   [](const Commune& a, const Commune& b) { return a.insee < b.insee; });
  communes.erase(std::unique(communes.begin(), communes.end(),
                             [](const Commune& a, const Commune& b) { return a.insee == b.insee; }),
                 communes.end());
  return communes;
}

std::vector<std::pair<RomeCode, std::string>> load_romes(const std::filesystem::path& path) {
  const std::string text = read_all(path, table_limit_bytes);
  CsvReader rows(text);
  const auto code = rows.column("code_rome"), parent = rows.column("code_rome_parent");
  const auto label = rows.column("libelle_rome") ? rows.column("libelle_rome") : rows.column("libelle");
  std::vector<std::pair<RomeCode, std::string>> romes;
  while (code && rows.next()) {
    if (const auto rome = parse_rome(rows.field(*code)))
      romes.emplace_back(*rome, label ? rows.field(*label) : std::string());
    // A parent of an older version is still used by the sources, even where it has no row of its own.
    if (parent)
      if (const auto rome = parse_rome(rows.field(*parent)))
        romes.emplace_back(*rome, std::string());
  }
  if (romes.empty())
    throw Failure(Exit::data_refused,
                  "no ROME code could be read from " + path.string() +
                      ": give France Travail's CSV (code_rome, libelle_rome) or one with the columns "
                      "code_rome, libelle");
  // Of several rows of one code, the first that has a label stands.
  std::stable_sort(romes.begin(), romes.end(), [](const auto& a, const auto& b) {
    return a.first == b.first ? a.second.empty() < b.second.empty() : a.first < b.first;
  });
  romes.erase(std::unique(romes.begin(), romes.end(), [](const auto& a, const auto& b) { return a.first == b.first; }),
              romes.end());
  return romes;
}

bool more_populated(const Commune* a, const Commune* b) {
  return a->population != b->population ? a->population > b->population : a->insee < b->insee;
}

}  // namespace

std::string commune_name_key(std::string_view name) {
  const std::string folded = fold(name);
  std::string key;
  for (std::string_view rest = folded; !rest.empty();) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    std::string_view word = rest.substr(0, space);
    rest.remove_prefix(std::min(space + 1, rest.size()));
    if (word == "cedex" && !key.empty())
      break;
    if (word == "arrondissement" || word == "arrondissements")
      continue;
    // "paris 11", "lyon 3e", "marseille 1er": no commune's own name holds a number after its first word.
    if (!key.empty() && word.front() >= '0' && word.front() <= '9')
      continue;
    if (word == "st")
      word = "saint";
    else if (word == "ste")
      word = "sainte";
    if (!key.empty())
      key += ' ';
    key += word;
  }
  return key;
}

struct Reference::Tables {
  std::vector<Commune> communes;
  std::vector<std::uint32_t> by_insee;  ///< numbers into `communes` plus one, by place_of_insee(); 0 = none
  std::unordered_map<std::string_view, std::vector<const Commune*>> by_postal_code;
  std::unordered_map<std::string, const Commune*> by_name;
  std::vector<std::pair<RomeCode, std::string>> romes;  ///< ascending
  std::vector<bool> knows_rome;                         ///< by the value of the code
  SpaceIndex centres;                                   ///< numbers into `communes`
};

Reference::Reference(std::unique_ptr<Tables> tables) : m_tables(std::move(tables)) {}
Reference::Reference(Reference&&) noexcept = default;
Reference& Reference::operator=(Reference&&) noexcept = default;
Reference::~Reference() = default;

Reference Reference::load(const std::filesystem::path& communes, const std::filesystem::path& romes) {
  auto tables = std::make_unique<Tables>();
  tables->communes = load_communes(communes);
  tables->romes = load_romes(romes);
  tables->knows_rome.resize(26 * 10000);
  for (const auto& [code, label] : tables->romes)
    tables->knows_rome[code.value] = true;
  tables->by_insee.resize(insee_places);
  std::vector<IndexEntry> centres;
  for (std::uint32_t i = 0; i < tables->communes.size(); ++i) {
    Commune& commune = tables->communes[i];
    commune.name_key = commune_name_key(commune.name);
    if (const auto place = place_of_insee(commune.insee))
      tables->by_insee[*place] = i + 1;
    for (const std::string& code : commune.postal_codes)
      tables->by_postal_code[code].push_back(&commune);
    if (!commune.departement.is_none()) {
      const Commune*& named = tables->by_name[key_in(commune.departement, commune.name_key)];
      if (named == nullptr || more_populated(&commune, named))
        named = &commune;
    }
    if (commune.centre)
      centres.emplace_back(in_space(*commune.centre), i);
  }
  for (auto& [code, list] : tables->by_postal_code)
    std::sort(list.begin(), list.end(), more_populated);
  tables->centres = SpaceIndex(centres);
  return Reference(std::move(tables));
}

const Commune* Reference::commune_by_insee(std::string_view insee) const {
  const auto place = place_of_insee(insee);
  const std::uint32_t number = place ? m_tables->by_insee[*place] : 0;
  return number == 0 ? nullptr : &m_tables->communes[number - 1];
}

const std::vector<const Commune*>& Reference::communes_by_postal_code(std::string_view postal_code) const {
  static const std::vector<const Commune*> none;
  const auto found = m_tables->by_postal_code.find(postal_code);
  return found == m_tables->by_postal_code.end() ? none : found->second;
}

const Commune* Reference::commune_by_name(Departement departement, std::string_view name) const {
  const auto found = m_tables->by_name.find(key_in(departement, commune_name_key(name)));
  return found == m_tables->by_name.end() ? nullptr : found->second;
}

const Commune* Reference::nearest_commune(Position position, double max_km) const {
  std::array<IndexEntry, neighbours> found;
  const std::size_t count =
      m_tables->centres.query(boost::geometry::index::nearest(in_space(position), neighbours), found.begin());
  const Centre centre{position.lat_e5 / 1e5, position.lon_e5 / 1e5};
  const Commune* nearest = nullptr;
  std::uint64_t nearest_um = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Commune& commune = m_tables->communes[found[i].second];
    const std::uint64_t um = distance_um(centre, *commune.centre);
    // Communes that share a centre, because only that of their postal code is known: the most populated one.
    if (nearest == nullptr || um < nearest_um || (um == nearest_um && more_populated(&commune, nearest))) {
      nearest = &commune;
      nearest_um = um;
    }
  }
  return nearest != nullptr && static_cast<double>(nearest_um) <= max_km * 1e9 ? nearest : nullptr;
}

const std::vector<Commune>& Reference::communes() const {
  return m_tables->communes;
}

const std::vector<std::pair<RomeCode, std::string>>& Reference::romes() const {
  return m_tables->romes;
}

bool Reference::knows_rome(RomeCode code) const {
  return code.value < m_tables->knows_rome.size() && m_tables->knows_rome[code.value];
}

std::string_view Reference::rome_label(RomeCode code) const {
  const auto found = std::lower_bound(m_tables->romes.begin(), m_tables->romes.end(), code,
                                      [](const auto& entry, RomeCode wanted) { return entry.first < wanted; });
  return found != m_tables->romes.end() && found->first == code ? std::string_view(found->second) : std::string_view();
}

}  // namespace balise
