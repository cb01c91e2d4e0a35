#ifndef BALISE_GENERATOR_WRITE_SNAPSHOT_HPP
#define BALISE_GENERATOR_WRITE_SNAPSHOT_HPP

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/filter.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/logo.hpp"
#include "generator/progress.hpp"
#include "generator/site.hpp"
#include "generator/theme.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/site_write.hpp"

namespace balise {

/// One snapshot: what of the site, how it looks, and where it goes.
struct Recipe {
  std::string name;  ///< of its folder; empty for a snapshot that stands in no file of recipes
  Filter filter;
  std::string title;           ///< empty = that of the site
  std::string url;             ///< ending in a slash; empty = not known
  std::optional<Theme> theme;  ///< nullopt = that of the site
  std::optional<Logo> logo;    ///< nullopt = that of the site
  std::vector<PublicKey> keys;
  std::filesystem::path out, zip;  ///< no archive without `zip`
};

/// Reads a file of recipes: a list, or {"snapshots": [...]}. Each gets the folder of its name below `out`, and its
/// archive beside that. Paths in the file are relative to its folder. Throws Failure: Exit::usage for what is wrong,
/// naming the recipe and the key; Exit::failed for a file that is named and missing.
[[nodiscard]] std::vector<Recipe> load_recipes(const std::filesystem::path& file, const std::filesystem::path& out);
/// The theme of a JSON file. Throws Failure.
[[nodiscard]] Theme load_theme(const std::filesystem::path& file);

/// Cuts snapshots from one site: what they have in common is read once.
class Cutter {
 public:
  /// Throws Failure as Site and Reference::load().
  explicit Cutter(const std::filesystem::path& site);
  ~Cutter();
  Cutter(const Cutter&) = delete;
  Cutter& operator=(const Cutter&) = delete;

  /// Refuses what cannot be published, before any work: a folder that is the site's or holds something else, a theme
  /// that is hard to read. Throws Failure.
  void check(const Recipe& recipe) const;
  /// Reads regions that several of these recipes need once, when the first of them does: what the others take waits
  /// below `scratch`. They are kept by the caller until the cutter goes, and each is cut once.
  void share(const std::vector<Recipe>& recipes, const std::filesystem::path& scratch);
  /// Records that a recipe looks at, at most: what it may cost.
  [[nodiscard]] std::uint64_t size_of(const Recipe& recipe) const;

  /// Makes a snapshot and publishes it in one step; with a sorting memory of so many bytes. Several threads may cut
  /// different recipes. Gives the records by source. Throws Failure: Exit::data_refused when no record passes.
  SourceCounts cut(const Recipe& recipe, unsigned jobs, std::size_t memory, Progress& progress);

 private:
  struct SharedRegion;
  void read(Region region, const Recipe& recipe, const TakeRecord& take);
  void spread(Region region, const SharedRegion& shared) const;
  [[nodiscard]] std::filesystem::path part_of(Region region, const Recipe& recipe) const;

  Site m_site;
  std::string m_manifest_name;
  std::filesystem::path m_assets;
  Reference m_reference;
  std::vector<Filter> m_covers;
  std::vector<SiteSource> m_sources;
  Theme m_theme;
  Logo m_logo;
  std::filesystem::path m_scratch;
  std::map<Region, std::unique_ptr<SharedRegion>> m_shared;
};

}  // namespace balise

#endif
