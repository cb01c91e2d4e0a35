#ifndef BALISE_GENERATOR_INGEST_NORMALISE_HPP
#define BALISE_GENERATOR_INGEST_NORMALISE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/position.hpp"
#include "generator/ingest/projection.hpp"

namespace balise {

// What the sources write, to what records hold. Nothing here depends on a source; an unusable text gives an empty or
// unknown value, never an exception.

/// Without white space (ASCII, no-break) at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// True for what spreadsheets, databases and people write for "nothing": only punctuation, "NULL", "null", "undefined",
/// "NaN", "[ND]", and the errors of a spreadsheet ("#N/D", "#REF!").
[[nodiscard]] bool is_placeholder(std::string_view text);

/// A whole text as a number, with a point or a comma; spaces around are fine. nullopt for anything else, and for what
/// is not finite.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// "true", "1", "oui", "vrai", "yes" and their opposites, in any case.
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view text);

/// Fourteen digits whose check digit is right, from a text with spaces, dots or dashes, or from thirteen digits that a
/// spreadsheet robbed of a leading zero. Establishments of La Poste (SIREN 356000000) have a sum of digits that is a
/// multiple of five instead. nullopt for everything else, and for a SIREN of zeros.
[[nodiscard]] std::optional<std::string> parse_siret(std::string_view text);

/// Five digits, from "75011", "75 011", "F-75011" or "1400"; empty when it is none. "00000" and "99999" are none.
[[nodiscard]] std::string parse_postal_code(std::string_view text);

/// Code of a commune, five characters in upper case ("2A004"), from four digits too; empty when it is none.
[[nodiscard]] std::string parse_insee(std::string_view text);

/// A day from any spelling that the sources use: ISO with or without a time or a zone ("2025-08-31Z"), DD/MM/YYYY,
/// MM/DD/YY where it can only be that. nullopt for no real day and for the years that mean "none": up to 1970, from
/// 2200.
[[nodiscard]] std::optional<Date> parse_any_date(std::string_view text);

/// European level from a diploma level in any scale: "5 (BTS, DEUST...)", "niveau3", "Niveau 4", "III" (old scale, 5).
/// Level 8 counts as 7. An arabic digit is always taken as European: the old scale cannot be told from it.
[[nodiscard]] Level parse_level(std::string_view text);

/// European level from words: "CAP, BEP et \u00E9quivalents", "Bac+2 ou \u00E9quivalents", "Bac+5 et plus". The
/// schooling below a CAP ("3\u00E8me achev\u00E9e ou Brevet") is no level.
[[nodiscard]] Level level_of_words(std::string_view text);

/// The codes in a text with anything between them ("F1702", "a1101, B1102", "[\"F1702\"]"), in order; what has another
/// form goes to `malformed`.
void parse_rome_list(std::string_view text, std::vector<RomeCode>& codes, std::vector<std::string>& malformed);

/// NAF code as INSEE writes it without its dot ("8559A"), from "85.59a"; empty when it is none or the dummy "0000Z".
[[nodiscard]] std::string parse_naf(std::string_view text);

/// "10-19" from the codes of INSEE ("11"); other texts ("10-19", "20 \u00E0 49 salari\u00E9s") stay; empty for unknown
/// ("99", "NN").
[[nodiscard]] std::string parse_company_size(std::string_view text);

/// Rounded to hundred-thousandths of a degree. Precondition: finite, at most 90 and 180 degrees.
[[nodiscard]] Position rounded_position(double lat_deg, double lon_deg);

/// What became of a pair of coordinates.
struct PlacedPair {
  enum class State { absent, outside, swapped, placed };
  State state = State::absent;       ///< absent: nothing, (0,0) or no numbers; outside: in no French territory
  std::optional<Position> position;  ///< set when swapped or placed
};
/// A pair in degrees; exchanged when it lies in France only that way round.
[[nodiscard]] PlacedPair place_pair(std::optional<double> lat_deg, std::optional<double> lon_deg);
/// "lat,lon", spaces anywhere, also several pairs with "##" between (the first counts).
[[nodiscard]] PlacedPair place_pair(std::string_view text);

/// "Vendeur H/F (H/F)" to "Vendeur H/F": only the first of several such marks stays.
[[nodiscard]] std::string without_repeated_gender_mark(std::string title);
/// "Cuisinier Cuisinier" to "Cuisinier".
[[nodiscard]] std::string without_doubling(std::string title);
/// Without asterisks at the ends and without quotation marks around the whole.
[[nodiscard]] std::string without_frame(std::string_view name);

/// A postal address in one line, taken apart at its last five-digit number: "12 rue X, 75011 Paris, France".
struct AddressParts {
  std::string street, postal_code, city;  ///< each may be empty
};
[[nodiscard]] AddressParts split_address(std::string_view line);

/// A French place label of France Travail: "69 - Lyon 3e Arrondissement", "75 - Paris (Dept.)", "2A - AJACCIO".
struct PlaceLabel {
  std::string departement;  ///< code as written, empty when the label has none
  std::string city;         ///< empty for a whole departement and for a region
};
[[nodiscard]] PlaceLabel parse_place_label(std::string_view label);

}  // namespace balise

#endif
