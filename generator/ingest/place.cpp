#include "generator/ingest/place.hpp"

#include <algorithm>
#include <string>

#include "core/geo.hpp"
#include "generator/ingest/boxes.hpp"

namespace balise {

namespace {

// Communes of Guyane are as large as departements; elsewhere 30 km is La bonne alternance's own tolerance.
constexpr double max_centre_km = 30, max_centre_guyane_km = 150;
constexpr double max_nearest_km = 60, max_nearest_guyane_km = 150;
/// Nearer than this to the centre of its own commune, a place is not suspected of lying in another region: near a
/// border the nearest centre is often on the other side.
constexpr double sure_km = 10;

const TerritoryBox* box_of(Position position) {
  return balise::box_of(position.lat_e5 / 1e5, position.lon_e5 / 1e5);
}

bool in_guyane(Position position) {
  const TerritoryBox* box = box_of(position);
  return box != nullptr && box->territory == Territory::guyane;
}

double distance_km(Position a, Position b) {
  return static_cast<double>(distance_um(Centre{a.lat_e5 / 1e5, a.lon_e5 / 1e5}, b)) / 1e9;
}

std::string kilometres(double km) {
  return std::to_string(static_cast<long>(km + 0.5)) + " km";
}

/// Codes of communes and postal codes of the territories outside the 18 regions, and of foreign countries (99).
bool is_outside_code(std::string_view code) {
  return code.starts_with("975") || code.starts_with("977") || code.starts_with("978") || code.starts_with("98") ||
         code.starts_with("99");
}

/// Of the communes of a postal code, the one that the name means: the most particular one (an arrondissement before the
/// city that has all its postal codes), nullptr when none bears the name.
const Commune* named_among(const std::vector<const Commune*>& communes, std::string_view name) {
  if (name.empty())
    return nullptr;
  const std::string key = commune_name_key(name);
  const Commune* best = nullptr;
  for (const Commune* commune : communes)
    if (commune->name_key == key && (best == nullptr || commune->postal_codes.size() < best->postal_codes.size()))
      best = commune;
  return best;
}

class Settler {
 public:
  Settler(Row& row, const Reference& reference, const PlaceHints& hints)
      : m_row(row), m_record(row.record), m_reference(reference), m_hints(hints) {}

  std::optional<Refusal> settle() {
    by_insee();
    if (!m_departement && !m_outside)
      by_postal_code();
    if (!m_departement && !m_outside)
      by_position();
    if (!m_departement && !m_outside)
      by_hint();
    if (m_outside)
      return rejected("outside_regions", clues());
    if (!m_departement)
      return rejected("no_place", clues());
    m_record.departement = *m_departement;
    find_commune();
    check_postal_code();
    check_position();
    fill();
    return std::nullopt;
  }

 private:
  std::string clues() const {
    std::string text;
    for (const std::string* clue : {&m_record.insee, &m_record.postal_code, &m_record.city})
      if (!clue->empty())
        text += (text.empty() ? "" : " ") + *clue;
    return text;
  }

  void by_insee() {
    if (m_record.insee.empty())
      return;
    m_commune = m_reference.commune_by_insee(m_record.insee);
    if (m_commune != nullptr && !m_commune->departement.is_none()) {
      m_departement = m_commune->departement;
      m_is_exact = true;
      return;
    }
    m_commune = nullptr;
    // Communes merged since, and the pseudo-communes of CEDEX offices, still tell their departement.
    m_departement = departement_of_insee(m_record.insee);
    m_outside = !m_departement && is_outside_code(m_record.insee);
    if (!m_outside)
      m_row.note("unknown_commune", m_record.insee);
  }

  void by_postal_code() {
    const std::string& code = m_record.postal_code;
    if (code.empty())
      return;
    if (const auto& communes = m_reference.communes_by_postal_code(code); !communes.empty()) {
      // Some postal codes reach into a second departement: the name decides, else most of the people.
      const Commune* named = named_among(communes, m_record.city);
      m_commune = named != nullptr ? named : communes.front();
      m_is_exact = named != nullptr || communes.size() == 1;
      if (m_commune->departement.is_none())
        m_outside = true;
      else
        m_departement = m_commune->departement;
      return;
    }
    m_departement = departement_of_postal_code(code);
    m_outside = !m_departement && is_outside_code(code);
  }

