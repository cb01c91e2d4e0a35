#include "generator/write/shard_encode.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "generator/write/encode.hpp"

namespace balise {

namespace {

using Column = flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>;

fb::Box box_of(const Box& box) {
  return {box.min_lat_e5, box.min_lon_e5, box.max_lat_e5, box.max_lon_e5};
}
fb::Counts counts_of(const SourceCounts& counts) {
  return {counts[0], counts[1], counts[2], counts[3]};
}

Column column(Builder& builder, const Bytes& bytes) {
  return builder.CreateVector(bytes);
}
auto text(Builder& builder, std::string_view value) {
  return builder.CreateString(value.data(), value.size());
}
auto region_code(Builder& builder, Region region) {
  return text(builder, info(region).code);
}

struct ProfileOrder {
  bool operator()(const Profile& a, const Profile& b) const {
    return std::tie(a.suffixes, a.level, a.opco) < std::tie(b.suffixes, b.level, b.opco);
  }
};

void put_profile(Bytes& out, const Profile& profile) {
  put_varint(out, profile.suffixes.size());
  out.insert(out.end(), profile.suffixes.begin(), profile.suffixes.end());
  out.push_back(profile.level);
  out.push_back(static_cast<std::uint8_t>(profile.opco));
}

/// A column of references to the distinct values that `add` wrote.
template <typename Key>
class References {
 public:
  /// Whether the value is new, so that the caller has to write it.
  bool add(const Key& key) {
    const auto [place, is_new] = m_numbers.try_emplace(key, m_numbers.size());
    put_varint(m_bytes, is_new ? 0 : place->second + 1);
    return is_new;
  }
  [[nodiscard]] const Bytes& bytes() const { return m_bytes; }

 private:
  Bytes m_bytes;
  std::map<Key, std::uint64_t> m_numbers;
};

/// Texts, each once, and what refers to them.
struct TextColumns {
  References<std::string_view> refs;
  Bytes lines;
  void add(std::string_view text) {
    if (refs.add(text))
      put_line(lines, text);
  }
};

}  // namespace

Bytes encode_root(const Root& root) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::RegionRef>> regions;
  for (const RegionRef& ref : root.regions) {
    const auto code = region_code(builder, ref.region);
    const fb::Counts counts = counts_of(ref.counts);
    regions.push_back(fb::CreateRegionRef(builder, code, &counts));
  }
  std::vector<std::uint16_t> domains;
  std::vector<FileRef> directories;
  for (const DomainRef& ref : root.domains) {
    domains.push_back(ref.domain.value);
    directories.push_back(ref.directory);
  }
  const auto region_list = builder.CreateVector(regions);
  const auto domain_list = builder.CreateVector(domains);
  const auto directory_list = ref_list(builder, directories);
  const fb::FileRef pages = ref_of(root.pages.value_or(FileRef{}));
  const fb::FileRef ids = ref_of(root.ids.value_or(FileRef{}));
  const fb::FileRef lookups = ref_of(root.lookups.value_or(FileRef{}));
  builder.Finish(
      fb::CreateRoot(builder, format_version, root.as_of, region_list, domain_list, directory_list,
                     root.pages ? &pages : nullptr, root.ids ? &ids : nullptr, root.lookups ? &lookups : nullptr),
      "BLRO");
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

Bytes encode_directory(const Directory& directory) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::Group>> groups;
  for (const Group& group : directory.groups) {
    std::vector<fb::ShardRef> shards;
    for (const ShardRef& shard : group.shards)
      shards.emplace_back(box_of(shard.box), counts_of(shard.counts), ref_of(shard.index));
    const auto region = region_code(builder, group.region);
    const auto shard_list = builder.CreateVectorOfStructs(shards);
    groups.push_back(fb::CreateGroup(builder, region, shard_list));
  }
  const auto list = builder.CreateVector(groups);
  const fb::FileRef titles = ref_of(directory.titles);
  return finished(builder, fb::CreateDirectory(builder, directory.domain.value, list, &titles), "BLDI");
}

