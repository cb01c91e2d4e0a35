#include "generator/compare/recording.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "core/text.hpp"
#include "generator/api.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/input/json_objects.hpp"

namespace balise::compare {

namespace fs = std::filesystem;

namespace {

/// Recordings are kept in memory whole; a browser's export of a long session stays far below.
constexpr std::size_t max_file_bytes = 512U << 20U;
/// Answers of V1 are 6 levels deep. What is compared is walked recursively.
constexpr int max_depth = 64;

constexpr std::string_view what_is_read =
    "give a JSON array or NDJSON of {\"url\", \"status\", \"json\"}, or a HAR file as browsers export it; see "
    "'balise compare --help'";

Failure refused(const std::string& what) {
  return {Exit::data_refused, what + "; " + std::string(what_is_read)};
}

/// nullopt for what is no JSON, or is nested too deeply.
std::optional<Json> parsed(std::string_view text) {
  bool is_too_deep = false;
  Json json = Json::parse(
      text.begin(), text.end(),
      [&](int depth, Json::parse_event_t, Json&) {
        is_too_deep = is_too_deep || depth > max_depth;
        return !is_too_deep;
      },
      false);
  if (json.is_discarded() || is_too_deep)
    return std::nullopt;
  return json;
}

std::string text_at(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& at(const Json& object, const char* key) {
  static const Json nothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : nothing;
}

/// "https://example.org" of a URL; empty for a path.
std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  return scheme == std::string_view::npos ? std::string_view() : url.substr(0, url.find('/', scheme + 3));
}

std::optional<int> status_of(const Json& value) {
  if (!value.is_number_integer())
    return std::nullopt;
  const auto status = value.get<std::int64_t>();
  return status >= 100 && status <= 599 ? std::optional<int>(static_cast<int>(status)) : std::nullopt;
}

RecordedAnswer answer_of_record(const Json& record, const std::string& where) {
  if (!record.is_object())
    throw refused(where + " is no object");
  RecordedAnswer answer;
  const std::string url = text_at(record, "url");
  if (url.empty())
    throw refused(where + " has no \"url\" (a bare answer is compared with --shape)");
  answer.url = path_of_url(url);
  if (!ascii_lower(answer.url).starts_with("/api/"))
    throw refused(where + ": \"" + url + "\" is no URL of the API, whose paths begin with /api/");
  if (const Json& status = at(record, "status"); !status.is_null()) {
    answer.status = status_of(status);
    if (!answer.status)
      throw refused(where + ": \"status\" is no HTTP status");
  }
  if (const std::string method = text_at(record, "method"); !method.empty())
    answer.method = method;
  answer.is_own = at(record, "own") == true;
  if (const auto json = record.find("json"); json != record.end()) {
    answer.json = *json;
    return answer;
  }
  const Json& body = at(record, "body");
  if (!body.is_string())
    throw refused(where + " has neither \"json\" nor \"body\"");
  auto json = parsed(body.get_ref<const std::string&>());
  if (!json)
    throw refused(where + ": \"body\" is no valid JSON");
  answer.json = std::move(*json);
  return answer;
}

/// The text of an answer in a HAR file; nullopt when it was not kept.
std::optional<std::string> text_of_content(const Json& content, const std::string& where) {
  const Json& text = at(content, "text");
  if (!text.is_string())
    return std::nullopt;
  if (text_at(content, "encoding") != "base64")
    return text.get<std::string>();
  try {
    const Bytes bytes = bytes_of_base64(text.get_ref<const std::string&>(), where);
    return std::string(bytes.begin(), bytes.end());
  } catch (const Failure&) {
    throw refused(where + ": the answer is no valid base64");
  }
}

/// A page of the site that was asked is named by the request's Referer.
bool is_own_request(const Json& request) {
  const std::string url = text_at(request, "url");
  const Json& headers = at(request, "headers");
  if (!headers.is_array())
    return false;
  return std::any_of(headers.begin(), headers.end(), [&](const Json& header) {
    return ascii_lower(text_at(header, "name")) == "referer" && origin_of(text_at(header, "value")) == origin_of(url);
  });
}

Recording recording_of_har(const Json& entries, const std::string& name) {
  Recording recording;
  std::size_t number = 0;
  for (const Json& entry : entries) {
    const std::string where = name + ": entry " + std::to_string(++number);
    const Json& request = at(entry, "request");
    RecordedAnswer answer;
    answer.url = path_of_url(text_at(request, "url"));
    if (!ascii_lower(answer.url).starts_with("/api/")) {
      ++recording.other_requests;
      continue;
    }
    if (const std::string method = text_at(request, "method"); !method.empty())
      answer.method = method;
    answer.is_own = is_own_request(request);
    const Json& response = at(entry, "response");
    answer.status = status_of(at(response, "status"));
    const auto text = text_of_content(at(response, "content"), where);
    auto json = text ? parsed(*text) : std::nullopt;
    if (!json) {
      ++recording.without_answer;
      continue;
    }
    answer.json = std::move(*json);
    recording.answers.push_back(std::move(answer));
  }
  return recording;
}

}  // namespace

std::string route_of_url(std::string_view url) {
  std::string path = path_of_url(url);
  path.resize(std::min(path.find('?'), path.size()));
  while (path.ends_with('/'))
    path.pop_back();
  const std::string lowered = ascii_lower(path);
  // The longest first: what follows the prefix is an id.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 15> routes{{
      {"/api/v1/formations/formationdescription/", "formations/formationDescription/{id}"},
      {"/api/v1/formations/formation/", "formations/formation/{id}"},
      {"/api/v1/jobs/job/", "jobs/job/{id}"},
      {"/api/v1/jobs/matcha/", "jobs/matcha/{id}"},
      {"/api/v1/jobs/company/", "jobs/company/{siret}"},
      {"/api/v1/metiers/metiersparformation/", "metiers/metiersParFormation/{cfd}"},
      {"/api/v1/metiers/metiersparetablissement/", "metiers/metiersParEtablissement/{siret}"},
      {"/api/v1/formations", "formations"},
      {"/api/v1/formationsparregion", "formationsParRegion"},
      {"/api/v1/jobs", "jobs"},
      {"/api/v1/jobsetformations", "jobsEtFormations"},
      {"/api/v1/metiers", "metiers"},
      {"/api/v1/metiers/all", "metiers/all"},
      {"/api/v1/metiers/intitule", "metiers/intitule"},
      {"/api/v1/communes", "communes"},
  }};
  for (const auto& [prefix, route] : routes)
    if (prefix.ends_with('/') ? lowered.starts_with(prefix) : lowered == prefix)
      return std::string(route);
  for (const std::string_view base : {"/api/v1/", "/api/"})
    if (lowered.starts_with(base))
      return path.substr(base.size());
  return path;
}

