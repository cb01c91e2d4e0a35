#ifndef BALISE_GENERATOR_WRITE_SITE_WRITE_HPP
#define BALISE_GENERATOR_WRITE_SITE_WRITE_HPP

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/shard.hpp"
#include "generator/filter.hpp"
#include "generator/logo.hpp"
#include "generator/publish/signature.hpp"
#include "generator/theme.hpp"
#include "generator/write/listing_write.hpp"
#include "generator/write/site_source.hpp"

namespace balise {

/// What a manifest says of a site, beside the names of its files.
struct SiteFacts {
  std::string title;
  std::string url;             ///< where it is published, ending in a slash; empty = not known
  std::vector<Filter> covers;  ///< that all records passed, one after the other; none: everything there is
  Theme theme;
  Logo logo;                    ///< in the place of the mark
  bool offline = true;          ///< false: its service worker removes itself, and what devices have kept
  std::vector<PublicKey> keys;  ///< whose signature the pages ask for; none: none
  Root root;
  std::vector<SiteSource> sources;  ///< that it was built from
};

/// No filter for an empty one.
[[nodiscard]] std::vector<Filter> covers_of(const Filter& filter);
/// What a manifest says that its site covers. Throws Failure(Exit::verification_failed); `name` is for the message.
[[nodiscard]] std::vector<Filter> covers_of(const nlohmann::json& manifest, const std::string& name);

/// The logo of a site in a folder; none of a manifest without the key. Throws Failure(Exit::verification_failed) for
/// one that is missing or another one; `name` is for the message.
[[nodiscard]] Logo logo_of_site(const std::filesystem::path& folder, const nlohmann::json& manifest,
                                const std::string& name);

/// Refuses a theme that the pages cannot have, before any work is done. Throws Failure as with_theme().
void check_theme(const std::filesystem::path& assets, const Theme& theme);

/// Records by source over all regions.
[[nodiscard]] SourceCounts total_counts(const Root& root);

/// Completes a folder whose data/ already holds the files of all regions: copies the assets, writes the pages from
/// their templates, the compressed variants, the list of files and, last, the manifest. `listed` are files that are
/// there already, with their variants: those below `listing_folder`, and others. Throws Failure.
void write_site(const SiteFacts& facts, const std::filesystem::path& assets, const std::filesystem::path& folder,
                std::vector<WrittenFile> listed, unsigned jobs);

}  // namespace balise

#endif
