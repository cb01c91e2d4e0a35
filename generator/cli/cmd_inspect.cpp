#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "core/lookup_files.hpp"
#include "core/shard.hpp"
#include "generator/cli/command.hpp"
#include "generator/files.hpp"
#include "generator/site.hpp"
#include "generator/write/hashed_file.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const SourceCounts& counts) {
  Json json;
  for (const Source source : all_sources)
    json[std::string(name_of(source))] = counts[static_cast<std::size_t>(source)];
  return json;
}

Json json_of(const Box& box) {
  if (box.is_empty())
    return nullptr;
  return {{"min_lat_e5", box.min_lat_e5},
          {"min_lon_e5", box.min_lon_e5},
          {"max_lat_e5", box.max_lat_e5},
          {"max_lon_e5", box.max_lon_e5}};
}

Json json_of(Region region, FileKind kind, const FileRef& ref) {
  return {{"file", path_of({region, kind, ref})}, {"bytes", ref.size_bytes}};
}

Json json_of(std::span<const RomeCode> romes) {
  Json json = Json::array();
  for (const RomeCode code : romes)
    json.push_back(to_string(code));
  return json;
}

Json position_json(PlaceKey key) {
  if (key == no_place)
    return nullptr;
  const Position position = position_of(key);
  return {{"lat_e5", position.lat_e5}, {"lon_e5", position.lon_e5}};
}

Json json_of(const Root& root) {
  Json json{{"kind", "root"}, {"format", format_version}, {"as_of", to_string_date(root.as_of)}};
  json["regions"] = Json::array();
  for (const RegionRef& ref : root.regions)
    json["regions"].push_back(
        {{"code", info(ref.region).code}, {"name", name_of(ref.region)}, {"counts", json_of(ref.counts)}});
  json["domains"] = Json::array();
  for (const DomainRef& ref : root.domains)
    json["domains"].push_back(
        {{"domain", to_string(ref.domain)}, {"directory", json_of({}, FileKind::directory, ref.directory)}});
  if (root.pages)
    json["pages"] = json_of({}, FileKind::page_directory, *root.pages);
  if (root.ids)
    json["ids"] = json_of({}, FileKind::id_directory, *root.ids);
  if (root.lookups)
    json["lookups"] = json_of(Region{}, FileKind::lookups, *root.lookups);
  return json;
}

Json json_of(const Directory& directory) {
  Json json{{"kind", "directory"},
            {"domain", to_string(directory.domain)},
            {"titles", json_of({}, FileKind::title_directory, directory.titles)},
            {"groups", Json::array()}};
  for (const Group& group : directory.groups) {
    Json item{{"region", info(group.region).code}, {"shards", Json::array()}};
    for (const ShardRef& shard : group.shards)
      item["shards"].push_back({{"box", json_of(shard.box)},
                                {"counts", json_of(shard.counts)},
                                {"index", json_of(group.region, FileKind::index, shard.index)}});
    json["groups"].push_back(std::move(item));
  }
  return json;
}

Json json_of(const TitleDirectory& directory) {
  Json json{{"kind", "title-directory"}, {"domain", to_string(directory.domain)}, {"groups", Json::array()}};
  for (const TitleGroup& group : directory.groups) {
    Json item{{"region", info(group.region).code}, {"counts", json_of(group.counts)}, {"chunks", Json::array()}};
    for (const TitleRef& chunk : group.chunks)
      item["chunks"].push_back({{"first_prefix", chunk.first_prefix},
                                {"count", chunk.count},
                                {"titles", json_of(group.region, FileKind::titles, chunk.titles)}});
    json["groups"].push_back(std::move(item));
  }
  return json;
}

Json json_of(const PageDirectory& directory) {
  Json json{{"kind", "page-directory"}, {"regions", Json::array()}};
  for (const RegionPages& pages : directory.regions) {
    Json item{{"region", info(pages.region).code}, {"lists", Json::array()}};
    for (const FileRef& list : pages.lists)
      item["lists"].push_back(json_of(pages.region, FileKind::pages, list));
    json["regions"].push_back(std::move(item));
  }
  return json;
}

Json json_of(const PageList& list) {
  Json json{{"kind", "pages"}, {"region", info(list.region).code}, {"pages", Json::array()}};
  for (const FileRef& page : list.pages)
    json["pages"].push_back(json_of(list.region, FileKind::cards, page));
  return json;
}

/// What index shards and chunks of titles have in common.
Json json_of(std::string_view kind, const Entries& entries) {
  Json json{{"kind", kind},
            {"region", info(entries.region).code},
            {"domain", to_string(entries.domain)},
            {"counts", json_of(entries.counts)},
            {"profiles", Json::array()},
            {"entries", Json::array()}};
  for (const Profile& profile : entries.profiles)
    json["profiles"].push_back(
        {{"suffixes", profile.suffixes}, {"level", profile.level}, {"opco", label_of(profile.opco)}});
  std::size_t i = 0;
  for (const Source source : all_sources)
    for (std::uint32_t j = 0; j < entries.counts[static_cast<std::size_t>(source)]; ++j, ++i)
      json["entries"].push_back({{"source", name_of(source)},
                                 {"profile", entries.profile_numbers[i]},
                                 {"departement", info(entries.departements[i]).code},
                                 {"page", entries.pages[i]},
                                 {"slot", entries.slots[i]}});
  return json;
}

