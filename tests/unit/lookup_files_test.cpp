#include "core/lookup_files.hpp"

#include <random>

#include "generator/write/hashed_file.hpp"
#include "tests/unit/lookup_support.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      names.push_back(entry.path().lexically_relative(folder).string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("INSEE codes are numbers in the order of the codes") {
  const char* codes[] = {"01001", "19999", "2A004", "2B033", "30189", "75056", "97411", "99999"};
  for (std::size_t i = 0; i + 1 < std::size(codes); ++i)
    CHECK((*insee_number(codes[i]) < *insee_number(codes[i + 1])) == (std::string(codes[i]) < codes[i + 1]));
  for (const char* code : codes)
    CHECK(insee_of(*insee_number(code)) == code);
  CHECK(insee_of(*insee_number("2b033")) == "2B033");
  for (const char* none : {"", "1001", "010010", "A1001", "2C001", "0100A"})
    CHECK_FALSE(insee_number(none));
}

TEST_CASE("names of places are compared by their words") {
  CHECK(place_words("St-\xC3\x89tienne") == "saint etienne");
  CHECK(place_words("Ste Genevi\xC3\xA8ve") == "sainte genevieve");
  CHECK(place_words("Paris 11e Arrondissement") == "paris 11 arrondissement");
  CHECK(place_words("lyon 1er") == "lyon 1");
  CHECK(place_words("MULHOUSE CEDEX 2") == "mulhouse");
  CHECK(place_words("cedex") == "cedex");
  CHECK(place_words("") == "");
  CHECK(initials_of("management commercial operationnel") == "mco");
  CHECK(initials_of("negociation et digitalisation de la relation client") == "ndrc");
}

TEST_CASE("the files that can hold a key are found") {
  LookupFiles files;
  files.first_keys = "a\nbo\nboul\nc\nsa\n";
  files.files.resize(5);
  const auto range = [&](const char* prefix) {
    const FileRange found = files.covering(prefix);
    return std::pair(found.begin, found.end);
  };
  using Pair = std::pair<std::size_t, std::size_t>;
  CHECK(range("") == Pair(0, 5));
  CHECK(range("a") == Pair(0, 1));
  CHECK(range("b") == Pair(0, 3));
  CHECK(range("bo") == Pair(1, 3));
  CHECK(range("bord") == Pair(1, 2));
  CHECK(range("boul") == Pair(2, 3));
  CHECK(range("boulogne") == Pair(2, 3));
  CHECK(range("bz") == Pair(2, 3));
  CHECK(range("s") == Pair(3, 5));
  CHECK(range("z") == Pair(4, 5));
  CHECK(range("0") == Pair(0, 0));
  CHECK(LookupFiles().covering("a").size() == 0);
  CHECK(files.holding("boulogne").begin == 2);
  CHECK(files.holding("0").size() == 0);
  CHECK(files.holding("zz").begin == 4);
}

TEST_CASE("look-ups do not depend on the order of what they are made from") {
  const fs::path tables = fs::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const Reference reference = Reference::load(tables / "communes.json.gz", tables / "romes.csv");
  std::vector<Commune> communes = reference.communes();
  auto romes = reference.romes();
  std::vector<MetierEntry> metiers = load_metiers(tables / "metiers.json");
  std::vector<Record> records = sample_formations();
  std::mt19937 random(41);
  std::shuffle(communes.begin(), communes.end(), random);
  std::shuffle(romes.begin(), romes.end(), random);
  std::shuffle(metiers.begin(), metiers.end(), random);
  for (MetierEntry& metier : metiers)
    std::shuffle(metier.keywords.begin(), metier.keywords.end(), random);
  std::shuffle(records.begin(), records.end(), random);
  const TemporaryFolder folder;
  TrainingFacts facts(folder.path());
  for (const Record& record : records)
    facts.add(view_of(record));
  const FileRef ref =
      write_lookups(write_reference_lookups(communes, romes, metiers, folder.path()), facts, folder.path());
  CHECK(ref == *built_in_site().root().lookups);
  CHECK(names_in(folder.path()) == names_in(built_in_site().folder()));
}

