#include "core/shard.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/decimal.hpp"
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
constexpr PlaceKey end_of_keys = PlaceKey{1} << place_key_bits;
constexpr std::uint64_t end_of_prefixes = std::uint64_t{1} << (8 * title_prefix_bytes);
constexpr std::uint64_t any_number = std::uint64_t{1} << 32U;

bool read_profiles(ByteView bytes, List<Profile>& profiles) {
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
    std::uint32_t least = 0;
    for (std::uint8_t& suffix : profile.suffixes) {
      suffix = reader.byte();
      if (suffix < least || suffix > 99)
        return false;
      least = suffix + 1U;
    }
    profile.level = reader.byte();
    const std::uint8_t opco = reader.byte();
    if (!reader.ok() || opco >= opco_count || profile.level > 7)
      return false;
    profile.opco = static_cast<Opco>(opco);
  }
  return reader.ok_and_at_end();
}

bool read_departements(ByteView bytes, std::size_t count, List<Departement>& out) {
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

/// Whether each item may follow the one before it.
template <typename Items, typename Before>
bool ascends(const Items& items, Before before) {
  for (std::size_t i = 1; i < items.size(); ++i)
    if (!before(items[i - 1], items[i]))
      return false;
  return true;
}

}  // namespace

std::string_view name_of(FileKind kind) {
  constexpr std::array<std::string_view, file_kind_count> names{
      "directory",    "index", "title-directory", "titles", "page-directory", "pages", "cards", "details",
      "id-directory", "ids",   "lookups",         "places", "metiers",        "table"};
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

std::string reference_of(const FileId& file) {
  std::string text = path_of(file);
  text += ' ';
  append_number(text, file.ref.size_bytes);
  return text;
}

const FileRef* PageDirectory::list_of(Region region, std::uint32_t page) const {
  for (const RegionPages& item : regions)
    if (item.region == region && page / pages_per_list < item.lists.size())
      return &item.lists[page / pages_per_list];
  return nullptr;
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
  return shards[static_cast<std::size_t>(std::uint64_t{hash} >> (id_hash_bits - bits))];
}

TitleRun title_run_of(const TitleGroup& group, Source source) {
  // Where the entries of the source begin and end among all of the group.
  std::uint64_t begin = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(source); ++i)
    begin += group.counts[i];
  const std::uint64_t end = begin + group.counts[static_cast<std::size_t>(source)];
  if (begin == end)
    return {};
  TitleRun run;
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < group.chunks.size() && before < end; ++i) {
    before += group.chunks[i].count;
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

Error error_of(const Flaw& flaw, FileKind kind, ByteView bytes, const FileRef& ref) {
  std::string what;
  if constexpr (Flaw::has_words) {
    what += name_of(kind);
    what += ": ";
    if (flaw.code() == ErrorCode::wrong_length) {
      append_number(what, bytes.size());
      what += " bytes instead of ";
      append_number(what, ref.size_bytes);
    } else {
      what += flaw.words();
    }
  }
  return {flaw.code(), std::move(what)};
}

Error error_of_root(const Flaw& flaw) {
  return {flaw.code(), Flaw::has_words ? std::string("root: ").append(flaw.words()) : std::string()};
}

Flaw open_file(ByteView bytes, Root& root) {
  if (!verified(bytes, "BLRO", verify_as<fb::Root>))
    return no_flat_buffer;
  const auto* table = flatbuffers::GetRoot<fb::Root>(bytes.data());
  if (table->format() > format_version)
    return {ErrorCode::format_too_new, "of a later format than this reader's: use a later version"};
  if (table->format() == 0)
    return "no format version";
  root.as_of = table->as_of();
  if (table->pages() != nullptr)
    root.pages = ref_of(*table->pages());
  if (table->ids() != nullptr)
    root.ids = ref_of(*table->ids());
  if (table->lookups() != nullptr)
    root.lookups = ref_of(*table->lookups());
  if (table->regions() != nullptr) {
    for (const auto* item : *table->regions()) {
      const auto region = parse_region(view_of(item->code()));
      if (!region || item->counts() == nullptr)
        return "bad region";
      root.regions.push_back({*region, counts_of(*item->counts())});
    }
  }
  List<FileRef> directories;
  const std::size_t domains = table->domains() == nullptr ? 0 : table->domains()->size();
  if (!read_refs(table->directories(), directories) || directories.size() != domains)
    return "not one directory for each domain";
  for (std::size_t i = 0; i < domains; ++i)
    root.domains.push_back({{table->domains()->Get(static_cast<flatbuffers::uoffset_t>(i))}, directories[i]});
  if (!ascends(root.regions, [](const RegionRef& a, const RegionRef& b) { return a.region < b.region; }) ||
      !ascends(root.domains, [](const DomainRef& a, const DomainRef& b) { return a.domain < b.domain; }) ||
      (domains > 0 && last_domain < root.domains.back().domain))
    return "regions or domains out of order";
  return {};
}

namespace {

Flaw read_directory(const fb::Directory& table, Directory& directory) {
  directory.domain = {table.domain()};
  if (table.titles() == nullptr || table.groups() == nullptr)
    return "incomplete";
  directory.titles = ref_of(*table.titles());
  for (const auto* item : *table.groups()) {
    const auto region = parse_region(view_of(item->region()));
    if (!region || item->shards() == nullptr || !aligned(*item->shards()))
      return "bad group";
    Group group;
    group.region = *region;
    for (const auto* shard : *item->shards())
      group.shards.push_back({box_of(shard->box()), counts_of(shard->counts()), ref_of(shard->index())});
    directory.groups.push_back(std::move(group));
  }
  if (!ascends(directory.groups, [](const Group& a, const Group& b) { return a.region < b.region; }))
    return "groups out of order";
  return {};
}

/// Reads what index shards and chunks of titles have in common, without pages and slots.
template <typename Table>
Flaw read_entries(const Table& table, ColumnReader& columns, Entries& out) {
  const auto region = parse_region(view_of(table.region()));
  if (!region || table.counts() == nullptr || table.domain() > last_domain.value)
    return "incomplete";
  out.region = *region;
  out.domain = {table.domain()};
  out.counts = counts_of(*table.counts());
  const ByteView profiles = columns.next(), profile_numbers = columns.next(), numbers = columns.next();
  // The column of départements holds one byte an entry, so its size bounds the count before anything is reserved.
  const std::uint64_t total = total_of(out.counts);
  if (total != numbers.size())
    return "columns and counts disagree";
  const auto count = static_cast<std::size_t>(total);
  if (!read_profiles(profiles, out.profiles))
    return "bad profile table";
  if (!read_departements(numbers, count, out.departements) ||
      !read_numbers(profile_numbers, count, out.profiles.size(), out.profile_numbers))
    return "bad entry";
  return {};
}

/// The pages of a shard, stream by stream, and where the entries of a source have come to in each.
class Streams {
 public:
  bool read(ByteView bytes, std::size_t pages) {
    PackedReader reader(bytes);
    std::uint64_t begin = 0;
    while (reader.ok() && begin < pages) {
      const std::uint64_t count = reader.varint();
      if (count == 0 || count > pages - begin)
        return false;
      m_streams.push_back({begin, begin + count, begin, 0});
      begin += count;
    }
    return reader.ok_and_at_end();
  }
  void restart() {
    for (Stream& stream : m_streams) {
      stream.page = stream.begin;
      stream.slot = 0;
    }
  }
  /// Goes to the card of the next entry.
  bool go(std::uint64_t number, std::uint64_t page_step, std::uint64_t slot_step, std::uint32_t& page,
          std::uint16_t& slot) {
    if (number >= m_streams.size())
      return false;
    Stream& stream = m_streams[static_cast<std::size_t>(number)];
    if (page_step > 0) {
      stream.page += static_cast<std::uint64_t>(unfolded_sign(page_step));
      stream.slot = 0;
    }
    stream.slot += static_cast<std::uint64_t>(unfolded_sign(slot_step));
    if (stream.page < stream.begin || stream.page >= stream.end || stream.slot >= max_page_slots)
      return false;
    page = static_cast<std::uint32_t>(stream.page);
    slot = static_cast<std::uint16_t>(stream.slot);
    return true;
  }
  [[nodiscard]] bool is_one() const { return m_streams.size() == 1; }

 private:
  struct Stream {
    std::uint64_t begin, end, page, slot;
  };
  List<Stream> m_streams;
};

Flaw read_index(const fb::IndexShard& table, IndexShard& shard) {
  ColumnReader columns(view_of(table.columns()));
  if (const Flaw flaw = read_entries(table, columns, shard))
    return flaw;
  const std::size_t count = shard.departements.size();
  Streams streams;
  PackedReader keys(columns.next());
  if (!read_numbers(columns.next(), count, any_number, shard.ranks) || !read_refs(table.pages(), shard.page_refs) ||
      !streams.read(columns.next(), shard.page_refs.size()))
    return "bad pages or ranks";
  PackedReader numbers(columns.next());
  PackedReader page_steps(columns.next());
  PackedReader slot_steps(columns.next());
  shard.keys.reserve(count);
  shard.points.reserve(count);
  shard.pages.resize(count);
  shard.slots.resize(count);
  for (const std::uint32_t run : shard.counts) {
    PlaceKey key = 0;
    streams.restart();
    for (std::uint32_t i = 0; i < run; ++i) {
      const std::size_t entry = shard.keys.size();
      const PlaceKey last = key;
      if (!keys.step(key, end_of_keys) || (i > 0 && key == last && shard.ranks[entry] <= shard.ranks[entry - 1]) ||
          !streams.go(streams.is_one() ? 0 : numbers.varint(), page_steps.varint(), slot_steps.varint(),
                      shard.pages[entry], shard.slots[entry]))
        return "bad entry";
      shard.keys.push_back(key);
      shard.points.push_back(sphere_point(position_of(key)));
    }
  }
  if (!keys.ok_and_at_end() || !numbers.ok_and_at_end() || !page_steps.ok_and_at_end() || !slot_steps.ok_and_at_end() ||
      !columns.ok())
    return "columns and counts disagree";
  return {};
}

Flaw read_title_directory(const fb::TitleDirectory& table, TitleDirectory& directory) {
  directory.domain = {table.domain()};
  if (table.groups() == nullptr)
    return {};
  for (const auto* item : *table.groups()) {
    const auto region = parse_region(view_of(item->region()));
    if (!region || item->counts() == nullptr || item->chunks() == nullptr || !aligned(*item->chunks()))
      return "bad group";
    TitleGroup group;
    group.region = *region;
    group.counts = counts_of(*item->counts());
    std::uint64_t entries = 0;
    for (const auto* chunk : *item->chunks()) {
      if (chunk->count() == 0 || chunk->first_prefix() >= end_of_prefixes)
        return "a chunk out of bounds";
      entries += chunk->count();
      group.chunks.push_back({chunk->first_prefix(), chunk->count(), ref_of(chunk->titles())});
    }
    if (entries != total_of(group.counts))
      return "chunks and counts disagree";
    // Prefixes ascend within a source only, and a chunk's is that of its first entry.
    std::uint64_t begin = 0, end_of_source = 0, last_prefix = 0;
    std::size_t next_source = 0;
    for (const TitleRef& chunk : group.chunks) {
      for (; begin >= end_of_source && next_source < source_count; ++next_source) {
        end_of_source += group.counts[next_source];
        last_prefix = 0;
      }
      if (chunk.first_prefix < last_prefix)
        return "chunks out of order";
      last_prefix = chunk.first_prefix;
      begin += chunk.count;
    }
    directory.groups.push_back(std::move(group));
  }
  if (!ascends(directory.groups, [](const TitleGroup& a, const TitleGroup& b) { return a.region < b.region; }))
    return "groups out of order";
  return {};
}

Flaw read_titles(const fb::TitleChunk& table, TitleChunk& chunk) {
  ColumnReader columns(view_of(table.columns()));
  if (const Flaw flaw = read_entries(table, columns, chunk))
    return flaw;
  const std::size_t count = chunk.departements.size();
  const unsigned shift = table.prefix_shift();
  if (shift >= 8 * title_prefix_bytes)
    return "bad shift of prefixes";
  chunk.prefix_slack = (std::uint64_t{1} << shift) - 1;
  PackedReader prefixes(columns.next());
  PackedReader page_steps(columns.next());
  List<std::uint32_t> slots;
  if (!read_numbers(columns.next(), count, max_page_slots, slots))
    return "bad slots";
  for (const std::uint32_t slot : slots)
    chunk.slots.push_back(static_cast<std::uint16_t>(slot));
  chunk.prefixes.reserve(count);
  chunk.pages.reserve(count);
  for (const std::uint32_t run : chunk.counts) {
    std::uint64_t prefix = 0;
    for (std::uint32_t i = 0; i < run; ++i) {
      const std::uint64_t page = table.first_page() + static_cast<std::uint64_t>(unfolded_sign(page_steps.varint()));
      if (!prefixes.step(prefix, end_of_prefixes >> shift) || page >= any_number)
        return "bad entry";
      chunk.prefixes.push_back(prefix << shift);
      chunk.pages.push_back(static_cast<std::uint32_t>(page));
    }
  }
  if (!prefixes.ok_and_at_end() || !page_steps.ok_and_at_end() || !columns.ok())
    return "columns and counts disagree";
  return {};
}

Flaw read_page_directory(const fb::PageDirectory& table, PageDirectory& directory) {
  if (table.regions() == nullptr)
    return {};
  for (const auto* item : *table.regions()) {
    const auto region = parse_region(view_of(item->region()));
    RegionPages pages;
    if (!region || !read_refs(item->lists(), pages.lists))
      return "bad region";
    pages.region = *region;
    directory.regions.push_back(std::move(pages));
  }
  return {};
}

Flaw read_pages(const fb::PageList& table, PageList& list) {
  const auto region = parse_region(view_of(table.region()));
  if (!region || !read_refs(table.pages(), list.pages))
    return "bad pages";
  list.region = *region;
  return {};
}

Flaw read_id_directory(const fb::IdDirectory& table, IdDirectory& directory) {
  constexpr std::size_t most_shards = std::size_t{1} << 20U;
  const bool ok = read_refs(table.shards(), directory.shards);
  const std::size_t count = directory.shards.size();
  if (!ok || count == 0 || count > most_shards || (count & (count - 1)) != 0)
    return "no power of two of shards";
  return {};
}

Flaw read_id_shard(const fb::IdShard& table, IdShard& shard) {
  ColumnReader columns(view_of(table.columns()));
  PackedReader hashes(columns.next());
  const ByteView region_numbers = columns.next();
  List<std::uint32_t> pages;
  if (region_numbers.size() != table.count() ||
      !read_numbers(columns.next(), region_numbers.size(), any_number, pages) || !columns.ok())
    return "columns and counts disagree";
  shard.entries.reserve(pages.size());
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (!hashes.step(hash, any_number) || region_numbers[i] >= regions().size())
      return "bad entry";
    shard.entries.push_back({static_cast<IdHash>(hash), Region{region_numbers[i]}, pages[i]});
  }
  if (!hashes.ok_and_at_end() || !ascends(shard.entries, [](const IdEntry& a, const IdEntry& b) {
        return std::tie(a.hash, a.region.index, a.page) < std::tie(b.hash, b.region.index, b.page);
      }))
    return "entries out of order";
  return {};
}

/// Two columns: references of rows, and the texts.
bool read_texts(ColumnReader& columns, std::size_t rows, List<std::string>& out) {
  List<std::uint32_t> numbers;
  List<std::string> texts;
  std::size_t count = 0;
  if (!read_references(columns.next(), rows, numbers, count) || !read_lines(columns.next(), count, texts))
    return false;
  out.clear();
  for (const std::uint32_t number : numbers)
    out.push_back(texts[number]);
  return true;
}

bool read_ids(ColumnReader& columns, List<Card>& cards) {
  const ByteView forms = columns.next();
  PackedReader reader(columns.next());
  if (forms.size() != cards.size())
    return false;
  List<std::string> texts;
  std::size_t text = 0, as_text = 0;
  for (const std::uint8_t form : forms)
    as_text += form == static_cast<std::uint8_t>(IdForm::text) ? 1 : 0;
  if (!read_lines(columns.next(), as_text, texts))
    return false;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    if (forms[i] == static_cast<std::uint8_t>(IdForm::text))
      cards[i].id = std::move(texts[text++]);
    else if (forms[i] >= id_form_count || !read_id(reader, static_cast<IdForm>(forms[i]), cards[i].id))
      return false;
  }
  return reader.ok_and_at_end();
}

