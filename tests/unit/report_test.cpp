#include "generator/report.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using test::holds;

Report with_entries() {
  Report report;
  report.add_entry(Source::offres, "france-travail", "offres.json");
  report.add_entry(Source::lba, "recruteurs-lba", "../entreprises.ndjson.gz");
  return report;
}

TEST_CASE("Rows are counted by entry, fate and reason") {
  Report report = with_entries();
  for (int i = 0; i < 10; ++i)
    report.count_read(1);
  report.add(1, Fate::kept, "", "a", "");
  report.count_kept(1);
  report.count_kept(1);
  report.uncount_kept(1);
  report.add(1, Fate::left_out, "duplicate", "b", "");
  report.add(1, Fate::left_out, "excluded", "c", "");
  report.add(1, Fate::rejected, "no_place", "d", "97500 ST PIERRE");
  report.add(1, Fate::rejected, "no_place", "e", "");
  report.add(1, Fate::rejected, "invalid_siret", "f", "");
  report.add(1, Fate::noted, "no_rome", "a", "");
  const Report::Entry& entry = report.entries().at(1);
  CHECK(entry.source == "lba");
  CHECK(entry.format == "recruteurs-lba");
  CHECK(entry.url == "../entreprises.ndjson.gz");
  CHECK(entry.read == 10);
  CHECK(entry.kept == 2);
  CHECK(entry.left_out.size() == 2);
  CHECK(entry.rejected_total() == 3);
  CHECK(entry.rejected.at("no_place").count == 2);
  CHECK(entry.noted.at("no_rome").count == 1);
  CHECK(report.entries().at(0).read == 0);
  CHECK(report.entries().at(0).rejected_total() == 0);
}

TEST_CASE("The report as JSON has the agreed shape") {
  Report report = with_entries();
  report.count_read(0);
  report.count_read(1);
  report.count_kept(1);
  report.add(0, Fate::rejected, "missing_id", "#1", "x");
  report.add(1, Fate::noted, "no_rome", "a", "");
  const auto expected = nlohmann::json::parse(R"({
    "as_of": "2026-11-21",
    "sources": [
      {"source": "offres", "format": "france-travail", "url": "offres.json", "read": 1, "kept": 0, "left_out": {},
       "rejected": {"missing_id": {"count": 1, "examples": [{"id": "#1", "detail": "x"}]}}, "noted": {}},
      {"source": "lba", "format": "recruteurs-lba", "url": "../entreprises.ndjson.gz", "read": 1, "kept": 1,
       "left_out": {}, "rejected": {}, "noted": {"no_rome": {"count": 1, "examples": [{"id": "a", "detail": ""}]}}}],
    "totals": {"read": 2, "kept": 1, "left_out": 0, "rejected": 1, "noted": 1}})");
  CHECK(report.to_json(*parse_date("2026-11-21")) == expected);
  CHECK(Report().to_json(*parse_date("2026-11-21"))["sources"] == nlohmann::json::array());
  const std::string summary = report.summary();
  CHECK(holds(summary, "offres (france-travail) offres.json: 1 read, 0 kept\n"));
  CHECK(holds(summary, "missing_id 1"));
}

TEST_CASE("The examples are the smallest, each once") {
  Report report = with_entries();
  for (const char* id : {"g", "b", "f", "a", "e", "d", "c", "a", "b"})
    report.add(0, Fate::left_out, "expired", id, "x");
  report.add(0, Fate::left_out, "expired", "a", "w");
  const Report::Count& count = report.entries()[0].left_out.at("expired");
  CHECK(count.count == 10);
  const std::vector<Report::Example> expected = {{"a", "w"}, {"a", "x"}, {"b", "x"}, {"c", "x"}, {"d", "x"}};
  CHECK((count.examples == expected));
}

