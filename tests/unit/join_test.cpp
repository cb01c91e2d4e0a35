#include "generator/write/join.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

/// What is left of the records after joining, by source and id, with the ROMEs that it has.
std::map<std::pair<Source, std::string>, std::size_t> joined(std::vector<std::pair<std::uint32_t, Record>> rows,
                                                             unsigned workers, Report& report,
                                                             std::size_t max_keys = 100,
                                                             std::size_t memory_bytes = ample_memory_bytes) {
  const TemporaryFolder folder;
  Spill spill(folder.path() / "spill", workers, max_keys);
  report.add_entry(Source::lba, "recruteurs-lba", "first");
  report.add_entry(Source::lba, "lba-v3", "second");
  unsigned worker = 0;
  for (const auto& [entry, record] : rows) {
    report.count_read(entry);
    report.count_kept(entry);
    spill.add(worker++ % workers, entry, record);
  }
  join_duplicates(spill, folder.path(), memory_bytes, workers, report);
  std::map<std::pair<Source, std::string>, std::size_t> left;
  for (std::uint8_t i = 0; i < regions().size(); ++i) {
    spill.read(Region{i}, [&](const SpillPlace&, std::uint32_t, ByteView bytes) {
      RecordView record;
      REQUIRE(record.look_at(bytes));
      REQUIRE(left.emplace(std::pair(record.source, std::string(record.id)), record.romes.size()).second);
    });
  }
  return left;
}

Record company(std::string siret, std::initializer_list<const char*> romes) {
  Record record;
  record.source = Source::lba;
  record.id = std::move(siret);
  record.title = "Boulangerie";
  record.departement = *parse_departement("35");
  for (const char* code : romes)
    record.romes.push_back(*parse_rome(code));
  return record;
}

Record formation(std::string id, std::string postal_code, std::initializer_list<const char*> romes) {
  Record record = company(std::move(id), romes);
  record.source = Source::formations;
  record.postal_code = std::move(postal_code);
  set_detail(record, Field::long_title, "CAP BOULANGER");
  set_detail(record, Field::diploma, "CAP");
  set_detail(record, Field::siret, "00000000000018");
  return record;
}

}  // namespace

TEST_CASE("a spilled record comes back as it was") {
  const TemporaryFolder folder;
  const std::vector<Record> records = made_up_records(500, 31);
  Spill spill(folder.path(), 1);
  for (const Record& record : records)
    spill.add(0, 3, record);
  std::size_t seen = 0;
  for (std::uint8_t i = 0; i < regions().size(); ++i) {
    spill.read(Region{i}, [&](const SpillPlace&, std::uint32_t entry, ByteView bytes) {
      CHECK(entry == 3);
      RecordView view;
      REQUIRE(view.look_at(bytes));
      const auto original = std::find_if(records.begin(), records.end(), [&](const Record& record) {
        return record.source == view.source && record.id == view.id;
      });
      REQUIRE(original != records.end());
      Bytes before, after;
      put_record(before, *original);
      put_record(after, record_of(view));
      REQUIRE(before == after);
      for (std::size_t size = 0; size < bytes.size(); ++size)
        REQUIRE_FALSE(view.look_at(bytes.first(size)));
      ++seen;
    });
  }
  CHECK(seen == records.size());
}

TEST_CASE("companies of one SIRET become one, with the ROMEs of all, wherever they stand") {
  Report report;
  Record elsewhere = company("00000000000018", {"D1101"});
  elsewhere.departement = *parse_departement("75");
  const auto left = joined({{0, company("00000000000018", {"D1102"})},
                            {1, elsewhere},
                            {1, company("00000000000018", {"D1102", "D1103"})},
                            {0, company("00000000000026", {"D1102"})}},
                           2, report);
  CHECK(left == std::map<std::pair<Source, std::string>, std::size_t>{{{Source::lba, "00000000000018"}, 3},
                                                                      {{Source::lba, "00000000000026"}, 1}});
  CHECK(report.entries()[0].kept == 2);
  CHECK(report.entries()[1].kept == 0);
  CHECK(report.entries()[1].left_out.at("duplicate").count == 2);
}

TEST_CASE("formations equal by title, school, diploma and postal code become the one of the least id") {
  Report report;
  const auto left = joined({{0, formation("b", "35000", {"D1102"})},
                            {0, formation("a", "35000", {"D1103"})},
                            {0, formation("c", "35700", {"D1102"})}},
                           1, report);
  CHECK(left == std::map<std::pair<Source, std::string>, std::size_t>{{{Source::formations, "a"}, 2},
                                                                      {{Source::formations, "c"}, 1}});
}

TEST_CASE("an id may stand in two sources") {
  Report report;
  CHECK(joined({{0, company("x", {})}, {0, formation("x", "35000", {})}}, 1, report).size() == 2);
}

TEST_CASE("joining does not depend on order or workers") {
  std::vector<std::pair<std::uint32_t, Record>> rows;
  for (Record& record : made_up_records(2'000, 32)) {
    record.id = std::to_string(std::hash<std::string>{}(record.id) % 1'200);
    rows.emplace_back(static_cast<std::uint32_t>(rows.size() % 2), std::move(record));
  }
  Report first_report;
  const auto first = joined(rows, 1, first_report);
  CHECK(first.size() < rows.size());
  for (unsigned workers = 2; workers < 6; ++workers) {
    std::shuffle(rows.begin(), rows.end(), std::mt19937(workers));
    Report report;
    // All keys and duplicates in memory, or only some of them.
    CHECK(joined(rows, workers, report, workers == 2 ? 1'000'000 : 150 * workers,
                 workers == 3 ? ample_memory_bytes : little_memory_bytes) == first);
    CHECK(report.to_json(20'778) == first_report.to_json(20'778));
  }
}

}  // namespace balise
