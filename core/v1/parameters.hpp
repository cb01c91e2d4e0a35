#ifndef BALISE_CORE_V1_PARAMETERS_HPP
#define BALISE_CORE_V1_PARAMETERS_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/query.hpp"
#include "core/v1/route.hpp"

namespace balise::v1 {

/// The four routes that search (reference, sections 2.4, 2.7, 2.8 and 2.9).
enum class SearchKind : std::uint8_t { formations, formations_par_region, jobs, jobs_et_formations };

/// Which keys of the answer are asked for.
struct Asked {
  bool formations = false;
  bool offres = false;
  bool matcha = false;
  bool lba = false;
  bool lbb = false;  ///< Balise has no source for it: asked for, it is empty
  [[nodiscard]] bool any_job() const { return offres || matcha || lba || lbb; }
};

/// What a request for a search says, once it is checked.
struct SearchRequest {
  Query query;
  Asked asked;
  std::string insee;    ///< of the commune that is the centre, when no coordinates are given; else empty
  bool is_own = false;  ///< from a page of the site itself (section 2.3)
};

struct CheckedRequest {
  SearchRequest request;              ///< of use only without messages
  std::vector<std::string> messages;  ///< all that is wrong, in the order of the checks (section 2.2)
  bool is_broken = false;  ///< `romes` is given twice: what V1 answers with its framework's body (section 2.2)
};

/// Checks every parameter of a request and reads it. Unknown parameters are ignored; of one that is given twice the
/// first counts. Where Balise differs from V1: interface, section 6, and docs/API.md.
[[nodiscard]] CheckedRequest check_search(SearchKind kind, const Parameters& parameters, bool is_own);

}  // namespace balise::v1

#endif
