#include "core/v1/api.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/id_search.hpp"
#include "core/json.hpp"
#include "core/lookup.hpp"
#include "core/query.hpp"
#include "core/search.hpp"
#include "core/text.hpp"
#include "core/v1/item.hpp"
#include "core/v1/lookup_routes.hpp"
#include "core/v1/parameters.hpp"

namespace balise::v1 {

namespace {

/// {"first_key":first,"message":message}
Answer said(int status, std::string_view key, std::string_view first, std::string_view message) {
  JsonWriter json;
  json.begin_object();
  json.key(key);
  json.text(first);
  json.key("message");
  json.text(message);
  json.end_object();
  return {status, json.take()};
}

/// What V1 answers when its framework catches an exception (section 2.2).
Answer broken_request() {
  return {500, R"({"statusCode":500,"error":"Internal Server Error","message":"An internal server error occurred"})"};
}

class SearchRoute : public Route {
 public:
  SearchRoute(Store& store, SearchKind kind, SearchRequest request)
      : m_store(store), m_kind(kind), m_request(std::move(request)) {
    if (m_request.insee.empty())
      m_search.emplace(m_store, m_request.query);
    else
      m_commune.emplace(m_store, m_request.insee);
  }

  Result<List<FileId>> advance() override {
    if (!m_search) {
      auto missing = m_commune->advance();
      if (!missing || !missing->empty())
        return missing;
      const PlaceItem* commune = m_commune->result();
      const std::optional<Position> centre = commune != nullptr ? commune->centre : std::nullopt;
      if (!centre) {
        m_is_unknown_commune = true;
        return missing;
      }
      m_request.query.centre = Centre{centre->lat_e5 / 1e5, centre->lon_e5 / 1e5};
      m_search.emplace(m_store, m_request.query);
    }
    auto searched = m_search->advance();
    if (!searched || !searched->empty())
      return searched;
    Missing missing(m_store);
    m_details.clear();
    for (const Hit& hit : m_search->hits())
      m_details.push_back(details_of(missing, hit.region, *m_search->page(hit), *m_search->card(hit)));
    return missing.result();
  }

  Answer answer() const override {
    if (m_is_unknown_commune)
      return wrong_parameters({"insee : Unknown insee city code."});
    JsonWriter json;
    json.begin_object();
    const Asked& asked = m_request.asked;
    switch (m_kind) {
      case SearchKind::formations:
      case SearchKind::formations_par_region:
        results(json, Source::formations);
        break;
      case SearchKind::jobs:
        jobs(json);
        break;
      case SearchKind::jobs_et_formations:
        source(json, "formations", asked.formations, Source::formations);
        json.key("jobs");
        if (asked.any_job()) {
          json.begin_object();
          jobs(json);
          json.end_object();
        } else {
          json.null();
        }
        break;
    }
    json.end_object();
    return {200, json.take()};
  }

 private:
  void results(JsonWriter& json, std::optional<Source> source) const {
    json.key("results");
    json.begin_array();
    for (std::size_t i = 0; i < m_details.size(); ++i) {
      const Hit& hit = m_search->hits()[i];
      if (source != hit.source)
        continue;
      std::optional<std::uint32_t> distance;
      if (m_search->query().centre)
        distance = hit.distance_m;
      write_item(json, {*m_search->card(hit), *m_details[i], distance}, {m_request.is_own, true});
    }
    json.end_array();
  }

  /// A source under its key; null when it is not asked for. Without `from`: a source that Balise has no records of.
  void source(JsonWriter& json, std::string_view key, bool is_asked, std::optional<Source> from) const {
    json.key(key);
    if (!is_asked) {
      json.null();
      return;
    }
    json.begin_object();
    results(json, from);
    json.end_object();
  }

  void jobs(JsonWriter& json) const {
    const Asked& asked = m_request.asked;
    source(json, "peJobs", asked.offres, Source::offres);
    source(json, "matchas", asked.matcha, Source::matcha);
    source(json, "lbaCompanies", asked.lba, Source::lba);
    source(json, "lbbCompanies", asked.lbb, std::nullopt);
  }

