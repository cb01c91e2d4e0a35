#ifndef BALISE_GENERATOR_PREFECTURES_HPP
#define BALISE_GENERATOR_PREFECTURES_HPP

#include <string_view>

#include "core/territory.hpp"

namespace balise {

/// INSEE code of the commune where the prefecture stands; of a region that of its own prefect. Precondition: not none.
[[nodiscard]] std::string_view prefecture_of(Departement departement);
[[nodiscard]] std::string_view prefecture_of(Region region);

}  // namespace balise

#endif
