#include "generator/api.hpp"

#include <exception>

#include "generator/files.hpp"

namespace balise {

namespace {

/// What was read is kept for the next request, up to this many, so that memory stays within bounds.
constexpr std::uint64_t requests_a_store = 2'000;

std::string manifest_text(const std::filesystem::path& folder) {
  const Bytes bytes = read_file(folder / "data" / "manifest.json");
  return {bytes.begin(), bytes.end()};
}

}  // namespace

v1::Answer answer_api(Site& site, const v1::ApiRequest& request) {
  const auto route = v1::route_of(site.store(), request);
  site.run(*route);
  return route->answer();
}

std::string path_of_url(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t scheme = url.find("://");
  // "://" may also stand in the query of a path.
  if (scheme == std::string_view::npos || url.starts_with('/'))
    return std::string(url);
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : std::string(url.substr(slash));
}

bool ApiServer::is_current() const {
  return m_site && m_answered < requests_a_store && manifest_text(m_folder) == m_manifest;
}

void ApiServer::open() {
  m_site.reset();
  m_manifest = manifest_text(m_folder);
  m_site.emplace(m_folder);
  m_answered = 0;
}

v1::Answer ApiServer::answer(const v1::ApiRequest& request) {
  const std::scoped_lock lock(m_mutex);
  // A site that is published anew between two files of one answer fails the first try, not the second.
  for (int tries = 2; tries > 0; --tries) {
    try {
      if (!is_current())
        open();
      ++m_answered;
      return answer_api(*m_site, request);
    } catch (const std::exception&) {
      m_site.reset();
    }
  }
  return {500, R"({"error":"internal_error"})"};
}

}  // namespace balise
