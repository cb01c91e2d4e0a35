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
  constexpr std::array<std::string_view, file_kind_count> names{"directory", "index",  "titles",  "cards", "details",
                                                                "lookups",   "places", "metiers", "table"};
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
        group.shards.push_back({shard->first_key(), box_of(shard->box()), counts_of(shard->counts()),
                                ref_of(shard->index()), ref_of(shard->titles())});
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
    directory.groups.push_back(std::move(group));
  }
  return directory;
}

Result<IndexShard> open_index(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::index;
  const auto table = open_file<fb::IndexShard>(bytes, ref, kind, "BLIX");
  if (!table)
    return table.error();
  const auto region = parse_region(view_of((*table)->region()));
  if (!region || (*table)->counts() == nullptr || (*table)->domain() > last_domain.value)
    return malformed(name_of(kind), "incomplete");
  IndexShard shard;
  shard.region = *region;
  shard.domain = {(*table)->domain()};
  shard.counts = counts_of(*(*table)->counts());
  // The column of départements holds one byte an entry, so its size bounds the count before anything is reserved.
  const std::uint64_t count = total_of(shard.counts);
  if (count != view_of((*table)->departements()).size())
    return malformed(name_of(kind), "counts and columns disagree");
  if (!read_profiles(view_of((*table)->profiles()), shard.profiles))
    return malformed(name_of(kind), "bad profile table");
  if (!read_departements(view_of((*table)->departements()), static_cast<std::size_t>(count), shard.departements))
    return malformed(name_of(kind), "bad column of departements");
  PackedReader keys(view_of((*table)->keys()));
  PackedReader ranks(view_of((*table)->ranks()));
  PackedReader numbers(view_of((*table)->profile_numbers()));
  shard.keys.reserve(static_cast<std::size_t>(count));
  shard.positions.reserve(static_cast<std::size_t>(count));
  shard.ranks.reserve(static_cast<std::size_t>(count));
  shard.profile_numbers.reserve(static_cast<std::size_t>(count));
  for (const std::uint32_t run : shard.counts) {
    PlaceKey key = 0;
    std::uint64_t rank = 0;
    for (std::uint32_t i = 0; i < run; ++i) {
      const PlaceKey delta = keys.varint();
      const std::uint64_t next_rank = ranks.varint();
      const std::uint64_t number = numbers.varint();
      if (!keys.ok() || !ranks.ok() || !numbers.ok() || delta >= end_of_keys || key + delta >= end_of_keys ||
          next_rank > 0xFFFFFFFFU || number >= shard.profiles.size() ||
          (i > 0 && !in_order(key, rank, key + delta, next_rank)))
        return malformed(name_of(kind), "bad entry " + std::to_string(shard.keys.size()));
      key += delta;
      rank = next_rank;
      shard.keys.push_back(key);
      shard.positions.push_back(position_of(key));
      shard.ranks.push_back(static_cast<std::uint32_t>(rank));
      shard.profile_numbers.push_back(static_cast<std::uint32_t>(number));
    }
  }
  if (!keys.ok_and_at_end() || !ranks.ok_and_at_end() || !numbers.ok_and_at_end())
    return malformed(name_of(kind), "columns longer than the counts");
  return shard;
}

Result<TitleShard> open_titles(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::titles;
  const auto table = open_file<fb::TitleShard>(bytes, ref, kind, "BLTI");
  if (!table)
    return table.error();
  const ByteView prefixes = view_of((*table)->prefixes());
  if (prefixes.size() % TitleShard::prefix_bytes != 0)
    return malformed(name_of(kind), "no whole number of prefixes");
  TitleShard shard;
  shard.prefixes.reserve(prefixes.size() / TitleShard::prefix_bytes);
  for (std::size_t i = 0; i < prefixes.size(); i += TitleShard::prefix_bytes) {
    std::uint64_t prefix = 0;
    for (const std::uint8_t byte : prefixes.subspan(i, TitleShard::prefix_bytes))
      prefix = prefix << 8U | byte;
    shard.prefixes.push_back(prefix);
  }
  return shard;
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
