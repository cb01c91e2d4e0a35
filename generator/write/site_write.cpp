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

/// Canonical addresses and those of other languages mean nothing to search engines unless they are absolute: without
/// the address of the site their lines are left out.
void remove_lines(std::string& text, std::string_view with) {
  for (std::size_t at = text.find(with); at != std::string::npos; at = text.find(with, at)) {
    at = text.rfind('\n', at) + 1;
    text.erase(at, text.find('\n', at) + 1 - at);
  }
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

bool is_before(const WrittenFile& a, const WrittenFile& b) {
  return a.path < b.path;
}

std::string keys_text(const std::vector<PublicKey>& keys) {
  std::string text;
  for (const PublicKey& key : keys)
    text.append(text.empty() ? "" : " ").append(text_of(key));
  return text;
}

std::string filled(std::string text, std::string_view root, const Page& page, const SiteFacts& facts,
                   const fs::path& name) {
  text = with_logo(std::move(text), facts.logo, "{{root}}", facts.title);
  if (facts.url.empty())
    remove_lines(text, "{{base}}");
  replace_all(text, "{{base}}", facts.url);
  replace_all(text, "{{root}}", root);
  replace_all(text, "{{scope}}", page.scope);
  replace_all(text, "{{title}}", page.title);
  replace_all(text, "{{path}}", page.path);
  replace_all(text, "{{as_of}}", to_string_date(facts.root.as_of));
  replace_all(text, "{{day}}", french_day(facts.root.as_of));
  replace_all(text, "{{site}}", facts.url.empty() ? unknown_site : std::string_view(facts.url));
  if (!facts.keys.empty())
    replace_all(text, "<html ", "<html data-cles=\"" + keys_text(facts.keys) + "\" ");
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
    const auto write = [&](const fs::path& to, std::string_view root) {
      const std::string html = filled(text, root, page, facts, source);
      // The others hold code to be copied.
      write_file(to, page.source == "search.html" ? on_one_line(html) : html);
    };
    write(folder / (std::string(page.path) + ".html"), "./");
    write(folder / page.path / "index.html", "../");
  }
  fs::remove(folder / "search.html");
  fs::remove(folder / "list.html");
}

/// With it, a device may install the site as it installs programs.
void write_web_manifest(const fs::path& folder, const SiteFacts& facts) {
  const auto colour = [&](const std::string& name, const std::string& otherwise) {
    const auto found = facts.theme.light.find(name);
    return found == facts.theme.light.end() ? otherwise : found->second;
  };
  nlohmann::ordered_json icons = nlohmann::ordered_json::array();
  for (const std::string size : {"192", "512"})
    icons.push_back({{"src", "icon-" + size + ".png"},
                     {"sizes", size + "x" + size},
                     {"type", "image/png"},
                     {"purpose", "any maskable"}});
  icons.push_back({{"src", "icon.svg"}, {"sizes", "any"}, {"type", "image/svg+xml"}, {"purpose", "any"}});
  const nlohmann::ordered_json manifest{{"name", facts.title},
                                        {"short_name", "Apprentissage"},
                                        {"lang", "fr"},
                                        {"id", "./"},
                                        {"start_url", "./recherche-apprentissage"},
                                        {"scope", "./"},
                                        {"display", "standalone"},
                                        {"background_color", colour("background", "#f5f5f0")},
                                        {"theme_color", colour("accent", "#0b6650")},
                                        {"icons", std::move(icons)}};
  write_file(folder / "site.webmanifest", manifest.dump() + "\n");
}

/// The service worker of a site with keys has them, and what checks signatures, at its head: it may load scripts only
/// while it starts.
void add_keys_to_worker(const fs::path& folder, const SiteFacts& facts) {
  if (facts.keys.empty())
    return;
  const fs::path worker = folder / "sw.js";
  write_file(worker, "self.baliseKeys=\"" + keys_text(facts.keys) + "\";importScripts(\"signature-worker.js\");\n" +
                         text_of(worker));
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

/// Every file outside data/ and every asset with its length and hash, but the variants and those that are `listed`,
/// which is sorted.
std::vector<WrittenFile> files_of_pages(const fs::path& folder, const fs::path& assets,
                                        const std::vector<WrittenFile>& listed) {
  std::vector<WrittenFile> files;
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
      files.push_back(std::move(file));
    }
  }
  return files;
}

