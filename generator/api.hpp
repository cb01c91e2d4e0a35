#ifndef BALISE_GENERATOR_API_HPP
#define BALISE_GENERATOR_API_HPP

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/v1/api.hpp"
#include "generator/site.hpp"

namespace balise {

/// Answers one request from a site. Throws Failure(Exit::verification_failed) when a file is missing or damaged.
[[nodiscard]] v1::Answer answer_api(Site& site, const v1::ApiRequest& request);

/// "/api/V1/jobs?..." of what may be a whole URL, without what follows a '#'.
[[nodiscard]] std::string path_of_url(std::string_view url);

/// The API of a site in a folder that may be published anew at any time; for several threads at once.
class ApiServer {
 public:
  explicit ApiServer(std::filesystem::path folder) : m_folder(std::move(folder)) {}

  /// Never throws: a site that cannot be read answers {"error":"internal_error"}, status 500, as V1 does.
  [[nodiscard]] v1::Answer answer(const v1::ApiRequest& request);

 private:
  [[nodiscard]] bool is_current() const;
  void open();

  std::filesystem::path m_folder;
  std::mutex m_mutex;
  std::optional<Site> m_site;
  std::string m_manifest;        ///< as it was when m_site was opened
  std::uint64_t m_answered = 0;  ///< since then
};

}  // namespace balise

#endif
