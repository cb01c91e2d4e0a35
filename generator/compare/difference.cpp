#include "generator/compare/difference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <unordered_map>

#include "generator/compare/known.hpp"

namespace balise::compare {

namespace {

const Json nothing;

const Json& at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

std::string_view type_of(const Json& value) {
  if (value.is_number())
    return "number";
  if (value.is_boolean())
    return "boolean";
  return value.type_name();
}

std::string joined(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

bool is_tenth(double value) {
  return std::abs(value * 10 - std::round(value * 10)) < 1e-9 * std::max(1.0, std::abs(value));
}

/// 0.1 %, for the spheres that servers measure on; and what rounding does: of one to the metre, of both to 0.1 km.
bool is_same_distance(double recorded, double here) {
  constexpr double relative = 0.001, metre_km = 0.002, tenth_km = 0.1001;
  const double rounding = is_tenth(recorded) && is_tenth(here) ? tenth_km : metre_km;
  return std::abs(recorded - here) <= std::max(relative * std::abs(recorded), rounding);
}

/// Of a sequence of different numbers, the length of the longest part that increases.
std::size_t longest_increase(const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> ends;
  for (const std::size_t number : numbers) {
    const auto place = std::lower_bound(ends.begin(), ends.end(), number);
    if (place == ends.end())
      ends.push_back(number);
    else
      *place = number;
  }
  return ends.size();
}

/// Of every item, its identity made different from those of equal ones before it; empty when one has none.
std::vector<std::string> identities_of(const Json& list) {
  std::vector<std::string> identities;
  std::unordered_map<std::string, std::size_t> seen;
  for (const Json& item : list) {
    std::string identity = identity_of(item);
    if (identity.empty())
      return {};
    if (const std::size_t before = seen[identity]++; before > 0)
      identity += " (" + std::to_string(before + 1) + ")";
    identities.push_back(std::move(identity));
  }
  return identities;
}

/// Every path of a value with the types that stand there and one value of each.
using Shapes = std::map<std::string, std::map<std::string, const Json*>>;

void add_shape(Shapes& shapes, const std::string& path, const Json& value) {
  shapes[path].emplace(std::string(type_of(value)), &value);
  if (value.is_object())
    for (const auto& [key, child] : value.items())
      add_shape(shapes, joined(path, key), child);
  else if (value.is_array())
    for (const Json& child : value)
      add_shape(shapes, path + "[]", child);
}

std::string types_of(const std::map<std::string, const Json*>& types) {
  std::string text;
  for (const auto& [type, value] : types)
    text += (text.empty() ? "" : "|") + type;
  return text;
}

/// One of the values, null only if there is nothing else.
const Json& value_of(const std::map<std::string, const Json*>& types) {
  for (const auto& [type, value] : types)
    if (type != "null")
      return *value;
  return nothing;
}

std::set<std::string> types_but_null(const std::map<std::string, const Json*>& types) {
  std::set<std::string> names;
  for (const auto& [type, value] : types)
    if (type != "null")
      names.insert(type);
  return names;
}

/// "a.b" of "a.b.c"; of "a[]" it is "a".
std::string parent_of(const std::string& path) {
  if (path.ends_with("[]"))
    return path.substr(0, path.size() - 2);
  const std::size_t dot = path.rfind('.');
  return dot == std::string::npos ? std::string() : path.substr(0, dot);
}

}  // namespace

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::status:
      return "status";
    case Kind::missing_key:
      return "missing key";
    case Kind::added_key:
      return "added key";
    case Kind::type:
      return "type";
    case Kind::value:
      return "value";
    case Kind::only_recorded:
      return "only recorded";
    case Kind::only_here:
      return "only here";
    case Kind::order:
      return "order";
  }
  return {};
}

std::string identity_of(const Json& item) {
  if (item.is_array())
    return {};
  if (!item.is_object())
    return item.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (const Json* value : {&at(item, "cleMinistereEducatif"), &at(at(item, "job"), "id"), &at(item, "id"),
                            &at(at(item, "company"), "siret"), &at(item, "code"), &at(item, "label"),
                            &at(item, "appellation"), &at(item, "codeRome")})
    if (value->is_string() && !value->get_ref<const std::string&>().empty())
      return value->get<std::string>();
  return {};
}

/// The answer that is being compared.
struct Comparison::Walk {
  const std::string& route;
  const std::string& url;
  const Json& recorded_answer;
  std::string item;
  bool is_shape = false;
};

void Comparison::found(const Walk& walk, const std::string& path, Kind kind, const std::string& detail,
                       const Json& recorded, const Json& here) {
  const std::string_view reason =
      known_reason({walk.route, path, kind, recorded, here, walk.recorded_answer, walk.is_shape});
  (reason.empty() ? m_has_unknown : m_has_known) = true;
  Difference& difference = m_found[{walk.route, path, kind, detail, reason}];
  if (difference.count == 0)
    difference = {walk.route, path, kind, detail, reason, 0, {}};
  ++difference.count;
  if (difference.examples.size() < m_examples_each)
    difference.examples.push_back({walk.url, walk.item, recorded, here});
}

void Comparison::compare(const Walk& walk, const std::string& path, const Json& recorded, const Json& here) {
  if (type_of(recorded) != type_of(here)) {
    found(walk, path, Kind::type, std::string(type_of(recorded)) + " -> " + std::string(type_of(here)), recorded, here);
    return;
  }
  if (recorded.is_object()) {
    for (const auto& [key, value] : recorded.items()) {
      const auto other = here.find(key);
      if (other == here.end())
        found(walk, joined(path, key), Kind::missing_key, std::string(type_of(value)), value, nothing);
      else
        compare(walk, joined(path, key), value, *other);
    }
    for (const auto& [key, value] : here.items())
      if (!recorded.contains(key))
        found(walk, joined(path, key), Kind::added_key, std::string(type_of(value)), nothing, value);
    return;
  }
  if (recorded.is_array()) {
    compare_lists(walk, path, recorded, here);
    return;
  }
  const bool is_same = recorded.is_number() && path.ends_with("distance")
                           ? is_same_distance(recorded.get<double>(), here.get<double>())
                           : recorded == here;
  if (!is_same)
    found(walk, path, Kind::value, "", recorded, here);
}

