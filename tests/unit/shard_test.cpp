#include "core/shard.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <random>

#include "core/inflate.hpp"
#include "generator/files.hpp"
#include "generator/write/hashed_file.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/pack.hpp"
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
  TrainingFacts facts(folder.path());
  for (const Record& record : records)
    facts.add(view_of(record));
  const std::vector<Commune> communes{
      {"2A004", "Ajaccio", {"20000", "20090", "20167"}, *parse_departement("2A"), 74'324, Position{4'192'640, 873'760}},
      {"93066", "Saint-Denis", {"93200", "93210"}, *parse_departement("93"), 149'077, Position{4'893'630, 235'740}},
      {"97411", "Saint-Denis", {"97400"}, *parse_departement("974"), 155'634, std::nullopt}};
  const std::vector<std::pair<RomeCode, std::string>> romes{{*parse_rome("D1102"), "Boulangerie - viennoiserie"}};
  const std::vector<MetierEntry> metiers{{"Boulanger", {*parse_rome("D1102")}, {37'537}, {"pain", "boulange"}, {}}};
  static_cast<void>(
      write_lookups(write_reference_lookups(communes, romes, metiers, folder.path()), facts, folder.path()));
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
      return open_as<Directory>(bytes, ref).has_value();
    case FileKind::index:
      return open_as<IndexShard>(bytes, ref).has_value();
    case FileKind::title_directory:
      return open_as<TitleDirectory>(bytes, ref).has_value();
    case FileKind::titles:
      return open_as<TitleChunk>(bytes, ref).has_value();
    case FileKind::page_directory:
      return open_as<PageDirectory>(bytes, ref).has_value();
    case FileKind::pages:
      return open_as<PageList>(bytes, ref).has_value();
    case FileKind::cards:
      return open_as<CardPage>(bytes, ref).has_value();
    case FileKind::details:
      return open_as<DetailPage>(bytes, ref).has_value();
    case FileKind::id_directory:
      return open_as<IdDirectory>(bytes, ref).has_value();
    case FileKind::ids:
      return open_as<IdShard>(bytes, ref).has_value();
    case FileKind::lookups:
      return open_as<LookupDirectory>(bytes, ref).has_value();
    case FileKind::places:
      return open_as<PlaceShard>(bytes, ref).has_value();
    case FileKind::metiers:
      return open_as<MetierShard>(bytes, ref).has_value();
    case FileKind::table:
      return open_as<TableShard>(bytes, ref).has_value();
  }
  return false;
}

/// On the heap, of exactly that size, so that the sanitizers see a read past the end.
bool opens_exactly(FileKind kind, ByteView bytes, const FileRef& ref) {
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  return opens(kind, {copy.get(), bytes.size()}, ref);
}

/// What is packed in a file.
Bytes content_of(const Bytes& file) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i)
    size |= std::size_t{file[i]} << (8 * i);
  return *inflate(ByteView(file).subspan(4), size);
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
    const Bytes content = content_of(bytes);
    for (int i = 0; i < 20'000; ++i) {
      Bytes damaged = content;
      for (std::uint64_t n = 1 + random() % 3; n > 0; --n)
        damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
      if (random() % 8 == 0)
        damaged.resize(random() % damaged.size());
      damaged = pack(damaged, PackEffort::fast);
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
    // All forms of ids: text, SIRETs that fit their check digits and some that do not, hexadecimal ones.
    static constexpr const char* ids[] = {"134856P090090001725",      "63804320800047",           "63804320800048",
                                          "77995d4ca6de720000009648", "77995D4CA6DE720000009648", "0002QPP"};
    card.id = ids[i % std::size(ids)];
    card.company = random() % 2 == 0 ? card.title : "Garage " + std::to_string(random() % 9);
    card.city = "Ville " + std::to_string(random() % 4);
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
  std::vector<RecordView> views;
  for (const Card& card : cards)
    views.push_back({card.source,
                     card.id,
                     card.title,
                     card.company,
                     position_of(card.key),
                     card.address,
                     card.postal_code,
                     card.city,
                     card.insee,
                     card.departement,
                     {card.romes.begin(), card.romes.end()},
                     card.level,
                     card.opco,
                     card.created,
                     card.expires,
                     {}});
  const Bytes bytes = encode_cards(*parse_region("53"), details, views);
  const auto page = open_as<CardPage>(bytes, reference_to(bytes));
  REQUIRE(page);
  CHECK(page->cards == cards);
  CHECK(page->details == details);
}

TEST_CASE("details survive being written and read") {
  const std::vector<List<Detail>> items{
      {{Field::description, "une\ndeux"}, {Field::url, "https://example.org/"}}, {}, {{Field::url, ""}}};
  std::vector<RecordView> views(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    for (const Detail& detail : items[i])
      views[i].details.push_back({detail.field, detail.value});
  const Bytes bytes = encode_details(*parse_region("53"), views);
  const auto page = open_as<DetailPage>(bytes, reference_to(bytes));
  REQUIRE(page);
  CHECK(page->items == items);
}

TEST_CASE("entries find their cards over pages of several streams, in any order of pages and slots") {
  const Region region = *parse_region("53");
  std::mt19937 random(9);
  std::vector<PageFile> pages;
  for (std::uint32_t i = 0; i < 40; ++i)
    pages.push_back({i / 7, {{static_cast<std::uint8_t>(i), 5}, 1000 + i}});
  std::vector<Entry> entries;
  for (const Source source : all_sources) {
    PlaceKey key = 0;
    for (std::uint32_t i = 0; i < 100; ++i) {
      key += random() % 3 == 0 ? 0 : random() % 1'000'000;
      entries.push_back({source,
                         key,
                         i,
                         {static_cast<std::uint8_t>(random() % 4)},
                         {{}, 0, Opco::akto},
                         static_cast<std::uint32_t>(random() % 20 + 3),
                         static_cast<std::uint16_t>(random()),
                         0});
    }
  }
  const Bytes bytes = encode_index(region, {}, entries, pages);
  const auto shard = open_as<IndexShard>(bytes, reference_to(bytes));
  REQUIRE(shard);
  CHECK(shard->counts == SourceCounts{100, 100, 100, 100});
  REQUIRE(shard->keys.size() == entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(shard->keys[i] == entries[i].key);
    CHECK(shard->ranks[i] == entries[i].rank);
    CHECK(shard->slots[i] == entries[i].slot);
    CHECK(shard->page_refs[shard->pages[i]] == pages[entries[i].page].ref);
    CHECK(shard->departements[i] == entries[i].departement);
  }
}

TEST_CASE("chunks of titles survive being written and read, and broken ones are refused") {
  const Region region = *parse_region("53");
  const RomeDomain domain = *parse_rome_domain("N41");
  const auto entry = [](Source source, const char* title, std::uint32_t page, std::uint16_t slot) {
    return Entry{source, 500, 0, {7}, {{1, 99}, 5, Opco::akto}, page, slot, title_prefix_of(title)};
  };
  const std::vector<Entry> entries{entry(Source::formations, "abc", 500, 30), entry(Source::formations, "abc", 0, 31),
                                   entry(Source::formations, "zebra and more", 900, 65'535),
                                   entry(Source::lba, "abcdef", 500, 0)};
  const auto opened = [&](const std::vector<Entry>& of) {
    const Bytes bytes = encode_titles(region, domain, of);
    return open_as<TitleChunk>(bytes, reference_to(bytes));
  };
  const auto chunk = opened(entries);
  REQUIRE(chunk);
  CHECK(chunk->region == region);
  CHECK(chunk->domain == domain);
  CHECK(chunk->counts == SourceCounts{3, 0, 0, 1});
  CHECK(chunk->profiles == std::vector{entries[0].profile});
  REQUIRE(chunk->prefixes.size() == entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(chunk->prefixes[i] <= entries[i].title_prefix);
    CHECK(entries[i].title_prefix - chunk->prefixes[i] <= chunk->prefix_slack);
    CHECK(chunk->pages[i] == entries[i].page);
    CHECK(chunk->slots[i] == entries[i].slot);
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
  CHECK(refused(2, [](Entry& bad) { bad.departement = {101}; }));
  CHECK(refused(2, [](Entry& bad) { bad.profile.level = 8; }));

  // Prefixes that lie close together are told apart; far ones are cut to three bytes.
  std::vector<Entry> close;
  for (std::uint32_t i = 0; i < 300; ++i)
    close.push_back(entry(Source::lba, ("abc" + std::to_string(1000 + i)).c_str(), 1, 1));
  CHECK(opened(close)->prefix_slack < 0xFFFF);
  CHECK(chunk->prefix_slack == 0xFFFFFF);
}

TEST_CASE("the chunks of titles of a group are as many entries as it counts, in order, and found by source") {
  TitleGroup group;
  group.region = *parse_region("53");
  group.counts = {40, 0, 10, 1000};
  // 40 formations, 10 matcha and the first 50 companies; then companies only.
  group.chunks = {{700, 100, {}}, {500, 300, {}}, {500, 400, {}}, {900, 250, {}}};
  const auto run = [&](Source source) {
    const TitleRun found = title_run_of(group, source);
    return std::pair(found.first, found.end);
  };
  CHECK(run(Source::formations) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::offres) == std::pair<std::size_t, std::size_t>{0, 0});
  CHECK(run(Source::matcha) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::lba) == std::pair<std::size_t, std::size_t>{0, 4});
  group.chunks[0].count = 50;
  group.chunks[3].count = 300;
  CHECK(run(Source::matcha) == std::pair<std::size_t, std::size_t>{0, 1});
  CHECK(run(Source::lba) == std::pair<std::size_t, std::size_t>{1, 4});

  const auto opens_with = [&](const List<TitleRef>& chunks) {
    TitleDirectory directory;
    directory.groups.push_back({group.region, group.counts, chunks});
    const Bytes bytes = encode_title_directory(directory);
    return open_as<TitleDirectory>(bytes, reference_to(bytes)).has_value();
  };
  CHECK(opens_with(group.chunks));
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

TEST_CASE("the same records give the same files, in any order and any memory") {
  std::vector<Record> records = made_up_records(6'000, 25);
  const auto tree = [&](std::size_t memory_bytes = ample_memory_bytes) {
    const TemporaryFolder folder;
    const Bytes root = encode_root(write_regions_of(records, folder.path(), memory_bytes));
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
  CHECK(tree(little_memory_bytes) == first);
  // One record more leaves most files as they are: its page, the index shards and chunks of titles that lead to the
  // cards of that page, and the directories change.
  Record extra = records.front();
  extra.id = "extra";
  records.push_back(extra);
  const auto with_extra = tree();
  std::vector<std::string> shared;
  std::set_intersection(first.begin(), first.end(), with_extra.begin(), with_extra.end(), std::back_inserter(shared));
  CHECK(first.size() - shared.size() <= 40);
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
