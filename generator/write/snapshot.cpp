#include "generator/write/snapshot.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>

#include "generator/config.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/write/archive.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/read_back.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::json;

/// Publishing exchanges folders: one inside the other would take the site with it.
void check_apart(const fs::path& site, const fs::path& out) {
  const std::string a = fs::weakly_canonical(site).generic_string() + "/";
  const std::string b = fs::weakly_canonical(out).generic_string() + "/";
  if (a.starts_with(b) || b.starts_with(a))
    throw Failure(Exit::usage, "--out " + out.string() + " and --site " + site.string() +
                                   " are one folder, or one holds the other; name a folder beside it");
}

/// Records behind their lengths, four bytes each, the low one first.
constexpr std::size_t head_bytes = 4;

void append_record(FileAppender& file, const Bytes& record) {
  std::uint8_t head[head_bytes];
  for (std::size_t i = 0; i < head_bytes; ++i)
    head[i] = static_cast<std::uint8_t>(record.size() >> (8 * i));
  file.append({head, head_bytes});
  file.append(record);
}

/// The file is this run's own: one that is shorter than it was has lost its disk.
void read_part(const fs::path& path, const TakeRecord& take) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  const auto refuse = [&path] {
    throw Failure(Exit::failed, "cannot read " + path.string() + " back; check the disk and run it again");
  };
  if (file == nullptr)
    refuse();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closer(file, std::fclose);
  Bytes record;
  for (;;) {
    std::uint8_t head[head_bytes];
    const std::size_t got = std::fread(head, 1, head_bytes, file);
    if (got == 0 && std::ferror(file) == 0)
      return;
    std::size_t size = 0;
    for (std::size_t i = 0; i < head_bytes; ++i)
      size |= static_cast<std::size_t>(head[i]) << (8 * i);
    if (got != head_bytes)
      refuse();
    record.resize(size);
    if (std::fread(record.data(), 1, size, file) != size)
      refuse();
    take(record);
  }
}

bool needs(const Recipe& recipe, const RegionRef& ref) {
  if (!may_hold(recipe.filter, ref.region))
    return false;
  const std::vector<Source>& sources = recipe.filter.sources;
  return sources.empty() || std::any_of(sources.begin(), sources.end(), [&ref](Source source) {
           return ref.counts[static_cast<std::size_t>(source)] > 0;
         });
}

std::uint64_t size_of(const RegionRef& ref) {
  std::uint64_t size = 0;
  for (const std::uint32_t count : ref.counts)
    size += count;
  return size;
}

/// Reads one file of recipes; every message names the recipe and the key.
class RecipeReader {
 public:
  RecipeReader(const fs::path& file, const fs::path& out) : m_file(file), m_out(out) {}

