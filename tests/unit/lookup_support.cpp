#include "tests/unit/lookup_support.hpp"

#include "generator/ingest/reference.hpp"

namespace balise {

namespace fs = std::filesystem;

std::vector<Record> sample_formations() {
  struct Row {
    const char *title, *cfd, *siret, *rncp;
    std::vector<const char*> romes;
    Level level;
  };
  const Row rows[] = {
      {"BOULANGER (CAP)", "50022137", "13000548100018", "RNCP37537", {"D1102"}, 3},
      {"BOULANGER (CAP)", "50022137", "19750707000019", "RNCP18704", {"D1102", "D1104"}, 3},
      {"Boulanger", "45022103", "13000548100018", "RNCP37310", {"D1102"}, 4},
      {"MANAGEMENT COMMERCIAL OPERATIONNEL (BTS)", "32031213", "19750707000019", "RNCP38362", {"D1301", "D1506"}, 5},
      {"NEGOCIATION ET DIGITALISATION DE LA RELATION CLIENT (BTS)",
       "32031212",
       "19750707000019",
       "RNCP38368",
       {"D1402"},
       5},
      {"METIERS DE LA COIFFURE (CAP)", "50033616", "82422814200108", "RNCP38417", {"D1202"}, 3},
      {"CONCEPTEUR DEVELOPPEUR D'APPLICATIONS (TP)", "26X32602", "82422814200108", "RNCP37873", {"M1805"}, 6},
      {"INGENIEUR EN INFORMATIQUE", "17032602", "82422814200108", "", {"M1805", "M1802"}, 7},
      {"MACON (CAP)", "50023221", "13000548100018", "RNCP38414", {"F1703"}, 3},
      {"TRAVAUX SANS ROME", "50099999", "13000548100018", "", {}, 3},
  };
  std::vector<Record> records;
  for (const Row& row : rows) {
    Record record;
    record.id = std::to_string(records.size());
    record.title = row.title;
    record.departement = *parse_departement("75");
    for (const char* code : row.romes)
      record.romes.push_back(*parse_rome(code));
    record.level = row.level;
    set_detail(record, Field::long_title, row.title);
    set_detail(record, Field::cfd, row.cfd);
    set_detail(record, Field::siret, row.siret);
    set_detail(record, Field::rncp_code, row.rncp);
    records.push_back(std::move(record));
  }
  return records;
}

LookupSite::LookupSite() {
  const fs::path tables = fs::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const Reference reference = Reference::load(tables / "communes.json.gz", tables / "romes.csv");
  TrainingFacts facts(m_folder.path());
  for (const Record& record : sample_formations())
    facts.add(view_of(record));
  m_root.as_of = 20'778;
  m_root.lookups = write_lookups(write_reference_lookups(reference.communes(), reference.romes(),
                                                         load_metiers(tables / "metiers.json"), m_folder.path()),
                                 facts, m_folder.path());
}

Store LookupSite::fresh_store() const {
  Store store;
  REQUIRE(store.open(encode_root(m_root)));
  return store;
}

const LookupSite& built_in_site() {
  static const LookupSite site;
  return site;
}

}  // namespace balise
