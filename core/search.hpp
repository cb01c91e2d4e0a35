#ifndef BALISE_CORE_SEARCH_HPP
#define BALISE_CORE_SEARCH_HPP

#include <array>
#include <cstdint>

#include "core/query.hpp"
#include "core/store.hpp"

namespace balise {

/// A record that matches.
struct Hit {
  std::uint32_t distance_m = 0;  ///< 0 without a centre
  Region region;
  Source source = Source::formations;
  std::uint16_t slot = 0;         ///< of the card in its page
  const FileRef* page = nullptr;  ///< that holds the card; while titles are read, not yet known
  /// With a centre: place key, then rank. Without: the lowest prefix that the title may have, then page and slot as one
  /// number. With the region they are the record's identity; the first part of it compares as results do.
  std::uint64_t order = 0;
  std::uint64_t number = 0;
};

/// One search over a store, in steps, because what it needs is found out on the way: directories of the domains
/// asked for; then, with a centre, index shards nearest first until nothing unread can be nearer than the last hit that
/// counts, or, without, chunks of titles until nothing unread can stand before it; then the pages of the cards that are
/// wanted. No I/O: advance() names files, the caller puts them into the store and calls again.
///
/// Order of results: with a centre by distance in whole metres, then place key, region and rank (interface, section 5);
/// without, by lower-case title, then lower-case school or company, then id (section 6).
class Search {
 public:
  /// `store` must be open, outlive the search and not be opened again meanwhile.
  Search(Store& store, Query query);

  /// Goes as far as the store's files allow. The files that are missing, already wanted of the store; none when the
  /// search is done. Errors: malformed, when two files contradict each other.
  [[nodiscard]] Result<List<FileId>> advance();

  [[nodiscard]] const Query& query() const { return m_query; }
  // The rest is for when it is done.
  /// In rank order, at most query().limit a source.
  [[nodiscard]] const List<Hit>& hits() const { return m_results; }
  /// Whether a source has matches beyond the limit, within the radius.
  [[nodiscard]] const std::array<bool, source_count>& more() const { return m_more; }
  /// Whether no formation was within the radius, so that the query().widen nearest ones beyond it stand in the results
  /// (reference, section 3.3, step 6).
  [[nodiscard]] bool is_widened() const { return m_is_widened; }
  /// The card of one of the first query().cards hits; never null for those.
  [[nodiscard]] const Card* card(const Hit& hit) const;
  /// The page that holds it; never null for those.
  [[nodiscard]] const CardPage* page(const Hit& hit) const;

 private:
  enum class Phase : std::uint8_t {
    directories,
    scan,
    title_directories,
    titles,
    title_pages,
    title_cards,
    cards,
    done
  };

  /// An index shard that may hold matches.
  struct Candidate {
    const ShardRef* shard;
    Region region;
    RomeDomain domain;
    std::uint32_t least_m;
  };

  /// The entries of a group and source in the order of titles, read chunk by chunk.
  struct TitleList {
    const TitleGroup* group;
    RomeDomain domain;
    Source source;
    TitleRun run;
    std::size_t next;        ///< chunk of the group to be read
    std::uint32_t hits = 0;  ///< up to limit + 1: no later one of the list can count
  };

  [[nodiscard]] bool in_scope(Region region) const;
  [[nodiscard]] bool domain_matches(RomeDomain domain) const;
  [[nodiscard]] bool is_everywhere() const;
  [[nodiscard]] std::uint32_t limit_of(std::size_t source) const;
  [[nodiscard]] bool must_widen() const;
  void widen();
  [[nodiscard]] bool has_wanted_source(const SourceCounts& counts) const;
  [[nodiscard]] bool is_worth_reading(const Candidate& candidate) const;
  void read_directories(Missing& missing);
  void list_shards(RomeDomain domain, const Group& group);
  void read_title_directories(Missing& missing);
  void list_titles(RomeDomain domain, const TitleGroup& group);
  void scan(Missing& missing);
  void scan_shard(const IndexShard& shard);
  [[nodiscard]] double squared_reach(std::size_t source) const;
  [[nodiscard]] bool add_hit(const Hit& hit);
  void shorten(std::size_t source);
  void take_nearest();
  void read_titles(Missing& missing);
  [[nodiscard]] bool is_worth_reading(const TitleList& list, std::size_t chunk) const;
  void scan_titles(TitleList& list, const TitleChunk& chunk);
  void keep_first(std::size_t source);
  void find_pages(Missing& missing);
  void ask_for_card(Missing& missing, const Hit& hit);
  void order_by_title(Missing& missing);
  void read_cards(Missing& missing);

  Store& m_store;
  Query m_query;
  std::array<bool, source_count> m_sources;  ///< that are still looked for
  std::uint64_t m_radius_um = 0;
  bool m_is_widened = false;
  Phase m_phase = Phase::directories;
  List<Candidate> m_candidates;  ///< nearest first
  std::size_t m_next = 0;
  std::uint64_t m_batch_entries;  ///< how many entries of a source the next request for index shards may hold
  std::array<List<Hit>, source_count> m_found;
  /// With a centre: no hit of the source that is farther than this can count any more.
  std::array<std::uint32_t, source_count> m_cutoff_m;
  List<TitleList> m_lists;
  std::size_t m_next_chunks = 1;  ///< how many chunks of each list the next request may hold
  /// Without a centre: no hit of the source with a higher prefix can count any more.
  std::array<std::uint64_t, source_count> m_last_prefix;
  std::uint64_t m_prefix_slack = 0;  ///< the largest of all chunks read
  List<Hit> m_results;
  std::array<bool, source_count> m_more{};
};

}  // namespace balise

#endif
