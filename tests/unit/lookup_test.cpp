#include "core/lookup.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/lookup_support.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// What the vectors call a suggestion: the INSEE code, "departement 93", "region 11", "france".
std::string name_in_vectors(const Json& place) {
  const std::string type = place["type"];
  if (type == "commune")
    return place["insee"];
  if (type == "departement")
    return "departement " + place["departement"].get<std::string>();
  return type == "region" ? "region " + place["region"].get<std::string>() : type;
}

/// Checks `expected` of a vector: first, among the first ten, or not there.
void check_vector(const Json& vector, const std::vector<std::string>& names) {
  CAPTURE(vector.dump(), names);
  const auto place_of = [&](const Json& name) {
    return std::find(names.begin(), names.end(), name.get<std::string>()) - names.begin();
  };
  const auto size = static_cast<std::ptrdiff_t>(names.size());
  if (vector.contains("first"))
    CHECK((!names.empty() && names[0] == vector["first"].get<std::string>()));
  if (vector.contains("among"))
    for (const Json& name : vector["among"])
      CHECK(place_of(name) < std::min<std::ptrdiff_t>(size, 10));
  if (vector.contains("order"))
    for (std::size_t i = 0; i < vector["order"].size(); ++i)
      CHECK((names.size() > i && names[i] == vector["order"][i].get<std::string>()));
  if (vector.contains("not"))
    for (const Json& name : vector["not"])
      CHECK(place_of(name) == size);
  if (vector.contains("none"))
    CHECK(names.empty());
}

Json read_vectors() {
  return Json::parse(read_file(fs::path(BALISE_SOURCE_DIR) / "tests" / "vectors" / "lookups.json"));
}

}  // namespace

TEST_CASE("places are found as people type them") {
  const Json vectors = read_vectors();
  Store store = built_in_site().fresh_store();
  for (const Json& vector : vectors["places"]) {
    PlaceSearch search(store, vector["text"].get<std::string>(), 10);
    built_in_site().run(store, search);
    std::vector<std::string> names;
    const Json answer = Json::parse(answer_of(search));
    for (const Json& place : answer["results"])
      names.push_back(name_in_vectors(place));
    check_vector(vector, names);
  }
}

TEST_CASE("occupations are found as people type them") {
  const Json vectors = read_vectors();
  Store store = built_in_site().fresh_store();
  // Those of diplomas need the titles of sample_formations(), the others the built-in tables only.
  for (const char* list : {"metiers", "diplomas"}) {
    for (const Json& vector : vectors[list]) {
      MetierSearch search(store, vector["text"].get<std::string>(), {10, false, true, true, true});
      built_in_site().run(store, search);
      std::vector<std::string> names;
      for (const Metier& metier : search.results())
        names.push_back(metier.item->label);
      check_vector(vector, names);
    }
  }
  CHECK(vectors["places"].size() + vectors["metiers"].size() >= 300);
}

TEST_CASE("a fresh store gives the same suggestions as one that has read much") {
  const Json vectors = read_vectors();
  Store warm = built_in_site().fresh_store();
  std::size_t number = 0;
  for (const Json& vector : vectors["places"]) {
    const std::string text = vector["text"];
    PlaceSearch second(warm, text, 10);
    built_in_site().run(warm, second);
    if (++number % 5 != 0)
      continue;
    Store cold = built_in_site().fresh_store();
    PlaceSearch first(cold, text, 10);
    built_in_site().run(cold, first);
    CAPTURE(text);
    CHECK(answer_of(first) == answer_of(second));
  }
}

TEST_CASE("a keystroke costs few files, and suggestions come with the first beyond the directory") {
  Store store = built_in_site().fresh_store();
  PlaceSearch letter(store, "p", 10);
  auto missing = letter.advance();
  REQUIRE(missing->size() == 1);
  REQUIRE(missing->front().kind == FileKind::lookups);
  const auto put = [&] {
    for (const FileId& file : *missing)
      REQUIRE(store.put(path_of(file), read_file(built_in_site().folder() / path_of(file))));
  };
  put();
  missing = letter.advance();
  REQUIRE(missing->size() == 1);
  CHECK(missing->front().kind == FileKind::places);
  put();
  CHECK(letter.advance()->empty());
  CHECK(letter.results().size() == 10);
  CHECK(letter.results()[0]->name == "Paris");
  std::string typed = "p";
  for (const char next : std::string("loudalmezeau")) {
    typed += next;
    PlaceSearch search(store, typed, 10);
    const auto cost = built_in_site().run(store, search);
    CAPTURE(typed);
    CHECK(cost.files <= 3);
    CHECK(cost.rounds <= 1);
  }
  PlaceSearch whole(store, typed, 10);
  CHECK(built_in_site().run(store, whole).files == 0);
  CHECK(whole.results()[0]->name == "Ploudalm\xC3\xA9zeau");
}

