#include "core/shard.hpp"

#include <algorithm>

#include "core/shard_open.hpp"

namespace balise {

using namespace opening;

namespace {

Box box_of(const fb::Box& box) {
  return {box.min_lat_e5(), box.min_lon_e5(), box.max_lat_e5(), box.max_lon_e5()};
}

SourceCounts counts_of(const fb::Counts& counts) {
  return {counts.formations(), counts.offres(), counts.matcha(), counts.lba()};
}

/// Sum that cannot wrap.
std::uint64_t total_of(const SourceCounts& counts) {
  std::uint64_t total = 0;
  for (const std::uint32_t count : counts)
    total += count;
  return total;
}

constexpr RomeDomain last_domain{1 + 25 * 100 + 99};

bool read_profiles(ByteView bytes, std::vector<Profile>& profiles) {
  PackedReader reader(bytes);
  const std::uint64_t count = reader.varint();
  if (count > bytes.size())
    return false;
  profiles.resize(static_cast<std::size_t>(count));
  for (Profile& profile : profiles) {
    const std::uint64_t suffixes = reader.varint();
    if (suffixes > 100)
      return false;
    profile.suffixes.resize(static_cast<std::size_t>(suffixes));
    for (std::uint8_t& suffix : profile.suffixes)
      suffix = reader.byte();
    profile.level = reader.byte();
    const std::uint8_t opco = reader.byte();
    const std::uint64_t home = reader.varint();
    if (!reader.ok() || opco >= opco_count || profile.level > 7 || home > last_domain.value)
      return false;
    if (!profile.suffixes.empty() && profile.suffixes.back() > 99)
      return false;
    if (std::adjacent_find(profile.suffixes.begin(), profile.suffixes.end(),
                           [](std::uint8_t a, std::uint8_t b) { return a >= b; }) != profile.suffixes.end())
      return false;
    profile.opco = static_cast<Opco>(opco);
    profile.home = {static_cast<std::uint16_t>(home)};
  }
  return reader.ok_and_at_end();
}

constexpr PlaceKey end_of_keys = PlaceKey{1} << place_key_bits;

/// Whether an entry may follow another one: place keys ascend, and ranks within a key.
bool in_order(PlaceKey key, std::uint64_t rank, PlaceKey next_key, std::uint64_t next_rank) {
  return next_key > key || (next_key == key && next_rank > rank);
}

bool in_order(const IdEntry& a, const IdEntry& b) {
  return std::tie(a.hash, a.region.index, a.page) < std::tie(b.hash, b.region.index, b.page);
}

constexpr std::uint64_t end_of_prefixes = std::uint64_t{1} << (8 * title_prefix_bytes);

bool read_departements(ByteView bytes, std::size_t count, std::vector<Departement>& out) {
  if (bytes.size() != count)
    return false;
  out.reserve(count);
  for (const std::uint8_t number : bytes) {
    if (number >= departements().size())
      return false;
    out.push_back({number});
  }
  return true;
}

}  // namespace

std::string_view name_of(FileKind kind) {
  constexpr std::array<std::string_view, file_kind_count> names{"directory", "index",        "titles", "cards",
                                                                "details",   "id-directory", "ids",    "lookups",
                                                                "places",    "metiers",      "table"};
  return names[static_cast<std::size_t>(kind)];
}

std::string path_of(const FileId& file) {
  std::string path(file.region.is_none() ? std::string_view("france") : info(file.region).code);
  path += '/';
  path += name_of(file.kind);
  path += '-';
  path += to_hex(file.ref.hash);
  path += ".bin";
  return path;
}

const Group* Directory::group(RomeDomain domain) const {
  const auto place = std::lower_bound(groups.begin(), groups.end(), domain,
                                      [](const Group& group, RomeDomain wanted) { return group.domain < wanted; });
  return place != groups.end() && place->domain == domain ? &*place : nullptr;
}

const RegionRef* region_of(const Root& root, Region region) {
  for (const RegionRef& ref : root.regions)
    if (ref.region == region)
      return &ref;
  return nullptr;
}

const PageRef* page_numbered(const Directory& directory, std::uint32_t number) {
  for (const Group& group : directory.groups) {
    if (number < group.pages.size())
      return &group.pages[number];
    number -= static_cast<std::uint32_t>(group.pages.size());
  }
  return nullptr;
}

const PageRef* page_of(const Group& group, PlaceKey key) {
  const auto after = std::upper_bound(group.pages.begin(), group.pages.end(), key,
                                      [](PlaceKey wanted, const PageRef& page) { return wanted < page.first_key; });
  return after == group.pages.begin() ? nullptr : &*(after - 1);
}

const Card* CardPage::find(PlaceKey key, std::uint32_t rank) const {
  const auto place = std::partition_point(cards.begin(), cards.end(), [&](const Card& card) {
    return card.key < key || (card.key == key && card.rank < rank);
  });
  return place != cards.end() && place->key == key && place->rank == rank ? &*place : nullptr;
}

IdHash id_hash_of(Source source, std::string_view id) {
  Bytes text{static_cast<std::uint8_t>(source)};
  text.insert(text.end(), id.begin(), id.end());
  const auto digest = sha256(text);
  IdHash hash = 0;
  for (std::size_t i = 0; i < id_hash_bits / 8; ++i)
    hash = hash << 8U | digest[i];
  return hash;
}

const FileRef& IdDirectory::shard_of(IdHash hash) const {
  unsigned bits = 0;
  while (std::size_t{1} << bits < shards.size())
    ++bits;
  return shards[static_cast<std::size_t>(hash >> (id_hash_bits - bits))];
}

TitleRun title_run_of(const Group& group, Source source) {
  // Where the entries of the source begin and end among all of the group.
  std::uint64_t begin = 0, end = 0;
  for (const ShardRef& shard : group.shards) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(source); ++i)
      begin += shard.counts[i];
    end += shard.counts[static_cast<std::size_t>(source)];
  }
  end += begin;
  if (begin == end)
    return {};
  TitleRun run;
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < group.titles.size() && before < end; ++i) {
    before += group.titles[i].count;
    if (before <= begin)
      run.first = i + 1;
    run.end = i + 1;
  }
  return run;
}