  std::vector<Recipe> read() const {
    const Json root = load_json(m_file);
    const Json* list = &root;
    if (root.is_object()) {
      check_keys(root, m_file.string(), {"snapshots"});
      if (!root.contains("snapshots"))
        refuse(m_file.string(), "has no \"snapshots\"");
      list = &root["snapshots"];
    }
    if (!list->is_array() || list->empty())
      refuse(m_file.string(),
             "must be a list of snapshots, such as [{\"name\": \"bretagne\", \"filter\": {\"regions\": "
             "[\"53\"]}}]");
    std::vector<Recipe> recipes;
    std::set<std::string> names;
    for (std::size_t i = 0; i < list->size(); ++i) {
      recipes.push_back(recipe_of((*list)[i], m_file.string() + ": snapshots[" + std::to_string(i) + ']'));
      // Some file systems do not tell "Bretagne" from "bretagne".
      std::string low = recipes.back().name;
      std::transform(low.begin(), low.end(), low.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
      if (!names.insert(low).second)
        refuse(m_file.string(), "names two snapshots " + recipes.back().name + "; each needs its own folder");
    }
    return recipes;
  }

 private:
  [[noreturn]] static void refuse(const std::string& where, const std::string& what) {
    throw Failure(Exit::usage, where + " " + what);
  }

  static void check_keys(const Json& object, const std::string& where, std::initializer_list<std::string_view> known) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end())
        continue;
      std::string names;
      for (const std::string_view name : known)
        names.append(names.empty() ? "" : ", ").append(name);
      throw Failure(Exit::usage, where + ": unknown key " + key + "; the keys that exist there are " + names);
    }
  }

  static std::string text_of(const Json& json, const std::string& where) {
    if (!json.is_string() || json.get_ref<const std::string&>().find_first_not_of(" \t\r\n") == std::string::npos)
      refuse(where, "must be a text in quotes that is not empty");
    return json.get<std::string>();
  }

  [[nodiscard]] fs::path file_of(const Json& json, const std::string& where) const {
    fs::path path = (m_file.parent_path() / text_of(json, where)).lexically_normal();
    std::error_code error;
    if (!fs::is_regular_file(path, error))
      throw Failure(Exit::failed, where + " names " + path.string() +
                                      ", which is no file; paths are relative to the folder of the recipes");
    return path;
  }

  [[nodiscard]] Recipe recipe_of(const Json& json, const std::string& place) const {
    if (!json.is_object())
      refuse(place, "must be an object { ... }");
    Recipe recipe;
    if (!json.contains("name"))
      refuse(place, "has no \"name\", which is that of its folder");
    recipe.name = name_of(json["name"], place + ".name");
    const std::string where = m_file.string() + ": " + recipe.name;
    check_keys(json, where, {"name", "title", "url", "theme", "logo", "keys", "zip", "filter"});
    if (json.contains("title"))
      recipe.title = text_of(json["title"], where + ".title");
    if (json.contains("url"))
      recipe.url = site_url_of(text_of(json["url"], where + ".url"), where);
    if (json.contains("theme"))
      recipe.theme = json["theme"].is_string() ? load_theme(file_of(json["theme"], where + ".theme"))
                                               : theme_of(json["theme"], where + ".theme");
    if (json.contains("logo"))
      recipe.logo = load_logo(file_of(json["logo"], where + ".logo"));
    if (json.contains("keys"))
      recipe.keys = keys_of_config(json["keys"], where);
    recipe.out = m_out / recipe.name;
    if (json.contains("zip")) {
      if (!json["zip"].is_boolean())
        refuse(where + ".zip", "must be true or false");
      if (json["zip"].get<bool>())
        recipe.zip = m_out / (recipe.name + ".zip");
    }
    if (json.contains("filter"))
      recipe.filter = filter_of(json["filter"], where + ".filter");
    return recipe;
  }

  static std::string name_of(const Json& json, const std::string& where) {
    constexpr std::size_t longest = 64;
    std::string name = text_of(json, where);
    const bool is_plain =
        name.size() <= longest && name[0] != '-' && std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
    if (!is_plain)
      refuse(where, "is " + json.dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 80) +
                        "; the name of a folder has at most 64 letters without accents, digits, - and _, and does not "
                        "begin with -");
    return name;
  }

  fs::path m_file, m_out;
};

}  // namespace

std::vector<Recipe> load_recipes(const fs::path& file, const fs::path& out) {
  return RecipeReader(file, out).read();
}

Theme load_theme(const fs::path& file) {
  const auto json = Json::parse(read_file(file), nullptr, false);
  if (json.is_discarded())
    throw Failure(Exit::usage, file.string() + R"( is no valid JSON; write {"light": {"accent": "#0b6650"}})");
  return theme_of(json, file.string());
}

/// A region that several recipes need.
struct Cutter::SharedRegion {
  std::vector<const Recipe*> users;
  std::once_flag once;
  std::exception_ptr failure;  ///< of the reading: all who need the region hear of it
};

Cutter::Cutter(const fs::path& site)
    : m_site(site),
      m_manifest_name((site / "data" / "manifest.json").string()),
      m_assets(assets_folder()),
      m_reference(Reference::load(m_assets / "reference" / "communes.json.gz", m_assets / "reference" / "romes.csv")),
      m_covers(covers_of(m_site.manifest(), m_manifest_name)),
      m_sources(site_sources_of(m_site.manifest(), m_manifest_name)),
      m_logo(logo_of_site(site, m_site.manifest(), m_manifest_name)) {
  if (const auto own = m_site.manifest().find("theme"); own != m_site.manifest().end())
    m_theme = theme_of(*own, m_manifest_name);
}

Cutter::~Cutter() = default;

void Cutter::check(const Recipe& recipe) const {
  check_apart(m_site.folder(), recipe.out);
  check_replaceable(recipe.out);
  check_theme(m_assets, recipe.theme.value_or(m_theme));
}

void Cutter::share(const std::vector<Recipe>& recipes, const fs::path& scratch) {
  m_scratch = scratch;
  for (const RegionRef& ref : m_site.store().root().regions) {
    auto shared = std::make_unique<SharedRegion>();
    for (const Recipe& recipe : recipes)
      if (needs(recipe, ref))
        shared->users.push_back(&recipe);
    if (shared->users.size() > 1)
      m_shared[ref.region] = std::move(shared);
  }
}

std::uint64_t Cutter::size_of(const Recipe& recipe) const {
  std::uint64_t size = 0;
  for (const RegionRef& ref : m_site.store().root().regions)
    if (needs(recipe, ref))
      size += balise::size_of(ref);
  return size;
}

fs::path Cutter::part_of(Region region, const Recipe& recipe) const {
  return m_scratch / (std::string(info(region).code) + "-" + recipe.name);
}

void Cutter::spread(Region region, const SharedRegion& shared) const {
  std::vector<std::unique_ptr<FileAppender>> parts;
  for (const Recipe* const recipe : shared.users)
    parts.push_back(std::make_unique<FileAppender>(part_of(region, *recipe)));
  Bytes bytes;
  read_records(m_site, region, [&](const Record& record) {
    bytes.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!stopped_by(record, shared.users[i]->filter).empty())
        continue;
      if (bytes.empty())
        put_record(bytes, record);
      append_record(*parts[i], bytes);
    }
  });
  for (const auto& part : parts)
    part->close();
}

