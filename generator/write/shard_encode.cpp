#include "generator/write/shard_encode.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "shard_generated.h"

namespace balise {

namespace {

using Builder = flatbuffers::FlatBufferBuilder;
using Column = flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>;

fb::Box box_of(const Box& box) {
  return {box.min_lat_e5, box.min_lon_e5, box.max_lat_e5, box.max_lon_e5};
}
fb::Counts counts_of(const SourceCounts& counts) {
  return {counts[0], counts[1], counts[2], counts[3]};
}
fb::FileRef ref_of(const FileRef& ref) {
  return {flatbuffers::make_span(ref.hash), ref.size_bytes};
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

template <typename Table>
Bytes finished(Builder& builder, flatbuffers::Offset<Table> root, const char* identifier) {
  builder.Finish(root, identifier);
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

struct ProfileOrder {
  bool operator()(const Profile& a, const Profile& b) const {
    return std::tie(a.suffixes, a.level, a.opco, a.home.value) < std::tie(b.suffixes, b.level, b.opco, b.home.value);
  }
};

void put_profile(Bytes& out, const Profile& profile) {
  put_varint(out, profile.suffixes.size());
  out.insert(out.end(), profile.suffixes.begin(), profile.suffixes.end());
  out.push_back(profile.level);
  out.push_back(static_cast<std::uint8_t>(profile.opco));
  put_varint(out, profile.home.value);
}

/// One text column of a page of cards, for the member that it holds.
auto text_column(Builder& builder, std::span<const Card> cards, std::string Card::*member) {
  TextColumnWriter writer;
  for (const Card& card : cards)
    writer.add(card.*member);
  const auto texts = column(builder, writer.texts());
  const auto refs = column(builder, writer.refs());
  return fb::CreateTextColumn(builder, texts, refs);
}

}  // namespace

FileRef reference_to(ByteView file) {
  return {file_hash(file), static_cast<std::uint32_t>(file.size())};
}

Bytes encode_root(const Root& root) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::RegionRef>> regions;
  for (const RegionRef& ref : root.regions) {
    const auto code = region_code(builder, ref.region);
    const fb::FileRef directory = ref_of(ref.directory);
    const fb::Box box = box_of(ref.box);
    const fb::Counts counts = counts_of(ref.counts);
    regions.push_back(fb::CreateRegionRef(builder, code, &directory, &box, &counts));
  }
  const auto list = builder.CreateVector(regions);
  const fb::FileRef ids = ref_of(root.ids.value_or(FileRef{}));
  const fb::FileRef lookups = ref_of(root.lookups.value_or(FileRef{}));
  return finished(builder,
                  fb::CreateRoot(builder, format_version, root.as_of, list, root.ids ? &ids : nullptr,
                                 root.lookups ? &lookups : nullptr),
                  "BLRO");
}

Bytes encode_directory(const Directory& directory) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::Group>> groups;
  for (const Group& group : directory.groups) {
    std::vector<fb::ShardRef> shards;
    for (const ShardRef& shard : group.shards)
      shards.emplace_back(shard.first_key, box_of(shard.box), counts_of(shard.counts), ref_of(shard.index));
    std::vector<fb::PageRef> pages;
    for (const PageRef& page : group.pages)
      pages.emplace_back(page.first_key, page.count, ref_of(page.cards));
    std::vector<fb::TitleRef> titles;
    for (const TitleRef& chunk : group.titles)
      titles.emplace_back(chunk.first_prefix, chunk.count, ref_of(chunk.titles));
    const auto shard_list = builder.CreateVectorOfStructs(shards);
    const auto page_list = builder.CreateVectorOfStructs(pages);
    const auto title_list = builder.CreateVectorOfStructs(titles);
    groups.push_back(fb::CreateGroup(builder, group.domain.value, shard_list, page_list, title_list));
  }
  const auto region = region_code(builder, directory.region);
  const auto list = builder.CreateVector(groups);
  return finished(builder, fb::CreateDirectory(builder, region, list), "BLDI");
}

namespace {

/// The columns that index shards and chunks of titles have in common.
struct EntryColumns {
  SourceCounts counts{};
  Bytes profiles, ranks, profile_numbers, departements;
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
    put_varint(columns.ranks, entry.rank);
    put_varint(columns.profile_numbers, numbers.at(entry.profile));
    columns.departements.push_back(entry.departement.index);
  }
  return columns;
}

}  // namespace

Bytes encode_index(Region region, RomeDomain domain, std::span<const Entry> entries) {
  const EntryColumns columns = columns_of(entries);
  Bytes keys;
  const Entry* last = nullptr;
  for (const Entry& entry : entries) {
    const bool same_run = last != nullptr && last->source == entry.source;
    put_varint(keys, same_run ? entry.key - last->key : entry.key);
    last = &entry;
  }
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::Counts counts = counts_of(columns.counts);
  const auto profile_column = column(builder, columns.profiles);
  const auto key_column = column(builder, keys);
  const auto rank_column = column(builder, columns.ranks);
  const auto number_column = column(builder, columns.profile_numbers);
  const auto departement_column = column(builder, columns.departements);
  return finished(builder,
                  fb::CreateIndexShard(builder, code, domain.value, &counts, profile_column, key_column, rank_column,
                                       number_column, departement_column),
                  "BLIX");
}

