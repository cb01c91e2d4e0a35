#ifndef BALISE_CORE_WORD_MATCH_HPP
#define BALISE_CORE_WORD_MATCH_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How words that somebody types are compared with words of names. All words are folded (core/text.hpp).
namespace balise {

/// Typing errors forgiven in a word: none below 4 letters or with a digit, one below 8, else two.
[[nodiscard]] unsigned errors_allowed(std::string_view typed);
/// The least number of letters left out, added, changed or swapped with their neighbour that make `typed` a beginning
/// of `word`, nullopt above `most`.
[[nodiscard]] std::optional<unsigned> errors_as_beginning(std::string_view typed, std::string_view word, unsigned most);
/// Singular and masculine form of a French noun or adjective, roughly ("coiffeuses" and "coiffeur": "coiffeur"): two
/// words of one stem are taken for the same.
[[nodiscard]] std::string stem_of(std::string_view word);
[[nodiscard]] bool has_digit(std::string_view word);

}  // namespace balise

#endif
