#include "core/v1/route.hpp"

namespace balise::v1 {

std::string_view value_of(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name)
      return value;
  return {};
}

}  // namespace balise::v1
