#ifndef BALISE_CORE_V1_API_HPP
#define BALISE_CORE_V1_API_HPP

#include <memory>
#include <string_view>

#include "core/store.hpp"
#include "core/v1/route.hpp"

namespace balise::v1 {

struct ApiRequest {
  std::string_view method = "GET";
  /// "/api/V1/jobs?romes=F1702", as in a request line; what follows a '#' is not sent by browsers, and is left out.
  std::string_view path_and_query;
  /// A page of the site itself asks: it needs no `caller` (reference, section 2.3).
  bool is_own = false;
};

/// The V1 API (docs/API.md, reference section 2): the route that answers a request; never null, since errors are
/// answers too. `store` must be open, outlive the route and not be opened again meanwhile; `request` is not kept.
[[nodiscard]] std::unique_ptr<Route> route_of(Store& store, const ApiRequest& request);

}  // namespace balise::v1

#endif
