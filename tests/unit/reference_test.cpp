#include "generator/ingest/reference.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <string>

#include "core/geo.hpp"
#include "generator/failure.hpp"
#include "generator/ingest/csv.hpp"
#include "generator/ingest/rome_domains.hpp"
#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

std::string departement_of(const Commune* commune) {
  REQUIRE(commune != nullptr);
  return commune->departement.is_none() ? "none" : std::string(info(commune->departement).code);
}

void check_tables(const Reference& reference) {
  const Commune* cayenne = reference.commune_by_insee("97302");
  CHECK(departement_of(cayenne) == "973");
  CHECK(cayenne->name == "Cayenne");
  CHECK(cayenne->population == 62675);
  REQUIRE(cayenne->centre);
  CHECK(*cayenne->centre == Position{494640, -5233190});
  CHECK(departement_of(reference.commune_by_insee("2A004")) == "2A");
  CHECK(departement_of(reference.commune_by_insee("98818")) == "none");
  CHECK(reference.commune_by_insee("97701")->departement.is_none());
  CHECK(reference.commune_by_insee("00000") == nullptr);
  CHECK(reference.commune_by_insee("") == nullptr);
  REQUIRE(reference.commune_by_insee("01999") != nullptr);
  CHECK_FALSE(reference.commune_by_insee("01999")->centre);
  CHECK(reference.commune_by_insee("75056")->name == "Paris");

  // Most populated first: the city before its arrondissement, La Saulce (05) before Curbans and Claret (04).
  const auto& eleventh = reference.communes_by_postal_code("75011");
  REQUIRE(eleventh.size() == 2);
  CHECK(eleventh[0]->insee == "75056");
  CHECK(eleventh[1]->insee == "75111");
  const auto& saulce = reference.communes_by_postal_code("05110");
  REQUIRE(saulce.size() == 3);
  CHECK(saulce[0]->insee == "05162");
  CHECK(saulce[1]->insee == "04066");
  CHECK(saulce[2]->insee == "04058");
  CHECK(reference.communes_by_postal_code("68093").empty());

  for (std::size_t i = 1; i < reference.communes().size(); ++i)
    CHECK(reference.communes()[i - 1].insee < reference.communes()[i].insee);
}

}  // namespace

TEST_CASE("every built-in ROME is of a domain with a name, and names make addresses of their own") {
  const std::filesystem::path tables = std::filesystem::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const DomainLabels labels = load_domain_labels(tables / "domaines.csv");
  CHECK(labels.domains.size() == 110);
  CHECK(labels.families.size() == 14);
  const Reference reference = Reference::load(tables / "communes.json.gz", tables / "romes.csv");
  for (const auto& [code, label] : reference.romes())
    CHECK(labels.domains.contains(domain_of(code)));
  for (const auto& [domain, label] : labels.domains)
    CHECK(labels.families.contains(to_string(domain)[0]));
}

TEST_CASE("Communes from JSON and from CSV are the same") {
  const Reference json = Reference::load(fixture("communes.json"), fixture("romes.csv"));
  const Reference csv = Reference::load(fixture("communes.csv"), fixture("romes_short.csv"));
  check_tables(json);
  check_tables(csv);
  REQUIRE(json.communes().size() == csv.communes().size());
  for (std::size_t i = 0; i < json.communes().size(); ++i) {
    const Commune& a = json.communes()[i];
    const Commune& b = csv.communes()[i];
    CHECK(a.insee == b.insee);
    CHECK(a.name == b.name);
    CHECK(a.postal_codes == b.postal_codes);
    CHECK(a.departement == b.departement);
    CHECK(a.population == b.population);
    CHECK(a.centre == b.centre);
  }
}

TEST_CASE("Communes by name within a departement") {
  const Reference& reference = small_reference();
  const auto insee = [&reference](const char* departement, const char* name) {
    const Commune* commune = reference.commune_by_name(*parse_departement(departement), name);
    return commune == nullptr ? std::string("none") : commune->insee;
  };
  CHECK(insee("68", "MULHOUSE CEDEX 2") == "68224");
  CHECK(insee("974", "ST DENIS") == "97411");
  CHECK(insee("974", "Saint-Denis") == "97411");
  CHECK(insee("75", "Paris 11") == "75056");
  CHECK(insee("69", "LYON 3E ARRONDISSEMENT") == "69123");
  CHECK(insee("01", "Amb\xC3\xA9rieu en Bugey") == "01004");
  CHECK(insee("67", "Mulhouse") == "none");
  CHECK(insee("67", "") == "none");
  CHECK(commune_name_key("STE-MARIE AUX MINES CEDEX") == "sainte marie aux mines");
  CHECK(commune_name_key("Cedex") == "cedex");
}

TEST_CASE("The nearest commune") {
  const Reference& reference = small_reference();
  const auto nearest = [&reference](double lat, double lon, double max_km) {
    const Commune* commune = reference.nearest_commune(rounded_position(lat, lon), max_km);
    return commune == nullptr ? std::string("none") : commune->insee;
  };
  CHECK(nearest(48.11, -1.68, 60) == "35238");
  CHECK(nearest(3.64, -54.03, 150) == "97353");
  CHECK(nearest(-20.9, 55.45, 60) == "97411");
  CHECK(nearest(45, -20, 60) == "none");
  // Rennes to Nantes is some 100 km; half way between them.
  CHECK(nearest(47.65, -1.62, 40) == "none");
  CHECK(nearest(47.65, -1.62, 60) != "none");
}

