#ifndef BALISE_GENERATOR_CLI_SERVE_HPP
#define BALISE_GENERATOR_CLI_SERVE_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "generator/failure.hpp"

namespace balise {

/// What an API route says: an HTTP status and a JSON body in UTF-8.
struct ApiAnswer {
  int status;
  std::string body;
};

/// Answers any method on a path and query below /api/ ("/api/V1/jobs?romes=F1702"), as it stands in the request line;
/// `is_own` tells that a page of this very server asks. Called from several threads at once; must not throw.
using ApiHandler = std::function<ApiAnswer(std::string_view method, std::string_view path_and_query, bool is_own)>;

struct ServeOptions {
  std::filesystem::path site;      ///< folder that `balise build --out` wrote; opened anew for each request
  std::string host = "127.0.0.1";  ///< address or name to listen on
  std::uint16_t port = 8080;       ///< 0 = any free one
  ApiHandler api;                  ///< empty: nothing stands below /api/
};

/// Serves a site as a CDN would, until SIGINT or SIGTERM, and then returns Exit::done: pre-compressed variants chosen
/// by Accept-Encoding, strong ETags, single ranges, cache lifetimes by path, pages without extension. Files outside the
/// site, also through symbolic links, and names that begin with a dot are not found. The first line on stdout is the
/// address ("http://127.0.0.1:8080/"), written once connections are accepted. Blocks both signals for the whole process
/// and ignores SIGPIPE. Throws Failure(Exit::failed) when there is no site or the address cannot be listened on.
[[nodiscard]] Exit serve(const ServeOptions& options);

}  // namespace balise

#endif