  void by_position() {
    if (!m_record.position)
      return;
    if (const TerritoryBox* box = box_of(*m_record.position);
        box != nullptr && box->territory == Territory::elsewhere) {
      m_outside = true;
      return;
    }
    if (const Commune* nearest = nearest_commune())
      m_departement = nearest->departement;
  }

  void by_hint() {
    m_departement = parse_departement(m_hints.departement);
    m_outside = !m_departement && is_outside_code(m_hints.departement);
  }

  const Commune* nearest_commune() const {
    const double reach = in_guyane(*m_record.position) ? max_nearest_guyane_km : max_nearest_km;
    const Commune* nearest = m_reference.nearest_commune(*m_record.position, reach);
    return nearest != nullptr && !nearest->departement.is_none() ? nearest : nullptr;
  }

  /// Where the codes named no commune: postal code and town, or the town alone, within the departement.
  void find_commune() {
    if (m_commune != nullptr)
      return;
    const auto& communes = m_reference.communes_by_postal_code(m_record.postal_code);
    m_commune = named_among(communes, m_record.city);
    if (m_commune == nullptr && !m_record.city.empty())
      m_commune = m_reference.commune_by_name(*m_departement, m_record.city);
    if (m_commune != nullptr && m_commune->departement == *m_departement) {
      m_is_exact = true;
      return;
    }
    m_commune = nullptr;
    for (const Commune* commune : communes) {
      if (commune->departement == *m_departement) {
        m_commune = commune;
        m_is_exact = communes.size() == 1;
        return;
      }
    }
  }

  void check_postal_code() {
    if (m_commune == nullptr || !m_is_exact || m_record.postal_code.empty() || m_commune->postal_codes.empty())
      return;
    const auto& codes = m_commune->postal_codes;
    if (std::find(codes.begin(), codes.end(), m_record.postal_code) == codes.end())
      m_row.note("postal_code_disagrees", m_record.postal_code + ' ' + m_commune->insee + ' ' + m_commune->name);
  }

  void check_position() {
    if (!m_record.position)
      return;
    double km = -1;
    if (m_commune != nullptr && m_commune->centre) {
      km = distance_km(*m_record.position, *m_commune->centre);
      const bool guyane = info(*m_departement).code == "973";
      if (km > (guyane ? max_centre_guyane_km : max_centre_km))
        m_row.note("far_from_commune", kilometres(km) + " from " + m_commune->insee + ' ' + m_commune->name);
      if (km <= sure_km)
        return;
    }
    const Commune* nearest = nearest_commune();
    if (nearest != nullptr && !(info(nearest->departement).region == info(*m_departement).region))
      m_row.note("region_disagrees", "declared " + std::string(info(*m_departement).code) + ", lies near " +
                                         nearest->insee + ' ' + nearest->name);
  }

  void fill() {
    if (m_commune == nullptr)
      return;
    if (m_record.insee.empty() && m_is_exact)
      m_record.insee = m_commune->insee;
    if (m_record.city.empty() && m_is_exact)
      m_record.city = m_commune->name;
    if (!m_record.position && m_hints.use_centre_of_commune && m_commune->centre) {
      m_record.position = m_commune->centre;
      m_row.note("position_of_commune", m_commune->insee + ' ' + m_commune->name);
    }
  }

  Row& m_row;
  Record& m_record;
  const Reference& m_reference;
  const PlaceHints& m_hints;
  const Commune* m_commune = nullptr;
  bool m_is_exact = false;  ///< the commune is the one that is meant, not just one of its postal code
  bool m_outside = false;
  std::optional<Departement> m_departement;
};

}  // namespace

std::optional<Refusal> settle_place(Row& row, const Reference& reference, const PlaceHints& hints) {
  return Settler(row, reference, hints).settle();
}

}  // namespace balise
