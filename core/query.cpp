#include "core/query.hpp"

#include <algorithm>

#include "core/decimal.hpp"

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

/// The pieces between commas.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t comma = text.find(',');
    pieces.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos)
      return pieces;
    text.remove_prefix(comma + 1);
  }
}

Error wrong(std::string_view name, std::string_view value, std::string_view rule) {
  std::string shown(value.substr(0, 60));
  return {ErrorCode::wrong_query, std::string(name) + " \"" + shown + "\": " + std::string(rule)};
}

std::optional<double> parse_between(std::string_view text, double low, double high) {
  const auto value = parse_decimal(text);
  return value && *value >= low && *value <= high ? value : std::nullopt;
}

/// Reads one parameter into the query; nullopt when it is fine.
std::optional<Error> read_parameter(Query& query, Centre& centre, std::string_view name, std::string_view value) {
  if (name == "lat" || name == "lon") {
    const double bound = name == "lat" ? 90 : 180;
    const auto degrees = parse_between(value, -bound, bound);
    if (!degrees)
      return wrong(name, value,
                   name == "lat" ? "must be a number of degrees between -90 and 90"
                                 : "must be a number of degrees between -180 and 180");
    (name == "lat" ? centre.lat_deg : centre.lon_deg) = *degrees;
  } else if (name == "radius") {
    const auto radius = parse_between(value, 0, 2 * everywhere_km);
    if (!radius)
      return wrong(name, value, "must be a number of kilometres from 0; 20000 means everywhere");
    query.radius_km = *radius;
  } else if (name == "romes") {
    for (const std::string_view piece : split_list(value)) {
      const auto code = parse_rome(piece);
      if (!code)
        return wrong(name, piece, "must be ROME codes with commas between, such as F1702,F1705");
      query.romes.push_back(*code);
    }
    std::sort(query.romes.begin(), query.romes.end());
    query.romes.erase(std::unique(query.romes.begin(), query.romes.end()), query.romes.end());
    if (query.romes.size() > max_romes)
      return wrong(name, value, "must be at most 20 ROME codes");
  } else if (name == "rome_domain") {
    std::string domain(value);
    if (!domain.empty() && domain[0] >= 'a' && domain[0] <= 'z')
      domain[0] = static_cast<char>(domain[0] - 'a' + 'A');
    const bool is_letter = domain.size() == 1 && domain[0] >= 'A' && domain[0] <= 'Z';
    if (!is_letter && !parse_rome_domain(domain))
      return wrong(name, value, "must be one letter, or a letter and two digits, such as F or F17");
    query.rome_domain = domain;
  } else if (name == "diploma") {
    if (value.empty() || value[0] < '3' || value[0] > '7')
      return wrong(name, value, "must begin with a level from 3 (CAP) to 7 (master)");
    query.level = static_cast<Level>(value[0] - '0');
  } else if (name == "sources") {
    query.sources = {};
    for (const std::string_view piece : split_list(value)) {
      const auto source = parse_source(piece);
      if (!source)
        return wrong(name, piece, "must be among formations, offres, matcha, lba, with commas between");
      query.sources[static_cast<std::size_t>(*source)] = true;
    }
  } else if (name == "region") {
    query.region = parse_region(value);
    if (!query.region)
      return wrong(name, value, "must be the INSEE code of one of the 18 regions, such as 11 or 04");
  } else if (name == "departement") {
    const auto departement = parse_departement(value);
    if (departement)
      query.departements.set(departement->index);
    else
      return wrong(name, value, "must be the code of a departement, such as 01, 2A or 974");
  } else if (name == "opco") {
    query.opco = parse_opco(value).value_or(Opco::unknown);
  } else if (name == "limit" || name == "cards" || name == "widen") {
    const std::uint32_t most = name == "cards" ? max_limit * static_cast<std::uint32_t>(source_count) : max_limit;
    const auto count = parse_count(value, most);
    if (!count || (*count == 0 && name == "limit"))
      return wrong(name, value, "must be a whole number up to " + std::to_string(most));
    (name == "limit" ? query.limit : name == "cards" ? query.cards : query.widen) = *count;
  } else {
    return wrong(name, value, "is no parameter of a search");
  }
  return std::nullopt;
}

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
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    if (!pair.empty()) {
      const std::size_t equals = std::min(pair.find('='), pair.size());
      pairs.emplace_back(percent_decoded(pair.substr(0, equals), true),
                         equals == pair.size() ? std::string() : percent_decoded(pair.substr(equals + 1), true));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pairs;
}

Result<Query> parse_query(std::string_view query_string) {
  Query query;
  Centre centre;
  bool has_lat = false, has_lon = false;
  for (const auto& [name, value] : split_query_string(query_string)) {
    if (value.empty())
      continue;
    if (auto error = read_parameter(query, centre, name, value))
      return *error;
    has_lat = has_lat || name == "lat";
    has_lon = has_lon || name == "lon";
  }
  if (has_lat != has_lon)
    return wrong(has_lat ? "lon" : "lat", "", "is missing: a centre needs both lat and lon");
  if (!query.romes.empty() && !query.rome_domain.empty())
    return wrong("rome_domain", query.rome_domain, "cannot stand beside romes: give one of them");
  if (has_lat)
    query.centre = centre;
  return query;
}

}  // namespace balise