Bytes encode_title_directory(const TitleDirectory& directory) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::TitleGroup>> groups;
  for (const TitleGroup& group : directory.groups) {
    std::vector<fb::TitleRef> chunks;
    for (const TitleRef& chunk : group.chunks)
      chunks.emplace_back(chunk.first_prefix, chunk.count, ref_of(chunk.titles));
    const auto region = region_code(builder, group.region);
    const auto list = builder.CreateVectorOfStructs(chunks);
    const fb::Counts counts = counts_of(group.counts);
    groups.push_back(fb::CreateTitleGroup(builder, region, &counts, list));
  }
  const auto list = builder.CreateVector(groups);
  return finished(builder, fb::CreateTitleDirectory(builder, directory.domain.value, list), "BLTD");
}

Bytes encode_page_directory(const PageDirectory& directory) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::RegionPages>> items;
  for (const RegionPages& item : directory.regions) {
    const auto region = region_code(builder, item.region);
    const auto lists = ref_list(builder, item.lists);
    items.push_back(fb::CreateRegionPages(builder, region, lists));
  }
  const auto list = builder.CreateVector(items);
  return finished(builder, fb::CreatePageDirectory(builder, list), "BLPD");
}

Bytes encode_pages(const PageList& list) {
  Builder builder;
  const auto region = region_code(builder, list.region);
  const auto pages = ref_list(builder, list.pages);
  return finished(builder, fb::CreatePageList(builder, region, pages), "BLPG");
}

namespace {

/// The columns that index shards and chunks of titles have in common.
struct EntryColumns {
  SourceCounts counts{};
  Bytes profiles, profile_numbers, departements;
};

EntryColumns columns_of(std::span<const Entry> entries) {
  EntryColumns columns;
  // Profiles are numbered in the order of their content, so that a change of one record renumbers little.
  std::map<Profile, std::uint32_t, ProfileOrder> numbers;
  for (const Entry& entry : entries)
    numbers.try_emplace(entry.profile, 0);
  put_varint(columns.profiles, numbers.size());
  std::uint32_t next = 0;
  for (auto& [profile, number] : numbers) {
    number = next++;
    put_profile(columns.profiles, profile);
  }
  for (const Entry& entry : entries) {
    ++columns.counts[static_cast<std::size_t>(entry.source)];
    put_varint(columns.profile_numbers, numbers.at(entry.profile));
    columns.departements.push_back(entry.departement.index);
  }
  return columns;
}

/// Where the cards of a shard's entries are: pages stream by stream, and the way from entry to entry.
class StreamWriter {
 public:
  StreamWriter(std::span<const Entry> entries, std::span<const PageFile> pages) {
    for (const Entry& entry : entries)
      m_numbers.try_emplace(entry.page, 0);
    std::uint32_t number = 0;
    for (auto& [page, position] : m_numbers) {
      if (m_streams.empty() || m_streams.back().stream != pages[page].stream)
        m_streams.push_back({pages[page].stream, number, 0, 0, 0});
      ++m_streams.back().pages;
      position = number++;
      m_refs.push_back(pages[page].ref);
    }
    for (const Stream& stream : m_streams)
      put_varint(m_counts, stream.pages);
  }
  void restart() {
    for (Stream& stream : m_streams) {
      stream.page = stream.first;
      stream.slot = 0;
    }
  }
  void add(const Entry& entry) {
    const std::uint32_t page = m_numbers.at(entry.page);
    auto stream = m_streams.begin();
    while (page >= stream->first + stream->pages)
      ++stream;
    if (m_streams.size() > 1)
      put_varint(m_stream_numbers, static_cast<std::uint64_t>(stream - m_streams.begin()));
    put_varint(m_page_steps, folded_sign(std::int64_t{page} - stream->page));
    if (page != stream->page)
      stream->slot = 0;
    put_varint(m_slot_steps, folded_sign(std::int64_t{entry.slot} - stream->slot));
    stream->page = page;
    stream->slot = entry.slot;
  }
  [[nodiscard]] const std::vector<FileRef>& refs() const { return m_refs; }
  [[nodiscard]] const Bytes& counts() const { return m_counts; }
  [[nodiscard]] const Bytes& stream_numbers() const { return m_stream_numbers; }
  [[nodiscard]] const Bytes& page_steps() const { return m_page_steps; }
  [[nodiscard]] const Bytes& slot_steps() const { return m_slot_steps; }

