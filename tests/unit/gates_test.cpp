#include "generator/gates.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "generator/failure.hpp"
#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using test::failure_of;
using test::holds;
using test::TemporaryFolder;

constexpr Date first_day = 20000;

EntryFacts entry(std::uint64_t records = 1000) {
  EntryFacts facts;
  facts.key = "offres-lba-v3-0";
  facts.source = "offres";
  facts.format = "lba-v3";
  facts.read = records;
  facts.records = records;
  facts.departements = {{"35", records / 2}, {"75", records - records / 2}};
  return facts;
}

NightFacts night(Date day, EntryFacts facts) {
  facts.as_of = facts.is_kept ? facts.as_of : day;
  NightFacts result;
  result.as_of = day;
  result.outcome = "published";
  result.entries = {std::move(facts)};
  return result;
}

/// "shrink refused, growth warned"
std::string said(const NightFacts& tonight, const std::vector<NightFacts>& history,
                 const std::set<std::string>& accepted = {}, const Limits& limits = {}) {
  std::string text;
  for (const Verdict& verdict : judge(tonight, history, limits, accepted))
    text += (text.empty() ? "" : ", ") + verdict.gate + ' ' + std::string(name_of(verdict.result));
  return text;
}

TEST_CASE("A first night has to be accepted") {
  const NightFacts tonight = night(first_day, entry());
  CHECK(said(tonight, {}) == "baseline refused");
  CHECK(said(tonight, {}, {"baseline"}) == "baseline accepted");
  CHECK(said(tonight, {}, {"offres:shrink"}) == "baseline refused");
  CHECK(said(tonight, {night(first_day - 1, entry())}).empty());
  // So has a source that was not there before.
  NightFacts more = night(first_day, entry());
  more.entries.push_back(entry());
  more.entries[1].key = "another";
  const auto verdicts = judge(more, {night(first_day - 1, entry())}, {}, {});
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].entry == 1U);
  CHECK(verdicts[0].flag == "baseline");
}

TEST_CASE("Records against the last night, at the limit and beyond") {
  const auto after = [](std::uint64_t before, std::uint64_t now, const std::set<std::string>& accepted = {}) {
    return said(night(first_day, entry(now)), {night(first_day - 1, entry(before))}, accepted);
  };
  CHECK(after(1000, 1000).empty());
  CHECK(after(1000, 900).empty());
  CHECK(after(1000, 899) == "shrink warned");
  CHECK(after(1000, 700) == "shrink warned");
  CHECK(after(1000, 699) == "shrink refused");
  CHECK(after(1000, 0) == "shrink refused, departements refused");
  CHECK(after(1000, 699, {"offres:shrink"}) == "shrink accepted");
  CHECK(after(1000, 699, {"lba:shrink", "offres:growth"}) == "shrink refused");
  CHECK(after(1000, 2000).empty());
  CHECK(after(1000, 2001) == "growth refused");
  CHECK(after(1, 19).empty());
  CHECK(after(1, 20) == "growth refused");
  CHECK(after(0, 20).empty());
  Limits limits;
  limits.max_shrink_percent = 50;
  limits.warn_shrink_percent = 50;
  CHECK(said(night(first_day, entry(500)), {night(first_day - 1, entry(1000))}, {}, limits).empty());
  // The last night counts, not the ones before.
  CHECK(said(night(first_day, entry(600)), {night(first_day - 2, entry(1000)), night(first_day - 1, entry(650))})
            .empty());
}

TEST_CASE("A departement that empties is seen where the whole does not show it") {
  EntryFacts before = entry(1000), now = entry(1000);
  before.departements = {{"35", 40}, {"48", 19}, {"75", 941}};
  now.departements = {{"35", 20}, {"75", 980}};
  const auto judged = [&] { return said(night(first_day, now), {night(first_day - 1, before)}); };
  CHECK(judged().empty());
  now.departements["35"] = 19;
  CHECK(judged() == "departements refused");
  now.departements.erase("35");
  const auto verdicts = judge(night(first_day, now), {night(first_day - 1, before)}, {}, {});
  REQUIRE(verdicts.size() == 1);
  CHECK(holds(verdicts[0].message, "35 from 40 to 0"));
  CHECK_FALSE(holds(verdicts[0].message, "48"));
  CHECK(verdicts[0].flag == "offres:departements");
}