Json read_answer(const fs::path& path) {
  auto json = parsed(read_all(path, max_file_bytes));
  if (!json)
    throw Failure(Exit::data_refused,
                  path.string() + " is no valid JSON; --shape takes one answer of the API, as it came");
  return std::move(*json);
}

Recording read_recording(const fs::path& path) {
  const std::string name = path.string();
  Recording recording;
  // One JSON value, or else several, one a line.
  if (auto json = parsed(read_all(path, max_file_bytes))) {
    if (const Json& entries = at(at(*json, "log"), "entries"); entries.is_array()) {
      recording = recording_of_har(entries, name);
      if (recording.answers.empty())
        throw refused(name + " holds no answer of /api/ among its " + std::to_string(entries.size()) + " requests");
      return recording;
    }
    if (!json->is_array())
      json = Json::array({std::move(*json)});
    std::size_t number = 0;
    for (const Json& record : *json)
      recording.answers.push_back(answer_of_record(record, name + ": record " + std::to_string(++number)));
  } else {
    const auto stream = open_input(path);
    JsonObjects records(*stream, name);
    while (const auto text = records.next()) {
      const std::string where = name + ": record " + std::to_string(records.count());
      const auto record = parsed(*text);
      if (!record)
        throw refused(where + " is no valid JSON");
      recording.answers.push_back(answer_of_record(*record, where));
    }
  }
  if (recording.answers.empty())
    throw refused(name + " holds no recorded answer");
  return recording;
}

}  // namespace balise::compare
