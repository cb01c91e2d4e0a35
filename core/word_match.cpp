#include "core/word_match.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/text.hpp"

namespace balise {

namespace {

constexpr std::size_t longest = 32;  ///< letters of a word that errors are counted in

/// The letters that a word has, one bit each.
std::uint32_t letters_of(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word)
    letters |= 1U << (static_cast<unsigned>(c) & 31U);
  return letters;
}

/// Feminine endings, each before the masculine one.
constexpr std::string_view endings = "euse eur rice eur ere er enne en onne on elle el ante ant ente ent ee e ive if";

}  // namespace

bool has_digit(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

unsigned errors_allowed(std::string_view typed) {
  if (typed.size() < 4 || has_digit(typed))
    return 0;
  return typed.size() < 8 ? 1 : 2;
}

std::optional<unsigned> errors_as_beginning(std::string_view typed, std::string_view word, unsigned most) {
  if (typed.size() > longest || typed.size() > word.size() + most)
    return std::nullopt;
  // Each error can account for one letter that the word has not.
  if (static_cast<unsigned>(std::popcount(letters_of(typed) & ~letters_of(word))) > most)
    return std::nullopt;
  word = word.substr(0, typed.size() + most);
  // Rows of the table of distances (optimal string alignment): this letter of `typed`, the one before, and the one
  // before that for swaps. Column j stands for the first j letters of the word.
  std::array<std::array<std::uint8_t, longest + 4>, 3> rows{};
  for (std::size_t j = 0; j <= word.size(); ++j)
    rows[0][j] = static_cast<std::uint8_t>(j);
  for (std::size_t i = 1; i <= typed.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& before = rows[(i + 1) % 3];
    row[0] = static_cast<std::uint8_t>(i);
    unsigned least = row[0];
    for (std::size_t j = 1; j <= word.size(); ++j) {
      const unsigned change = above[j - 1] + (typed[i - 1] == word[j - 1] ? 0U : 1U);
      unsigned value = std::min({change, above[j] + 1U, row[j - 1] + 1U});
      if (i > 1 && j > 1 && typed[i - 1] == word[j - 2] && typed[i - 2] == word[j - 1])
        value = std::min(value, before[j - 2] + 1U);
      row[j] = static_cast<std::uint8_t>(value);
      least = std::min(least, value);
    }
    if (least > most)
      return std::nullopt;
  }
  const auto& last = rows[typed.size() % 3];
  const unsigned errors = *std::min_element(last.begin(), last.begin() + static_cast<std::ptrdiff_t>(word.size()) + 1);
  return errors <= most ? std::optional(errors) : std::nullopt;
}

std::string stem_of(std::string_view word) {
  if (word.size() < 5 || has_digit(word))
    return std::string(word);
  if (word.back() == 's' || word.back() == 'x')
    word.remove_suffix(1);
  for (std::string_view rest = endings; !rest.empty();) {
    const std::string_view from = cut(rest, ' '), to = cut(rest, ' ');
    if (word.size() > from.size() + 1 && word.ends_with(from))
      return std::string(word.substr(0, word.size() - from.size())).append(to);
  }
  return std::string(word);
}

}  // namespace balise