void Cutter::read(Region region, const Recipe& recipe, const TakeRecord& take) {
  if (const auto found = m_shared.find(region); found != m_shared.end()) {
    SharedRegion& shared = *found->second;
    std::call_once(shared.once, [&] {
      try {
        spread(region, shared);
      } catch (...) {
        shared.failure = std::current_exception();
      }
    });
    if (shared.failure)
      std::rethrow_exception(shared.failure);
    const fs::path part = part_of(region, recipe);
    read_part(part, take);
    fs::remove(part);
    return;
  }
  Bytes bytes;
  read_records(m_site, region, [&](const Record& record) {
    if (!stopped_by(record, recipe.filter).empty())
      return;
    bytes.clear();
    put_record(bytes, record);
    take(bytes);
  });
}

SourceCounts Cutter::cut(const Recipe& recipe, unsigned jobs, std::size_t memory, Progress& progress) {
  std::vector<RegionRef> wanted;
  for (const RegionRef& ref : m_site.store().root().regions)
    if (needs(recipe, ref))
      wanted.push_back(ref);
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const RegionRef& a, const RegionRef& b) { return balise::size_of(a) > balise::size_of(b); });
  DataSource source;
  for (const RegionRef& ref : wanted)
    source.regions.push_back(ref.region);
  source.read = [&](Region region, const TakeRecord& take) { read(region, recipe, take); };
  source.reference_lookups = [&](const fs::path& data_folder) { return copy_reference_lookups(m_site, data_folder); };

  const Json& manifest = m_site.manifest();
  const std::string title = recipe.title.empty() ? manifest.value("title", std::string("Balise")) : recipe.title;
  const Logo& logo = recipe.logo ? *recipe.logo : m_logo;
  std::vector<Filter> covers = m_covers;
  if (!recipe.filter.is_empty())
    covers.push_back(recipe.filter);
  const ScratchFolder scratch(recipe.out);
  const fs::path site = scratch.path() / "site";
  const Date as_of = m_site.store().root().as_of;
  ListingWriter listings(load_listing_facts(m_assets, recipe.url, as_of, logo, title, m_sources),
                         m_reference.communes(), site);
  const Root root = write_data(source, as_of, site / "data", scratch.path(), listings, jobs, progress, memory);
  if (root.regions.empty())
    throw Failure(Exit::data_refused, "no record of " + m_site.folder().string() +
                                          " passes these options, so nothing was written; leave one of them out");
  progress.phase("Writing pages and compressed variants");
  write_site({title, recipe.url, covers, recipe.theme.value_or(m_theme), logo, manifest.value("offline", true),
              recipe.keys, root, m_sources},
             m_assets, site, listings.finish(), jobs);
  if (!recipe.zip.empty()) {
    progress.phase("Writing " + recipe.zip.string());
    write_zip(site, recipe.zip, root.as_of);
  }
  publish_folder(site, recipe.out);
  progress.done("Published " + recipe.out.string());
  return total_counts(root);
}

}  // namespace balise
