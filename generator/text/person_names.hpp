#ifndef BALISE_GENERATOR_TEXT_PERSON_NAMES_HPP
#define BALISE_GENERATOR_TEXT_PERSON_NAMES_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace balise {

struct NameRedaction {
  std::string text;       ///< the text with "[nom retiré]" in place of each name
  std::size_t names = 0;  ///< how many were removed
};

/// Removes names of people from a long text, where the words before say that a name follows: "Mme Durand", "demandez
/// Perrine Kerbellec", "dirigée par …", "contact : …". After a title of address one capitalised word is enough, after
/// the other cues it takes two, and words of offices ("Service Recrutement") are no names. A heuristic: a name that
/// nothing announces stays. Not for titles and company names, where "Madame" may be a brand.
[[nodiscard]] NameRedaction remove_person_names(std::string_view text);
/// The same in place; returns how many were removed.
std::size_t redact_person_names(std::string& text);

}  // namespace balise

#endif