std::uint64_t title_prefix_of(std::string_view lower_title) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < title_prefix_bytes; ++i)
    prefix = prefix << 8U | (i < lower_title.size() ? static_cast<std::uint8_t>(lower_title[i]) : 0U);
  return prefix;
}

Result<Root> open_root(ByteView bytes) {
  constexpr std::string_view kind = "root";
  if (!verified(bytes, "BLRO", verify_as<fb::Root>))
    return malformed(kind, "no valid FlatBuffer of this kind");
  const auto* table = flatbuffers::GetRoot<fb::Root>(bytes.data());
  if (table->format() > format_version)
    return Error{ErrorCode::format_too_new, "root: format " + std::to_string(table->format()) +
                                                " is later than this reader's " + std::to_string(format_version)};
  if (table->format() == 0)
    return malformed(kind, "no format version");
  Root root;
  root.as_of = table->as_of();
  if (table->ids() != nullptr)
    root.ids = ref_of(*table->ids());
  if (table->lookups() != nullptr)
    root.lookups = ref_of(*table->lookups());
  if (table->regions() != nullptr) {
    for (const auto* item : *table->regions()) {
      const auto region = parse_region(view_of(item->code()));
      if (!region || item->directory() == nullptr || item->box() == nullptr || item->counts() == nullptr)
        return malformed(kind, "an incomplete region");
      if (!root.regions.empty() && !(root.regions.back().region < *region))
        return malformed(kind, "regions out of order");
      root.regions.push_back({*region, ref_of(*item->directory()), box_of(*item->box()), counts_of(*item->counts())});
    }
  }
  return root;
}