Json json_of(const IndexShard& shard) {
  Json json = json_of("index", shard);
  for (std::size_t i = 0; i < shard.keys.size(); ++i) {
    Json& entry = json["entries"][i];
    entry["key"] = shard.keys[i];
    entry["position"] = position_json(shard.keys[i]);
    entry["rank"] = shard.ranks[i];
  }
  json["pages"] = Json::array();
  for (const FileRef& page : shard.page_refs)
    json["pages"].push_back(json_of(shard.region, FileKind::cards, page));
  return json;
}

Json json_of(const TitleChunk& chunk) {
  Json json = json_of("titles", chunk);
  for (std::size_t i = 0; i < chunk.prefixes.size(); ++i)
    json["entries"][i]["prefix"] = chunk.prefixes[i];
  json["prefix_slack"] = chunk.prefix_slack;
  return json;
}

Json json_of(const CardPage& page) {
  Json json{{"kind", "cards"},
            {"region", info(page.region).code},
            {"details", json_of(page.region, FileKind::details, page.details)},
            {"cards", Json::array()}};
  for (const Card& card : page.cards)
    json["cards"].push_back({{"source", name_of(card.source)},
                             {"key", card.key},
                             {"position", position_json(card.key)},
                             {"id", card.id},
                             {"title", card.title},
                             {"company", card.company},
                             {"address", card.address},
                             {"postal_code", card.postal_code},
                             {"city", card.city},
                             {"insee", card.insee},
                             {"departement", info(card.departement).code},
                             {"level", card.level},
                             {"opco", label_of(card.opco)},
                             {"created", to_string_date(card.created)},
                             {"expires", to_string_date(card.expires)},
                             {"romes", json_of(card.romes)}});
  return json;
}

Json json_of(const DetailPage& page) {
  Json json{{"kind", "details"}, {"region", info(page.region).code}, {"items", Json::array()}};
  for (const List<Detail>& item : page.items) {
    Json fields = Json::object();
    for (const Detail& detail : item)
      fields[name_of(detail.field)] = detail.value;
    json["items"].push_back(std::move(fields));
  }
  return json;
}

Json json_of(const IdDirectory& directory) {
  Json json{{"kind", "id-directory"}, {"shards", Json::array()}};
  for (const FileRef& shard : directory.shards)
    json["shards"].push_back(json_of({}, FileKind::ids, shard));
  return json;
}

Json json_of(const IdShard& shard) {
  Json json{{"kind", "ids"}, {"entries", Json::array()}};
  for (const IdEntry& entry : shard.entries)
    json["entries"].push_back({{"hash", entry.hash}, {"region", info(entry.region).code}, {"page", entry.page}});
  return json;
}

FileKind kind_of(LookupPart part) {
  if (part <= LookupPart::places_by_code)
    return FileKind::places;
  return part <= LookupPart::diplomas ? FileKind::metiers : FileKind::table;
}

Json json_of(const LookupDirectory& directory) {
  Json json{{"kind", "lookups"}, {"parts", Json::array()}};
  for (const LookupFiles& part : directory.parts) {
    Json item{{"part", name_of(part.part)}};
    if (part.directory)
      item["directory"] = json_of(Region{}, FileKind::lookups, *part.directory);
    else
      item["files"] = Json::array();
    std::string_view first_keys = part.first_keys;
    for (std::size_t i = 0; i < part.files.size(); ++i) {
      Json file{{"first_key", cut(first_keys, '\n')}};
      file.update(json_of(Region{}, kind_of(part.part), part.files[i]));
      item["files"].push_back(std::move(file));
    }
    json["parts"].push_back(std::move(item));
  }
  return json;
}

Json json_of(const std::optional<Position>& position) {
  if (!position)
    return nullptr;
  return {{"lat_e5", position->lat_e5}, {"lon_e5", position->lon_e5}};
}

Json json_of(const Pieces& pieces) {
  Json json = Json::array();
  for (const std::string_view piece : pieces)
    json.push_back(piece);
  return json;
}

Json json_of(const PlaceShard& shard) {
  constexpr std::string_view kinds[] = {"commune", "departement", "region", "france"};
  Json json{{"kind", "places"}, {"items", Json::array()}};
  for (const PlaceItem& item : shard.items)
    json["items"].push_back({{"kind", kinds[static_cast<std::size_t>(item.kind)]},
                             {"code", item.code},
                             {"name", item.name},
                             {"other_names", json_of(Pieces(item.other_names, '\t'))},
                             {"postal_codes", json_of(words_of(item.postal_codes()))},
                             {"population", item.population},
                             {"centre", json_of(item.centre)}});
  return json;
}