TEST_CASE("large lists of occupations are cut by word, and found all the same") {
  std::vector<MetierEntry> metiers;
  const char* syllables[] = {"ba", "cor", "du", "fen", "gri", "lo", "mas", "ti"};
  for (std::uint32_t i = 0; i < 4096; ++i) {
    std::string word;
    for (std::uint32_t n = i, j = 0; j < 4; ++j, n /= 8)
      word += syllables[n % 8];
    metiers.push_back(
        {"Metier " + word, {{10'000 + i % 100}}, {}, {"mot " + word + "eur"}, {{{20'000}, "Autre " + word}}});
  }
  const TemporaryFolder folder;
  Root root;
  TrainingFacts facts(folder.path());
  root.lookups = write_lookups(write_reference_lookups({}, {}, metiers, folder.path()), facts, folder.path());
  Store store;
  REQUIRE(store.open(encode_root(root)));
  for (std::uint32_t i = 0; i < 4096; i += 61) {
    const std::string word = metiers[i].label.substr(7);
    MetierSearch search(store, word, {});
    std::size_t files = 0;
    for (auto missing = search.advance(); !missing->empty(); missing = search.advance())
      for (const FileId& file : *missing) {
        REQUIRE(store.put(path_of(file), read_file(folder.path() / path_of(file))));
        ++files;
      }
    CAPTURE(word);
    CHECK(files <= 7);
    REQUIRE(search.results().size() >= 2);
    const auto has = [&](const std::string& label) {
      return std::any_of(search.results().begin(), search.results().end(),
                         [&](const Metier& metier) { return metier.item->label == label; });
    };
    CHECK(has("Metier " + word));
    CHECK(has("Autre " + word));
  }
}

TEST_CASE("places survive being written and read") {
  std::vector<PlaceItem> items;
  std::mt19937 random(42);
  std::uint32_t insee = 1001;
  for (int i = 0; i < 300; ++i) {
    PlaceItem item;
    item.code = insee_of(insee += static_cast<std::uint32_t>(random() % 300) + 1);
    item.name = "Ville-" + std::to_string(i);
    std::uint32_t code = static_cast<std::uint32_t>(random() % 90'000);
    for (std::uint32_t n = static_cast<std::uint32_t>(random() % 4); n > 0; --n) {
      const std::string text = std::to_string(code += 1 + static_cast<std::uint32_t>(random() % 90));
      item.codes += (item.codes.empty() ? "" : " ") + std::string(5 - text.size(), '0') + text;
    }
    item.population = static_cast<std::uint32_t>(random());
    if (random() % 4 != 0)
      item.centre = Position{static_cast<std::int32_t>(random() % 18'000'000) - 9'000'000,
                             static_cast<std::int32_t>(random() % 36'000'000) - 18'000'000};
    items.push_back(item);
  }
  const Bytes communes = encode_places(items);
  PlaceItem corse;
  corse.kind = PlaceItem::Kind::departement;
  corse.code = "2A";
  corse.name = "Corse-du-Sud";
  corse.codes = "2a";
  PlaceItem paca;
  paca.kind = PlaceItem::Kind::region;
  paca.code = "93";
  paca.name = "Provence-Alpes-C\xC3\xB4te d'Azur";
  paca.other_names = "paca\tsud";
  paca.centre = Position{4'300'000, 600'000};
  PlaceItem france;
  france.kind = PlaceItem::Kind::france;
  france.name = "France";
  france.population = 68'000'000;
  items.insert(items.end(), {corse, paca, france});
  for (const Bytes& bytes : {communes, encode_places(items)}) {
    const auto shard = open_as<PlaceShard>(bytes, reference_to(bytes));
    REQUIRE(shard);
    REQUIRE(shard->items.size() == (bytes == communes ? 300 : 303));
    for (std::size_t i = 0; i < shard->items.size(); ++i) {
      CAPTURE(items[i].name);
      CHECK(shard->items[i].kind == items[i].kind);
      CHECK(shard->items[i].code == items[i].code);
      CHECK(shard->items[i].name == items[i].name);
      CHECK(shard->items[i].other_names == items[i].other_names);
      CHECK(shard->items[i].codes == items[i].codes);
      CHECK(shard->items[i].population == items[i].population);
      CHECK(shard->items[i].centre == items[i].centre);
      CHECK(shard->items[i].folded == place_words(items[i].name));
    }
  }
}

TEST_CASE("a territory that there is not makes a file of places malformed") {
  const auto opens = [](PlaceItem::Kind kind, const char* code) {
    PlaceItem item;
    item.kind = kind;
    item.code = code;
    item.name = "Nulle part";
    const Bytes bytes = encode_places(std::span(&item, 1));
    const auto shard = open_as<PlaceShard>(bytes, reference_to(bytes));
    CHECK((shard.has_value() || shard.error().code == ErrorCode::malformed));
    return shard.has_value();
  };
  CHECK(opens(PlaceItem::Kind::departement, "974"));
  CHECK(opens(PlaceItem::Kind::region, "01"));
  CHECK(opens(PlaceItem::Kind::france, ""));
  CHECK_FALSE(opens(PlaceItem::Kind::departement, "20"));
  CHECK_FALSE(opens(PlaceItem::Kind::departement, ""));
  CHECK_FALSE(opens(PlaceItem::Kind::region, "20"));
  CHECK_FALSE(opens(PlaceItem::Kind::france, "x"));
}

}  // namespace balise
