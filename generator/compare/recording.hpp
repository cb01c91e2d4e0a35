#ifndef BALISE_GENERATOR_COMPARE_RECORDING_HPP
#define BALISE_GENERATOR_COMPARE_RECORDING_HPP

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace balise::compare {

using Json = nlohmann::json;

/// An answer of the real API, as somebody kept it.
struct RecordedAnswer {
  std::string url;  ///< "/api/V1/jobs?romes=F1702": path and query
  std::string method = "GET";
  bool is_own = false;        ///< a page of the real site asked, which needs no `caller`
  std::optional<int> status;  ///< nullopt when it was not kept
  Json json;
};

struct Recording {
  std::vector<RecordedAnswer> answers;
  /// Of a HAR file: requests that are none of the API, and those of the API whose answer is no JSON or was not kept.
  std::uint64_t other_requests = 0, without_answer = 0;
};

/// Reads recorded answers, plain or compressed: a JSON array or NDJSON of {"url", "status"?, "method"?, "own"?, "json"
/// or "body"}, or a HAR file. Throws Failure: Exit::failed when the file cannot be read, Exit::data_refused when it is
/// something else (names the record).
[[nodiscard]] Recording read_recording(const std::filesystem::path& path);

/// One JSON value, which is an answer itself. Throws as above.
[[nodiscard]] Json read_answer(const std::filesystem::path& path);

/// "jobs/company/{siret}" of "/api/V1/jobs/company/123?type=lba": what differences are grouped by.
[[nodiscard]] std::string route_of_url(std::string_view url);

}  // namespace balise::compare

#endif
