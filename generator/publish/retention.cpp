#include "generator/publish/retention.hpp"

#include <algorithm>

namespace balise {

RetentionPlan plan_retention(const std::vector<Release>& releases, const std::vector<std::string>& own, Time time,
                             const Retention& retention) {
  RetentionPlan plan;
  Time latest = 0;
  for (std::size_t i = 0; i < releases.size(); ++i) {
    // Pages that show a release may be open from its publication on until long after the next one.
    latest = std::max({latest, releases[i].published, i + 1 < releases.size() ? releases[i + 1].published : time});
    // The one to come counts among the newest.
    const bool is_new = releases.size() - i < retention.keep_least || i + 1 == releases.size();
    if (!is_new && latest + retention.keep_s < time) {
      plan.removed.push_back(releases[i].version);
      continue;
    }
    plan.kept.push_back(releases[i].version);
    for (const std::string& object : releases[i].objects)
      if (!std::binary_search(own.begin(), own.end(), object))
        plan.carried[object] = releases[i].version;
  }
  return plan;
}

}  // namespace balise
