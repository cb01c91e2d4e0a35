#include "generator/compare/known.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

#include "core/decimal.hpp"

namespace balise::compare {

namespace {

/// `path` is `end`, or ends with it after a '.'.
bool ends_at(std::string_view path, std::string_view end) {
  return path == end || (path.ends_with(end) && path[path.size() - end.size() - 1] == '.');
}

std::string_view text_of(const Json& value) {
  return value.is_string() ? std::string_view(value.get_ref<const std::string&>()) : std::string_view();
}

/// The list that a path goes through: "peJobs.results[].job.id" is of "peJobs", and so is "jobs.peJobs".
bool is_of(std::string_view path, std::string_view source) {
  const std::size_t at = path.find(source);
  if (at == std::string_view::npos || (at > 0 && path[at - 1] != '.'))
    return false;
  const std::size_t end = at + source.size();
  return end == path.size() || path[end] == '.' || path[end] == '[';
}

bool is_same_day(std::string_view recorded, std::string_view here) {
  constexpr std::string_view midnight = "T00:00:00.000Z";
  return here.size() == 10 + midnight.size() && here.ends_with(midnight) && recorded.size() >= 10 &&
         recorded.substr(0, 10) == here.substr(0, 10);
}

/// Within the rounding to 5 decimals.
bool is_rounded(std::string_view recorded, std::string_view here) {
  const auto a = parse_decimal(recorded), b = parse_decimal(here);
  return a && b && std::abs(*a - *b) < 6e-6;
}

/// Messages that V1 gives where Balise accepts the request (interface, section 6).
bool is_message_of_v1_only(std::string_view message) {
  constexpr std::array<std::string_view, 4> messages{
      "romes : Too many rome codes. Maximum is 15.",
      "insee : insee city code is missing.",
      "insee : Badly formatted insee city code. Must be 5 digit number.",
      "departement : Badly formatted departement. departement must be a two digit number or three digit number for "
      "overseas departments. ex : 01 or 974",
  };
  return std::find(messages.begin(), messages.end(), message) != messages.end();
}

/// Keys that V1 gives only with a value.
bool is_left_out_at_times(std::string_view path) {
  constexpr std::array<std::string_view, 4> of_offre{"company.name", "company.logo", "company.description",
                                                     "company.siret"};
  return path.ends_with("headquarter.siret") ||
         (is_of(path, "peJobs") &&
          (path.ends_with("job.duration") || path.ends_with("romes[].label") ||
           std::any_of(of_offre.begin(), of_offre.end(), [&](std::string_view key) { return path.ends_with(key); })));
}

const Json* messages_of(const Json& answer) {
  const auto found = answer.is_object() ? answer.find("error_messages") : answer.end();
  return answer.is_object() && found != answer.end() && found->is_array() ? &*found : nullptr;
}

std::string_view of_status(const Seen& seen) {
  const int recorded = seen.recorded.is_number_integer() ? seen.recorded.get<int>() : 0;
  const int here = seen.here.is_number_integer() ? seen.here.get<int>() : 0;
  if (here == 404 && (recorded == 200 || recorded == 500) && seen.route.ends_with('}'))
    return "an unknown id is answered with 404";
  if (here == 501)
    return "not answered by a static site";
  if (recorded == 429)
    return "there are no rate limits";
  if (recorded == 500 && here == 200)
    return "the recorded search had failed";
  const Json* messages = messages_of(seen.recorded_answer);
  if (recorded == 400 && here == 200 && messages != nullptr && !messages->empty() &&
      std::all_of(messages->begin(), messages->end(), [](const Json& m) { return is_message_of_v1_only(text_of(m)); }))
    return "20 ROME codes on every route, insee optional, 2A and 2B accepted";
  return {};
}

}  // namespace

std::string_view known_reason(const Seen& seen) {
  const std::string_view path = seen.path;
  if (seen.kind == Kind::status)
    return of_status(seen);
  if (ends_at(path, "contact") || path.find(".contact.") != std::string_view::npos)
    return "no address, telephone number or person's name is published";
  if (path.ends_with("error_messages[]") && is_message_of_v1_only(text_of(seen.recorded)))
    return "20 ROME codes on every route, insee optional, 2A and 2B accepted";
  if (seen.kind == Kind::order && is_of(path, "peJobs"))
    return "offers come nearest first";
  if (seen.kind == Kind::only_recorded && is_of(path, "lbbCompanies"))
    return "companies of La bonne boite are no source";
  if (seen.kind == Kind::added_key && seen.here.is_null())
    return "every key is there, null where V1 leaves it out";
  if (seen.kind == Kind::added_key && (ends_at(path, "cleMinistereEducatif") || path == "labelsAndRomes[].rncps"))
    return "V1 has this key since 2022";
  if (seen.kind == Kind::missing_key && (ends_at(path, "company.socialNetwork") || ends_at(path, "company.url")) &&
      (is_of(path, "lbaCompanies") || is_of(path, "lbbCompanies")))
    return "V1 of 2022 no longer has this key";

  if (seen.is_shape) {
    // What a record does not have is null in one place and left out in another, and a few records need not have it all.
    if (seen.kind == Kind::added_key && is_left_out_at_times(path))
      return "V1 leaves this key out where it has no value";
  }

  // A whole source.
  for (const std::string_view source : {"peJobs", "matchas", "lbaCompanies", "lbbCompanies", "formations", "jobs"}) {
    if (!ends_at(path, source) && path.find(std::string(source) + ".") == std::string_view::npos)
      continue;
    if (seen.kind == Kind::type && ends_at(path, source)) {
      if (seen.recorded.is_array() && seen.recorded.empty())
        return "no company is {\"results\":[]}";
      if (source == "matchas" && seen.recorded.is_null() && seen.route == "jobsEtFormations")
        return "all sources are asked for unless the request names some";
    }
    const auto is_failure = [&](std::string_view key) {
      return ends_at(path, std::string(source) + "." + std::string(key));
    };
    if (seen.kind == Kind::missing_key && (is_failure("result") || is_failure("message") || is_failure("status") ||
                                           is_failure("statusText") || is_failure("error")))
      return "the recorded source had failed";
  }
  if (seen.kind != Kind::value && seen.kind != Kind::type)
    return {};

  if (seen.kind == Kind::value && is_same_day(text_of(seen.recorded), text_of(seen.here)))
    return "of a time only the day is kept";
  if (seen.kind == Kind::value && (ends_at(path, "latitude") || ends_at(path, "longitude"))) {
    const auto as_text = [](const Json& value) {
      return value.is_number() ? value.dump() : std::string(text_of(value));
    };
    if (is_rounded(as_text(seen.recorded), as_text(seen.here)))
      return "positions are rounded to 5 decimals";
  }
  if (ends_at(path, "period") && seen.here.is_null())
    return "periods are not published";
  if (ends_at(path, "job.romeDetails") && seen.here.is_null())
    return "descriptions of occupations are not published";
  if (is_of(path, "matchas")) {
    if (ends_at(path, "results[].place.distance") && seen.here.is_null())
      return "there is no distance without a centre";
    if (ends_at(path, "results[].url") || ends_at(path, "matchas[].url"))
      return "url is the page of the offer";
    if (ends_at(path, "results[].id") || ends_at(path, "matchas[].id"))
      return "id is the offer's own, as job.id";
  }
  if (is_of(path, "peJobs") && (ends_at(path, "results[].url") || ends_at(path, "peJobs[].url")) &&
      seen.recorded.is_string() && seen.here.is_string())
    return "url is the page of the offer as its source names it";
  if (is_of(path, "lbaCompanies") || is_of(path, "lbbCompanies")) {
    if ((path.ends_with("[].romes") || path.ends_with("[].url")) && seen.here.is_null())
      return "V1 of 2022 has null";
    if (seen.kind == Kind::type && (ends_at(path, "place.latitude") || ends_at(path, "place.longitude")) &&
        seen.here.is_string())
      return "V1 of 2022 has text";
  }
  if (seen.is_shape && seen.here.is_null())
    return "null here: the sources of this site do not say it";
  return {};
}

}  // namespace balise::compare