TEST_CASE("Merged reports depend neither on the order of rows nor on how they were shared out") {
  struct Row {
    std::size_t entry;
    Fate fate;
    const char* reason;
    std::string id, detail;
  };
  test::Random random(5);
  std::vector<Row> rows;
  constexpr Fate fates[] = {Fate::kept, Fate::left_out, Fate::rejected, Fate::noted};
  constexpr const char* reasons[] = {"expired", "no_place", "missing_id"};
  for (int i = 0; i < 400; ++i)
    rows.push_back({random.below(2), fates[random.below(4)], reasons[random.below(3)], std::to_string(random.below(60)),
                    std::to_string(random.below(3))});
  const auto count = [](Report& report, const Row& row) {
    report.count_read(row.entry);
    report.add(row.entry, row.fate, row.reason, row.id, row.detail);
  };
  Report whole = with_entries();
  for (const Row& row : rows)
    count(whole, row);
  const nlohmann::json expected = whole.to_json(20'000);
  for (int round = 0; round < 30; ++round) {
    for (std::size_t i = rows.size(); i > 1; --i)
      std::swap(rows[i - 1], rows[random.below(i)]);
    std::vector<Report> parts(1 + random.below(6), with_entries());
    for (const Row& row : rows)
      count(parts[random.below(parts.size())], row);
    // The first one may know nothing of the entries.
    Report merged = round % 2 == 0 ? Report() : with_entries();
    for (const Report& part : parts)
      merged.merge(part);
    REQUIRE(merged.to_json(20'000) == expected);
  }
}

TEST_CASE("Examples hold no personal data, no markup and no long text") {
  Report report = with_entries();
  report.add(0, Fate::rejected, "missing_title", "jean@exemple.fr", "appeler le 06 12 34 56 78 ou jean@exemple.fr");
  report.add(0, Fate::rejected, "long", "x", std::string(3000, 'a') + " 06 12 34 56 78");
  std::string accents;
  for (int i = 0; i < 200; ++i)
    accents += "\xC3\xA9";
  report.add(0, Fate::rejected, "accents", "x", accents);
  report.add(0, Fate::rejected, "fits", "x", accents.substr(0, 240));
  report.add(0, Fate::rejected, "markup", "<b>x</b>\n", "<script>x</script>\x01y\xFF");
  const std::string text = report.to_json(20'000).dump();
  CHECK_FALSE(holds(text, "exemple.fr"));
  CHECK_FALSE(holds(text, "06 12"));
  const auto& rejected = report.entries()[0].rejected;
  CHECK(rejected.at("long").examples[0].detail == std::string(119, 'a') + "\xE2\x80\xA6");
  CHECK(rejected.at("accents").examples[0].detail == accents.substr(0, 238) + "\xE2\x80\xA6");
  CHECK(rejected.at("fits").examples[0].detail == accents.substr(0, 240));
  CHECK((rejected.at("markup").examples[0] == Report::Example{"x", "y"}));
  // A number that the cut after the first bytes goes through.
  for (std::size_t margin = 100; margin < 130; ++margin) {
    Report cut = with_entries();
    cut.add(0, Fate::noted, "r", "x", std::string(margin, '-') + "06 12 34 56 78");
    CHECK_FALSE(holds(cut.entries()[0].noted.at("r").examples[0].detail, "06"));
  }
}

TEST_CASE("The limit of rejected rows is by entry, and may be reached") {
  const auto found_at = [](int read, int rejected, double limit) {
    Report report = with_entries();
    // The other entry is large and good: it must not thin out the bad one.
    for (int i = 0; i < 5000; ++i)
      report.count_read(0);
    for (int i = 0; i < read; ++i)
      report.count_read(1);
    for (int i = 0; i < rejected; ++i)
      report.add(1, Fate::rejected, i % 3 == 0 ? "missing_id" : "no_place", std::to_string(i), "");
    CHECK_FALSE(report.too_many_rejected(0, limit));
    return report.too_many_rejected(1, limit);
  };
  CHECK_FALSE(found_at(0, 0, 10));
  CHECK_FALSE(found_at(0, 0, 0));
  CHECK_FALSE(found_at(10, 0, 0));
  CHECK_FALSE(found_at(10, 1, 10));
  CHECK_FALSE(found_at(1000, 100, 10));
  CHECK_FALSE(found_at(1000, 3, 0.3));
  CHECK_FALSE(found_at(10, 10, 100));
  CHECK(found_at(10, 1, 0));
  CHECK(found_at(1000, 4, 0.3));
  const auto found = found_at(1000, 101, 10);
  REQUIRE(found);
  const std::string message = *found;
  CHECK(holds(message, "101 of 1000 rows (10.1 %)"));
  CHECK(holds(message, "limits.max_rejected_percent (10 %)"));
  CHECK(holds(message, "no_place 67, missing_id 34"));
  // What was left out or noted is not counted.
  Report report = with_entries();
  report.count_read(0);
  report.add(0, Fate::left_out, "expired", "a", "");
  report.add(0, Fate::noted, "no_rome", "a", "");
  CHECK_FALSE(report.too_many_rejected(0, 0));
}

}  // namespace
}  // namespace balise