TEST_CASE("Shares against the median of 28 days") {
  struct Case {
    const char* doubt;
    double points;
  };
  for (const Case& one : {Case{"missing_name", 1}, Case{"missing_position", 5}, Case{"unknown_rome", 2},
                          Case{"expired", 5}, Case{"duplicate", 3}, Case{"rejected", 5}}) {
    const std::string doubt = one.doubt;
    CAPTURE(doubt);
    std::vector<NightFacts> history;
    // Usually 4 %; one night of 50 % does not move the median, nor do nights of more than 28 days ago or kept ones.
    for (Date day = first_day - 60; day < first_day; ++day) {
      EntryFacts facts = entry();
      facts.doubtful[doubt] = day == first_day - 3 ? 500 : day <= first_day - 28 ? 900 : 40;
      history.push_back(night(day, facts));
      if (day % 2 == 0) {
        history.back().entries[0].is_kept = true;
        history.back().entries[0].doubtful[doubt] = 900;
      }
    }
    const auto share = [&](std::uint64_t rows) {
      EntryFacts facts = entry();
      facts.doubtful[doubt] = rows;
      return said(night(first_day, facts), history);
    };
    const auto limit = static_cast<std::uint64_t>(40 + one.points * 10);
    CHECK(share(0).empty());
    CHECK(share(limit).empty());
    CHECK(share(limit + 1) == doubt + " refused");
  }
}

TEST_CASE("Two rows are no pattern, and small sources no base") {
  EntryFacts before = entry(30), now = entry(30);
  now.doubtful["missing_name"] = 2;
  CHECK(said(night(first_day, now), {night(first_day - 1, before)}).empty());
  now.doubtful["missing_name"] = 3;
  CHECK(said(night(first_day, now), {night(first_day - 1, before)}) == "missing_name refused");
  before = entry(19), now = entry(19);
  now.doubtful["missing_name"] = 19;
  CHECK(said(night(first_day, now), {night(first_day - 1, before)}).empty());
}

TEST_CASE("A source on an earlier copy is judged by its age alone") {
  EntryFacts kept = entry(1);
  kept.is_kept = true;
  const auto after_days = [&](Date days, const std::set<std::string>& accepted = {}) {
    kept.as_of = first_day - days;
    return said(night(first_day, kept), {night(first_day - 1, entry(1000))}, accepted);
  };
  CHECK(after_days(7).empty());
  CHECK(after_days(8) == "kept warned");
  CHECK(after_days(30) == "kept warned");
  CHECK(after_days(31) == "kept refused");
  CHECK(after_days(31, {"offres:kept"}) == "kept accepted");
}

TEST_CASE("Names that --accept takes") {
  check_accepted({"baseline", "offres:shrink", "lba:kept", "formations:rejected", "matcha:drop"});
  for (const char* name : {"", "all", "offres", "offres:", "offers:shrink", "offres:baseline", "baseline:offres"}) {
    const auto failure = failure_of([&] { check_accepted({name}); });
    REQUIRE(failure);
    CHECK(failure->exit() == Exit::usage);
    CHECK(holds(failure->what(), "offres:shrink"));
  }
}

TEST_CASE("A night comes back from its file as it was") {
  const TemporaryFolder folder;
  EntryFacts facts = entry(7);
  facts.doubtful["expired"] = 3;
  facts.is_kept = true;
  facts.as_of = first_day - 2;
  NightFacts written = night(first_day, facts);
  written.bytes = 1U << 30U;
  written.files = 12;
  written.duration_ms = 34567;
  save_night(folder.path(), written);
  save_night(folder.path(), night(first_day - 5, entry()));
  save_night(folder.path(), night(first_day + 5, entry()));
  folder.write("2024-01-01.json", "{\"as_of\": \"2024-01-01\"}");
  folder.write("broken.json", "{");
  const auto nights = load_nights(folder.path(), first_day);
  REQUIRE(nights.size() == 2);
  CHECK(nights[0].as_of == first_day - 5);
  const NightFacts& read = nights[1];
  CHECK(read.bytes == written.bytes);
  CHECK(read.files == 12);
  CHECK(read.duration_ms == 34567);
  REQUIRE(read.entries.size() == 1);
  CHECK(read.entries[0].key == facts.key);
  CHECK(read.entries[0].is_kept);
  CHECK(read.entries[0].as_of == first_day - 2);
  CHECK(read.entries[0].doubtful == facts.doubtful);
  CHECK(read.entries[0].departements == facts.departements);
}

}  // namespace
}  // namespace balise
