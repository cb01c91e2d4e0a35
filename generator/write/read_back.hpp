#ifndef BALISE_GENERATOR_WRITE_READ_BACK_HPP
#define BALISE_GENERATOR_WRITE_READ_BACK_HPP

#include <functional>
#include <vector>

#include "generator/record.hpp"
#include "generator/site.hpp"

namespace balise {

/// The records of a region of a built site that `wants` takes, as the build wrote them, in the order of pages. Several
/// threads may read different regions. Throws Failure as Site::open(), also when cards and details disagree.
[[nodiscard]] std::vector<Record> read_records(const Site& site, Region region,
                                               const std::function<bool(const Record&)>& wants);

}  // namespace balise

#endif