namespace {

/// What is wrong with the chunks of titles of a group; empty when nothing is.
std::string_view wrong_titles(const Group& group) {
  std::array<std::uint64_t, source_count> totals{};
  for (const ShardRef& shard : group.shards)
    for (std::size_t source = 0; source < source_count; ++source)
      totals[source] += shard.counts[source];
  std::uint64_t begin = 0, end_of_source = totals[0];
  std::size_t source = 0, last_source = source_count;
  const TitleRef* last = nullptr;
  for (const TitleRef& chunk : group.titles) {
    // The source of the first entry. Prefixes ascend within a source only.
    while (begin >= end_of_source && source + 1 < source_count)
      end_of_source += totals[++source];
    if (chunk.count == 0 || chunk.first_prefix >= end_of_prefixes)
      return "a chunk of titles out of bounds";
    if (source == last_source && chunk.first_prefix < last->first_prefix)
      return "chunks of titles out of order";
    begin += chunk.count;
    last_source = source;
    last = &chunk;
  }
  while (source + 1 < source_count)
    end_of_source += totals[++source];
  return begin == end_of_source ? std::string_view() : "not as many titles as entries";
}

}  // namespace

Result<Directory> open_directory(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::directory;
  const auto table = open_file<fb::Directory>(bytes, ref, kind, "BLDI");
  if (!table)
    return table.error();
  const auto region = parse_region(view_of((*table)->region()));
  if (!region)
    return malformed(name_of(kind), "unknown region");
  Directory directory;
  directory.region = *region;
  if ((*table)->groups() == nullptr)
    return directory;
  for (const auto* item : *(*table)->groups()) {
    Group group;
    group.domain = {item->domain()};
    if (last_domain < group.domain || (!directory.groups.empty() && !(directory.groups.back().domain < group.domain)))
      return malformed(name_of(kind), "groups out of order");
    if (item->shards() != nullptr) {
      if (!aligned(*item->shards()))
        return malformed(name_of(kind), "shards at an odd place");
      for (const auto* shard : *item->shards()) {
        if (shard->first_key() >= end_of_keys ||
            (!group.shards.empty() && group.shards.back().first_key >= shard->first_key()))
          return malformed(name_of(kind), "shards out of order");
        group.shards.push_back(
            {shard->first_key(), box_of(shard->box()), counts_of(shard->counts()), ref_of(shard->index())});
      }
    }
    if (item->pages() != nullptr) {
      if (!aligned(*item->pages()))
        return malformed(name_of(kind), "pages at an odd place");
      for (const auto* page : *item->pages()) {
        if (page->first_key() >= end_of_keys ||
            (!group.pages.empty() && group.pages.back().first_key >= page->first_key()))
          return malformed(name_of(kind), "pages out of order");
        group.pages.push_back({page->first_key(), page->count(), ref_of(page->cards())});
      }
    }
    if (item->titles() != nullptr) {
      if (!aligned(*item->titles()))
        return malformed(name_of(kind), "chunks of titles at an odd place");
      for (const auto* chunk : *item->titles())
        group.titles.push_back({chunk->first_prefix(), chunk->count(), ref_of(chunk->titles())});
    }
    if (const std::string_view wrong = wrong_titles(group); !wrong.empty())
      return malformed(name_of(kind), wrong);
    directory.groups.push_back(std::move(group));
  }
  return directory;
}

