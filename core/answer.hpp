#ifndef BALISE_CORE_ANSWER_HPP
#define BALISE_CORE_ANSWER_HPP

#include <string>

#include "core/id_search.hpp"
#include "core/search.hpp"

namespace balise {

/// The answer of `balise search --format json` and of balise.js (interface, section 2): {"query": {…}, "counts":
/// {source: found, at most the limit}, "more": {source: bool}, "beyond_m": metres, "results": […]}, of the sources
/// asked for. Not `with_query`, the query as it was understood is its OPCO alone, null for a name that is none: of the
/// rest, who asked knows as much. `beyond_m` is null, or, when no formation was within the radius, how far the nearest
/// of those that stand in its place is. The `page` of a result is reference_of() its page of cards. Results are in rank
/// order, the first query().cards of them. Precondition: the search is done.
[[nodiscard]] std::string answer_of(const Search& search, bool with_query = true);

/// One item of such results, with "details": {"1": "…"}: the values of core/field.hpp by their numbers; null when there
/// is no such record. Precondition: the search is done.
[[nodiscard]] std::string answer_of(const ItemSearch& search);

}  // namespace balise

#endif
