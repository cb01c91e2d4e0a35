#include "tests/unit/made_up_records.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>

namespace balise {

namespace fs = std::filesystem;

namespace {

struct Town {
  const char* departement;
  std::int32_t lat_e5, lon_e5;
};
constexpr Town towns[] = {{"75", 4'885'660, 235'220},   {"93", 4'893'570, 235'770}, {"92", 4'889'240, 221'530},
                          {"77", 4'853'990, 265'500},   {"60", 4'943'010, 208'230}, {"35", 4'811'730, -167'780},
                          {"22", 4'851'410, -276'060},  {"69", 4'576'400, 483'570}, {"974", -2'088'230, 5'545'040},
                          {"973", 492'240, -5'231'350}, {"2A", 4'191'920, 873'860}, {"2B", 4'269'740, 945'090}};

}  // namespace

std::vector<Record> made_up_records(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return static_cast<std::uint32_t>(random() % limit); };
  std::vector<Record> records;
  std::vector<Position> shared_places;
  for (std::size_t i = 0; i < count; ++i) {
    Record record;
    record.source = static_cast<Source>(below(10) < 4 ? 3 : below(4));
    record.id = std::to_string(10'000'000'000'000 + i * 7919);
    // One draw a statement: in which order the two sides of a sum are drawn is the compiler's choice.
    const std::string number = std::to_string(below(40));
    record.title = (below(4) == 0 ? "\xC3\x89lectricien " : below(2) == 0 ? "boulanger " : "Vendeur ") + number;
    record.company = "Soci\xC3\xA9t\xC3\xA9 " + std::to_string(below(200));
    const Town& town = towns[below(std::size(towns))];
    record.departement = *parse_departement(town.departement);
    record.city = town.departement;
    if (below(20) != 0) {
      std::normal_distribution<double> offset(0, below(5) == 0 ? 60'000 : 8'000);
      record.position = Position{town.lat_e5 + static_cast<std::int32_t>(offset(random)),
                                 town.lon_e5 + static_cast<std::int32_t>(offset(random))};
      // A place that others share, but only within the region: a place belongs to one.
      if (below(5) == 0)
        record.position = Position{town.lat_e5, town.lon_e5};
    }
    const std::uint32_t letter = below(3);
    for (std::uint32_t n = below(6); n > 0; --n) {
      const std::uint32_t domain = (5 + letter) * 100 + 10 + below(4);
      record.romes.push_back({domain * 100 + 1 + below(9)});
    }
    std::sort(record.romes.begin(), record.romes.end());
    record.romes.erase(std::unique(record.romes.begin(), record.romes.end()), record.romes.end());
    record.level = record.source == Source::lba ? level_unknown : static_cast<Level>(below(6) == 0 ? 0 : 3 + below(5));
    record.opco = record.source == Source::formations ? Opco::unknown : static_cast<Opco>(below(opco_count));
    record.created = static_cast<Date>(20'000 + below(700));
    record.expires = below(2) == 0 ? date_unknown : static_cast<Date>(21'000 + below(700));
    if (below(2) == 0)
      set_detail(record, Field::description, "Texte de l'annonce " + std::to_string(i));
    records.push_back(std::move(record));
  }
  return records;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "balise-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::runtime_error("no temporary folder");
  m_path = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(m_path, ignored);
}

RecordView view_of(const Record& record) {
  RecordView view{record.source,   record.id,          record.title,       record.company,
                  record.position, record.address,     record.postal_code, record.city,
                  record.insee,    record.departement, record.romes,       record.level,
                  record.opco,     record.created,     record.expires,     {}};
  for (const Detail& detail : record.details)
    view.details.push_back({detail.field, detail.value});
  return view;
}

WrittenRegion write_region_of(const std::vector<Record>& records, const RegionTarget& target) {
  return write_region(
      info(records.front().departement).region,
      [&](const TakeRecord& take) {
        for (const Record& record : records) {
          Bytes bytes;
          put_record(bytes, record);
          take(bytes);
        }
      },
      target);
}

Root write_regions_of(const std::vector<Record>& records, const fs::path& data_folder, std::size_t memory_bytes) {
  std::map<Region, std::vector<Record>> by_region;
  for (const Record& record : records)
    by_region[info(record.departement).region].push_back(record);
  Root root;
  root.as_of = 20'778;
  const TemporaryFolder scratch;
  IdWriter ids(scratch.path());
  TrainingFacts facts(scratch.path());
  std::vector<WrittenRegion> written;
  for (const auto& [region, members] : by_region)
    written.push_back(write_region_of(members, {data_folder, scratch.path(), memory_bytes, ids, facts}));
  write_directories(written, data_folder, root);
  root.ids = ids.write(data_folder);
  return root;
}

}  // namespace balise
