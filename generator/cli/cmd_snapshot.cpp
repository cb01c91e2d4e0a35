#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/site.hpp"
#include "generator/write/archive.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/read_back.hpp"
#include "generator/write/site_write.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct SnapshotOptions {
  fs::path site, out, zip, theme;
  std::string title, url, near, progress;
  std::vector<std::string> regions, departements, romes, rome_domains, sources, opcos, keys;
  unsigned jobs = 1;
};

/// The options, read by the reader of a config's `filter`.
Filter wanted_by(const SnapshotOptions& options) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [key, values] : std::initializer_list<std::pair<const char*, const std::vector<std::string>&>>{
           {"regions", options.regions},
           {"departements", options.departements},
           {"romes", options.romes},
           {"rome_domains", options.rome_domains},
           {"sources", options.sources},
           {"opcos", options.opcos}})
    if (!values.empty())
      json[key] = values;
  if (!options.near.empty())
    json["near"] = options.near;
  return filter_of(json, "snapshot");
}

/// The theme that the options name, or else that of the site.
Theme theme_for(const SnapshotOptions& options, const Site& from) {
  if (options.theme.empty()) {
    const auto own = from.manifest().find("theme");
    return own == from.manifest().end() ? Theme{} : theme_of(*own, (from.folder() / "data/manifest.json").string());
  }
  const auto json = nlohmann::json::parse(read_file(options.theme), nullptr, false);
  if (json.is_discarded())
    throw Failure(Exit::usage, options.theme.string() + R"( is no valid JSON; write {"light": {"accent": "#0b6650"}})");
  return theme_of(json, options.theme.string());
}

/// Publishing exchanges folders: one inside the other would take the site with it.
void check_apart(const fs::path& site, const fs::path& out) {
  const std::string a = fs::weakly_canonical(site).generic_string() + "/";
  const std::string b = fs::weakly_canonical(out).generic_string() + "/";
  if (a.starts_with(b) || b.starts_with(a))
    throw Failure(Exit::usage, "--out " + out.string() + " and --site " + site.string() +
                                   " are one folder, or one holds the other; name a folder beside it");
}

Exit snapshot(const SnapshotOptions& options) {
  const Filter filter = wanted_by(options);
  const std::string url = options.url.empty() ? options.url : site_url_of(options.url, "snapshot");
  // Whoever publishes a snapshot signs it: the keys of the site that it was cut from are none of its own.
  const std::vector<PublicKey> keys =
      options.keys.empty() ? std::vector<PublicKey>() : keys_of_config(nlohmann::json(options.keys), "snapshot");
  check_apart(options.site, options.out);
  check_replaceable(options.out);
  const Site from(options.site);
  const std::string manifest_name = (options.site / "data" / "manifest.json").string();
  std::vector<Filter> covers = covers_of(from.manifest(), manifest_name);
  if (!filter.is_empty())
    covers.push_back(filter);

  const fs::path assets = assets_folder();
  const Theme theme = theme_for(options, from);
  check_theme(assets, theme);

  std::vector<RegionRef> wanted;
  for (const RegionRef& ref : from.store().root().regions)
    if (may_hold(filter, ref.region))
      wanted.push_back(ref);
  const auto size_of = [](const RegionRef& ref) {
    std::uint64_t size = 0;
    for (const std::uint32_t count : ref.counts)
      size += count;
    return size;
  };
  std::stable_sort(wanted.begin(), wanted.end(),
                   [&](const RegionRef& a, const RegionRef& b) { return size_of(a) > size_of(b); });
  DataSource source;
  for (const RegionRef& ref : wanted)
    source.regions.push_back(ref.region);
  source.read = [&](Region region, const TakeRecord& take) {
    Bytes bytes;
    read_records(from, region, [&](const Record& record) {
      if (!stopped_by(record, filter).empty())
        return;
      bytes.clear();
      put_record(bytes, record);
      take(bytes);
    });
  };
  source.reference_lookups = [&](const fs::path& data_folder) { return copy_reference_lookups(from, data_folder); };

  Progress progress(progress_mode(options.progress));
  const ScratchFolder scratch(options.out);
  const fs::path site = scratch.path() / "site";
  const Date as_of = from.store().root().as_of;
  const Reference reference =
      Reference::load(assets / "reference" / "communes.json.gz", assets / "reference" / "romes.csv");
  const std::vector<SiteSource> sources = site_sources_of(from.manifest(), manifest_name);
  ListingFacts listing_facts = load_listing_facts(assets, url, as_of);
  listing_facts.kept = kept_lines(sources);
  ListingWriter listings(std::move(listing_facts), reference.communes(), site);
  const Root root = write_data(source, as_of, site / "data", scratch.path(), listings, options.jobs, progress);
  if (root.regions.empty())
    throw Failure(Exit::data_refused, "no record of " + options.site.string() +
                                          " passes these options, so nothing was written; leave one of them out");
  const std::string title =
      options.title.empty() ? from.manifest().value("title", std::string("Balise")) : options.title;
  progress.phase("Writing pages and compressed variants");
  write_site({title, url, covers, theme, from.manifest().value("offline", true), keys, root, sources}, assets, site,
             listings.finish(), options.jobs);
  if (!options.zip.empty()) {
    progress.phase("Writing " + options.zip.string());
    write_zip(site, options.zip, root.as_of);
  }
  publish_folder(site, options.out);
  progress.done("Published " + options.out.string());
  const SourceCounts counts = total_counts(root);
  std::cout << options.out.string() << ":";
  for (const Source kind : all_sources)
    std::cout << ' ' << counts[static_cast<std::size_t>(kind)] << ' ' << name_of(kind)
              << (kind == Source::lba ? "\n" : ",");
  return Exit::done;
}

}  // namespace

void add_snapshot_command(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("snapshot", "Cut a smaller complete site from a built one");
  auto options = std::make_shared<SnapshotOptions>();
  command->add_option("--site", options->site, "Folder of the site to cut from")->required();
  command->add_option("--out", options->out, "Folder of the new site; it is replaced in one step, or left as it is")
      ->required();
  const auto add = [&](const char* option, std::vector<std::string>& values, const char* help) {
    command->add_option(option, values, help)->delimiter(',');
  };
  add("--region", options->regions, "Regions, by INSEE code or name, with commas between");
  add("--departement", options->departements, "Departements, by code, 2A and 2B included");
  add("--romes", options->romes, "ROME codes");
  add("--rome-domain", options->rome_domains, "ROME domains: F or F17");
  add("--sources", options->sources, "Among formations, offres, matcha, lba");
  add("--opco", options->opcos, "Skills operators of offers and companies");
  command->add_option("--near", options->near, "What lies in a circle: LAT,LON,KM");
  command->add_option("--title", options->title, "Title of the new site [that of the old one]");
  command->add_option("--theme", options->theme, "JSON file with the theme of the new site [that of the old one]");
  command->add_option("--url", options->url, "Address of the new site, for its sitemap and its guide");
  add("--keys", options->keys, "Public keys that its pages trust, one or two; without them they take unsigned data");
  command->add_option("--zip", options->zip, "Write the new site into this archive as well");
  add_jobs_option(*command, options->jobs);
  add_progress_option(*command, options->progress);
  command->callback([options, &action] { action = [options] { return snapshot(*options); }; });
}

}  // namespace balise