namespace {

/// Reads what index shards and chunks of titles have in common, up to keys and ranks. What is wrong; empty when nothing
/// is.
template <typename Table>
std::string_view read_entries(const Table& table, Entries& out) {
  const auto region = parse_region(view_of(table.region()));
  if (!region || table.counts() == nullptr || table.domain() > last_domain.value)
    return "incomplete";
  out.region = *region;
  out.domain = {table.domain()};
  out.counts = counts_of(*table.counts());
  // The column of départements holds one byte an entry, so its size bounds the count before anything is reserved.
  const std::uint64_t total = total_of(out.counts);
  if (total != view_of(table.departements()).size())
    return "counts and columns disagree";
  const auto count = static_cast<std::size_t>(total);
  if (!read_profiles(view_of(table.profiles()), out.profiles))
    return "bad profile table";
  if (!read_departements(view_of(table.departements()), count, out.departements))
    return "bad column of departements";
  PackedReader ranks(view_of(table.ranks()));
  PackedReader numbers(view_of(table.profile_numbers()));
  out.keys.reserve(count);
  out.ranks.reserve(count);
  out.profile_numbers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t rank = ranks.varint();
    const std::uint64_t number = numbers.varint();
    if (rank > 0xFFFFFFFFU || number >= out.profiles.size())
      return "bad rank or profile of an entry";
    out.ranks.push_back(static_cast<std::uint32_t>(rank));
    out.profile_numbers.push_back(static_cast<std::uint32_t>(number));
  }
  if (!ranks.ok_and_at_end() || !numbers.ok_and_at_end())
    return "ranks or profiles, and counts disagree";
  return {};
}

}  // namespace

Result<IndexShard> open_index(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::index;
  const auto table = open_file<fb::IndexShard>(bytes, ref, kind, "BLIX");
  if (!table)
    return table.error();
  IndexShard shard;
  if (const std::string_view wrong = read_entries(**table, shard); !wrong.empty())
    return malformed(name_of(kind), wrong);
  PackedReader keys(view_of((*table)->keys()));
  shard.positions.reserve(shard.ranks.size());
  for (const std::uint32_t run : shard.counts) {
    PlaceKey key = 0;
    for (std::uint32_t i = 0; i < run; ++i) {
      const std::size_t entry = shard.keys.size();
      const PlaceKey delta = keys.varint();
      if (!keys.ok() || delta >= end_of_keys || key + delta >= end_of_keys ||
          (i > 0 && !in_order(key, shard.ranks[entry - 1], key + delta, shard.ranks[entry])))
        return malformed(name_of(kind), "bad entry " + std::to_string(entry));
      key += delta;
      shard.keys.push_back(key);
      shard.positions.push_back(position_of(key));
    }
  }
  if (!keys.ok_and_at_end())
    return malformed(name_of(kind), "keys longer than the counts");
  return shard;
}

Result<IdDirectory> open_id_directory(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::id_directory;
  const auto table = open_file<fb::IdDirectory>(bytes, ref, kind, "BLID");
  if (!table)
    return table.error();
  constexpr std::size_t most_shards = std::size_t{1} << 20U;
  const std::size_t count = (*table)->shards() == nullptr ? 0 : (*table)->shards()->size();
  if (count == 0 || count > most_shards || (count & (count - 1)) != 0 || !aligned(*(*table)->shards()))
    return malformed(name_of(kind), "no power of two of shards");
  IdDirectory directory;
  directory.shards.reserve(count);
  for (const auto* shard : *(*table)->shards())
    directory.shards.push_back(ref_of(*shard));
  return directory;
}

Result<IdShard> open_ids(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::ids;
  const auto table = open_file<fb::IdShard>(bytes, ref, kind, "BLIS");
  if (!table)
    return table.error();
  const ByteView region_numbers = view_of((*table)->regions());
  if (region_numbers.size() != (*table)->count())
    return malformed(name_of(kind), "count and columns disagree");
  PackedReader hashes(view_of((*table)->hashes()));
  PackedReader pages(view_of((*table)->pages()));
  IdShard shard;
  shard.entries.reserve(region_numbers.size());
  IdEntry last;
  for (const std::uint8_t number : region_numbers) {
    const IdHash delta = hashes.varint();
    const std::uint64_t page = pages.varint();
    const IdEntry entry{last.hash + delta, Region{number}, static_cast<std::uint32_t>(page)};
    if (!hashes.ok() || !pages.ok() || number >= regions().size() || page > 0xFFFFFFFFU || delta >> id_hash_bits != 0 ||
        entry.hash >> id_hash_bits != 0 || (!shard.entries.empty() && !in_order(last, entry)))
      return malformed(name_of(kind), "bad entry " + std::to_string(shard.entries.size()));
    shard.entries.push_back(entry);
    last = entry;
  }
  if (!hashes.ok_and_at_end() || !pages.ok_and_at_end())
    return malformed(name_of(kind), "columns longer than the count");
  return shard;
}