TEST_CASE("a site without look-ups knows no place and no occupation, and fails nothing") {
  Store store;
  REQUIRE(store.open(encode_root({})));
  for (const char* text : {"", "bretagne", "93", "paris", "xyz"}) {
    PlaceSearch search(store, text, 10);
    CHECK(search.advance()->empty());
    CHECK(search.results().empty());
  }
  MetierSearch metiers(store, "boulanger", {});
  CHECK(metiers.advance()->empty());
  CHECK(metiers.results().empty());
  CommuneLookup commune(store, "75056");
  CHECK(commune.advance()->empty());
  CHECK(commune.result() == nullptr);
}

TEST_CASE("communes are found by their codes") {
  Store store = built_in_site().fresh_store();
  const auto commune = [&](const char* insee) {
    CommuneLookup lookup(store, insee);
    built_in_site().run(store, lookup);
    return lookup.result();
  };
  const PlaceItem* denis = commune("93066");
  REQUIRE(denis != nullptr);
  CHECK(denis->name == "Saint-Denis");
  CHECK(denis->postal_codes() == "93200 93210 93380");
  CHECK(info(denis->departement()).code == "93");
  CHECK(info(denis->region()).code == "11");
  CHECK(denis->centre == Position{4893560, 235390});
  CHECK(denis->population > 100'000);
  CHECK(commune("2a004")->name == "Ajaccio");
  CHECK(commune("97411")->name == "Saint-Denis");
  CHECK(commune("75111")->name == "Paris 11e Arrondissement");
  CHECK(commune("98818")->departement().is_none());
  for (const char* none : {"", "7505", "75O56", "00000", "99999", "2C004", "750561"})
    CHECK(commune(none) == nullptr);
}

TEST_CASE("a territory has the people of its communes and lies in their middle") {
  Store store = built_in_site().fresh_store();
  const auto first = [&](const char* text) {
    PlaceSearch search(store, text, 10);
    built_in_site().run(store, search);
    REQUIRE_FALSE(search.results().empty());
    return search.results()[0];
  };
  const PlaceItem& rhone = *first("69");
  CHECK(rhone.kind == PlaceItem::Kind::departement);
  CHECK(rhone.population > 1'800'000);
  REQUIRE(rhone.centre);
  CHECK(std::abs(rhone.centre->lat_e5 - 4'590'000) < 30'000);
  CHECK(info(rhone.region()).code == "84");
  CHECK(rhone.postal_codes().empty());
  const PlaceItem& bretagne = *first("bretagne");
  CHECK(bretagne.kind == PlaceItem::Kind::region);
  REQUIRE(bretagne.centre);
  CHECK(std::abs(bretagne.centre->lon_e5 + 280'000) < 60'000);
  CHECK(bretagne.departement().is_none());
  CHECK(info(bretagne.region()).code == "53");
  const PlaceItem& france = *first("");
  CHECK(france.kind == PlaceItem::Kind::france);
  CHECK(france.population > 65'000'000);
  CHECK_FALSE(france.centre);
  CHECK(france.region().is_none());
}

TEST_CASE("every commune is found by its own name, by each of its words and by its codes") {
  Store store = built_in_site().fresh_store();
  const fs::path tables = fs::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const Reference reference = Reference::load(tables / "communes.json.gz", tables / "romes.csv");
  std::size_t number = 0;
  for (const Commune& commune : reference.communes()) {
    // One in 61: a prime, so that all departements have their turn.
    if (++number % 61 != 0)
      continue;
    CAPTURE(commune.name, commune.insee);
    const auto has = [&](const std::string& text, std::uint32_t limit) {
      PlaceSearch search(store, text, limit);
      built_in_site().run(store, search);
      return std::any_of(search.results().begin(), search.results().end(), [&](const PlaceItem* place) {
        return place->kind == PlaceItem::Kind::commune && place->code == commune.insee;
      });
    };
    CHECK(has(commune.name, 40));
    if (!commune.postal_codes.empty())
      CHECK(has(commune.postal_codes[0], 100));
  }
}

TEST_CASE("anything can be typed") {
  Store store = built_in_site().fresh_store();
  const std::string texts[] = {std::string(10'000, 'a'),
                               std::string(10'000, '9'),
                               std::string("\xFF\xFE\x00\x80 paris", 10),
                               "' OR 1=1 --",
                               "\xF0\x9F\x8D\x95 \xF0\x9F\x92\xBB",
                               "a b c d e f g h i j k l m n o p q r s t u v w x y z",
                               "1 2 3 4 5",
                               "2a2b",
                               "saint saint saint saint",
                               "-",
                               "l'",
                               "a1",
                               "0"};
  for (const std::string& text : texts) {
    PlaceSearch places(store, text, 10);
    built_in_site().run(store, places);
    CHECK(places.results().size() <= 10);
    MetierSearch metiers(store, text, {10, false, true, true, true});
    built_in_site().run(store, metiers);
    CHECK(metiers.results().size() <= 20);
  }
}

}  // namespace balise
