#ifndef BALISE_CORE_LOOKUP_HPP
#define BALISE_CORE_LOOKUP_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/lookup_files.hpp"
#include "core/store.hpp"

namespace balise {

/// What all look-ups begin with: finding files through the directories, and noting those that are missing.
class LookupReader {
 public:
  /// `store` must be open and outlive the reader.
  explicit LookupReader(Store& store) : m_store(store), m_missing(store) {}

  /// Starts a step: forgets what was missing.
  void begin() { m_missing.clear(); }
  /// The files of a part; nullptr when the site has none, or while a directory is missing.
  [[nodiscard]] const LookupFiles* files(LookupPart part);
  // nullptr while the file is missing.
  [[nodiscard]] const PlaceShard* places(const FileRef& ref);
  [[nodiscard]] const MetierShard* metiers(const FileRef& ref);
  [[nodiscard]] const TableShard* table(const FileRef& ref);
  /// The files of a whole part that are read; the others are missing.
  [[nodiscard]] List<const MetierShard*> metiers_of(LookupPart part);
  /// The item of a table part under a key; nullptr when there is none, or while a file is missing.
  [[nodiscard]] const TableItem* table_item(LookupPart part, std::string_view key);

  [[nodiscard]] bool is_complete() const { return m_missing.empty(); }
  /// The files that are missing, each once, already wanted of the store.
  [[nodiscard]] Result<List<FileId>> missing() const { return m_missing.result(); }

 private:
  [[nodiscard]] const LookupDirectory* directory(const FileRef& ref);

  Store& m_store;
  Missing m_missing;
};

/// Places for what somebody has typed so far, in steps as Search is: a name or its beginning, any words of it, a postal
/// code, the number of a département, with typing errors.
///
/// Order: the very name, names that begin so, names with words that begin so, then names within the errors forgiven; in
/// each the larger population first. Accents, case, hyphens, "st" for "saint" make no difference. No text: France.
class PlaceSearch {
 public:
  PlaceSearch(Store& store, std::string_view text, std::uint32_t limit);

  /// Goes as far as the store's files allow. The files that are missing, already wanted of the store; none when
  /// results() is complete. It never fails; a site without look-ups knows no place.
  [[nodiscard]] Result<List<FileId>> advance();
  /// What is known so far, best first, at most `limit`: worth showing before the last file has come. Valid as long as
  /// the files of the store.
  [[nodiscard]] const List<const PlaceItem*>& results() const { return m_results; }

 private:
  struct Found;
  void search_by_code(List<Found>& found);
  void search_by_name(List<Found>& found);
  [[nodiscard]] std::string_view next_key(std::string_view last) const;
  void scan(const PlaceShard& shard, bool forgiving, List<Found>& found) const;
  void take_best(List<Found>& found);

  LookupReader m_reader;
  std::string m_text;  ///< place_words() of what was typed
  std::uint32_t m_limit;
  List<const PlaceItem*> m_results;
};

/// One commune by its INSEE code, in steps.
class CommuneLookup {
 public:
  CommuneLookup(Store& store, std::string_view insee);
  [[nodiscard]] Result<List<FileId>> advance();
  /// Only when advance() has nothing missing; nullptr for a code that is none. Valid as long as the files of the store.
  [[nodiscard]] const PlaceItem* result() const { return m_result; }

 private:
  LookupReader m_reader;
  std::optional<std::uint32_t> m_insee;
  const PlaceItem* m_result = nullptr;
};

/// An occupation or a diploma that somebody may choose, and what choosing it searches for. Valid as long as the files
/// of the store.
struct Metier {
  enum class Kind : std::uint8_t { metier, rome, diploma };
  Kind kind;  ///< rome: a ROME under its own label, or another name of it; a job, as metier is
  const MetierItem* item;
};

/// How a MetierSearch chooses.
struct MetierOptions {
  std::uint32_t limit = 20;  ///< of each kind
  bool all_words = false;    ///< leave out what lacks one of the words
  bool metiers = true, romes = true, diplomas = true;
};

/// Occupations and diplomas for what somebody has typed so far, in steps: words of labels and synonyms, their
/// beginnings, other forms ("coiffeuses"), typing errors, a ROME code.
class MetierSearch {
 public:
  MetierSearch(Store& store, std::string_view text, const MetierOptions& options);
  MetierSearch(const MetierSearch&) = delete;
  MetierSearch& operator=(const MetierSearch&) = delete;

  [[nodiscard]] Result<List<FileId>> advance();
  /// What is known so far, best first, at most `limit` of each kind.
  [[nodiscard]] const List<Metier>& results() const { return m_results; }

 private:
  /// A word that was typed.
  struct Word {
    std::string_view text;   ///< a piece of m_text
    std::uint8_t level = 0;  ///< of diplomas that the word names ("cap": 3); 0 = none
    bool is_small = false;   ///< says nothing: does not count
    bool is_known = false;   ///< some item has it as it is: no typing error then
  };
  struct Found;
  struct Shard {
    const MetierShard* shard;
    Metier::Kind kind;  ///< of its items
  };
  using Shards = List<Shard>;

  void gather(LookupPart part, Metier::Kind kind, Shards& shards);
  [[nodiscard]] std::uint32_t score_of(const Metier& metier, const Word& word, bool forgiving) const;
  void rate(const Metier& metier, List<Found>& found) const;
  [[nodiscard]] std::string_view key_word() const;

  LookupReader m_reader;
  MetierOptions m_options;
  std::string m_text;
  List<Word> m_words;
  List<Metier> m_results;
};

/// {"results":[{"type":"commune","label":"Brest (29200)","name":"Brest","insee":"29019","postal_codes":["29200"],
/// "departement":"29","region":"53","lat":48.39,"lon":-4.48}]}; the types are commune, departement, region and france;
/// what is not known, or makes no sense for the type, is null.
[[nodiscard]] std::string answer_of(const PlaceSearch& search);
/// {"results":[{"type":"job","label":"Boulangerie","romes":["D1102"],"levels":[]}]}; the types are job and diploma.
[[nodiscard]] std::string answer_of(const MetierSearch& search);
/// What a list shows of a place: communes with their first postal code, départements with their number.
[[nodiscard]] std::string label_of(const PlaceItem& place);

}  // namespace balise

#endif