Result<TitleChunk> open_titles(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::titles;
  const auto table = open_file<fb::TitleChunk>(bytes, ref, kind, "BLTI");
  if (!table)
    return table.error();
  TitleChunk chunk;
  if (const std::string_view wrong = read_entries(**table, chunk); !wrong.empty())
    return malformed(name_of(kind), wrong);
  PackedReader place_reader(view_of((*table)->places()));
  std::vector<PlaceKey> places;
  const std::uint64_t place_count = place_reader.varint();
  if (place_count > chunk.ranks.size())
    return malformed(name_of(kind), "more places than entries");
  places.reserve(static_cast<std::size_t>(place_count));
  for (std::uint64_t i = 0; i < place_count; ++i) {
    const PlaceKey delta = place_reader.varint();
    const PlaceKey last = places.empty() ? 0 : places.back();
    if (!place_reader.ok() || delta >= end_of_keys || last + delta >= end_of_keys || (i > 0 && delta == 0))
      return malformed(name_of(kind), "bad place " + std::to_string(i));
    places.push_back(last + delta);
  }
  PackedReader prefixes(view_of((*table)->prefixes()));
  PackedReader numbers(view_of((*table)->place_numbers()));
  chunk.prefixes.reserve(chunk.ranks.size());
  for (const std::uint32_t run : chunk.counts) {
    std::uint64_t prefix = 0;
    for (std::uint32_t i = 0; i < run; ++i) {
      const std::uint64_t delta = prefixes.varint();
      const std::uint64_t number = numbers.varint();
      if (!prefixes.ok() || !numbers.ok() || delta >= end_of_prefixes || prefix + delta >= end_of_prefixes ||
          number >= places.size())
        return malformed(name_of(kind), "bad entry " + std::to_string(chunk.keys.size()));
      prefix += delta;
      chunk.prefixes.push_back(prefix);
      chunk.keys.push_back(places[static_cast<std::size_t>(number)]);
    }
  }
  if (!place_reader.ok_and_at_end() || !prefixes.ok_and_at_end() || !numbers.ok_and_at_end())
    return malformed(name_of(kind), "columns longer than the counts");
  return chunk;
}