  Store& m_store;
  SearchKind m_kind;
  SearchRequest m_request;
  std::optional<CommuneLookup> m_commune;  ///< the centre, when it is given by its code
  std::optional<Search> m_search;          ///< once the centre is known
  bool m_is_unknown_commune = false;
  List<const List<Detail>*> m_details;  ///< of each hit
};

/// A route that gives one record by its id.
struct ItemKind {
  std::string_view path;  ///< below "/api/v1/", lower case; the id follows
  Source source;
  std::string_view key;  ///< of the answer
  std::string_view not_found;
};
constexpr std::array<ItemKind, 4> item_kinds{{
    {"formations/formation/", Source::formations, "results",
     "Formation non trouv\xC3\xA9"
     "e"},
    {"jobs/job/", Source::offres, "peJobs",
     "Offre non trouv\xC3\xA9"
     "e"},
    {"jobs/matcha/", Source::matcha, "matchas",
     "Offre non trouv\xC3\xA9"
     "e"},
    {"jobs/company/", Source::lba, "lbaCompanies",
     "Soci\xC3\xA9t\xC3\xA9 non trouv\xC3\xA9"
     "e"},
}};

class ItemRoute : public Route {
 public:
  ItemRoute(Store& store, const ItemKind& kind, std::string id, ItemStyle style)
      : m_kind(kind), m_style(style), m_search(store, kind.source, std::move(id)) {}

  Result<List<FileId>> advance() override { return m_search.advance(); }

  Answer answer() const override {
    if (m_search.card() == nullptr)
      return said(404, "result", "not_found", m_kind.not_found);
    JsonWriter json;
    json.begin_object();
    json.key(m_kind.key);
    json.begin_array();
    write_item(json, {*m_search.card(), m_search.details(), by_id_distance()}, m_style);
    json.end_array();
    json.end_object();
    return {200, json.take()};
  }

 private:
  /// 0 for a matcha offer, as V1 has it (section 2.6).
  [[nodiscard]] std::optional<std::uint32_t> by_id_distance() const {
    return m_kind.source == Source::matcha ? std::optional<std::uint32_t>(0) : std::nullopt;
  }

  const ItemKind& m_kind;
  ItemStyle m_style;
  ItemSearch m_search;
};

std::unique_ptr<Route> search_route(Store& store, SearchKind kind, const Parameters& parameters, bool is_own) {
  CheckedRequest checked = check_search(kind, parameters, is_own);
  if (checked.is_broken)
    return ready(broken_request());
  if (!checked.messages.empty())
    return ready(wrong_parameters(checked.messages));
  return std::make_unique<SearchRoute>(store, kind, std::move(checked.request));
}

constexpr std::array<std::pair<std::string_view, SearchKind>, 4> search_paths{{
    {"formations", SearchKind::formations},
    {"formationsparregion", SearchKind::formations_par_region},
    {"jobs", SearchKind::jobs},
    {"jobsetformations", SearchKind::jobs_et_formations},
}};

}  // namespace

std::unique_ptr<Route> route_of(Store& store, const ApiRequest& request) {
  std::string_view path = request.path_and_query.substr(0, request.path_and_query.find('#'));
  const std::size_t question = std::min(path.find('?'), path.size());
  const Parameters parameters = split_query_string(path.substr(std::min(question + 1, path.size())));
  path = path.substr(0, question);
  while (path.ends_with('/'))
    path.remove_suffix(1);
  // V1 ignores the case of paths, never that of ids.
  const std::string lowered = ascii_lower(path);
  constexpr std::string_view base = "/api/v1/";
  if (request.method != "GET" && request.method != "HEAD") {
    if (request.method == "POST")
      return ready(said(501, "error", "not_implemented",
                        "This site is static: it takes no applications and no appointments. See docs/API.md and "
                        "openapi.json for what it answers."));
    return ready(said(405, "error", "method_not_allowed", "The API is read with GET."));
  }
  if (lowered.starts_with(base)) {
    const std::string_view route = std::string_view(lowered).substr(base.size());
    for (const auto& [name, kind] : search_paths)
      if (route == name)
        return search_route(store, kind, parameters, request.is_own);
    for (const ItemKind& kind : item_kinds) {
      if (!route.starts_with(kind.path))
        continue;
      const std::string id = percent_decoded(path.substr(base.size() + kind.path.size()), false);
      const std::string_view type = kind.source == Source::lba ? value_of(parameters, "type") : "";
      // Balise has no company of the type lbb.
      if (type == "lbb")
        return ready(said(404, "result", "not_found", kind.not_found));
      return std::make_unique<ItemRoute>(store, kind, id,
                                         ItemStyle{request.is_own, kind.source != Source::lba || type == "lba"});
    }
    if (route.starts_with("formations/formationdescription/"))
      return ready(said(501, "error", "not_implemented",
                        "Descriptions of La bonne formation are asked from a server of another service. See "
                        "docs/API.md and openapi.json for what this site answers."));
  }
  constexpr std::string_view api = "/api/";
  if (lowered.starts_with(api))
    if (auto route = lookup_route(store, std::string_view(lowered).substr(api.size()), parameters))
      return route;
  return ready(
      said(404, "error", "not_found", "No such route. See docs/API.md and openapi.json for those that there are."));
}

}  // namespace balise::v1
