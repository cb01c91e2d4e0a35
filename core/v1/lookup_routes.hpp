#ifndef BALISE_CORE_V1_LOOKUP_ROUTES_HPP
#define BALISE_CORE_V1_LOOKUP_ROUTES_HPP

#include <memory>
#include <string_view>

#include "core/store.hpp"
#include "core/v1/route.hpp"

namespace balise::v1 {

/// The route of occupations, diplomas and places that a path names (reference, section 2.10): romelabels, jobsdiplomas,
/// v1/metiers, v1/metiers/all, …/intitule, …/metiersparformation/CFD, …/metiersparetablissement/SIRET, and v1/communes,
/// which is ours. `path` is what follows "/api/", in lower case, without a slash at its end. nullptr for any other
/// path.
[[nodiscard]] std::unique_ptr<Route> lookup_route(Store& store, std::string_view path, const Parameters& parameters);

}  // namespace balise::v1

#endif
