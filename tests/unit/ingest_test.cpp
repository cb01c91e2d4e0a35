#include "generator/ingest/ingest.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "generator/failure.hpp"
#include "generator/text/personal_data.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

struct Result {
  std::vector<std::pair<std::size_t, Record>> records;  ///< ascending
  Report report;

  /// "read 3 kept 1 rejected invalid_json 1 ..."
  [[nodiscard]] std::string counts(std::size_t entry) const {
    const Report::Entry& e = report.entries().at(entry);
    std::string text = "read " + std::to_string(e.read) + " kept " + std::to_string(e.kept);
    for (const auto& [name, map] : {std::pair{"left_out", &e.left_out}, {"rejected", &e.rejected}})
      for (const auto& [reason, count] : *map)
        text += std::string(" ") + name + ' ' + reason + ' ' + std::to_string(count.count);
    return text;
  }
  [[nodiscard]] std::string ids() const {
    std::string text;
    for (const auto& [entry, record] : records)
      text += (text.empty() ? "" : " ") + record.id;
    return text;
  }
};

auto key_of(const std::pair<std::size_t, Record>& one) {
  return std::tie(one.first, one.second.id, one.second.title, one.second.company);
}

Result run(const Config& config, unsigned jobs = 1, std::string_view as_of = "2026-11-21",
           const Reference& reference = small_reference()) {
  Result result;
  Progress progress(Progress::Mode::never);
  std::mutex mutex;
  std::vector<int> busy(jobs);
  ingest(config, reference, parse_date(as_of).value(), jobs, progress, result.report,
         [&](unsigned worker, std::size_t entry, Record&& record) {
           const std::lock_guard lock(mutex);
           ++busy.at(worker);
           result.records.emplace_back(entry, std::move(record));
         });
  std::sort(result.records.begin(), result.records.end(),
            [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  return result;
}

Config config_of(std::initializer_list<SourceEntry> sources) {
  Config config;
  config.sources = sources;
  return config;
}

SourceEntry companies(const std::filesystem::path& path) {
  return {Source::lba, Format::recruteurs_lba, path.filename().string(), path};
}

std::string company(const std::string& siret, const std::string& name, const std::string& more = "") {
  return R"({"siret":")" + siret + R"(","enseigne":")" + name +
         R"(","zip_code":"57000","libelleCommuneEtablissement":"METZ","rome_codes":[{"rome_code":"M1707"}])" + more +
         "}";
}

/// A SIRET from a number: its check digit is found by trying.
std::string siret_of(unsigned number) {
  std::string digits = "1" + std::to_string(1000000U + number) + "00001";
  for (char c = '0'; c <= '9'; ++c)
    if (const auto siret = parse_siret(digits + c))
      return *siret;
  return {};
}

}  // namespace

TEST_CASE("The four formats of the fixtures") {
  const Config config = config_of({
      {Source::formations, Format::catalogue, "formations.ndjson", fixture("formations.ndjson")},
      {Source::offres, Format::france_travail, "offres.json", fixture("offres.json")},
      {Source::matcha, Format::lba_v3, "export.json", fixture("export.json")},
      {Source::lba, Format::recruteurs_lba, "companies.ndjson", fixture("companies.ndjson")},
  });
  const Result result = run(config);
  CHECK(result.counts(0) ==
        "read 8 kept 4 left_out unpublished 1 rejected invalid_json 1 rejected missing_title 1 rejected "
        "outside_regions 1");
  CHECK(result.counts(1) == "read 5 kept 3 left_out not_work_study 1 rejected no_place 1");
  CHECK(result.counts(2) == "read 4 kept 2 left_out expired 1 left_out not_active 1");
  CHECK(result.counts(3) == "read 6 kept 4 rejected invalid_siret 1 rejected missing_title 1");
  CHECK(result.ids() ==
        "cle#L01 cle#L02 cle#L05 cle#L06 101AAAA 102BBBB 105EEEE 13002792300171 665000000000000000000001 "
        "01625043300220 13002792300163 35600000049837 38275478600012");
  const Report::Entry& formations = result.report.entries()[0];
  CHECK(formations.source == "formations");
  CHECK(formations.format == "catalogue");
  CHECK(formations.noted.at("swapped_coordinates").count == 1);
  CHECK(formations.noted.at("repaired_json").count == 1);
  CHECK(formations.rejected.at("invalid_json").examples.at(0).id == "#4");
}

