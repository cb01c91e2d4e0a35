#ifndef BALISE_GENERATOR_INGEST_ROW_HPP
#define BALISE_GENERATOR_INGEST_ROW_HPP

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "generator/ingest/normalise.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/record.hpp"
#include "generator/report.hpp"

namespace balise {

using Json = nlohmann::json;

/// The value under a key; JSON null when `object` is no object or has no such key.
[[nodiscard]] const Json& member(const Json& object, std::string_view key);
/// The value under the first of the keys that holds something (not null, not blank text, not a placeholder).
[[nodiscard]] const Json& first_filled(const Json& object, std::initializer_list<std::string_view> keys);
[[nodiscard]] bool is_filled(const Json& value);
/// A string as it is, a number or boolean as JSON writes it, empty for all else.
[[nodiscard]] std::string scalar(const Json& value);
/// A number, or a text that is one ("48.85"); nullopt otherwise.
[[nodiscard]] std::optional<double> number(const Json& value);
/// A boolean, or a text or number that means one; nullopt otherwise.
[[nodiscard]] std::optional<bool> boolean(const Json& value);

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
  [[nodiscard]] std::string line(const Json& value);
  [[nodiscard]] std::string text(const Json& value);
  /// A list of texts, or one text, as lines joined by '\n'.
  [[nodiscard]] std::string lines(const Json& value);

  /// Sets a detail; empty values set nothing.
  void set(Field field, std::string value);
  void set_line(Field field, const Json& value) { set(field, line(value)); }
  void set_text(Field field, const Json& value) { set(field, text(value)); }
  void set_lines(Field field, const Json& value) { set(field, lines(value)); }
  void set_url(Field field, const Json& value);
  void set_date(Field field, const Json& value);
  void set_boolean(Field field, const Json& value);
  /// An identifier of letters, digits and - _ . : / | # +, at most 100 bytes; anything else is dropped.
  void set_code(Field field, const Json& value);
  /// Noted as `invalid_siret` when there is one and it fails its check.
  void set_siret(Field field, const Json& value);

  /// The id from a value: trimmed, at most 200 bytes, without control characters, no e-mail address in it.
  [[nodiscard]] std::optional<Refusal> take_id(const Json& value);
  /// Well-formed codes of the reference, ascending. `keep_unknown`: also those that the reference does not know.
  /// Dropped and unknown ones are noted.
  void take_romes(const Json& value, const Reference& reference, bool keep_unknown);
  /// Position from a pair, with notes on what was wrong with it.
  void take_position(const PlacedPair& pair, std::string_view found);

  /// Turns the counts of removed personal data into a note.
  void finish_notes();

 private:
  [[nodiscard]] std::string redacted(std::string clean);
  std::size_t m_emails = 0, m_phones = 0, m_names = 0;
};

[[nodiscard]] Date date_of(const Json& value);

}  // namespace balise

#endif