Bytes encode_titles(Region region, RomeDomain domain, std::span<const Entry> entries) {
  const EntryColumns columns = columns_of(entries);
  std::map<PlaceKey, std::uint64_t> place_numbers;
  for (const Entry& entry : entries)
    place_numbers.try_emplace(entry.key, 0);
  Bytes places, prefixes, number_bytes;
  put_varint(places, place_numbers.size());
  PlaceKey last_key = 0;
  std::uint64_t next = 0;
  for (auto& [key, number] : place_numbers) {
    number = next++;
    put_varint(places, key - last_key);
    last_key = key;
  }
  const Entry* last = nullptr;
  for (const Entry& entry : entries) {
    const bool same_run = last != nullptr && last->source == entry.source;
    put_varint(prefixes, same_run ? entry.title_prefix - last->title_prefix : entry.title_prefix);
    put_varint(number_bytes, place_numbers.at(entry.key));
    last = &entry;
  }
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::Counts counts = counts_of(columns.counts);
  const auto profile_column = column(builder, columns.profiles);
  const auto prefix_column = column(builder, prefixes);
  const auto place_column = column(builder, places);
  const auto place_number_column = column(builder, number_bytes);
  const auto rank_column = column(builder, columns.ranks);
  const auto number_column = column(builder, columns.profile_numbers);
  const auto departement_column = column(builder, columns.departements);
  return finished(
      builder,
      fb::CreateTitleChunk(builder, code, domain.value, &counts, profile_column, prefix_column, place_column,
                           place_number_column, rank_column, number_column, departement_column),
      "BLTI");
}

Bytes encode_cards(Region region, RomeDomain domain, const FileRef& details, std::span<const Card> cards) {
  Bytes sources, keys, ranks, departements_column, levels, opcos, created, expires, romes;
  PlaceKey last_key = 0;
  for (const Card& card : cards) {
    sources.push_back(static_cast<std::uint8_t>(card.source));
    put_varint(keys, card.key - last_key);
    last_key = card.key;
    put_varint(ranks, card.rank);
    departements_column.push_back(card.departement.index);
    levels.push_back(card.level);
    opcos.push_back(static_cast<std::uint8_t>(card.opco));
    put_varint(created, static_cast<std::uint64_t>(std::max(card.created, date_unknown)));
    put_varint(expires, static_cast<std::uint64_t>(std::max(card.expires, date_unknown)));
    put_varint(romes, card.romes.size());
    std::uint32_t last_code = 0;
    for (const RomeCode code : card.romes) {
      put_varint(romes, code.value - last_code);
      last_code = code.value;
    }
  }
  Builder builder;
  const auto code = region_code(builder, region);
  const fb::FileRef details_ref = ref_of(details);
  const auto source_column = column(builder, sources);
  const auto key_column = column(builder, keys);
  const auto rank_column = column(builder, ranks);
  const auto ids = text_column(builder, cards, &Card::id);
  const auto titles = text_column(builder, cards, &Card::title);
  const auto companies = text_column(builder, cards, &Card::company);
  const auto addresses = text_column(builder, cards, &Card::address);
  const auto postal_codes = text_column(builder, cards, &Card::postal_code);
  const auto cities = text_column(builder, cards, &Card::city);
  const auto insees = text_column(builder, cards, &Card::insee);
  const auto departement_column = column(builder, departements_column);
  const auto level_column = column(builder, levels);
  const auto opco_column = column(builder, opcos);
  const auto created_column = column(builder, created);
  const auto expires_column = column(builder, expires);
  const auto rome_column = column(builder, romes);
  return finished(builder,
                  fb::CreateCardPage(builder, code, domain.value, static_cast<std::uint32_t>(cards.size()),
                                     &details_ref, source_column, key_column, rank_column, ids, titles, companies,
                                     addresses, postal_codes, cities, insees, departement_column, level_column,
                                     opco_column, created_column, expires_column, rome_column),
                  "BLCA");
}

Bytes encode_details(Region region, std::span<const std::vector<Detail>* const> items) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::DetailItem>> list;
  for (const std::vector<Detail>* details : items) {
    Bytes fields;
    std::vector<flatbuffers::Offset<flatbuffers::String>> values;
    for (const Detail& detail : *details) {
      fields.push_back(static_cast<std::uint8_t>(detail.field));
      values.push_back(text(builder, detail.value));
    }
    const auto field_column = column(builder, fields);
    const auto value_list = builder.CreateVector(values);
    list.push_back(fb::CreateDetailItem(builder, field_column, value_list));
  }
  const auto code = region_code(builder, region);
  const auto item_list = builder.CreateVector(list);
  return finished(builder, fb::CreateDetailPage(builder, code, item_list), "BLDE");
}

Bytes encode_id_directory(const IdDirectory& directory) {
  Builder builder;
  std::vector<fb::FileRef> shards;
  for (const FileRef& shard : directory.shards)
    shards.push_back(ref_of(shard));
  const auto list = builder.CreateVectorOfStructs(shards);
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
  Builder builder;
  const auto hash_column = column(builder, hashes);
  const auto region_column = column(builder, region_numbers);
  const auto page_column = column(builder, pages);
  return finished(
      builder,
      fb::CreateIdShard(builder, static_cast<std::uint32_t>(entries.size()), hash_column, region_column, page_column),
      "BLIS");
}

}  // namespace balise