bool read_places(ColumnReader& columns, List<Card>& cards) {
  List<std::uint32_t> numbers;
  std::size_t count = 0;
  List<std::string> insees, postal_codes, cities;
  List<Departement> departements_column;
  if (!read_references(columns.next(), cards.size(), numbers, count) || !read_lines(columns.next(), count, insees) ||
      !read_lines(columns.next(), count, postal_codes) || !read_lines(columns.next(), count, cities) ||
      !read_departements(columns.next(), count, departements_column))
    return false;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    cards[i].insee = insees[numbers[i]];
    cards[i].postal_code = postal_codes[numbers[i]];
    cards[i].city = cities[numbers[i]];
    cards[i].departement = departements_column[numbers[i]];
  }
  return true;
}

bool read_romes(ColumnReader& columns, List<Card>& cards) {
  List<std::uint32_t> numbers;
  std::size_t count = 0;
  if (!read_references(columns.next(), cards.size(), numbers, count))
    return false;
  List<List<std::uint32_t>> lists;
  lists.resize(count);
  PackedReader reader(columns.next());
  for (auto& list : lists)
    if (!read_ascending(reader, rome_end, list))
      return false;
  for (std::size_t i = 0; i < cards.size(); ++i)
    for (const std::uint32_t code : lists[numbers[i]])
      cards[i].romes.push_back({code});
  return reader.ok_and_at_end();
}