Result<CardPage> open_cards(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::cards;
  const auto opened = open_file<fb::CardPage>(bytes, ref, kind, "BLCA");
  if (!opened)
    return opened.error();
  const fb::CardPage& table = **opened;
  const auto region = parse_region(view_of(table.region()));
  const std::size_t count = table.count();
  const ByteView sources = view_of(table.sources());
  const ByteView levels = view_of(table.levels());
  const ByteView opcos = view_of(table.opcos());
  if (!region || table.details() == nullptr || table.domain() > last_domain.value || sources.size() != count ||
      levels.size() != count || opcos.size() != count)
    return malformed(name_of(kind), "incomplete");
  CardPage page;
  page.region = *region;
  page.domain = {table.domain()};
  page.details = ref_of(*table.details());

  struct TextField {
    const fb::TextColumn* column;
    std::string Card::*member;
  };
  const TextField text_fields[] = {{table.ids(), &Card::id},
                                   {table.titles(), &Card::title},
                                   {table.companies(), &Card::company},
                                   {table.addresses(), &Card::address},
                                   {table.postal_codes(), &Card::postal_code},
                                   {table.cities(), &Card::city},
                                   {table.insees(), &Card::insee}};
  page.cards.resize(count);
  std::vector<std::string> texts;
  for (const TextField& field : text_fields) {
    if (field.column == nullptr ||
        !read_text_column(view_of(field.column->texts()), view_of(field.column->refs()), count, texts))
      return malformed(name_of(kind), "bad text column");
    for (std::size_t i = 0; i < count; ++i)
      page.cards[i].*field.member = std::move(texts[i]);
  }

  std::vector<Departement> departements_column;
  if (!read_departements(view_of(table.departements()), count, departements_column))
    return malformed(name_of(kind), "bad column of departements");
  PackedReader keys(view_of(table.keys()));
  PackedReader ranks(view_of(table.ranks()));
  PackedReader created(view_of(table.created()));
  PackedReader expires(view_of(table.expires()));
  PackedReader romes(view_of(table.romes()));
  PlaceKey key = 0;
  std::uint64_t rank = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Card& card = page.cards[i];
    const PlaceKey delta = keys.varint();
    const std::uint64_t next_rank = ranks.varint();
    const std::uint64_t created_day = created.varint();
    const std::uint64_t expires_day = expires.varint();
    const std::uint64_t rome_count = romes.varint();
    constexpr std::uint64_t last_day = 0x7FFFFFFF;
    if (sources[i] >= source_count || levels[i] > 7 || opcos[i] >= opco_count || delta >= end_of_keys ||
        key + delta >= end_of_keys || next_rank > 0xFFFFFFFFU || created_day > last_day || expires_day > last_day ||
        rome_count > 1000 || (i > 0 && !in_order(key, rank, key + delta, next_rank)))
      return malformed(name_of(kind), "bad card " + std::to_string(i));
    key += delta;
    rank = next_rank;
    card.source = static_cast<Source>(sources[i]);
    card.key = key;
    card.rank = static_cast<std::uint32_t>(rank);
    card.departement = departements_column[i];
    card.level = levels[i];
    card.opco = static_cast<Opco>(opcos[i]);
    card.created = static_cast<Date>(created_day);
    card.expires = static_cast<Date>(expires_day);
    std::uint64_t code = 0;
    for (std::uint64_t j = 0; j < rome_count; ++j) {
      const std::uint64_t step = romes.varint();
      if (!romes.ok() || step > 260'000 || (j > 0 && step == 0) || code + step >= 260'000)
        return malformed(name_of(kind), "bad ROME of card " + std::to_string(i));
      code += step;
      card.romes.push_back({static_cast<std::uint32_t>(code)});
    }
  }
  if (!keys.ok_and_at_end() || !ranks.ok_and_at_end() || !created.ok_and_at_end() || !expires.ok_and_at_end() ||
      !romes.ok_and_at_end())
    return malformed(name_of(kind), "columns and count disagree");
  return page;
}

Result<DetailPage> open_details(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::details;
  const auto table = open_file<fb::DetailPage>(bytes, ref, kind, "BLDE");
  if (!table)
    return table.error();
  const auto region = parse_region(view_of((*table)->region()));
  if (!region)
    return malformed(name_of(kind), "unknown region");
  DetailPage page;
  page.region = *region;
  if ((*table)->items() == nullptr)
    return page;
  for (const auto* item : *(*table)->items()) {
    const ByteView fields = view_of(item->fields());
    const std::size_t values = item->values() == nullptr ? 0 : item->values()->size();
    if (fields.size() != values)
      return malformed(name_of(kind), "fields and values disagree");
    std::vector<Detail> details;
    details.reserve(values);
    for (std::size_t i = 0; i < values; ++i) {
      const auto number = static_cast<flatbuffers::uoffset_t>(i);
      details.push_back({static_cast<Field>(fields[i]), std::string(view_of(item->values()->Get(number)))});
      if (i > 0 && fields[i] <= fields[i - 1])
        return malformed(name_of(kind), "fields out of order");
    }
    page.items.push_back(std::move(details));
  }
  return page;
}

}  // namespace balise
