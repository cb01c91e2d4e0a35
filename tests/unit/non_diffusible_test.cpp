#include "generator/ingest/non_diffusible.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "ingest_support.hpp"

using namespace balise;
using namespace balise::test;

namespace {

/// A company of Rennes, whose commune the small reference knows.
Row company(std::string name, std::string legal = {}) {
  Row row;
  Record& record = row.record;
  const Commune& commune = small_reference().communes().front();
  record.source = Source::lba;
  record.id = "12345678900011";
  record.title = record.company = std::move(name);
  record.address = "12 rue des Lilas";
  record.city = commune.name;
  record.insee = commune.insee;
  record.departement = commune.departement;
  record.position = Position{1, 2};
  row.set(Field::naf_label, "Coiffure");
  row.set(Field::legal_name, std::move(legal));
  row.set(Field::company_url, "https://jeanne-durand.example/");
  row.set(Field::company_size, "1-2");
  return row;
}

}  // namespace

TEST_CASE("A company that is not to be shown keeps its commune and its activity") {
  for (const char* number : {"123456789", "12345678900011"}) {
    Row row = company("DURAND JEANNE", "Madame Jeanne Durand");
    row.note("far_from_commune", "40 km");
    hide_non_diffusible(row, {number}, small_reference());
    const Record& record = row.record;
    CHECK(record.title == "Coiffure");
    CHECK(record.company == "Coiffure");
    CHECK(record.address.empty());
    CHECK(record.city == small_reference().communes().front().name);
    CHECK(record.position == small_reference().communes().front().centre);
    CHECK(detail(record, Field::legal_name).empty());
    CHECK(detail(record, Field::company_url).empty());
    CHECK(detail(record, Field::company_size) == "1-2");
    REQUIRE(row.notes.size() == 2);
    CHECK(row.notes[0].detail.empty());
    CHECK(row.notes[1].reason == "non_diffusible");
  }
  Row unknown = company("DURAND JEANNE");
  unknown.set(Field::naf_label, "x");
  set_detail(unknown.record, Field::naf_label, {});
  hide_non_diffusible(unknown, {"123456789"}, small_reference());
  CHECK(unknown.record.title == "Entreprise");
}

TEST_CASE("The name of a legal person stays, its street does not") {
  Row row = company("Salon Jeanne", "SARL DURAND");
  hide_non_diffusible(row, {"123456789"}, small_reference());
  CHECK(row.record.title == "Salon Jeanne");
  CHECK(detail(row.record, Field::legal_name) == "SARL DURAND");
  CHECK(row.record.address.empty());
  CHECK(row.record.position != Position{1, 2});
  for (const char* name : {"SARL DURAND", "Durand SAS", "S.A.S. x y", "Association des amis", "GAEC du Pr\u00E9"})
    CHECK(names_legal_person(name) == (std::string(name) != "S.A.S. x y"));
  for (const char* name : {"", "DURAND JEANNE", "Sasha Sarlat", "EI Durand", "Chez Mairieux"})
    CHECK_FALSE(names_legal_person(name));
}

TEST_CASE("Others stay as they are") {
  for (const char* number : {"123456780", "12345678900012", "1234567890001"}) {
    Row row = company("DURAND JEANNE", "Durand");
    hide_non_diffusible(row, {number}, small_reference());
    CHECK(row.record.title == "DURAND JEANNE");
    CHECK(row.record.address == "12 rue des Lilas");
    CHECK(row.record.position == Position{1, 2});
    CHECK(row.notes.empty());
  }
}

TEST_CASE("An offer does not repeat in its text what is hidden") {
  Row row = company("Jeanne DURAND");
  Record& record = row.record;
  record.source = Source::offres;
  record.id = "1";
  record.title = "Coiffeur chez jeanne durand";
  row.set(Field::siret, "12345678900011");
  row.set(Field::description, "JEANNE DURAND cherche, au 12 Rue des Lilas. Jeanne Durand.");
  hide_non_diffusible(row, {"123456789"}, small_reference());
  CHECK(record.company == "Coiffure");
  CHECK(record.title == "Coiffeur chez [nom retir\xC3\xA9]");
  CHECK(detail(record, Field::description) ==
        "[nom retir\xC3\xA9] cherche, au [nom retir\xC3\xA9]. [nom retir\xC3\xA9].");
}

TEST_CASE("The body in charge of a formation") {
  Row row = company("CFA de Rennes");
  Record& record = row.record;
  record.source = Source::formations;
  record.id = "f";
  row.set(Field::siret, "98765432100011");
  row.set(Field::head_siret, "12345678900011");
  row.set(Field::head_name, "Jeanne Durand");
  row.set(Field::head_address, "3 place Noire");
  row.set(Field::description, "Par Jeanne Durand");
  hide_non_diffusible(row, {"123456789"}, small_reference());
  CHECK(record.company == "CFA de Rennes");
  CHECK(record.address == "12 rue des Lilas");
  CHECK(detail(record, Field::head_name).empty());
  CHECK(detail(record, Field::head_address).empty());
  CHECK(detail(record, Field::description) == "Par [nom retir\xC3\xA9]");
}
