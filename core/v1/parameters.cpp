#include "core/v1/parameters.hpp"

#include <algorithm>

#include "core/decimal.hpp"

namespace balise::v1 {

namespace {

/// How many formations answer a search that has none within its radius (section 3.3, step 6).
constexpr std::uint32_t nearest_beyond = 5;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A number as JavaScript's Number() reads decimal ones, blanks around allowed; blanks alone are none.
std::optional<double> number_of(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return parse_decimal(text);
}

/// The checks of one request, in the order in which V1 makes them. Identifiers in comments are those of section 2.2.
class Checker {
 public:
  Checker(const Parameters& parameters, CheckedRequest& checked) : m_parameters(parameters), m_checked(checked) {}

  void caller() {
    if (value("caller").empty() && !m_checked.request.is_own)
      wrong("caller : caller is missing.");  // C1
  }

  /// Formations: one of both; by region: at most one; jobs: codes, or a domain in their place.
  void romes(SearchKind kind) {
    const std::string_view codes = value("romes"), domain = value("romeDomain");
    const bool is_job = kind == SearchKind::jobs || kind == SearchKind::jobs_et_formations;
    if (codes.empty() && domain.empty()) {
      if (kind == SearchKind::formations)
        wrong("romes, romeDomain : You must define at least 1 rome code OR a single romeDomain.");  // D1
      if (is_job) {
        wrong("romes : Rome codes are missing. At least 1.");  // R1
        badly_formatted_romes();
      }
      return;
    }
    if (!codes.empty() && !domain.empty() && !is_job) {
      wrong("romes, romeDomain : You must define either romes OR romeDomain, not both.");  // D2
      return;
    }
    if (!codes.empty())
      read_romes(codes);
    else
      read_domain(domain);
  }

  void place() {
    const std::string_view lat = value("latitude"), lon = value("longitude");
    if (lat.empty() && lon.empty())
      return;
    Centre centre;
    coordinate(lat, "latitude", 90, centre.lat_deg);    // G1, G2, G3
    coordinate(lon, "longitude", 180, centre.lon_deg);  // G4, G5, G6
    if (value("radius").empty())
      wrong("radius : Search radius is missing.");  // A1
    else
      radius();
    query().centre = centre;
  }

  void diploma() {
    const std::string_view text = value("diploma");
    if (text.empty())
      return;
    if (text[0] < '3' || text[0] > '7')
      wrong(
          "diploma : Optional diploma argument used with wrong value. Should contains only one of "
          "\"3xxx\",\"4xxx\",\"5xxx\",\"6xxx\",\"7xxx\". xxx maybe any value");  // P1
    else
      query().level = static_cast<Level>(text[0] - '0');
  }

  /// Optional here; with no coordinates the commune is the centre (interface, section 6).
  void insee() {
    const std::string_view code = value("insee");
    if (code.empty())
      return;
    const auto is_second = [](char c) { return is_digit(c) || c == 'a' || c == 'A' || c == 'b' || c == 'B'; };
    if (code.size() != 5 || !is_digit(code[0]) || !is_second(code[1]) || !is_digit(code[2]) || !is_digit(code[3]) ||
        !is_digit(code[4])) {
      wrong("insee : Badly formatted insee city code. Must be 5 digit number.");  // I2
      return;
    }
    if (!value("latitude").empty() || !value("longitude").empty())
      return;
    std::string& insee = m_checked.request.insee;
    insee = code;
    if (insee[1] == 'a' || insee[1] == 'b')
      insee[1] = static_cast<char>(insee[1] - 'a' + 'A');
    if (!value("radius").empty())
      radius();
  }

