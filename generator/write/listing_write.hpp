#ifndef BALISE_GENERATOR_WRITE_LISTING_WRITE_HPP
#define BALISE_GENERATOR_WRITE_LISTING_WRITE_HPP

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/geo.hpp"
#include "core/ids.hpp"
#include "core/position.hpp"
#include "core/shard.hpp"
#include "core/territory.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/ingest/rome_domains.hpp"
#include "generator/logo.hpp"
#include "generator/write/record_bytes.hpp"
#include "generator/write/site_source.hpp"

namespace balise {

/// Folder of the listings in a site, and the first part of their addresses.
inline constexpr std::string_view listing_folder = "apprentissage";
/// Results of a listing at most.
inline constexpr std::size_t max_listed = 50;

/// What a listing shows together: job offers of both sources, formations, companies to write to.
enum class Section : std::uint8_t { jobs, trainings, companies };
inline constexpr std::size_t section_count = 3;
[[nodiscard]] Section section_of(Source source);

/// How many results of each section stand on a listing: its share of `max_listed`, and what others leave of theirs,
/// jobs first.
[[nodiscard]] std::array<std::size_t, section_count> shares_of(const std::array<std::size_t, section_count>& available);

/// What a listing shows of a record.
struct ListedRecord {
  std::string order;  ///< compared byte by byte: by place key, then lower-case title, then id, then source
  Source source;
  std::string id, title;
  std::string company;  ///< what stands for it: of a school the legal name, or that of its head
  std::string address, postal_code, city;
  std::string url;          ///< of an offer
  std::string description;  ///< the beginning of it, of all but companies
  Departement departement;
  Level level;
  Date created, expires;
  bool is_remote_only;
};

/// A record on its way through the choices of listings; most are never listed, and cost nothing more.
class Listable {
 public:
  /// Both are kept by the caller; `order` is that of ListedRecord.
  Listable(const RecordView& record, ByteView order) : m_record(record), m_order(order) {}
  [[nodiscard]] const RecordView& record() const { return m_record; }
  [[nodiscard]] std::string_view order() const {
    return {reinterpret_cast<const char*>(m_order.data()), m_order.size()};
  }
  /// The same object for all listings.
  [[nodiscard]] const std::shared_ptr<const ListedRecord>& listed();

 private:
  const RecordView& m_record;
  ByteView m_order;
  std::shared_ptr<const ListedRecord> m_listed;
};

/// Takes the records of one ROME domain in one territory, in any order, and keeps the nearest of each section.
class ListingChoice {
 public:
  struct Listed {
    std::uint32_t distance_m;  ///< `unknown_distance` for a record without a position
    std::shared_ptr<const ListedRecord> record;
  };
  static constexpr std::uint32_t unknown_distance = 0xFFFFFFFF;

  /// Of records at one distance the one with the smaller order comes first. Memory holds `max_listed` of them, and a
  /// few more while a section has less than its share.
  void add(Listable& record, RomeDomain domain, std::uint32_t distance_m);
  /// Nearest first.
  [[nodiscard]] std::array<std::vector<Listed>, section_count> chosen() const;
  [[nodiscard]] const SourceCounts& counts() const { return m_counts; }
  /// At most 20, those that most records have, ascending: what a search takes.
  [[nodiscard]] std::vector<RomeCode> romes(RomeDomain domain) const;

 private:
  /// How many of a section may still be chosen: less when others have come.
  [[nodiscard]] std::size_t most_of(Section section) const;