 private:
  struct Stream {
    std::uint32_t stream, first, pages, page;
    std::uint16_t slot;
  };
  std::map<std::uint32_t, std::uint32_t> m_numbers;  ///< of pages in the shard, by that in the region
  std::vector<Stream> m_streams;
  std::vector<FileRef> m_refs;
  Bytes m_counts, m_stream_numbers, m_page_steps, m_slot_steps;
};

}  // namespace

Bytes encode_index(Region region, RomeDomain domain, std::span<const Entry> entries, std::span<const PageFile> pages) {
  const EntryColumns columns = columns_of(entries);
  StreamWriter streams(entries, pages);
  Bytes keys, ranks;
  const Entry* last = nullptr;
  for (const Entry& entry : entries) {
    const bool same_run = last != nullptr && last->source == entry.source;
    if (!same_run)
      streams.restart();
    put_varint(keys, same_run ? entry.key - last->key : entry.key);
    put_varint(ranks, entry.rank);
    streams.add(entry);
    last = &entry;
  }
  ColumnWriter all;
  for (const Bytes* bytes : std::initializer_list<const Bytes*>{
           &columns.profiles, &columns.profile_numbers, &columns.departements, &keys, &ranks, &streams.counts(),
           &streams.stream_numbers(), &streams.page_steps(), &streams.slot_steps()})
    all.add(*bytes);
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::Counts counts = counts_of(columns.counts);
  const auto page_list = ref_list(builder, streams.refs());
  const auto column_bytes = column(builder, all.bytes());
  return finished(builder, fb::CreateIndexShard(builder, code, domain.value, &counts, page_list, column_bytes), "BLIX");
}

Bytes encode_titles(Region region, RomeDomain domain, std::span<const Entry> entries) {
  const EntryColumns columns = columns_of(entries);
  // Prefixes keep as many bits as tell most of their neighbours apart, and at least three bytes.
  std::uint64_t widest = 0;
  std::vector<std::uint32_t> pages;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    pages.push_back(entries[i].page);
    const bool same_run = i > 0 && entries[i - 1].source == entries[i].source;
    if (same_run)
      widest += entries[i].title_prefix - entries[i - 1].title_prefix;
  }
  const std::uint64_t gap = widest / std::max<std::size_t>(1, entries.size());
  std::uint8_t shift = 0;
  constexpr std::uint8_t most_shift = 24;
  constexpr unsigned finer = 6;  // bits finer than the mean gap
  while (shift < most_shift && gap >> (shift + 1 + finer) > 0)
    ++shift;
  std::nth_element(pages.begin(), pages.begin() + static_cast<std::ptrdiff_t>(pages.size() / 2), pages.end());
  const std::uint32_t first_page = pages.empty() ? 0 : pages[pages.size() / 2];
  Bytes prefixes, page_steps, slots;
  const Entry* last = nullptr;
  for (const Entry& entry : entries) {
    const bool same_run = last != nullptr && last->source == entry.source;
    put_varint(prefixes, (entry.title_prefix >> shift) - (same_run ? last->title_prefix >> shift : 0));
    put_varint(page_steps, folded_sign(std::int64_t{entry.page} - first_page));
    put_varint(slots, entry.slot);
    last = &entry;
  }
  ColumnWriter all;
  for (const Bytes* bytes : std::initializer_list<const Bytes*>{&columns.profiles, &columns.profile_numbers,
                                                                &columns.departements, &prefixes, &page_steps, &slots})
    all.add(*bytes);
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::Counts counts = counts_of(columns.counts);
  const auto column_bytes = column(builder, all.bytes());
  return finished(builder, fb::CreateTitleChunk(builder, code, domain.value, &counts, shift, first_page, column_bytes),
                  "BLTI");
}

