#include "generator/write/site_write.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "generator/config.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/write/compress.hpp"
#include "generator/write/html.hpp"
#include "generator/write/shard_encode.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

/// A page of the site: its path without slash or extension, the template that it is made from, its perimeter and title.
struct Page {
  std::string_view path;
  std::string_view source;
  std::string_view scope;
  std::string_view title;
};

// Titles are UTF-8, escaped because sources are ASCII.
constexpr Page pages[] = {
    {"recherche-apprentissage", "search.html", "all", "Trouver une formation et une entreprise en apprentissage"},
    {"recherche-emploi", "search.html", "job", "Trouver une entreprise en apprentissage"},
    {"recherche-apprentissage-formation", "search.html", "training", "Trouver une formation en apprentissage"},
    {"test-widget", "test-widget.html", "", ""},
    {"developpeurs", "developpeurs.html", "", ""},
    {"developers", "developers.html", "", ""},
};

/// Stands for the address of a site that does not know its own.
constexpr std::string_view unknown_site = "https://votre-balise.example/";

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

/// A page of a widget names its oEmbed answers, by absolute addresses: only where the site's own is known.
std::string oembed_links(const SiteFacts& facts, const Page& page) {
  std::string links;
  if (facts.url.empty() || page.source != "search.html")
    return links;
  for (const std::string type : {"json", "xml"})
    links += "<link rel=\"alternate\" type=\"" + std::string(type == "json" ? "application" : "text") + "/" + type +
             "+oembed\" href=\"" + facts.url + "oembed/" + std::string(page.path) + "." + type + "\" />";
  return links;
}

/// What a site of a part of the country says of itself on its pages.
std::string covers_line(const std::vector<Filter>& covers) {
  std::string text;
  for (const Filter& filter : covers)
    text += (text.empty() ? "" : " ; ") + in_french(filter);
  return text.empty() ? text : "<p id=\"couverture\">Ce site couvre : <span>" + html_of(text) + "</span></p>";
}

std::string filled(std::string text, std::string_view root, const Page& page, const SiteFacts& facts,
                   const fs::path& name) {
  replace_all(text, "{{base}}", facts.url.empty() ? root : std::string_view(facts.url));
  replace_all(text, "{{root}}", root);
  replace_all(text, "{{scope}}", page.scope);
  replace_all(text, "{{title}}", page.title);
  replace_all(text, "{{path}}", page.path);
  replace_all(text, "{{as_of}}", to_string_date(facts.root.as_of));
  replace_all(text, "{{site}}", facts.url.empty() ? unknown_site : std::string_view(facts.url));
  replace_all(text, "</head>", oembed_links(facts, page) + "</head>");
  replace_all(text, "{{covers}}", covers_line(facts.covers));
  replace_all(text, "{{kept}}", kept_lines(facts.sources));
  if (const std::size_t left = text.find("{{"); left != std::string::npos)
    throw Failure(Exit::failed, "the template " + name.string() + " has an unknown placeholder at byte " +
                                    std::to_string(left) + "; build the assets again");
  return text;
}

std::string text_of(const fs::path& path) {
  const Bytes bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

/// Both forms of every page: PATH.html for hosts that add the ending, PATH/index.html for those that only know folders.
void write_pages(const fs::path& folder, const SiteFacts& facts) {
  const fs::path home = folder / "index.html";
  write_file(home, filled(text_of(home), "./", {"", "index.html", "", ""}, facts, home));
  for (const Page& page : pages) {
    const fs::path source = folder / page.source;
    const std::string text = text_of(source);
    write_file(folder / (std::string(page.path) + ".html"), filled(text, "./", page, facts, source));
    write_file(folder / page.path / "index.html", filled(text, "../", page, facts, source));
  }
  fs::remove(folder / "search.html");
  fs::remove(folder / "list.html");
}

/// What a site that embeds by oEmbed asks for, as files: the same answer whatever the query asks.
void write_oembed(const fs::path& folder, const SiteFacts& facts) {
  if (facts.url.empty())
    return;
  for (const Page& page : pages) {
    if (page.source != "search.html")
      continue;
    const std::string html = "<iframe title=\"" + std::string(page.title) + "\" src=\"" + facts.url +
                             std::string(page.path) +
                             "\" width=\"360\" height=\"660\" style=\"max-width: 100%; border: 0\" allow=\"" +
                             "clipboard-write; geolocation\" loading=\"lazy\"></iframe>";
    const nlohmann::ordered_json answer{{"version", "1.0"},
                                        {"type", "rich"},
                                        {"title", page.title},
                                        {"provider_name", facts.title},
                                        {"provider_url", facts.url},
                                        {"cache_age", 86400},
                                        {"html", html},
                                        {"width", 360},
                                        {"height", 660}};
    std::string xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<oembed>\n";
    for (const auto& [key, value] : answer.items())
      xml +=
          "  <" + key + ">" + html_of(value.is_string() ? value.get<std::string>() : value.dump()) + "</" + key + ">\n";
    write_file(folder / "oembed" / (std::string(page.path) + ".json"), answer.dump() + "\n");
    write_file(folder / "oembed" / (std::string(page.path) + ".xml"), xml + "</oembed>\n");
  }
}

/// Every file outside data/ and every asset with its length and hash, sorted, for `verify`; the other files under data/
/// are found from the root. Those that are `listed` are not read again.
std::string list_of_files(const fs::path& folder, const fs::path& assets, std::vector<WrittenFile> listed) {
  const auto is_before = [](const WrittenFile& a, const WrittenFile& b) { return a.path < b.path; };
  std::sort(listed.begin(), listed.end(), is_before);
  std::vector<WrittenFile> others;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path path = entry->path().lexically_relative(folder);
    const bool is_shards = *path.begin() == "data" && !fs::exists(assets / "site" / path);
    if (entry->is_directory() && (is_shards || path == listing_folder)) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file() && !is_shards && !is_variant(path)) {
      WrittenFile file{path.generic_string(), 0, {}};
      if (std::binary_search(listed.begin(), listed.end(), file, is_before))
        continue;
      const Bytes bytes = read_file(entry->path());
      file.bytes = bytes.size();
      file.sha256 = to_hex(sha256(bytes));
      others.push_back(std::move(file));
    }
  }
  std::move(others.begin(), others.end(), std::back_inserter(listed));
  std::sort(listed.begin(), listed.end(), is_before);
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const WrittenFile& file : listed)
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  return nlohmann::ordered_json{{"files", std::move(files)}}.dump() + "\n";
}

