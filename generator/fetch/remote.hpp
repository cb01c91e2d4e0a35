#ifndef BALISE_GENERATOR_FETCH_REMOTE_HPP
#define BALISE_GENERATOR_FETCH_REMOTE_HPP

#include <cstdint>
#include <string>

namespace balise {

/// Where a secret comes from: names of environment variables, never the secret itself.
struct Auth {
  std::string bearer_env;  ///< holds a token
  // OAuth2 client credentials, RFC 6749 section 4.4.
  std::string token_url, client_id_env, client_secret_env;
  std::string scope;  ///< may be empty
  [[nodiscard]] bool is_none() const { return bearer_env.empty() && token_url.empty(); }
};

/// How a source that comes in pages names the next one.
enum class Paging : std::uint8_t {
  none,
  range,  ///< `range=0-149` in the query, `Content-Range: offres 0-149/12114` in the answer
  next,   ///< a `next` key in the JSON, or a `Link` header with rel="next"
};

/// What the config says of a source that is fetched.
struct Remote {
  Auth auth;
  Paging paging = Paging::none;
  unsigned page_size = 150;                              ///< of Paging::range
  std::uint64_t max_bytes = std::uint64_t{2048} << 20U;  ///< of the whole source, as it comes
};

/// How long a fetch waits and how often it tries again (`fetch` in the config).
struct FetchRules {
  double connect_seconds = 15;
  double stall_seconds = 60;      ///< without a byte
  double total_seconds = 3600;    ///< of one source, waits and retries included
  unsigned retries = 3;           ///< of one request
  double backoff_seconds = 2;     ///< before the first retry; doubles, half to one and a half times at random
  double max_wait_seconds = 120;  ///< a server that asks for a longer wait (Retry-After) counts as down
};

}  // namespace balise

#endif