  void sources(bool with_formations) {
    Asked& asked = m_checked.request.asked;
    std::string_view list = value("sources");
    if (list.empty()) {
      asked = {with_formations, true, true, true, true};
      return;
    }
    bool all_known = true;
    for (bool last = false; !last;) {
      const std::size_t comma = list.find(',');
      const std::string_view name = list.substr(0, comma);
      last = comma == std::string_view::npos;
      if (!last)
        list.remove_prefix(comma + 1);
      bool* wanted = name == "offres"   ? &asked.offres
                     : name == "matcha" ? &asked.matcha
                     : name == "lba"    ? &asked.lba
                     : name == "lbb"    ? &asked.lbb
                                        : nullptr;
      if (with_formations && name == "formations")
        wanted = &asked.formations;
      if (wanted != nullptr)
        *wanted = true;
      else
        all_known = false;
    }
    if (!all_known)
      wrong(std::string("sources : Optional sources argument used with wrong value. Should contains comma separated "
                        "values among ") +
            (with_formations ? "'formations', " : "") + "'lbb', 'lba', 'offres', 'matcha'.");  // S1, S2
  }

  void territory() {
    const std::string_view region = value("region"), departement = value("departement");
    if (!region.empty() && !departement.empty()) {
      wrong("region, departement : You must define either region OR departement, not both.");  // Z1
      return;
    }
    if (!departement.empty())
      read_departement(departement);
    if (!region.empty())
      read_region(region);
  }

  void at_least_one() {
    if (value("region").empty() && value("departement").empty() && value("romes").empty() &&
        value("romeDomain").empty())
      wrong(
          "region, departement, romes, romeDomain : You must assign a value to at least one of these parameters.");  // Z5
  }

  /// Of offers and companies; an unknown one finds nothing (interface, section 6).
  void opco() {
    if (const std::string_view name = value("opco"); !name.empty())
      query().opco = parse_opco(name).value_or(Opco::unknown);
  }

 private:
  [[nodiscard]] std::string_view value(std::string_view name) const { return value_of(m_parameters, name); }
  [[nodiscard]] Query& query() { return m_checked.request.query; }
  void wrong(std::string message) { m_checked.messages.push_back(std::move(message)); }

  void badly_formatted_romes() {
    wrong(
        "romes : Badly formatted rome codes. Rome code must be one letter followed by 4 digit number. ex : "
        "A1234");  // R3
  }

  void read_romes(std::string_view codes) {
    const auto parts = static_cast<std::size_t>(std::count(codes.begin(), codes.end(), ',')) + 1;
    if (parts > max_romes)
      wrong("romes : Too many rome codes. Maximum is " + std::to_string(max_romes) + ".");  // R2
    List<RomeCode>& romes = query().romes;
    for (std::size_t i = 0; i < parts; ++i) {
      const std::size_t end = std::min(codes.find(','), codes.size());
      const auto code = parse_rome(codes.substr(0, end));
      if (!code) {
        badly_formatted_romes();
        return;
      }
      romes.push_back(*code);
      codes.remove_prefix(std::min(end + 1, codes.size()));
    }
    std::sort(romes.begin(), romes.end());
    romes.erase(std::unique(romes.begin(), romes.end()), romes.end());
  }

  void read_domain(std::string_view text) {
    std::string domain(text);
    if (domain[0] >= 'a' && domain[0] <= 'z')
      domain[0] = static_cast<char>(domain[0] - 'a' + 'A');
    const bool is_letter = domain.size() == 1 && domain[0] >= 'A' && domain[0] <= 'Z';
    if (!is_letter && !parse_rome_domain(domain))
      wrong(
          "romeDomain : Badly formatted romeDomain. Rome domain must be one letter or one letter followed by 2 digit "
          "number. ex : A or A12");  // D3
    query().rome_domain = std::move(domain);
  }

  void coordinate(std::string_view text, const std::string& name, int bound, double& degrees) {
    const std::string start = name + " : Search center " + name;
    const auto number = number_of(text);
    if (text.empty())
      wrong(start + " is missing.");
    else if (!number)
      wrong(start + " must be a number.");
    else if (*number < -bound || *number > bound)
      wrong(start + " must be a number between -" + std::to_string(bound) + " and " + std::to_string(bound) + ".");
    else
      degrees = *number;
  }

