#ifndef BALISE_GENERATOR_INGEST_ROW_HPP
#define BALISE_GENERATOR_INGEST_ROW_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "generator/ingest/normalise.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/input/json_document.hpp"
#include "generator/record.hpp"
#include "generator/report.hpp"

namespace balise {

/// JSON null.
inline constexpr JsonValue json_null;

/// The value under a key; JSON null when `object` is no object or has no such key. Here, so that what is computed of a
/// key is computed once, by the compiler.
[[nodiscard]] inline const JsonValue& member(const JsonValue& object, std::string_view key) {
  const JsonValue* const found = object.is_object() ? object.find(key) : nullptr;
  return found == nullptr ? json_null : *found;
}
/// The value under the first of the keys that holds something (not null, not blank text, not a placeholder).
[[nodiscard]] const JsonValue& first_filled(const JsonValue& object, std::initializer_list<std::string_view> keys);
[[nodiscard]] bool is_filled(const JsonValue& value);
/// A string as it is, a number or boolean as JSON writes it, empty for all else.
[[nodiscard]] std::string scalar(const JsonValue& value);
/// A number, or a text that is one ("48.85"); nullopt otherwise.
[[nodiscard]] std::optional<double> number(const JsonValue& value);
/// A boolean, or a text or number that means one; nullopt otherwise.
[[nodiscard]] std::optional<bool> boolean(const JsonValue& value);

/// Why a row does not become a record. `reason` is static text.
struct Refusal {
  Fate fate;
  std::string_view reason;
  std::string detail;
};
[[nodiscard]] inline Refusal rejected(std::string_view reason, std::string detail = {}) {
  return {Fate::rejected, reason, std::move(detail)};
}
[[nodiscard]] inline Refusal left_out(std::string_view reason, std::string detail = {}) {
  return {Fate::left_out, reason, std::move(detail)};
}

/// What a mapping may look at besides the row.
struct MapContext {
  const Reference& reference;
  Date as_of;
  Source source;  ///< the key of the config under which the source stands
};

/// One row on its way to a record, and what had to be repaired. The notes reach the report only if the row is kept.
struct Row {
  struct Note {
    std::string_view reason;  ///< static text
    std::string detail;
  };
  Record record;
  std::vector<Note> notes;

  void note(std::string_view reason, std::string detail = {}) { notes.push_back({reason, std::move(detail)}); }

  /// One line, or several, of clean text without e-mail addresses and phone numbers (counted, see finish_notes());
  /// empty for a placeholder. Everything that people have typed goes through one of these.
  [[nodiscard]] std::string line(const JsonValue& value);
  [[nodiscard]] std::string text(const JsonValue& value);
  /// A list of texts, or one text, as lines joined by '\n'.
  [[nodiscard]] std::string lines(const JsonValue& value);

  /// Sets a detail; empty values set nothing.
  void set(Field field, std::string value);
  void set_line(Field field, const JsonValue& value) { set(field, line(value)); }
  void set_text(Field field, const JsonValue& value) { set(field, text(value)); }
  void set_lines(Field field, const JsonValue& value) { set(field, lines(value)); }
  void set_url(Field field, const JsonValue& value);
  void set_date(Field field, const JsonValue& value);
  void set_boolean(Field field, const JsonValue& value);
  /// An identifier of letters, digits and - _ . : / | # +, at most 100 bytes; anything else is dropped.
  void set_code(Field field, const JsonValue& value);
  /// Noted as `invalid_siret` when there is one and it fails its check.
  void set_siret(Field field, const JsonValue& value);

  /// The id from a value: trimmed, at most 1,000 bytes, without control characters, no e-mail address in it.
  [[nodiscard]] std::optional<Refusal> take_id(const JsonValue& value);
  /// Well-formed codes of the reference, ascending. `keep_unknown`: also those that the reference does not know.
  /// Dropped and unknown ones are noted. `key`: where elements that are objects hold their code; empty = nowhere.
  void take_romes(const JsonValue& value, const Reference& reference, bool keep_unknown, std::string_view key = {});
  /// Position from a pair, with notes on what was wrong with it; `found()` words what was found.
  template <typename Found>
  void take_position(const PlacedPair& pair, const Found& found) {
    record.position = pair.position;
    if (pair.state != PlacedPair::State::placed)
      note_position(pair.state, found());
  }

  /// Turns the counts of removed personal data into a note.
  void finish_notes();

 private:
  [[nodiscard]] std::string redacted(std::string clean);
  void note_position(PlacedPair::State state, std::string found);
  std::size_t m_emails = 0, m_phones = 0, m_names = 0;
};

[[nodiscard]] Date date_of(const JsonValue& value);

}  // namespace balise

#endif