Bytes encode_cards(Region region, const FileRef& details, std::span<const RecordView> cards) {
  Bytes flags, keys, id_forms, id_bytes, id_texts, insees, postal_codes, cities, departements_column, levels, opcos,
      created, expires, romes;
  TextColumns titles, companies, addresses;
  References<std::tuple<std::string_view, std::string_view, std::string_view, std::uint8_t>> places;
  References<std::vector<std::uint32_t>> rome_lists;
  PlaceKey last_key = 0;
  for (const RecordView& card : cards) {
    const bool same_name = card.company == card.title;
    flags.push_back(
        static_cast<std::uint8_t>(static_cast<unsigned>(card.source) | (same_name ? company_is_title : 0U)));
    const PlaceKey key = card.key();
    put_varint(keys, key - last_key);
    last_key = key;
    const IdForm form = put_id(id_bytes, card.id);
    id_forms.push_back(static_cast<std::uint8_t>(form));
    if (form == IdForm::text)
      put_line(id_texts, card.id);
    titles.add(card.title);
    if (!same_name)
      companies.add(card.company);
    addresses.add(card.address);
    if (places.add({card.insee, card.postal_code, card.city, card.departement.index})) {
      put_line(insees, card.insee);
      put_line(postal_codes, card.postal_code);
      put_line(cities, card.city);
      departements_column.push_back(card.departement.index);
    }
    levels.push_back(card.level);
    opcos.push_back(static_cast<std::uint8_t>(card.opco));
    put_varint(created, static_cast<std::uint64_t>(std::max(card.created, date_unknown)));
    put_varint(expires, static_cast<std::uint64_t>(std::max(card.expires, date_unknown)));
    std::vector<std::uint32_t> codes;
    for (const RomeCode code : card.romes)
      codes.push_back(code.value);
    if (rome_lists.add(codes))
      put_ascending(romes, codes, [](std::uint32_t code) { return code; });
  }
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::FileRef details_ref = ref_of(details);
  ColumnWriter all;
  for (const Bytes* bytes : std::initializer_list<const Bytes*>{&flags,
                                                                &keys,
                                                                &id_forms,
                                                                &id_bytes,
                                                                &id_texts,
                                                                &titles.refs.bytes(),
                                                                &titles.lines,
                                                                &companies.refs.bytes(),
                                                                &companies.lines,
                                                                &addresses.refs.bytes(),
                                                                &addresses.lines,
                                                                &places.bytes(),
                                                                &insees,
                                                                &postal_codes,
                                                                &cities,
                                                                &departements_column,
                                                                &levels,
                                                                &opcos,
                                                                &created,
                                                                &expires,
                                                                &rome_lists.bytes(),
                                                                &romes})
    all.add(*bytes);
  const auto column_bytes = column(builder, all.bytes());
  return finished(
      builder, fb::CreateCardPage(builder, code, static_cast<std::uint32_t>(cards.size()), &details_ref, column_bytes),
      "BLCA");
}

Bytes encode_details(Region region, std::span<const RecordView> items) {
  struct Value {
    std::uint32_t item;
    std::string_view text;
  };
  std::map<Field, std::vector<Value>> values;
  for (std::size_t i = 0; i < items.size(); ++i)
    for (const RecordView::Detail& detail : items[i].details)
      values[detail.field].push_back({static_cast<std::uint32_t>(i), detail.value});
  Bytes blocks;
  for (const auto& [field, list] : values) {
    blocks.push_back(static_cast<std::uint8_t>(field));
    put_ascending(blocks, list, [](const Value& value) { return value.item; });
    for (const Value& value : list)
      put_varint(blocks, value.text.size());
    for (const Value& value : list)
      blocks.insert(blocks.end(), value.text.begin(), value.text.end());
  }
  Builder builder;
  const auto code = region_code(builder, region);
  const auto block_column = column(builder, blocks);
  return finished(builder, fb::CreateDetailPage(builder, code, static_cast<std::uint32_t>(items.size()), block_column),
                  "BLDE", PackEffort::fast);
}

Bytes encode_id_directory(const IdDirectory& directory) {
  Builder builder;
  const auto list = ref_list(builder, directory.shards);
  return finished(builder, fb::CreateIdDirectory(builder, list), "BLID");
}

Bytes encode_ids(std::span<const IdEntry> entries) {
  Bytes hashes, region_numbers, pages;
  IdHash last = 0;
  for (const IdEntry& entry : entries) {
    put_varint(hashes, entry.hash - last);
    last = entry.hash;
    region_numbers.push_back(entry.region.index);
    put_varint(pages, entry.page);
  }
  ColumnWriter all;
  for (const Bytes* bytes : std::initializer_list<const Bytes*>{&hashes, &region_numbers, &pages})
    all.add(*bytes);
  Builder builder;
  const auto column_bytes = column(builder, all.bytes());
  return finished(builder, fb::CreateIdShard(builder, static_cast<std::uint32_t>(entries.size()), column_bytes),
                  "BLIS");
}

}  // namespace balise
