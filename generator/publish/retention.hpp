#ifndef BALISE_GENERATOR_PUBLISH_RETENTION_HPP
#define BALISE_GENERATOR_PUBLISH_RETENTION_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "generator/publish/signature.hpp"

namespace balise {

/// A release that stands in the folder of a publisher.
struct Release {
  std::uint64_t version = 0;
  Time published = 0;
  std::vector<std::string> objects;  ///< below data/, those that its own manifest leads to; ascending
};

/// How long what was published stays.
struct Retention {
  Time keep_s = Time{30} * 86400;  ///< after a later release took its place
  std::size_t keep_least = 3;      ///< the newest ones, however old
};

/// What becomes of the releases when another one is added to them.
struct RetentionPlan {
  std::vector<std::uint64_t> kept, removed;      ///< of those that stand there; ascending
  std::map<std::string, std::uint64_t> carried;  ///< objects that only older releases need, and one that has it
};

/// Decides by reference and age alone. `releases` ascend by version, the last one is current; `own` are the objects of
/// the one to come, ascending, published at `time`. A clock that went back only makes releases stay longer.
[[nodiscard]] RetentionPlan plan_retention(const std::vector<Release>& releases, const std::vector<std::string>& own,
                                           Time time, const Retention& retention);

}  // namespace balise

#endif