  void radius() {
    const auto number = number_of(value("radius"));
    if (!number) {
      wrong("radius : Search radius must be a number.");  // A2
      return;
    }
    // The integer part is what is compared.
    if (*number <= -1 || (*number >= 201 && !(*number >= everywhere_km && *number < everywhere_km + 1))) {
      wrong("radius : Search radius must be a number between 0 and 200.");  // A3
      return;
    }
    query().radius_km = std::max(*number, 0.0);
  }

  /// A prefix of postal codes in V1: "20" is Corsica, "97" all overseas, "750" Paris. Records are compared by their
  /// commune all the same (interface, section 6).
  void read_departement(std::string_view text) {
    const bool is_prefix = (text.size() == 2 || text.size() == 3) && std::all_of(text.begin(), text.end(), is_digit);
    const auto exact = parse_departement(text);
    if (!is_prefix && !exact) {
      wrong(
          "departement : Badly formatted departement. departement must be a two digit number or three digit number for "
          "overseas departments. ex : 01 or 974");  // Z2
      return;
    }
    std::bitset<128>& wanted = query().departements;
    const auto add = [&](std::string_view code) {
      if (const auto departement = parse_departement(code))
        wanted.set(departement->index);
    };
    if (exact) {
      wanted.set(exact->index);
    } else if (text.starts_with("20")) {
      if (text.size() == 2 || text[2] <= '1')
        add("2A");
      if (text.size() == 2 || text[2] > '1')
        add("2B");
    } else if (text == "97") {
      for (const DepartementInfo& departement : balise::departements())
        if (departement.code.starts_with("97"))
          add(departement.code);
    } else if (text.size() == 3 && !text.starts_with("97") && !text.starts_with("98")) {
      add(text.substr(0, 2));
    }
    // Well formed, but there is no such departement: found by nothing.
    if (wanted.none())
      wanted.set(wanted.size() - 1);
  }

  void read_region(std::string_view text) {
    if (text.size() != 2 || !is_digit(text[0]) || !is_digit(text[1]))
      wrong("region : Badly formatted region. region must be a two digit number. ex : 01");  // Z3
    query().region = parse_region(text);
    if (!query().region)
      wrong(
          "region : Badly formatted region. region must be one of the allowed values as described in the api online "
          "doc.");  // Z4
  }

  const Parameters& m_parameters;
  CheckedRequest& m_checked;
};

}  // namespace

CheckedRequest check_search(SearchKind kind, const Parameters& parameters, bool is_own) {
  CheckedRequest checked;
  SearchRequest& request = checked.request;
  request.is_own = is_own;
  if (std::count_if(parameters.begin(), parameters.end(), [](const auto& item) { return item.first == "romes"; }) > 1) {
    checked.is_broken = true;
    return checked;
  }
  Checker check(parameters, checked);
  check.caller();
  check.romes(kind);
  request.asked.formations = kind != SearchKind::jobs;
  switch (kind) {
    case SearchKind::formations:
      check.place();
      check.diploma();
      request.query.widen = nearest_beyond;
      break;
    case SearchKind::formations_par_region:
      check.territory();
      check.at_least_one();
      check.diploma();
      break;
    case SearchKind::jobs:
    case SearchKind::jobs_et_formations:
      check.place();
      if (kind == SearchKind::jobs_et_formations)
        check.diploma();
      check.insee();
      request.asked = {};
      check.sources(kind == SearchKind::jobs_et_formations);
      check.territory();
      check.opco();
      break;
  }
  const Asked& asked = request.asked;
  request.query.sources = {asked.formations, asked.offres, asked.matcha, asked.lba};
  request.query.level_hides_offres = false;
  return checked;
}

}  // namespace balise::v1
