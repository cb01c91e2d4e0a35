#ifndef BALISE_GENERATOR_FETCH_FETCH_HPP
#define BALISE_GENERATOR_FETCH_FETCH_HPP

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "generator/fetch/remote.hpp"

namespace balise {

/// Why a source could not be had: one clause in English, without address, path or secret.
class FetchFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a server said to tell one version of a source from another; either may be empty.
struct Validators {
  std::string etag, last_modified;
  [[nodiscard]] bool is_none() const { return etag.empty() && last_modified.empty(); }
};

struct Fetched {
  bool is_unchanged = false;  ///< 304: nothing was written
  Validators validators;      ///< of what was written; none for a source in pages
  std::uint64_t bytes = 0;    ///< received, retries included
  unsigned requests = 0;      ///< sent, those for a token left out
};

/// The host of an address in small letters; empty for one that cannot be read.
[[nodiscard]] std::string host_of(const std::string& url);

/// Fetches `url` into `file`, which is replaced; `known` are the validators of the copy that is there already. A broken
/// transfer is resumed where the server allows it. Redirects stay on the host and port, and never leave https. A source
/// in pages is written as one record a line. Throws FetchFailure when the source cannot be had whole: no connection, a
/// time-out, an error status, a redirect elsewhere, an HTML page, an empty or a cut body, too many bytes, a variable
/// that is not set. Throws Failure when the disk fails. May be called from several threads.
[[nodiscard]] Fetched fetch(const std::string& url, const Remote& remote, const FetchRules& rules,
                            const Validators& known, const std::filesystem::path& file);

}  // namespace balise

#endif
