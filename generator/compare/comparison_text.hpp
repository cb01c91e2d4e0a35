#ifndef BALISE_GENERATOR_COMPARE_COMPARISON_TEXT_HPP
#define BALISE_GENERATOR_COMPARE_COMPARISON_TEXT_HPP

#include <string>

#include "generator/compare/difference.hpp"

namespace balise::compare {

/// What a comparison found, for people and for programs (docs/API.md); both end with a line break. Recorded contacts
/// are never repeated.
[[nodiscard]] std::string text_of(const Comparison& comparison, const Recording& recording);
[[nodiscard]] std::string json_of(const Comparison& comparison, const Recording& recording);

}  // namespace balise::compare

#endif
