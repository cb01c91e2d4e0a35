#include "core/shard.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <random>

#include "generator/files.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/shard_encode.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;

/// One file of every kind, of a small region.
std::vector<std::pair<FileKind, Bytes>> sample_files() {
  const TemporaryFolder folder;
  const std::vector<Record> records = made_up_records(60, 21);
  static_cast<void>(write_regions_of(records, folder.path()));
  TrainingFacts facts;
  facts.add(records);
  const std::vector<Commune> communes{
      {"2A004", "Ajaccio", {"20000", "20090", "20167"}, *parse_departement("2A"), 74'324, Position{4'192'640, 873'760}},
      {"93066", "Saint-Denis", {"93200", "93210"}, *parse_departement("93"), 149'077, Position{4'893'630, 235'740}},
      {"97411", "Saint-Denis", {"97400"}, *parse_departement("974"), 155'634, std::nullopt}};
  const std::vector<std::pair<RomeCode, std::string>> romes{{*parse_rome("D1102"), "Boulangerie - viennoiserie"}};
  const std::vector<MetierEntry> metiers{{"Boulanger", {*parse_rome("D1102")}, {37'537}, {"pain", "boulange"}, {}}};
  static_cast<void>(write_lookups(communes, romes, metiers, facts, folder.path()));
  std::vector<std::pair<FileKind, Bytes>> files;
  for (std::size_t i = 0; i < file_kind_count; ++i) {
    const auto kind = static_cast<FileKind>(i);
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (entry.path().filename().string().starts_with(std::string(name_of(kind)) + '-')) {
        files.emplace_back(kind, read_file(entry.path()));
        break;
      }
    }
  }
  REQUIRE(files.size() == file_kind_count);
  return files;
}

bool opens(FileKind kind, ByteView bytes, const FileRef& ref) {
  switch (kind) {
    case FileKind::directory:
      return open_directory(bytes, ref).has_value();
    case FileKind::index:
      return open_index(bytes, ref).has_value();
    case FileKind::titles:
      return open_titles(bytes, ref).has_value();
    case FileKind::cards:
      return open_cards(bytes, ref).has_value();
    case FileKind::details:
      return open_details(bytes, ref).has_value();
    case FileKind::id_directory:
      return open_id_directory(bytes, ref).has_value();
    case FileKind::ids:
      return open_ids(bytes, ref).has_value();
    case FileKind::lookups:
      return open_lookups(bytes, ref).has_value();
    case FileKind::places:
      return open_places(bytes, ref).has_value();
    case FileKind::metiers:
      return open_metiers(bytes, ref).has_value();
    case FileKind::table:
      return open_table(bytes, ref).has_value();
  }
  return false;
}

/// On the heap, of exactly that size, so that the sanitizers see a read past the end.
bool opens_exactly(FileKind kind, ByteView bytes, const FileRef& ref) {
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return opens(kind, {copy.get(), bytes.size()}, ref);
}

}  // namespace

TEST_CASE("a file that was cut or changed is refused, at every length and by any bit") {
  for (const auto& [kind, bytes] : sample_files()) {
    const FileRef ref = reference_to(bytes);
    CHECK(opens_exactly(kind, bytes, ref));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      REQUIRE_FALSE(opens_exactly(kind, ByteView(bytes).first(size), ref));
    std::mt19937_64 random(22);
    for (int i = 0; i < 2'000; ++i) {
      Bytes flipped = bytes;
      flipped[random() % flipped.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
      REQUIRE_FALSE(opens_exactly(kind, flipped, ref));
    }
  }
}

TEST_CASE("a file that is damaged under a hash that fits is refused or read, never read out of bounds") {
  for (const auto& [kind, bytes] : sample_files()) {
    std::mt19937_64 random(23);
    std::size_t refused = 0;
    for (int i = 0; i < 20'000; ++i) {
      Bytes damaged = bytes;
      for (std::uint64_t n = 1 + random() % 3; n > 0; --n)
        damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
      if (random() % 8 == 0)
        damaged.resize(random() % damaged.size());
      refused += opens_exactly(kind, damaged, reference_to(damaged)) ? 0U : 1U;
    }
    CAPTURE(name_of(kind));
    CHECK(refused > 2'000);
  }
}

TEST_CASE("a file of another kind is refused") {
  const auto files = sample_files();
  for (const auto& [kind, bytes] : files)
    for (const auto& [other, ignored] : files)
      CHECK(opens(other, bytes, reference_to(bytes)) == (other == kind));
}

TEST_CASE("cards survive being written and read") {
  std::vector<Card> cards;
  std::mt19937 engine(24);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  PlaceKey key = 5;
  for (std::uint32_t i = 0; i < 200; ++i) {
    Card card;
    card.source = static_cast<Source>(random() % 4);
    card.key = random() % 3 == 0 ? key : key += random() % 1'000'000 + 1;
    card.rank = !cards.empty() && cards.back().key == card.key ? cards.back().rank + 1 + random() % 3 : 0;
    card.id = std::to_string(i);
    card.title = "\xC3\x89t\xC3\xA9 " + std::to_string(random() % 5);
    card.departement = {static_cast<std::uint8_t>(random() % 101)};
    card.level = static_cast<Level>(random() % 8);
    card.opco = static_cast<Opco>(random() % opco_count);
    card.created = static_cast<Date>(random() % 30'000);
    for (std::uint32_t code = random() % 9000; code < 140'000; code += 1 + random() % 60'000)
      card.romes.push_back({code});
    cards.push_back(card);
  }
  const FileRef details{{1, 2, 3}, 77};
  const Bytes bytes = encode_cards(*parse_region("53"), *parse_rome_domain("N41"), details, cards);
  const auto page = open_cards(bytes, reference_to(bytes));
  REQUIRE(page);
  CHECK(page->cards == cards);
  CHECK(page->details == details);
  CHECK(to_string(page->domain) == "N41");
  for (const Card& card : cards)
    REQUIRE(page->find(card.key, card.rank) != nullptr);
  CHECK(page->find(4, 0) == nullptr);
}

TEST_CASE("chunks of titles survive being written and read, and broken ones are refused") {
  const Region region = *parse_region("53");
  const RomeDomain domain = *parse_rome_domain("N41");
  const auto entry = [](Source source, const char* title, PlaceKey key, std::uint32_t rank) {
    return Entry{source, key, rank, {7}, {{1, 99}, 5, Opco::akto, {518}}, title_prefix_of(title)};
  };
  const std::vector<Entry> entries{entry(Source::formations, "abc", 500, 30), entry(Source::formations, "abc", 0, 31),
                                   entry(Source::formations, "zebra and more", 900, 32),
                                   entry(Source::lba, "abcdef", 500, 33)};
  const auto opened = [&](const std::vector<Entry>& of) {
    const Bytes bytes = encode_titles(region, domain, of);
    return open_titles(bytes, reference_to(bytes));
  };
  const auto chunk = opened(entries);
  REQUIRE(chunk);
  CHECK(chunk->region == region);
  CHECK(chunk->domain == domain);
  CHECK(chunk->counts == SourceCounts{3, 0, 0, 1});
  CHECK(chunk->profiles == std::vector{entries[0].profile});
  REQUIRE(chunk->prefixes.size() == entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(chunk->prefixes[i] == entries[i].title_prefix);
    CHECK(chunk->keys[i] == entries[i].key);
    CHECK(chunk->ranks[i] == entries[i].rank);
    CHECK(chunk->profile_numbers[i] == 0);
    CHECK(chunk->departements[i] == entries[i].departement);
  }

  const auto refused = [&](std::size_t place, auto change) {
    std::vector<Entry> bad = entries;
    change(bad[place]);
    return !opened(bad).has_value();
  };
  CHECK(refused(1, [](Entry& bad) { bad.title_prefix = 0; }));
  CHECK(refused(3, [](Entry& bad) { bad.title_prefix = std::uint64_t{1} << 48U; }));
  CHECK(refused(2, [](Entry& bad) { bad.key = PlaceKey{1} << 52U; }));
  CHECK(refused(2, [](Entry& bad) { bad.departement = {101}; }));
  CHECK(refused(2, [](Entry& bad) { bad.profile.level = 8; }));

  // Columns that no writer makes: each replaced in place, found by its length and content.
  const Bytes good = encode_titles(region, domain, entries);
  const auto replaced = [&](const Bytes& column, const Bytes& other) {
    Bytes bytes = good, pattern{static_cast<std::uint8_t>(column.size()), 0, 0, 0};
    pattern.insert(pattern.end(), column.begin(), column.end());
    const auto place = std::search(bytes.begin(), bytes.end(), pattern.begin(), pattern.end());
    REQUIRE(place != bytes.end());
    REQUIRE(std::search(place + 1, bytes.end(), pattern.begin(), pattern.end()) == bytes.end());
    std::copy(other.begin(), other.end(), place + 4);
    return open_titles(bytes, reference_to(bytes)).has_value();
  };
  const Bytes place_numbers{1, 0, 2, 1}, ranks{30, 31, 32, 33}, profile_numbers{0, 0, 0, 0};
  // 0, then 500 and 400 in two bytes each.
  const Bytes places{3, 0, 0xF4, 3, 0x90, 3};
  CHECK(replaced(place_numbers, place_numbers));
  CHECK(replaced(place_numbers, {1, 0, 1, 1}));
  CHECK_FALSE(replaced(place_numbers, {1, 0, 3, 1}));
  CHECK_FALSE(replaced(place_numbers, {1, 0, 0x82, 1}));
  CHECK_FALSE(replaced(profile_numbers, {0, 0, 1, 0}));
  CHECK_FALSE(replaced(ranks, {30, 31, 32, 0x80}));
  CHECK(replaced(places, places));
  CHECK_FALSE(replaced(places, {3, 0, 0xF4, 3, 0x80, 0}));
  CHECK_FALSE(replaced(places, {2, 0, 0xF4, 3, 0x90, 3}));
  CHECK_FALSE(replaced(places, {5, 0, 0xF4, 3, 1, 3}));
  CHECK_FALSE(replaced(places, {100, 0, 0xF4, 3, 0x90, 3}));
}

TEST_CASE("the chunks of titles of a group are as many entries as its shards, in order, and found by source") {
  Directory directory;
  directory.region = *parse_region("53");
  Group group;
  const auto shard = [](PlaceKey first_key, const SourceCounts& counts) {
    ShardRef ref;
    ref.first_key = first_key;
    ref.counts = counts;
    return ref;
  };
  group.shards = {shard(0, {30, 0, 5, 600}), shard(8, {10, 0, 5, 400})};
  // 40 formations, 10 matcha and the first 50 companies; then companies only.
  group.titles = {{700, 100, {}}, {500, 300, {}}, {500, 400, {}}, {900, 250, {}}};
  const auto run = [&](Source source) {
    const TitleRun found = title_run_of(group, source);
    return std::pair(found.first, found.end);
  };
  CHECK(run(Source::formations) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::offres) == std::pair<std::size_t, std::size_t>{0, 0});
  CHECK(run(Source::matcha) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::lba) == std::pair<std::size_t, std::size_t>{0, 4});
  group.titles[0].count = 50;
  group.titles[3].count = 300;
  CHECK(run(Source::matcha) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::lba) == std::pair<std::size_t, std::size_t>{1, 4});

  const auto opens_with = [&](const std::vector<TitleRef>& titles) {
    Directory changed = directory;
    Group with = group;
    with.titles = titles;
    changed.groups = {with};
    const Bytes bytes = encode_directory(changed);
    return open_directory(bytes, reference_to(bytes)).has_value();
  };
  CHECK(opens_with(group.titles));
  CHECK_FALSE(opens_with({}));
  CHECK_FALSE(opens_with({{1, 1049, {}}}));
  CHECK(opens_with({{1, 1050, {}}}));
  CHECK_FALSE(opens_with({{1, 1051, {}}}));
  CHECK_FALSE(opens_with({{1, 0, {}}, {1, 1050, {}}}));
  CHECK_FALSE(opens_with({{std::uint64_t{1} << 48U, 1050, {}}}));
  // From one chunk of companies to the next the prefix must not fall; from matcha to companies it may.
  CHECK(opens_with({{700, 50, {}}, {500, 300, {}}, {500, 400, {}}, {500, 300, {}}}));
  CHECK_FALSE(opens_with({{700, 50, {}}, {500, 300, {}}, {499, 400, {}}, {900, 300, {}}}));
  CHECK_FALSE(opens_with({{700, 100, {}}, {500, 300, {}}, {500, 400, {}}, {499, 250, {}}}));
}

TEST_CASE("the same records give the same files, in any order") {
  std::vector<Record> records = made_up_records(6'000, 25);
  const auto tree = [&] {
    const TemporaryFolder folder;
    const Bytes root = encode_root(write_regions_of(records, folder.path()));
    std::vector<std::string> names{to_hex(sha256(root))};
    for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
      if (entry.is_regular_file())
        names.push_back(entry.path().lexically_relative(folder.path()).string());
    std::sort(names.begin(), names.end());
    return names;
  };
  const auto first = tree();
  std::shuffle(records.begin(), records.end(), std::mt19937(26));
  CHECK(tree() == first);
  // One record more leaves most files as they are.
  Record extra = records.front();
  extra.id = "extra";
  records.push_back(extra);
  const auto with_extra = tree();
  std::vector<std::string> shared;
  std::set_intersection(first.begin(), first.end(), with_extra.begin(), with_extra.end(), std::back_inserter(shared));
  CHECK(first.size() - shared.size() <= 12);
}

TEST_CASE("a root of a later format is refused by that name") {
  Root root;
  Bytes bytes = encode_root(root);
  REQUIRE(open_root(bytes));
  // The format is the only 16-bit number of the table.
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    Bytes later = bytes;
    if (later[i] == format_version && later[i + 1] == 0) {
      later[i] = format_version + 1;
      if (const auto opened = open_root(later); !opened && opened.error().code == ErrorCode::format_too_new)
        return;
    }
  }
  FAIL("no byte of the root is its format");
}

}  // namespace balise
