#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>

#include "generator/publish/retention.hpp"

namespace balise {

namespace {

constexpr Time day_s = 86400;

using Objects = std::vector<std::string>;

Objects sorted(std::set<std::string> objects) {
  return {objects.begin(), objects.end()};
}

}  // namespace

TEST_CASE("a release stays for so many days after a later one took its place") {
  // Published on day 0, in place until day 40: somebody may have opened it on day 39.
  const std::vector<Release> releases{
      {1, 0, {"a"}}, {2, 40 * day_s, {"b"}}, {3, 41 * day_s, {"c"}}, {4, 42 * day_s, {"d"}}, {5, 43 * day_s, {"e"}}};
  const Retention retention;
  const auto removed_on = [&](Time day) { return plan_retention(releases, {"f"}, day * day_s, retention).removed; };
  CHECK(removed_on(44).empty());
  CHECK(removed_on(70).empty());
  CHECK(removed_on(71) == std::vector<std::uint64_t>{1});
  CHECK(removed_on(72) == std::vector<std::uint64_t>{1, 2});
  // The newest stay however old they are; the one to come is the third.
  CHECK(removed_on(1000) == std::vector<std::uint64_t>{1, 2, 3});
  // A clock that is wrong by years towards the past removes nothing.
  CHECK(removed_on(-5000).empty());
}

TEST_CASE("what only older releases need is carried on, from one that has it") {
  const std::vector<Release> releases{{1, 0, {"a", "b", "x"}}, {2, day_s, {"b", "c", "x"}}};
  const RetentionPlan plan = plan_retention(releases, {"x", "y"}, 2 * day_s, {});
  CHECK(plan.kept == std::vector<std::uint64_t>{1, 2});
  CHECK(plan.carried == std::map<std::string, std::uint64_t>{{"a", 1}, {"b", 2}, {"c", 2}});
  CHECK(plan_retention({}, {"a"}, 0, {}).kept.empty());
}

TEST_CASE("over 10,000 random histories no object is deleted that a release in its time refers to") {
  struct Past {
    Release release;
    Time superseded = 0;
    bool is_superseded = false;
  };
  std::mt19937 random(20261121);
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  std::uint64_t removals = 0, carried = 0, checked = 0;
  std::string wrong;
  for (int history = 0; history < 10000 && wrong.empty(); ++history) {
    const bool is_clock_honest = history % 4 != 0;
    Retention retention;
    retention.keep_s = (1 + below(40)) * day_s;
    retention.keep_least = 1 + below(4);
    std::vector<Past> all;
    std::vector<Release> standing;
    std::map<std::uint64_t, std::set<std::string>> on_disk;
    std::set<std::string> own;
    Time time = 20000 * day_s;
    const std::uint32_t publications = 2 + below(24);
    for (std::uint64_t version = 1; version <= publications && wrong.empty(); ++version) {
      time += is_clock_honest || below(5) != 0 ? static_cast<Time>(below(12 * 24)) * 3600
                                               : -static_cast<Time>(below(60)) * day_s;
      if (!standing.empty() && below(6) == 0) {  // a roll-back
        const Objects& old = standing[below(static_cast<std::uint32_t>(standing.size()))].objects;
        own = {old.begin(), old.end()};
      } else {
        for (std::uint32_t i = 0; i < 4; ++i) {  // names may come back
          own.insert("o" + std::to_string(below(40)));
          own.erase("o" + std::to_string(below(40)));
        }
      }
      const RetentionPlan plan = plan_retention(standing, sorted(own), time, retention);
      std::set<std::string> fresh = own;
      for (const auto& [object, from] : plan.carried) {
        if (on_disk[from].count(object) == 0)
          wrong = "carried from where it is not";
        if (std::count(plan.kept.begin(), plan.kept.end(), from) == 0)
          wrong = "carried for a release that goes";
        fresh.insert(object);
        ++carried;
      }
      if (!all.empty()) {
        all.back().superseded = time;
        all.back().is_superseded = true;
      }
      for (const std::uint64_t gone : plan.removed) {
        const Past& past = all[gone - 1];
        if (!past.is_superseded || time - past.superseded <= retention.keep_s)
          wrong = "removed in its time";
        if (gone + retention.keep_least > version)
          wrong = "removed although it is one of the newest";
        on_disk.erase(gone);
        standing.erase(std::find_if(standing.begin(), standing.end(),
                                    [gone](const Release& release) { return release.version == gone; }));
        ++removals;
      }
      on_disk[version] = fresh;
      standing.push_back({version, time, sorted(own)});
      all.push_back({standing.back(), 0, false});
      // What a page that is open may still ask for: in an honest history of all releases, else of those that stand.
      for (const Past& past : all) {
        const bool stands = on_disk.count(past.release.version) != 0;
        const bool is_in_time = !past.is_superseded || time - past.superseded <= retention.keep_s;
        if (!(is_clock_honest ? is_in_time : is_in_time && stands))
          continue;
        if (!stands)
          wrong = "a release is gone in its time";
        for (const std::string& object : past.release.objects) {
          ++checked;
          if (fresh.count(object) == 0)
            wrong = "an object is gone in its time";
        }
      }
    }
    INFO("history " << history);
    CHECK(wrong == "");
  }
  // The histories were worth something.
  CHECK(removals > 10000);
  CHECK(carried > 10000);
  CHECK(checked > 100000);
}

}  // namespace balise