TEST_CASE("The nearest commune is that of a full scan") {
  const Reference& reference = small_reference();
  std::uint32_t state = 12345;
  const auto random = [&state](double least, double most) {
    state = state * 1664525 + 1013904223;
    return least + (most - least) * (state >> 8) / static_cast<double>(1U << 24U);
  };
  for (int i = 0; i < 3000; ++i) {
    // Mostly over the mainland, some anywhere on the globe.
    const bool anywhere = i % 10 == 0;
    const Position place = anywhere ? rounded_position(random(-89, 89), random(-180, 180))
                                    : rounded_position(random(42, 51), random(-4, 8));
    std::uint64_t least = UINT64_MAX;
    for (const Commune& commune : reference.communes())
      if (commune.centre)
        least = std::min(least, distance_um({place.lat_e5 / 1e5, place.lon_e5 / 1e5}, *commune.centre));
    const Commune* found = reference.nearest_commune(place, 30000);
    REQUIRE(found != nullptr);
    CHECK(distance_um({place.lat_e5 / 1e5, place.lon_e5 / 1e5}, *found->centre) == least);
  }
}

TEST_CASE("ROME codes and labels") {
  const Reference& reference = small_reference();
  CHECK(reference.knows_rome(*parse_rome("F1702")));
  CHECK(reference.rome_label(*parse_rome("M1805")) == "D\xC3\xA9veloppeur / D\xC3\xA9veloppeuse informatique");
  // Only named as the parent of another code.
  CHECK(reference.knows_rome(*parse_rome("M1810")));
  CHECK(reference.rome_label(*parse_rome("M1810")).empty());
  CHECK_FALSE(reference.knows_rome(*parse_rome("Z9999")));
  CHECK(reference.rome_label(*parse_rome("Z9999")).empty());
  const Reference other = Reference::load(fixture("communes.json"), fixture("romes_short.csv"));
  CHECK(other.rome_label(*parse_rome("F1702")) == "Construction; routes et voies");
}

TEST_CASE("Tables that cannot be used") {
  const TemporaryFolder folder;
  const auto code_of = [](const std::filesystem::path& communes, const std::filesystem::path& romes) {
    try {
      static_cast<void>(Reference::load(communes, romes));
      return Exit::done;
    } catch (const Failure& failure) {
      CHECK(std::string(failure.what()).size() > 20);
      return failure.exit();
    }
  };
  CHECK(code_of(fixture("communes.json"), fixture("romes.csv")) == Exit::done);
  CHECK(code_of(folder.write("a", ""), fixture("romes.csv")) == Exit::data_refused);
  CHECK(code_of(folder.write("b", "[]"), fixture("romes.csv")) == Exit::data_refused);
  CHECK(code_of(folder.write("c", "{\"code\":\"01004\"}"), fixture("romes.csv")) == Exit::data_refused);
  CHECK(code_of(folder.write("d", "insee,nom\nx,y\n"), fixture("romes.csv")) == Exit::data_refused);
  CHECK(code_of(fixture("communes.json"), folder.write("e", "code,label\nF1702,x\n")) == Exit::data_refused);
  CHECK(code_of(fixture("absent.json"), fixture("romes.csv")) == Exit::failed);
  CHECK(code_of(fixture("communes.json"), fixture("absent.csv")) == Exit::failed);
}

TEST_CASE("CSV") {
  CsvReader rows("\xEF\xBB\xBF\"Name \";b\r\n\"a;\"\"x\"\"\r\ny\";2\r\n\r\nlast");
  REQUIRE(rows.column("name"));
  CHECK(rows.column("B") == 1U);
  CHECK_FALSE(rows.column("c"));
  REQUIRE(rows.next());
  CHECK(rows.field(0) == "a;\"x\"\r\ny");
  CHECK(rows.field(1) == "2");
  REQUIRE(rows.next());
  CHECK(rows.field(0) == "last");
  CHECK(rows.field(1).empty());
  CHECK_FALSE(rows.next());
  CsvReader nothing("");
  CHECK_FALSE(nothing.next());
}

TEST_CASE("The official tables") {
  const std::filesystem::path shared = std::filesystem::path(BALISE_SOURCE_DIR) / ".." / "shared" / "data";
  if (!std::filesystem::exists(shared)) {
    std::cout << "skipped: ../shared is absent\n";
    return;
  }
  const Reference reference = Reference::load(shared / "communes" / "communes.csv", shared / "rome" / "rome_v460.csv");
  CHECK(reference.communes().size() == 35014);
  std::size_t outside = 0, found = 0;
  for (const Commune& commune : reference.communes()) {
    outside += commune.departement.is_none() ? 1U : 0U;
    // Every centre is nearest to itself, or to one that shares it.
    if (commune.centre) {
      const Commune* nearest = reference.nearest_commune(*commune.centre, 0.001);
      found += nearest != nullptr && nearest->centre == commune.centre ? 1U : 0U;
    }
  }
  CHECK(outside < 100);
  CHECK(found == reference.communes().size());
  CHECK(reference.knows_rome(*parse_rome("M1830")));
}