nlohmann::ordered_json json_of(const SourceCounts& counts) {
  nlohmann::ordered_json json;
  for (const Source source : all_sources)
    json[std::string(name_of(source))] = counts[static_cast<std::size_t>(source)];
  return json;
}

}  // namespace

std::vector<Filter> covers_of(const Filter& filter) {
  return filter.is_empty() ? std::vector<Filter>() : std::vector<Filter>{filter};
}

std::vector<Filter> covers_of(const nlohmann::json& manifest, const std::string& name) {
  std::vector<Filter> covers;
  if (const auto found = manifest.find("covers"); found != manifest.end()) {
    if (!found->is_array())
      throw Failure(Exit::verification_failed, name + ": \"covers\" is no list; publish the site again");
    for (const nlohmann::json& filter : *found)
      covers.push_back(filter_of(filter, name + ", covers"));
  }
  return covers;
}

void check_theme(const fs::path& assets, const Theme& theme) {
  static_cast<void>(with_theme(text_of(assets / "site" / "page.css"), theme));
}

SourceCounts total_counts(const Root& root) {
  SourceCounts total{};
  for (const RegionRef& region : root.regions)
    for (std::size_t i = 0; i < source_count; ++i)
      total[i] += region.counts[i];
  return total;
}

void write_site(const SiteFacts& facts, const fs::path& assets, const fs::path& folder, std::vector<WrittenFile> listed,
                unsigned jobs) {
  std::error_code error;
  fs::copy(assets / "site", folder, fs::copy_options::recursive, error);
  if (error)
    throw Failure(Exit::failed, "cannot copy " + (assets / "site").string() + " to " + folder.string() + ": " +
                                    error.message() + "; free some space there or choose another --out");
  const fs::path page_css = folder / "page.css";
  write_file(page_css, with_theme(text_of(page_css), facts.theme));
  write_pages(folder, facts);
  write_oembed(folder, facts);
  const std::string files = list_of_files(folder, assets, std::move(listed));
  const ByteView files_bytes{reinterpret_cast<const std::uint8_t*>(files.data()), files.size()};
  const std::string files_name = "files-" + to_hex(file_hash(files_bytes)) + ".json";
  write_file(folder / "data" / files_name, files);

  nlohmann::ordered_json manifest;
  manifest["format"] = format_version;
  manifest["title"] = facts.title;
  manifest["as_of"] = to_string_date(facts.root.as_of);
  if (!facts.theme.is_empty())
    manifest["theme"] = json_of(facts.theme);
  for (const Filter& filter : facts.covers)
    manifest["covers"].push_back(json_of(filter));
  manifest["counts"] = json_of(total_counts(facts.root));
  for (const RegionRef& region : facts.root.regions)
    manifest["regions"][std::string(info(region.region).code)] = json_of(region.counts);
  if (!facts.sources.empty()) {
    std::vector<SiteSource> sources = facts.sources;
    // A site of a part is the same, built or cut from a whole one, and the latter does not know the sources of records.
    for (SiteSource& source : sources)
      if (!facts.covers.empty())
        source.records.reset();
    manifest["sources"] = json_of(sources);
  }
  manifest["files"] = files_name;
  manifest["root"] = base64_of(encode_root(facts.root));
  write_file(folder / "data" / "manifest.json", manifest.dump() + "\n");
  write_variants(folder, listing_folder, jobs);
}

}  // namespace balise
