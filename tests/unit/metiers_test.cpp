#include "generator/ingest/metiers.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/ingest/reference.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;

/// What load_metiers() says of a text; empty when it takes it.
std::string refusal_of(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "metiers.json", text);
  try {
    static_cast<void>(load_metiers(folder.path() / "metiers.json"));
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::data_refused);
    return failure.what();
  }
  return {};
}

bool says(const std::string& text, const std::string& part) {
  const std::string refusal = refusal_of(text);
  CAPTURE(text, refusal);
  return refusal.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the built-in list of occupations covers every letter with codes that exist") {
  const fs::path tables = fs::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const Reference reference = Reference::load(tables / "communes.json.gz", tables / "romes.csv");
  const std::vector<MetierEntry> metiers = load_metiers(tables / "metiers.json");
  CHECK(metiers.size() >= 150);
  std::set<std::uint32_t> letters;
  std::set<RomeCode> covered;
  for (const MetierEntry& metier : metiers) {
    CAPTURE(metier.label);
    CHECK_FALSE(metier.keywords.empty());
    for (const RomeCode code : metier.romes) {
      CHECK(reference.knows_rome(code));
      letters.insert(code.value / 10'000);
      covered.insert(code);
    }
  }
  CHECK(letters.size() == 14);
  // Nearly every code that apprenticeships use can be reached by a word of every day.
  CHECK(covered.size() * 100 >= reference.romes().size() * 95);
}

TEST_CASE("a list of occupations is read as it is written") {
  const TemporaryFolder folder;
  write_file(folder.path() / "metiers.json",
             R"([{"label": "Boulanger", "romes": ["D1104", "d1102", "D1104"], "rncps": ["RNCP37537"],
                  "keywords": ["pain", "bou\nlange"], "appellations": [{"rome": "D1102", "label": "Boulanger bio"}]}])");
  const auto metiers = load_metiers(folder.path() / "metiers.json");
  REQUIRE(metiers.size() == 1);
  CHECK(metiers[0].romes == std::vector<RomeCode>{*parse_rome("D1102"), *parse_rome("D1104")});
  CHECK(metiers[0].rncps == std::vector<std::uint32_t>{37'537});
  CHECK(metiers[0].keywords == std::vector<std::string>{"pain", "bou lange"});
  CHECK(metiers[0].appellations.size() == 1);
}

TEST_CASE("a list of occupations that is wrong is refused with the entry and the reason") {
  CHECK(says("", "no list of occupations"));
  CHECK(says("{}", "no list of occupations"));
  CHECK(says("[]", "no list of occupations"));
  CHECK(says("[1]", "entry 1 is no object"));
  CHECK(says(R"([{"label": "A", "romes": ["D1102"]}, {"romes": ["D1102"]}])", "entry 2 label is missing"));
  CHECK(says(R"([{"label": "-", "romes": ["D1102"]}])", "label is missing or no text"));
  CHECK(says(R"([{"label": 3, "romes": ["D1102"]}])", "label is missing or no text"));
  CHECK(says(R"([{"label": "Boulanger"}])", "entry 1 (Boulanger) has no romes"));
  CHECK(says(R"([{"label": "Boulanger", "romes": "D1102"}])", "romes is no list"));
  CHECK(says(R"([{"label": "Boulanger", "romes": ["D11"]}])", "\"D11\", which is no ROME code"));
  CHECK(says(R"([{"label": "Boulanger", "romes": ["D1102"], "rncps": ["37537"]}])", "no RNCP code"));
  CHECK(says(R"([{"label": "Boulanger", "romes": ["D1102"], "mots": []}])", "unknown key \"mots\""));
  CHECK(says(R"([{"label": "A", "romes": ["D1102"], "appellations": ["x"]}])", "appellations holds"));
  CHECK(
      says(R"([{"label": "Ma\u00e7on", "romes": ["F1703"]}, {"label": "MACON", "romes": ["F1703"]}])", "two entries"));
  std::string many = R"([{"label": "A", "romes": [)";
  for (int i = 1; i <= 21; ++i)
    many += std::string(i > 1 ? "," : "") + "\"A" + std::to_string(1000 + i) + "\"";
  CHECK(says(many + "]}]", "at most 20"));
}

}  // namespace balise