/// What a page needs that is no data, so that a device may keep it: pages, scripts, styles, modules, the outline.
bool is_shell(const WrittenFile& file) {
  static constexpr std::string_view endings[] = {".html", ".js",          ".css", ".wasm",
                                                 ".dat",  ".webmanifest", ".svg", ".png"};
  return std::any_of(std::begin(endings), std::end(endings),
                     [&](std::string_view ending) { return fs::path(file.path).extension() == ending; });
}

/// Writes a list of files below data/, under a name that holds its hash; sorts them.
WrittenFile write_list(const fs::path& folder, std::string_view name, std::vector<WrittenFile>& files) {
  std::sort(files.begin(), files.end(), is_before);
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const WrittenFile& file : files)
    json.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
  const std::string text = nlohmann::ordered_json{{"files", std::move(json)}}.dump() + "\n";
  const ByteView bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const std::string path = "data/" + std::string(name) + "-" + to_hex(file_hash(bytes)) + ".json";
  write_file(folder / path, text);
  return {path, text.size(), to_hex(sha256(bytes))};
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

Logo logo_of_site(const fs::path& folder, const nlohmann::json& manifest, const std::string& name) {
  const auto found = manifest.find("logo");
  if (found == manifest.end())
    return {};
  const std::string file = found->is_string() ? found->get<std::string>() : std::string();
  // A name and no path: the manifest may be anybody's.
  if (!file.starts_with("logo-") || file.find_first_of("/\\") != std::string::npos || !fs::exists(folder / file))
    throw Failure(Exit::verification_failed, name + ": \"logo\" names no file of the site; publish the site again");
  Logo logo = load_logo(folder / file);
  if (logo.name != file)
    throw Failure(Exit::verification_failed,
                  (folder / file).string() + " is not what its name says; publish the site again");
  return logo;
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
  write_file(page_css, with_theme(text_of(page_css), facts.theme) + std::string(style_of(facts.logo)));
  if (!facts.logo.is_empty())
    write_file(folder / facts.logo.name, facts.logo.bytes);
  if (!facts.offline)
    write_file(folder / "sw.js", read_file(folder / "sw-off.js"));
  fs::remove(folder / "sw-off.js");
  write_web_manifest(folder, facts);
  write_pages(folder, facts);
  add_keys_to_worker(folder, facts);
  write_oembed(folder, facts);
  std::sort(listed.begin(), listed.end(), is_before);
  std::vector<WrittenFile> files = files_of_pages(folder, assets, listed);
  std::vector<WrittenFile> shell;
  std::copy_if(files.begin(), files.end(), std::back_inserter(shell), is_shell);
  const WrittenFile shell_list = write_list(folder, "shell", shell);
  files.push_back(shell_list);
  std::move(listed.begin(), listed.end(), std::back_inserter(files));
  const WrittenFile file_list = write_list(folder, "files", files);
  const auto name_of_list = [](const WrittenFile& list) { return fs::path(list.path).filename().string(); };

  nlohmann::ordered_json manifest;
  manifest["format"] = format_version;
  manifest["title"] = facts.title;
  manifest["as_of"] = to_string_date(facts.root.as_of);
  if (!facts.theme.is_empty())
    manifest["theme"] = json_of(facts.theme);
  if (!facts.logo.is_empty())
    manifest["logo"] = facts.logo.name;
  for (const PublicKey& key : facts.keys)
    manifest["keys"].push_back(text_of(key));
  for (const Filter& filter : facts.covers)
    manifest["covers"].push_back(json_of(filter));
  if (!facts.offline)
    manifest["offline"] = false;
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
  manifest["files"] = name_of_list(file_list);
  manifest["shell"] = name_of_list(shell_list);
  manifest["root"] = base64_of(encode_root(facts.root));
  write_file(folder / "data" / "manifest.json", manifest.dump() + "\n");
  write_variants(folder, listing_folder, assets, jobs);
}

}  // namespace balise
