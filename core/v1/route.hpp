#ifndef BALISE_CORE_V1_ROUTE_HPP
#define BALISE_CORE_V1_ROUTE_HPP

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/shard.hpp"

namespace balise::v1 {

/// Names and values of a query string, decoded, in their order (split_query_string()).
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The first value of a parameter; empty when it is absent. Names are compared exactly.
[[nodiscard]] std::string_view value_of(const Parameters& parameters, std::string_view name);

struct Answer {
  int status = 200;  ///< HTTP
  std::string body;  ///< JSON, UTF-8
};

/// One request under way, in steps, as Search is.
class Route {
 public:
  Route() = default;
  Route(const Route&) = delete;
  Route& operator=(const Route&) = delete;
  virtual ~Route() = default;

  /// Goes as far as the store's files allow. The files that are missing, already wanted of the store; none when the
  /// answer is known. Errors: malformed, when two files contradict each other.
  [[nodiscard]] virtual Result<List<FileId>> advance() = 0;
  /// Only when advance() has nothing missing.
  [[nodiscard]] virtual Answer answer() const = 0;
};

/// A route whose answer needs no file.
[[nodiscard]] std::unique_ptr<Route> ready(Answer answer);

/// {"error":"wrong_parameters","error_messages":[…]}, status 400 (reference, section 2.2).
[[nodiscard]] Answer wrong_parameters(const std::vector<std::string>& messages);

}  // namespace balise::v1

#endif