void Comparison::compare_lists(const Walk& walk, const std::string& path, const Json& recorded, const Json& here) {
  const std::string item_path = path + "[]";
  const std::vector<std::string> recorded_ids = identities_of(recorded), here_ids = identities_of(here);
  if (recorded_ids.size() != recorded.size() || here_ids.size() != here.size()) {
    // Nothing tells the items apart but their place.
    for (std::size_t i = 0; i < std::max(recorded.size(), here.size()); ++i) {
      if (i >= here.size())
        found(walk, item_path, Kind::only_recorded, "", recorded[i], nothing);
      else if (i >= recorded.size())
        found(walk, item_path, Kind::only_here, "", nothing, here[i]);
      else
        compare(walk, item_path, recorded[i], here[i]);
    }
    return;
  }
  const bool is_of_results =
      !recorded.empty() ? recorded.front().contains("title") : !here.empty() && here.front().contains("title");
  std::unordered_map<std::string, std::size_t> ranks;
  for (std::size_t i = 0; i < here_ids.size(); ++i)
    ranks.emplace(here_ids[i], i);
  ListTally tally;
  std::vector<std::size_t> common;
  Walk inner = walk;
  for (std::size_t i = 0; i < recorded_ids.size(); ++i) {
    const auto rank = ranks.find(recorded_ids[i]);
    if (is_of_results)
      inner.item = recorded_ids[i];
    if (rank == ranks.end()) {
      ++tally.only_recorded;
      found(inner, item_path, Kind::only_recorded, "", is_of_results ? at(recorded[i], "title") : recorded[i], nothing);
      continue;
    }
    common.push_back(rank->second);
    compare(inner, item_path, recorded[i], here[rank->second]);
  }
  std::vector<bool> is_common(here.size());
  for (const std::size_t rank : common)
    is_common[rank] = true;
  for (std::size_t i = 0; i < here.size(); ++i) {
    if (is_common[i])
      continue;
    ++tally.only_here;
    if (is_of_results)
      inner.item = here_ids[i];
    found(inner, item_path, Kind::only_here, "", nothing, is_of_results ? at(here[i], "title") : here[i]);
  }
  tally.both = common.size();
  tally.moved = common.size() - longest_increase(common);
  if (tally.moved > 0)
    found(walk, path, Kind::order, "", tally.both, tally.moved);
  if (!is_of_results)
    return;
  ListTally& total = m_lists[{walk.route, path}];
  total.both += tally.both;
  total.only_recorded += tally.only_recorded;
  total.only_here += tally.only_here;
  total.moved += tally.moved;
}

void Comparison::add(const RecordedAnswer& recorded, int status, const Json& here) {
  const std::string route = route_of_url(recorded.url);
  const Walk walk{route, recorded.url, recorded.json, "", false};
  m_has_unknown = m_has_known = false;
  const bool same_status = !recorded.status || *recorded.status == status;
  if (!same_status)
    found(walk, "", Kind::status, std::to_string(*recorded.status) + " -> " + std::to_string(status), *recorded.status,
          status);
  // Bodies of different statuses have nothing in common, but for those that only say that something was not found.
  if (same_status || (recorded.json.is_object() && recorded.json.contains("result") && here.contains("result")))
    compare(walk, "", recorded.json, here);
  count_answer();
}

void Comparison::add_shapes(const std::string& route, const Json& recorded, const Json& here) {
  const std::string no_url;
  const Walk walk{route, no_url, recorded, "", true};
  m_has_unknown = m_has_known = false;
  Shapes recorded_shapes, here_shapes;
  add_shape(recorded_shapes, "", recorded);
  add_shape(here_shapes, "", here);
  // A key is missing only where the object around it is there on both sides.
  const auto has_object = [](const Shapes& shapes, const std::string& path) {
    const auto found_at = shapes.find(path);
    return found_at != shapes.end() && found_at->second.contains("object");
  };
  for (const auto& [path, types] : recorded_shapes) {
    const auto other = here_shapes.find(path);
    if (other == here_shapes.end()) {
      if (!path.ends_with("[]") && has_object(here_shapes, parent_of(path)))
        found(walk, path, Kind::missing_key, types_of(types), value_of(types), nothing);
      continue;
    }
    const std::set<std::string> before = types_but_null(types), now = types_but_null(other->second);
    // What was always null in the recording may be anything.
    if (!before.empty() && before != now)
      found(walk, path, Kind::type, types_of(types) + " -> " + types_of(other->second), value_of(types),
            value_of(other->second));
  }
  for (const auto& [path, types] : here_shapes)
    if (!recorded_shapes.contains(path) && !path.ends_with("[]") && has_object(recorded_shapes, parent_of(path)))
      found(walk, path, Kind::added_key, types_of(types), nothing, value_of(types));
  count_answer();
}

void Comparison::count_answer() {
  ++m_answers;
  if (m_has_unknown)
    ++m_different;
  else if (m_has_known)
    ++m_known_only;
}

std::vector<Difference> Comparison::list(bool is_known) const {
  std::vector<Difference> differences;
  for (const auto& [key, difference] : m_found)
    if (difference.reason.empty() != is_known)
      differences.push_back(difference);
  return differences;
}

}  // namespace balise::compare
