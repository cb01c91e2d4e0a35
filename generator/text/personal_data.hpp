#ifndef BALISE_GENERATOR_TEXT_PERSONAL_DATA_HPP
#define BALISE_GENERATOR_TEXT_PERSONAL_DATA_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace balise {

struct Redaction {
  std::string text;        ///< the text with "[adresse retirée]" and "[numéro retiré]" in place of what was found
  std::size_t emails = 0;  ///< how many e-mail addresses were removed
  std::size_t phones = 0;  ///< how many phone numbers were removed
};

/// Removes e-mail addresses (also "nom (at) domaine . fr", "nom [arobase] domaine.fr", mailto:, entities already
/// decoded) and French phone numbers in their usual spellings (01 23 45 67 89, 01.23.45.67.89, 0123456789,
/// +33 1 23 45 67 89, +33(0)1…, 0033…, 0262…, with spaces, dots, dashes, slashes or non-breaking spaces). SIRET, SIREN,
/// RNCP, prices, dates and postal codes stay.
[[nodiscard]] Redaction remove_personal_data(std::string_view text);

struct PersonalDataCounts {
  std::size_t emails = 0;
  std::size_t phones = 0;
};
/// The same in place; returns how many were removed.
PersonalDataCounts redact_personal_data(std::string& text);

/// An address of the web without an e-mail address in it, percent-encoded or not: without its query and fragment when
/// it stands there, empty when it stands before. Digits stay: in links they are numbers of offers.
[[nodiscard]] std::string without_email_in_url(std::string url);

/// True when the text still holds something that remove_personal_data() would take out.
[[nodiscard]] bool holds_personal_data(std::string_view text);

}  // namespace balise

#endif
