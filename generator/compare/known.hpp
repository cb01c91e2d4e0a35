#ifndef BALISE_GENERATOR_COMPARE_KNOWN_HPP
#define BALISE_GENERATOR_COMPARE_KNOWN_HPP

#include <string_view>

#include "generator/compare/difference.hpp"

namespace balise::compare {

/// Where every known difference is explained.
inline constexpr std::string_view known_differences_page = "docs/API.md, section \"Where Balise differs from V1\"";

struct Seen {
  std::string_view route, path;
  Kind kind;
  const Json& recorded;  ///< at that path
  const Json& here;
  const Json& recorded_answer;  ///< the whole of it
  bool is_shape = false;        ///< values stand for their types only
};

/// Why a difference must be, in a few words; empty when nothing says that it must.
[[nodiscard]] std::string_view known_reason(const Seen& seen);

}  // namespace balise::compare

#endif