TEST_CASE("The result depends neither on jobs nor on the order of rows") {
  const TemporaryFolder folder;
  std::vector<std::string> rows;
  for (unsigned i = 0; i < 9000; ++i) {
    const std::string padding(i % 400, 'x');
    rows.push_back(i % 97 == 0 ? "{\"siret\": nonsense}"
                               : company(siret_of(i), "Company " + std::to_string(i * 7919 % 9000),
                                         R"(,"street_name":")" + padding + '"'));
  }
  const auto joined = [&rows] {
    std::string text;
    for (const std::string& row : rows)
      text += row + '\n';
    return text;
  };
  const auto forward = folder.write("companies.ndjson", joined());
  // More than one batch, or threads would have nothing to share.
  REQUIRE(std::filesystem::file_size(forward) > (3U << 20U));
  const Result one = run(config_of({companies(forward)}), 1);
  const Result four = run(config_of({companies(forward)}), 4);
  std::reverse(rows.begin(), rows.end());
  const Result reversed = run(config_of({companies(folder.write("companies.ndjson", joined()))}), 3);
  CHECK(one.counts(0) == "read 9000 kept 8907 rejected invalid_json 93");
  const std::string report = [&] {
    Report copy = one.report;
    return copy.to_json(1)["sources"][0]["noted"].dump();
  }();
  for (const Result* other : {&four, &reversed}) {
    CHECK(other->counts(0) == one.counts(0));
    CHECK(other->report.to_json(1)["sources"][0]["noted"].dump() == report);
    REQUIRE(other->records.size() == one.records.size());
    for (std::size_t i = 0; i < one.records.size(); ++i) {
      CHECK(key_of(other->records[i]) == key_of(one.records[i]));
      CHECK(other->records[i].second.details == one.records[i].second.details);
    }
  }
}

TEST_CASE("Several entries keep their numbers") {
  const TemporaryFolder folder;
  const Config config = config_of({companies(folder.write("a.json", "[" + company("01625043300220", "A") + "]")),
                                   companies(folder.write("b.json", "[]")),
                                   companies(folder.write("c.json", company("13002792300171", "C")))});
  for (const unsigned jobs : {1U, 3U}) {
    const Result result = run(config, jobs);
    REQUIRE(result.records.size() == 2);
    CHECK(result.records[0].first == 0);
    CHECK(result.records[1].first == 2);
    CHECK(result.counts(1) == "read 0 kept 0");
  }
}

TEST_CASE("Filter and exclusions") {
  const TemporaryFolder folder;
  const auto path =
      folder.write("companies.ndjson", company("01625043300220", "Metz") + '\n' +
                                           R"({"siret":"13002792300171","enseigne":"Rennes","zip_code":"35000",)"
                                           R"("libelleCommuneEtablissement":"RENNES","rome_codes":["F1702"]})" +
                                           '\n' +
                                           R"({"siret":"13002792300163","enseigne":"Guyane","zip_code":"97300",)"
                                           R"("libelleCommuneEtablissement":"CAYENNE","rome_codes":[]})");
  const auto titles = [&path](const Filter& filter) {
    Config config = config_of({companies(path)});
    config.filter = filter;
    const Result result = run(config);
    const auto& left_out = result.report.entries()[0].left_out;
    const std::uint64_t filtered = left_out.contains("filtered") ? left_out.at("filtered").count : 0;
    CHECK(result.records.size() + filtered == 3);
    std::string text;
    for (const auto& [entry, record] : result.records)
      text += record.title + ' ';
    return text;
  };
  CHECK(titles({}) == "Metz Guyane Rennes ");
  Filter filter;
  filter.regions = {*parse_region("53"), *parse_region("03")};
  CHECK(titles(filter) == "Guyane Rennes ");
  filter.departements = {*parse_departement("35")};
  CHECK(titles(filter) == "Rennes ");
  filter = {};
  filter.romes = {*parse_rome("A1101"), *parse_rome("M1707")};
  CHECK(titles(filter) == "Metz ");
  filter = {};
  filter.rome_domains = {"F17", "M"};
  CHECK(titles(filter) == "Metz Rennes ");
  filter = {};
  filter.sources = {Source::formations};
  CHECK(titles(filter).empty());
  filter.sources = {Source::lba};
  CHECK(titles(filter) == "Metz Guyane Rennes ");
  filter = {};
  filter.opcos = {Opco::akto};
  CHECK(titles(filter).empty());
  filter = {};
  const Position metz = *small_reference().commune_by_insee("57463")->centre;
  filter.near = NearFilter{metz.lat_e5 / 1e5, metz.lon_e5 / 1e5, 0};
  CHECK(titles(filter) == "Metz ");
  filter.near->radius_km = 600;
  CHECK(titles(filter) == "Metz Rennes ");

  Config config = config_of({companies(path)});
  config.excluded_sirets = {"01625043300220"};
  config.excluded_ids = {"13002792300163"};
  const Result result = run(config);
  CHECK(result.ids() == "13002792300171");
  CHECK(result.counts(0) == "read 3 kept 1 left_out excluded 2");
}

TEST_CASE("Failures reach the caller and end the threads") {
  const TemporaryFolder folder;
  std::string text;
  for (unsigned i = 0; i < 20000; ++i)
    text += company(siret_of(i), "Company") + '\n';
  const auto good = folder.write("good.ndjson", text);
  const auto cut = folder.write("cut.ndjson", text + "{\"siret\":");
  for (const unsigned jobs : {1U, 2U, 5U}) {
    const auto exit_of = [jobs](const std::filesystem::path& path) {
      try {
        run(config_of({companies(path)}), jobs);
      } catch (const Failure& failure) {
        return failure.exit();
      }
      return Exit::done;
    };
    CHECK(exit_of(good) == Exit::done);
    CHECK(exit_of(cut) == Exit::data_refused);
    CHECK(exit_of(fixture("absent.ndjson")) == Exit::failed);

    Report report;
    Progress progress(Progress::Mode::never);
    const RecordSink full = [](unsigned, std::size_t, Record&&) { throw std::runtime_error("disk full"); };
    CHECK_THROWS_WITH(ingest(config_of({companies(good)}), small_reference(), 20000, jobs, progress, report, full),
                      "disk full");
  }
}

TEST_CASE("The real files") {
  const std::filesystem::path shared = std::filesystem::path(BALISE_SOURCE_DIR) / ".." / "shared" / "data";
  if (!std::filesystem::exists(shared)) {
    std::cout << "skipped: ../shared is absent\n";
    return;
  }
  const Reference reference = Reference::load(shared / "communes" / "communes.csv", shared / "rome" / "rome_v460.csv");
  const Config config = config_of({
      {Source::formations, Format::catalogue, "formations", shared / "sources" / "formations.catalogue.ndjson.gz"},
      {Source::lba, Format::recruteurs_lba, "companies", shared / "sources" / "entreprises.recruteurs-lba.ndjson.gz"},
      {Source::offres, Format::france_travail, "offers", shared / "offres" / "offres_france_travail.jsonl.gz"},
  });
  const Result result = run(config, 2, "2026-11-21", reference);
  for (const Report::Entry& entry : result.report.entries()) {
    INFO(entry.url);
    CHECK(entry.rejected_total() * 200 < entry.read);  // below half a percent
    std::uint64_t left_out = 0;
    for (const auto& [reason, count] : entry.left_out)
      left_out += count.count;
    CHECK(entry.read == entry.kept + left_out + entry.rejected_total());
  }
  CHECK(result.report.entries()[0].read == 39510);
  CHECK(result.report.entries()[0].left_out.at("unpublished").count > 22000);
  CHECK(result.report.entries()[0].kept > 17400);
  CHECK(result.report.entries()[1].read == 33333);
  CHECK(result.report.entries()[1].kept > 33300);
  CHECK(result.report.entries()[2].read == 4500);
  CHECK(result.report.entries()[2].left_out.at("not_work_study").count == 4033);
  CHECK(result.report.entries()[2].kept == 460);

  std::map<std::string_view, std::size_t> by_region;
  for (const auto& [entry, record] : result.records) {
    ++by_region[info(info(record.departement).region).code];
    for (const std::string* text : {&record.title, &record.company, &record.address, &record.city})
      if (holds_personal_data(*text) || text->find('\n') != std::string::npos)
        FAIL(record.id << ' ' << *text);
    for (const Detail& detail : record.details)
      if (detail.value.find("contact@example") != std::string::npos)
        FAIL(record.id << ' ' << name_of(detail.field));
    // Whatever the source said, nothing lies outside France, and companies and trainings all have a place.
    if (!record.position && entry != 2)
      FAIL(record.id);
  }
  CHECK(by_region.size() == regions().size());
}