/// Titles, companies, only where they differ, and addresses.
bool read_names(ColumnReader& columns, ByteView flags, List<Card>& cards) {
  std::size_t with_company = 0;
  for (const std::uint8_t flag : flags)
    with_company += (flag & company_is_title) == 0 ? 1 : 0;
  List<std::string> titles, companies, addresses;
  if (!read_texts(columns, cards.size(), titles) || !read_texts(columns, with_company, companies) ||
      !read_texts(columns, cards.size(), addresses))
    return false;
  std::size_t company = 0;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    cards[i].company = (flags[i] & company_is_title) != 0 ? titles[i] : std::move(companies[company++]);
    cards[i].title = std::move(titles[i]);
    cards[i].address = std::move(addresses[i]);
  }
  return true;
}

Flaw read_cards(const fb::CardPage& table, CardPage& page) {
  const auto region = parse_region(view_of(table.region()));
  const std::size_t count = table.count();
  ColumnReader columns(view_of(table.columns()));
  const ByteView flags = columns.next();
  if (!region || table.details() == nullptr || count > max_page_slots || flags.size() != count)
    return "incomplete";
  page.region = *region;
  page.details = ref_of(*table.details());
  page.cards.resize(count);
  PackedReader keys(columns.next());
  if (!read_ids(columns, page.cards) || !read_names(columns, flags, page.cards) || !read_places(columns, page.cards))
    return "bad column";
  const ByteView levels = columns.next(), opcos = columns.next();
  List<std::uint32_t> created, expires;
  constexpr std::uint64_t end_of_days = 0x8000'0000;
  if (levels.size() != count || opcos.size() != count || !read_numbers(columns.next(), count, end_of_days, created) ||
      !read_numbers(columns.next(), count, end_of_days, expires) || !read_romes(columns, page.cards) || !columns.ok())
    return "bad column";
  PlaceKey key = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Card& card = page.cards[i];
    if ((flags[i] & ~company_is_title) >= source_count || levels[i] > 7 || opcos[i] >= opco_count ||
        !keys.step(key, end_of_keys))
      return "bad entry";
    card.source = static_cast<Source>(flags[i] & ~company_is_title);
    card.key = key;
    card.level = levels[i];
    card.opco = static_cast<Opco>(opcos[i]);
    card.created = static_cast<Date>(created[i]);
    card.expires = static_cast<Date>(expires[i]);
  }
  if (!keys.ok_and_at_end())
    return "keys longer than the count";
  return {};
}

