#include "core/query.hpp"

#include <algorithm>

#include "core/decimal.hpp"
#include "core/text.hpp"

namespace balise {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

/// What splits the rest of a query string: a name and a value, decoded; false at its end.
bool next_pair(std::string_view& rest, std::string& name, std::string& value) {
  while (!rest.empty()) {
    std::string_view pair = cut(rest, '&');
    if (pair.empty())
      continue;
    name = percent_decoded(cut(pair, '='), true);
    value = percent_decoded(pair, true);
    return true;
  }
  return false;
}

/// Calls `read` with each piece between commas until it gives false; whether it never did.
template <typename Read>
bool all_pieces(std::string_view list, const Read& read) {
  for (bool more = true; more;) {
    more = list.find(',') != std::string_view::npos;
    if (!read(cut(list, ',')))
      return false;
  }
  return true;
}

/// Ascending, each once.
void add(List<RomeCode>& codes, RomeCode code) {
  std::size_t i = codes.size();
  while (i > 0 && code < codes[i - 1])
    --i;
  if (i > 0 && codes[i - 1] == code)
    return;
  codes.push_back(code);
  for (std::size_t j = codes.size() - 1; j > i; --j)
    std::swap(codes[j], codes[j - 1]);
}

enum class Parameter : std::uint8_t {
  lat,
  lon,
  radius,
  romes,
  rome_domain,
  diploma,
  sources,
  region,
  departement,
  opco,
  limit,
  widen,
  cards,
  none
};
/// In the order of Parameter.
constexpr std::string_view parameter_names =
    "lat lon radius romes rome_domain diploma sources region departement opco limit widen cards";
/// What a value must be, a line each in the same order, then what else may be wrong.
constexpr std::string_view rules =
    "must be a number of degrees between -90 and 90\n"
    "must be a number of degrees between -180 and 180\n"
    "must be a number of kilometres from 0; 20000 means everywhere\n"
    "must be at most 20 ROME codes with commas between, such as F1702,F1705\n"
    "must be one letter, or a letter and two digits, such as F or F17\n"
    "must begin with a level from 3 (CAP) to 7 (master)\n"
    "must be among formations, offres, matcha, lba, with commas between\n"
    "must be the INSEE code of one of the 18 regions, such as 11 or 04\n"
    "must be the code of a departement, such as 01, 2A or 974\n"
    "must be a name\n"
    "must be a whole number from 1 to 1000\n"
    "must be a whole number up to 1000\n"
    "must be a whole number up to 4000\n"
    "is no parameter of a search\n"
    "is missing: a centre needs both lat and lon\n"
    "cannot stand beside romes: give one of them\n";
static_assert(max_romes == 20 && max_limit == 1000 && source_count == 4 && everywhere_km == 20000);
constexpr std::size_t half_a_centre = static_cast<std::size_t>(Parameter::none) + 1,
                      domain_and_romes = half_a_centre + 1;

class QueryReader {
 public:
  // Whether errors come `with_rules` is an argument and no member: compilers then see that a module without has no use
  // for their texts.
  Result<Query> read(std::string_view query_string, bool with_rules) {
    std::string name, value;
    while (next_pair(query_string, name, value)) {
      if (value.empty())
        continue;
      std::uint8_t number = 0;
      for (std::string_view rest = parameter_names; !rest.empty() && cut(rest, ' ') != name;)
        ++number;
      if (!read_parameter(static_cast<Parameter>(number), value))
        return wrong(name, value, number, with_rules);
    }
    if (m_has_lat != m_has_lon)
      return wrong(m_has_lat ? "lon" : "lat", "", half_a_centre, with_rules);
    if (!m_query.romes.empty() && !m_query.rome_domain.empty())
      return wrong("rome_domain", m_query.rome_domain, domain_and_romes, with_rules);
    if (m_has_lat)
      m_query.centre = m_centre;
    return std::move(m_query);
  }

 private:
  static Error wrong(std::string_view name, std::string_view value, std::size_t rule, bool with_rules) {
    std::string what(name);
    what += " \"";
    what += value.substr(0, 60);
    what += '"';
    if (with_rules) {
      std::string_view rest = rules;
      for (; rule > 0; --rule)
        static_cast<void>(cut(rest, '\n'));
      what += ": ";
      what += cut(rest, '\n');
    }
    return {ErrorCode::wrong_query, std::move(what)};
  }

  /// Whether the value is fine.
  bool read_parameter(Parameter parameter, std::string_view value) {
    switch (parameter) {
      case Parameter::lat:
        m_has_lat = true;
        return read_number(value, -90, 90, m_centre.lat_deg);
      case Parameter::lon:
        m_has_lon = true;
        return read_number(value, -180, 180, m_centre.lon_deg);
      case Parameter::radius:
        return read_number(value, 0, 2 * everywhere_km, m_query.radius_km);
      case Parameter::romes:
        return read_romes(value);
      case Parameter::rome_domain:
        return read_domain(value);
      case Parameter::diploma:
        m_query.level = static_cast<Level>(value[0] - '0');
        return value[0] >= '3' && value[0] <= '7';
      case Parameter::sources:
        return read_sources(value);
      case Parameter::region:
        m_query.region = parse_region(value);
        return m_query.region.has_value();
      case Parameter::departement:
        return read_departement(value);
      case Parameter::opco:
        m_query.opco = parse_opco(value).value_or(Opco::unknown);
        return true;
      case Parameter::limit:
        return read_count(value, 1, max_limit, m_query.limit);
      case Parameter::widen:
        return read_count(value, 0, max_limit, m_query.widen);
      case Parameter::cards:
        return read_count(value, 0, max_limit * source_count, m_query.cards);
      case Parameter::none:
        break;
    }
    return false;
  }

  static bool read_number(std::string_view text, double low, double high, double& out) {
    const auto number = parse_decimal(text);
    out = number.value_or(0);
    return number && out >= low && out <= high;
  }

  bool read_departement(std::string_view text) {
    const auto departement = parse_departement(text);
    if (departement)
      m_query.departements.set(departement->index);
    return departement.has_value();
  }

  static bool read_count(std::string_view text, std::uint32_t least, std::uint32_t most, std::uint32_t& out) {
    const auto count = parse_count(text, most);
    out = count.value_or(0);
    return count && *count >= least;
  }

  bool read_romes(std::string_view list) {
    return all_pieces(list, [&](std::string_view piece) {
      const auto code = parse_rome(piece);
      if (code)
        add(m_query.romes, *code);
      return code && m_query.romes.size() <= max_romes;
    });
  }

  bool read_domain(std::string_view text) {
    m_query.rome_domain = text;
    char& letter = m_query.rome_domain[0];
    if (letter >= 'a' && letter <= 'z')
      letter = static_cast<char>(letter - 'a' + 'A');
    return text.size() == 1 ? letter >= 'A' && letter <= 'Z' : parse_rome_domain(text).has_value();
  }

  bool read_sources(std::string_view list) {
    m_query.sources = {};
    return all_pieces(list, [&](std::string_view piece) {
      const auto source = parse_source(piece);
      if (source)
        m_query.sources[static_cast<std::size_t>(*source)] = true;
      return source.has_value();
    });
  }

  Query m_query;
  Centre m_centre;
  bool m_has_lat = false, m_has_lon = false;
};

}  // namespace

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> split_query_string(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  std::string name, value;
  while (next_pair(text, name, value))
    pairs.emplace_back(name, value);
  return pairs;
}

Result<Query> parse_query(std::string_view query_string, bool with_rules) {
  return QueryReader().read(query_string, with_rules);
}

}  // namespace balise
