#ifndef BALISE_GENERATOR_WRITE_READ_BACK_HPP
#define BALISE_GENERATOR_WRITE_READ_BACK_HPP

#include <functional>

#include "generator/record.hpp"
#include "generator/site.hpp"

namespace balise {

/// Gives `take` the records of a region of a built site as the build wrote them, in the order of pages. Several threads
/// may read different regions. Throws Failure as Site::open(), also when cards and details disagree.
void read_records(const Site& site, Region region, const std::function<void(const Record&)>& take);

}  // namespace balise

#endif