Flaw read_details(const fb::DetailPage& table, DetailPage& page) {
  const auto region = parse_region(view_of(table.region()));
  if (!region || table.count() > max_page_slots)
    return "incomplete";
  page.region = *region;
  page.items.resize(table.count());
  const ByteView details = view_of(table.details());
  PackedReader reader(details);
  for (int last = -1; reader.ok() && !reader.ok_and_at_end();) {
    const std::uint8_t field = reader.byte();
    List<std::uint32_t> items;
    List<std::uint64_t> sizes;
    if (field <= last || !read_ascending(reader, page.items.size(), items))
      return "bad field";
    last = field;
    for (std::size_t i = 0; i < items.size(); ++i)
      sizes.push_back(reader.varint());
    for (std::size_t i = 0; i < items.size(); ++i)
      page.items[items[i]].push_back({static_cast<Field>(field), std::string(reader.text(sizes[i]))});
  }
  if (!reader.ok())
    return "fields and texts disagree";
  return {};
}

}  // namespace

Flaw open_file(ByteView bytes, const FileRef& ref, Directory& file) {
  return open_with<read_directory>(bytes, ref, "BLDI", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, IndexShard& file) {
  return open_with<read_index>(bytes, ref, "BLIX", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, TitleDirectory& file) {
  return open_with<read_title_directory>(bytes, ref, "BLTD", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, TitleChunk& file) {
  return open_with<read_titles>(bytes, ref, "BLTI", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, PageDirectory& file) {
  return open_with<read_page_directory>(bytes, ref, "BLPD", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, PageList& file) {
  return open_with<read_pages>(bytes, ref, "BLPG", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, IdDirectory& file) {
  return open_with<read_id_directory>(bytes, ref, "BLID", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, IdShard& file) {
  return open_with<read_id_shard>(bytes, ref, "BLIS", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, CardPage& file) {
  return open_with<read_cards>(bytes, ref, "BLCA", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, DetailPage& file) {
  return open_with<read_details>(bytes, ref, "BLDE", file);
}

}  // namespace balise