  SourceCounts m_counts{};
  std::array<std::uint32_t, 100> m_romes{};  ///< how many records have the code of the domain that ends so
  std::array<std::vector<Listed>, section_count> m_nearest;  ///< heaps, the farthest on top
};

/// A file of the site that was written, for the list of files.
struct WrittenFile {
  std::string path;  ///< with slashes, below the site
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
};

/// Records of each ROME domain.
using CountsByDomain = std::map<RomeDomain, SourceCounts>;

/// What the listings of a region leave to those of the country.
struct ListingPart {
  Region region;
  CountsByDomain counts;  ///< empty when there is no listing
  std::map<Departement, CountsByDomain> departements;
  std::vector<WrittenFile> files;
  std::vector<std::string> addresses;  ///< for the sitemap, below the site
};

struct ListingFacts {
  std::string url;  ///< of the site, ending in a slash; empty when it is not known
  Date as_of = date_unknown;
  DomainLabels labels;
  std::string shell;      ///< site/list.html, with its placeholders
  std::string kept = {};  ///< HTML: what the pages say of sources that were kept from an earlier night
};
/// Reads what stands in files of the assets. The pages have the logo, if there is one, with the title of the site.
/// Throws Failure.
[[nodiscard]] ListingFacts load_listing_facts(const std::filesystem::path& assets, std::string url, Date as_of,
                                              const Logo& logo, std::string_view title,
                                              const std::vector<SiteSource>& sources);

/// Writes the listings of a site (docs/PAGES.md): pages of plain HTML with the results nearest to the prefecture, for
/// each ROME domain in each region and departement, and pages that lead to them. The files depend on the records only.
class ListingWriter {
 public:
  /// Writes below `folder`, which is that of the site. Takes the positions of the prefectures from the communes.
  ListingWriter(ListingFacts facts, std::span<const Commune> communes, std::filesystem::path folder);

  /// Takes what RegionListings::finish() gave of each region.
  void take(ListingPart part);
  /// Writes the pages of France and of the domains and, when the address of the site is known, sitemaps and robots.txt.
  /// Gives every file written but the compressed variants, ascending by path.
  [[nodiscard]] std::vector<WrittenFile> finish();

 private:
  friend class RegionListings;
  struct Territory;
  struct Page;
  struct Centre {
    std::string name;  ///< of the commune
    std::optional<Position> position;
  };

  [[nodiscard]] std::string label_of(RomeDomain domain) const;
  [[nodiscard]] std::string slug_of(RomeDomain domain) const;
  [[nodiscard]] ListingPart write_region(Region region, std::span<const Territory> territories) const;
  void write_listing(const Territory& territory, RomeDomain domain, const ListingChoice& choice,
                     std::span<const Territory> neighbours, ListingPart& part) const;
  void write_territory(const Territory& territory, std::span<const Territory> neighbours, ListingPart& part) const;
  void write_domain(RomeDomain domain);
  void write_france();
  void write_sitemaps();
  void append_domains(std::string& html, const CountsByDomain& domains) const;
  template <typename Link>
  void append_territories(std::string& html, const Link& link) const;
  void write_page(const Page& page, ListingPart& part) const;
  void write(std::string path, const std::string& text, ListingPart& part) const;

  ListingFacts m_facts;
  std::filesystem::path m_folder;
  std::array<Centre, region_count> m_region_centres;
  std::array<Centre, departement_count> m_departement_centres;
  std::vector<std::string> m_shell;  ///< the pieces between placeholders, and the placeholders' names, in turn
  std::map<Region, CountsByDomain> m_regions;            ///< of those that have records
  std::map<Departement, CountsByDomain> m_departements;  ///< of those that have records
  ListingPart m_country;                                 ///< files and addresses, those of all regions included
};

/// The listings of one region. Several threads may write those of different regions.
class RegionListings {
 public:
  RegionListings(const ListingWriter& writer, Region region);
  ~RegionListings();
  RegionListings(const RegionListings&) = delete;
  RegionListings& operator=(const RegionListings&) = delete;

  /// Takes the records of the region in any order; `order` is that of ListedRecord. Memory holds those that may be
  /// listed.
  void add(const RecordView& record, ByteView order);
  /// After the last record: writes the listings. Throws Failure when a file cannot be written.
  [[nodiscard]] ListingPart finish();

 private:
  const ListingWriter& m_writer;
  Region m_region;
  std::vector<ListingWriter::Territory> m_territories;  ///< the region itself, then its departements
  std::vector<SpherePoint> m_centres;
  std::array<std::size_t, departement_count> m_numbers{};  ///< of departements among the territories
};

}  // namespace balise

#endif
