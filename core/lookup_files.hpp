#ifndef BALISE_CORE_LOOKUP_FILES_HPP
#define BALISE_CORE_LOOKUP_FILES_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/list.hpp"
#include "core/position.hpp"
#include "core/shard.hpp"
#include "core/text.hpp"

/// The files that complete what somebody types, read. docs/FORMAT.md, "Look-ups", is the specification.
namespace balise {

/// What the look-ups consist of. The numbers are part of the format: append only.
enum class LookupPart : std::uint8_t {
  top_places = 0,      ///< one PlaceShard: the most populated communes, all départements and régions, France
  places_by_word = 1,  ///< PlaceShards; a commune stands under each word of its name that says something
  places_by_code = 2,  ///< PlaceShards; a commune stands under its INSEE code and each of its postal codes
  metiers = 3,         ///< MetierShards, by word
  romes = 4,           ///< MetierShards, by word: one item a ROME, with its official label
  appellations = 5,    ///< MetierShards, by word: other names of occupations, one ROME each
  diplomas = 6,        ///< MetierShards, by word: titles of the formations
  cfds = 7,            ///< TableShards, by key_hash(): ROMEs of a diploma code
  schools = 8,         ///< TableShards, by key_hash(): ROMEs of the formations of a school, by SIRET
  rome_levels = 9,     ///< TableShards, by key_hash(): levels of the formations of a ROME
};
inline constexpr std::size_t lookup_part_count = 10;
/// "top_places", "places_by_word", …
[[nodiscard]] std::string_view name_of(LookupPart part);

/// Files `begin` to `end` - 1 of a part.
struct FileRange {
  std::size_t begin = 0, end = 0;
  [[nodiscard]] std::size_t size() const { return end - begin; }
};

struct LookupFiles {
  LookupPart part = LookupPart::top_places;
  /// A line each, ascending; file i holds keys from its first key to below the next one's.
  std::string first_keys;
  List<FileRef> files;               ///< as many
  std::optional<FileRef> directory;  ///< where the files stand, when they do not stand here
  /// The files that may hold a key beginning with `prefix`.
  [[nodiscard]] FileRange covering(std::string_view prefix) const;
  /// The file that may hold this very key.
  [[nodiscard]] FileRange holding(std::string_view key) const;
};
struct LookupDirectory {
  static constexpr FileKind kind = FileKind::lookups;
  List<LookupFiles> parts;  ///< ascending
  /// nullptr when there is none.
  [[nodiscard]] const LookupFiles* part(LookupPart wanted) const;
};

/// An INSEE code ("75056", "2A004", either case) as a number, in the order of the codes; nullopt when it is none.
[[nodiscard]] std::optional<std::uint32_t> insee_number(std::string_view code);
/// The inverse, upper case. Precondition: below insee_numbers.
[[nodiscard]] std::string insee_of(std::uint32_t number);
inline constexpr std::uint32_t insee_numbers = 10 * 12 * 1000;

/// A place that somebody may choose.
struct PlaceItem {
  /// The numbers order places that are equal otherwise.
  enum class Kind : std::uint8_t { commune, departement, region, france };
  Kind kind = Kind::commune;
  std::string code;                ///< INSEE code, code of the département or région; empty for France
  std::string name;                ///< "Saint-Denis"
  std::string other_names;         ///< place_words() of each, with tabs between
  std::string codes;               ///< postal codes of a commune, ascending; fold() of a département's own; else empty
  std::uint32_t population = 0;    ///< 0 when it is not known
  std::optional<Position> centre;  ///< none for France
  std::string folded;              ///< place_words() of the name: not in the file, made when it is opened

  [[nodiscard]] Departement departement() const;  ///< none for a région, France, and communes outside the 101
  [[nodiscard]] Region region() const;            ///< none for France, and communes outside the 101
  /// With spaces between; none but of a commune.
  [[nodiscard]] std::string_view postal_codes() const { return kind == Kind::commune ? codes : std::string_view(); }
};
/// What a file of places writes before the code of a place that is no commune, by the number of its kind.
inline constexpr std::string_view territory_letters = "cdrf";
struct PlaceShard {
  static constexpr FileKind kind = FileKind::places;
  List<PlaceItem> items;  ///< communes, ascending by INSEE number, then others
};

struct MetierItem {
  std::string label;
  std::string keywords;       ///< with tabs between
  List<RomeCode> romes;       ///< ascending
  List<std::uint32_t> rncps;  ///< ascending; 13595 is RNCP13595
  std::uint8_t levels = 0;    ///< bit n: level n
  // Not in the file, made when it is opened.
  std::string folded;           ///< fold() of the label
  std::string folded_keywords;  ///< fold() of each keyword, with tabs between
};
/// Makes what is not in the file.
void fold_texts(MetierItem& item);
struct MetierShard {
  static constexpr FileKind kind = FileKind::metiers;
  List<MetierItem> items;
};

struct TableItem {
  std::string key;
  List<RomeCode> romes;     ///< ascending
  std::uint8_t levels = 0;  ///< bit n: level n
};
struct TableShard {
  static constexpr FileKind kind = FileKind::table;
  List<TableItem> items;  ///< ascending by key
  /// nullptr when there is none.
  [[nodiscard]] const TableItem* find(std::string_view key) const;
};

/// Each opens one file of untrusted bytes, as the functions of core/shard.hpp do.
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, LookupDirectory& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, PlaceShard& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, MetierShard& file);
[[nodiscard]] Flaw open_file(ByteView bytes, const FileRef& ref, TableShard& file);

// What writer and reader must agree on.

/// Whether a word of the name of a place says so little that nothing stands under it, unless the name has no other.
[[nodiscard]] bool is_small_place_word(std::string_view word);
/// The same for labels of occupations and diplomas.
[[nodiscard]] bool is_small_metier_word(std::string_view word);
/// fold() with "st" and "ste" written out, "11e" and "1er" as "11" and "1", nothing from "cedex" on.
[[nodiscard]] std::string place_words(std::string_view name);
/// The pieces of a text between single separators, to be iterated: of a folded text the words, else keywords or lines.
class Pieces {
 public:
  class Iterator {
   public:
    Iterator(std::string_view text, char separator) : m_rest(text), m_separator(separator) { ++*this; }
    [[nodiscard]] std::string_view operator*() const { return m_piece; }
    Iterator& operator++() {
      m_is_end = m_rest.empty();
      m_piece = cut(m_rest, m_separator);
      return *this;
    }
    [[nodiscard]] friend bool operator!=(const Iterator& a, std::nullptr_t) { return !a.m_is_end; }

   private:
    std::string_view m_rest, m_piece;
    char m_separator;
    bool m_is_end = false;
  };
  Pieces(std::string_view text, char separator) : m_text(text), m_separator(separator) {}
  [[nodiscard]] Iterator begin() const { return {m_text, m_separator}; }
  [[nodiscard]] static std::nullptr_t end() { return nullptr; }

 private:
  std::string_view m_text;
  char m_separator;
};
/// The words of a folded text.
[[nodiscard]] inline Pieces words_of(std::string_view folded) {
  return {folded, ' '};
}
/// Whether a list of words with spaces between has a word.
[[nodiscard]] bool has_word(std::string_view list, std::string_view word);
/// The initials of a folded label, small words left out ("management commercial operationnel": "mco").
[[nodiscard]] std::string initials_of(std::string_view folded);
/// Under what a key of a table stands: eight hexadecimal digits that are spread evenly.
[[nodiscard]] std::string key_hash(std::string_view key);

}  // namespace balise

#endif
