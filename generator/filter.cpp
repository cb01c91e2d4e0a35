#include "generator/filter.hpp"

#include <algorithm>

#include "core/geo.hpp"

namespace balise {

namespace {

template <typename Value>
bool lets_through(const std::vector<Value>& list, Value value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool has_rome_of(const Record& record, const Filter& filter) {
  if (!filter.romes.empty() && std::none_of(record.romes.begin(), record.romes.end(),
                                            [&filter](RomeCode code) { return lets_through(filter.romes, code); }))
    return false;
  return filter.rome_domains.empty() || std::any_of(record.romes.begin(), record.romes.end(), [&filter](RomeCode code) {
           const std::string text = to_string(code);
           return std::any_of(filter.rome_domains.begin(), filter.rome_domains.end(),
                              [&text](const std::string& domain) { return text.starts_with(domain); });
         });
}

/// "a, b, c"
template <typename Values, typename TextOf>
std::string listed(const Values& values, const TextOf& text_of) {
  std::string text;
  for (const auto& value : values)
    text += (text.empty() ? "" : ", ") + std::string(text_of(value));
  return text;
}

template <typename Values, typename TextOf>
void put_list(nlohmann::ordered_json& json, const char* key, const Values& values, const TextOf& text_of) {
  for (const auto& value : values)
    json[key].push_back(std::string(text_of(value)));
}

/// A number of a filter as people write it.
std::string plain(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.'))
    text.pop_back();
  return text;
}

std::string_view french_name(Source source) {
  switch (source) {
    case Source::formations:
      return "formations";
    case Source::offres:
    case Source::matcha:
      return "offres d'emploi";
    case Source::lba:
      break;
  }
  return "entreprises";
}

}  // namespace

bool Filter::is_empty() const {
  return regions.empty() && departements.empty() && romes.empty() && rome_domains.empty() && sources.empty() &&
         opcos.empty() && !near;
}

std::string_view stopped_by(const Record& record, const Filter& filter) {
  if (!lets_through(filter.sources, record.source))
    return "sources";
  if (!lets_through(filter.regions, info(record.departement).region))
    return "regions";
  if (!lets_through(filter.departements, record.departement))
    return "departements";
  if (!has_rome_of(record, filter))
    return "romes";
  // Formations have no OPCO, and a search by one leaves them alone.
  if (record.source != Source::formations && !lets_through(filter.opcos, record.opco))
    return "opcos";
  if (filter.near) {
    if (!record.position)
      return "near";
    const Centre centre{filter.near->lat_deg, filter.near->lon_deg};
    if (static_cast<double>(distance_um(centre, *record.position)) > filter.near->radius_km * 1e9)
      return "near";
  }
  return {};
}

bool may_hold(const Filter& filter, Region region) {
  if (!lets_through(filter.regions, region))
    return false;
  return filter.departements.empty() ||
         std::any_of(filter.departements.begin(), filter.departements.end(),
                     [region](Departement departement) { return info(departement).region == region; });
}

nlohmann::ordered_json json_of(const Filter& filter) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  put_list(json, "regions", filter.regions, [](Region region) { return info(region).code; });
  put_list(json, "departements", filter.departements, [](Departement departement) { return info(departement).code; });
  put_list(json, "romes", filter.romes, [](RomeCode code) { return to_string(code); });
  put_list(json, "rome_domains", filter.rome_domains, [](const std::string& domain) { return domain; });
  put_list(json, "sources", filter.sources, [](Source source) { return name_of(source); });
  put_list(json, "opcos", filter.opcos, [](Opco opco) { return label_of(opco); });
  if (filter.near)
    json["near"] = {{"lat", filter.near->lat_deg}, {"lon", filter.near->lon_deg}, {"radius", filter.near->radius_km}};
  return json;
}

std::string in_french(const Filter& filter) {
  std::vector<std::string> parts;
  const auto add = [&parts](const std::string& before, const std::string& text) {
    if (!text.empty())
      parts.push_back(before + text);
  };
  add("", listed(filter.regions, [](Region region) { return name_of(region); }));
  add("", listed(filter.departements, [](Departement departement) { return name_of(departement); }));
  if (filter.near)
    add("", plain(filter.near->radius_km) + " km autour de " + plain(filter.near->lat_deg) + " " +
                plain(filter.near->lon_deg));
  add("m\xC3\xA9tiers ", listed(filter.romes, [](RomeCode code) { return to_string(code); }));
  add("domaines ", listed(filter.rome_domains, [](const std::string& domain) { return domain; }));
  std::vector<std::string_view> sources;
  for (const Source source : filter.sources)
    if (std::find(sources.begin(), sources.end(), french_name(source)) == sources.end())
      sources.push_back(french_name(source));
  add("", listed(sources, [](std::string_view name) { return name; }));
  add("OPCO ", listed(filter.opcos, [](Opco opco) { return label_of(opco); }));
  return listed(parts, [](const std::string& part) { return part; });
}

}  // namespace balise