std::vector<int> levels_in(std::uint8_t bits) {
  std::vector<int> levels;
  for (int level = 0; level < 8; ++level)
    if ((bits >> level & 1) != 0)
      levels.push_back(level);
  return levels;
}

Json json_of(const MetierShard& shard) {
  Json json{{"kind", "metiers"}, {"items", Json::array()}};
  for (const MetierItem& item : shard.items) {
    json["items"].push_back({{"label", item.label},
                             {"keywords", json_of(Pieces(item.keywords, '\t'))},
                             {"romes", json_of(item.romes)},
                             {"rncps", item.rncps},
                             {"levels", levels_in(item.levels)}});
  }
  return json;
}

Json json_of(const TableShard& shard) {
  Json json{{"kind", "table"}, {"items", Json::array()}};
  for (const TableItem& item : shard.items)
    json["items"].push_back({{"key", item.key}, {"romes", json_of(item.romes)}, {"levels", levels_in(item.levels)}});
  return json;
}

template <typename File>
Json opened(const Result<File>& file, const fs::path& path) {
  if (!file)
    throw Failure(Exit::verification_failed, path.string() + ": " + file.error().what + "; publish the site again");
  return json_of(*file);
}

Json read_json(const fs::path& path) {
  const Bytes bytes = read_file(path);
  if (path.extension() == ".json") {
    Json manifest = Json::parse(bytes, nullptr, false);
    if (manifest.is_discarded() || !manifest.is_object())
      throw Failure(Exit::verification_failed, path.string() + ": no valid JSON; publish the site again");
    if (!manifest.contains("root"))
      return manifest;
    manifest["root"] = opened(open_root(root_of_manifest(manifest, path.string())), path);
    return manifest;
  }
  // The name holds the hash, so a file that was damaged says so.
  const FileRef ref = reference_to(bytes);
  const std::string name = path.filename().string();
  const std::string kind = name.substr(0, name.rfind('-'));
  if (name != kind + "-" + to_hex(ref.hash) + ".bin" && name.size() == kind.size() + 1 + 2 * ref.hash.size() + 4)
    throw Failure(Exit::verification_failed,
                  path.string() + ": the content is not what the name promises; publish the site again");
  if (kind == "directory")
    return opened(open_as<Directory>(bytes, ref), path);
  if (kind == "index")
    return opened(open_as<IndexShard>(bytes, ref), path);
  if (kind == "title-directory")
    return opened(open_as<TitleDirectory>(bytes, ref), path);
  if (kind == "titles")
    return opened(open_as<TitleChunk>(bytes, ref), path);
  if (kind == "page-directory")
    return opened(open_as<PageDirectory>(bytes, ref), path);
  if (kind == "pages")
    return opened(open_as<PageList>(bytes, ref), path);
  if (kind == "cards")
    return opened(open_as<CardPage>(bytes, ref), path);
  if (kind == "details")
    return opened(open_as<DetailPage>(bytes, ref), path);
  if (kind == "id-directory")
    return opened(open_as<IdDirectory>(bytes, ref), path);
  if (kind == "ids")
    return opened(open_as<IdShard>(bytes, ref), path);
  if (kind == "lookups")
    return opened(open_as<LookupDirectory>(bytes, ref), path);
  if (kind == "places")
    return opened(open_as<PlaceShard>(bytes, ref), path);
  if (kind == "metiers")
    return opened(open_as<MetierShard>(bytes, ref), path);
  if (kind == "table")
    return opened(open_as<TableShard>(bytes, ref), path);
  throw Failure(
      Exit::usage,
      path.string() +
          " is neither a manifest nor a file under data/: its name should begin with "
          "directory-, index-, title-directory-, titles-, page-directory-, pages-, cards-, details-, id-directory-, "
          "ids-, lookups-, places-, metiers- or table-");
}

/// The same in words: one line a value, nested ones indented, long lists cut.
void print(const Json& json, const std::string& indent) {
  constexpr std::size_t most_items = 20;
  std::size_t shown = 0;
  for (const auto& [key, value] : json.items()) {
    if (json.is_array() && ++shown > most_items) {
      std::cout << indent << "... " << json.size() - most_items << " more (--json shows all)\n";
      return;
    }
    std::cout << indent << (json.is_array() ? "#" + key : key) << ':';
    if (value.is_structured() && !value.empty()) {
      std::cout << (value.is_array() ? " " + std::to_string(value.size()) : std::string()) << '\n';
      print(value, indent + "  ");
    } else {
      std::cout << ' ' << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
    }
  }
}

}  // namespace

void add_inspect_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("inspect", "Say what is in a shard or a manifest");
  struct Options {
    fs::path file;
    bool as_json = false;
  };
  auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "data/manifest.json or any file that it leads to")->required();
  command->add_flag("--json", options->as_json, "For programs: all of it, as JSON");
  command->callback([options, &action] {
    action = [options] {
      const Json json = read_json(options->file);
      if (options->as_json)
        std::cout << json.dump(2) << '\n';
      else
        print(json, "");
      return Exit::done;
    };
  });
}

}  // namespace balise
