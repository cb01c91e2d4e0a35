#include "generator/write/site_source.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"

namespace balise {

namespace {

// UTF-8, escaped because sources are ASCII.
constexpr std::string_view months[] = {"janvier",
                                       "f\xC3\xA9vrier",
                                       "mars",
                                       "avril",
                                       "mai",
                                       "juin",
                                       "juillet",
                                       "ao\xC3\xBBt",
                                       "septembre",
                                       "octobre",
                                       "novembre",
                                       "d\xC3\xA9"
                                       "cembre"};

std::string_view label_of(Source source) {
  switch (source) {
    case Source::formations:
      return "Formations";
    case Source::offres:
      return "Offres d'emploi";
    case Source::matcha:
      return "Offres directes";
    case Source::lba:
      break;
  }
  return "Entreprises";
}

}  // namespace

std::string day_in_french(Date date) {
  const std::string iso = to_string_date(date);
  const auto two = [&iso](std::size_t at) { return static_cast<unsigned>((iso[at] - '0') * 10 + iso[at + 1] - '0'); };
  const unsigned day = two(8);
  return (day == 1 ? "1er" : std::to_string(day)) + ' ' + std::string(months[two(5) - 1]) + ' ' + iso.substr(0, 4);
}

nlohmann::ordered_json json_of(const std::vector<SiteSource>& sources) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const SiteSource& source : sources) {
    nlohmann::ordered_json one{
        {"source", name_of(source.source)}, {"format", source.format}, {"as_of", to_string_date(source.as_of)}};
    if (source.records)
      one["records"] = *source.records;
    one["state"] = source.is_kept ? "kept" : "ok";
    if (source.is_kept)
      one["reason"] = source.is_refused ? "refused" : "down";
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<SiteSource> site_sources_of(const nlohmann::json& manifest, const std::string& name) {
  std::vector<SiteSource> sources;
  const auto found = manifest.find("sources");
  if (found == manifest.end())
    return sources;
  try {
    for (const nlohmann::json& one : *found) {
      SiteSource source;
      source.source = parse_source(one.at("source").get<std::string>()).value();
      source.format = one.at("format").get<std::string>();
      source.as_of = parse_date(one.at("as_of").get<std::string>()).value();
      if (one.contains("records"))
        source.records = one["records"].get<std::uint64_t>();
      source.is_kept = one.at("state") == "kept";
      source.is_refused = source.is_kept && one.value("reason", std::string()) == "refused";
      sources.push_back(std::move(source));
    }
  } catch (const std::exception&) {
    throw Failure(Exit::verification_failed, name + ": \"sources\" is not as it should be; publish the site again");
  }
  return sources;
}

std::string kept_lines(const std::vector<SiteSource>& sources) {
  std::string lines;
  for (const Source source : all_sources) {
    const SiteSource* oldest = nullptr;
    bool is_whole = true;
    for (const SiteSource& one : sources) {
      if (one.source != source)
        continue;
      is_whole = is_whole && one.is_kept;
      if (one.is_kept && (oldest == nullptr || one.as_of < oldest->as_of))
        oldest = &one;
    }
    if (oldest == nullptr)
      continue;
    lines += "<p class=\"kept\">";
    lines += label_of(source);
    lines += is_whole ? " : donn\xC3\xA9"
                        "es du "
                      : " : une partie des donn\xC3\xA9"
                        "es est du ";
    lines += day_in_french(oldest->as_of);
    lines += oldest->is_refused ? ", les plus r\xC3\xA9"
                                  "centes ont \xC3\xA9t\xC3\xA9 \xC3\xA9"
                                  "cart\xC3\xA9"
                                  "es</p>"
                                : ", la source ne r\xC3\xA9pond pas</p>";
  }
  return lines;
}

}  // namespace balise
