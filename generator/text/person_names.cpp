#include "generator/text/person_names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "core/text.hpp"

namespace balise {

namespace {

constexpr std::string_view name_mark = "[nom retir\xC3\xA9]";

/// One or two words before a name, folded, and how many capitalised words must follow.
struct Cue {
  std::string_view words;
  std::size_t least_words;
  [[nodiscard]] constexpr std::string_view last_word() const { return words.substr(words.find(' ') + 1); }
};
constexpr Cue cues[] = {
    {"monsieur", 1},
    {"madame", 1},
    {"mademoiselle", 1},
    {"mme", 1},
    {"mlle", 1},
    {"m", 1},
    {"mr", 1},
    {"demandez", 2},
    {"demander", 2},
    {"contactez", 2},
    {"contacter", 2},
    {"contact", 2},
    {"interlocuteur", 2},
    {"interlocutrice", 2},
    {"dirige par", 2},
    {"dirigee par", 2},
    {"gere par", 2},
    {"geree par", 2},
    {"fonde par", 2},
    {"fondee par", 2},
    {"responsable", 2},
    {"aupres de", 2},
    {"tuteur", 2},
    {"tutrice", 2},
    {"recruteur", 2},
    {"recruteuse", 2},
};

/// Words that begin with a capital beside such cues and name an office or a place.
constexpr std::string_view offices[] = {
    "service",     "services",
    "pole",        "france",
    "travail",     "emploi",
    "recrutement", "ressources",
    "humaines",    "rh",
    "direction",   "agence",
    "centre",      "cfa",
    "mission",     "locale",
    "cap",         "ecole",
    "campus",      "groupe",
    "equipe",      "la",
    "le",          "les",
    "l",           "nous",
    "notre",       "votre",
    "vous",        "des",
    "du",          "responsable",
    "commercial",  "secretariat",
    "accueil",     "entreprise",
    "societe",     "mairie",
    "ville",       "chambre",
    "universite",  "institut",
    "lycee",       "madame",
    "monsieur",    "apprentissage",
    "alternance",  "formation",
    "formations",  "developpement",
    "production",  "maintenance",
    "qualite",
};

bool is_space(char c) {
  return c == ' ' || c == '\n';
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Of each letter with which a word of a cue begins, the lengths of those words, a bit each.
constexpr std::array<std::uint32_t, 26> cue_lengths = [] {
  std::array<std::uint32_t, 26> table{};
  for (const Cue& cue : cues) {
    for (const std::string_view words : {cue.words, cue.last_word()})
      table[static_cast<std::size_t>(words[0] - 'a')] |= 1U << words.size();
  }
  return table;
}();

/// The lengths of what may be a cue and begins with this byte; all of them for a letter with an accent.
std::uint32_t cue_lengths_of(char first) {
  if (static_cast<unsigned char>(first) >= 0x80)
    return ~0U;
  const char small = static_cast<char>(first | 0x20);
  return small >= 'a' && small <= 'z' ? cue_lengths[static_cast<std::size_t>(small - 'a')] : 0;
}

bool joins(char c) {
  return c == '-' || c == '\'';
}

/// The word at `i`, hyphens and apostrophes inside it included.
std::string_view word_at(std::string_view text, std::size_t i) {
  std::size_t end = i;
  while (end < text.size() && (is_word_byte(text[end]) ||
                               (joins(text[end]) && end > i && end + 1 < text.size() && is_word_byte(text[end + 1]))))
    ++end;
  return text.substr(i, end - i);
}

/// The word that ends at `end`, from `floor` on.
std::string_view word_before(std::string_view text, std::size_t end, std::size_t floor) {
  std::size_t begin = end;
  while (begin > floor && (is_word_byte(text[begin - 1]) || (joins(text[begin - 1]) && begin < end &&
                                                             begin - 1 > floor && is_word_byte(text[begin - 2]))))
    --begin;
  return text.substr(begin, end - begin);
}

/// The cue that the folded word is, or ends together with the word before it, which ends before `begin`; nullptr when
/// there is none.
const Cue* find_cue(std::string_view folded, std::string_view text, std::size_t begin, std::size_t floor) {
  for (const Cue& cue : cues) {
    if (cue.words == folded)
      return &cue;
    const std::string_view last = cue.last_word();
    if (last != folded || last.size() == cue.words.size())
      continue;
    std::size_t end = begin;
    while (end > floor && !is_word_byte(text[end - 1]))
      --end;
    if (fold(word_before(text, end, floor)) == cue.words.substr(0, cue.words.size() - last.size() - 1))
      return &cue;
  }
  return nullptr;
}

/// The cue that ends with the word that ends at `end`. Hardly any word is one, and its first letter and its length show
/// that.
const Cue* cue_before(std::string_view text, std::size_t end, std::size_t floor) {
  const std::string_view word = word_before(text, end, floor);
  if (word.empty() || cue_lengths_of(word[0]) == 0)
    return nullptr;
  const std::string folded = fold(word);
  if (folded.empty() || folded.size() > 31 || (cue_lengths_of(folded[0]) >> folded.size() & 1U) == 0)
    return nullptr;
  const Cue* const cue = find_cue(folded, text, end - word.size(), floor);
  // "m" alone is a unit or an elision: the title has a full stop.
  return cue != nullptr && cue->words == "m" && (word != "M" || text[end] != '.') ? nullptr : cue;
}

bool is_name_word(std::string_view word) {
  const std::string small = lower(word);
  // A capital at the front, and letters only.
  if (word.empty() || small == word || small.substr(0, 2) == std::string(word.substr(0, 2)))
    return false;
  if (std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return false;
  const std::string folded = fold(word);
  return folded.size() >= 2 && std::find(std::begin(offices), std::end(offices), folded) == std::end(offices);
}

/// The end of the name that begins at `i`: up to three capitalised words, a title of address before them included; 0
/// when there are fewer than `least`.
std::size_t end_of_name(std::string_view text, std::size_t i, std::size_t least) {
  std::size_t end = 0, words = 0;
  while (words < 3) {
    const std::string_view word = word_at(text, i);
    if (!is_name_word(word))
      break;
    ++words;
    end = i + word.size();
    if (end >= text.size() || text[end] != ' ')
      break;
    i = end + 1;
  }
  return words >= least ? end : 0;
}

/// What may stand between a cue and a name: spaces, a colon, a full stop of an abbreviation, a dash.
bool separates(char c) {
  return is_space(c) || c == ':' || c == '.' || c == '-';
}

/// Bytes at which a name may begin, or the letter before it may: capitals, and the first bytes of accented letters.
constexpr std::array<bool, 256> capitals = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 'A'; i <= 'Z'; ++i)
    table[i] = true;
  table[0xC3] = table[0xC4] = table[0xC5] = true;
  return table;
}();

}  // namespace

std::size_t redact_person_names(std::string& text) {
  const std::string_view given = text;
  std::string out;
  std::size_t names = 0, copied = 0;
  // Capitals are rarer than words, so it is those that are looked for, and then the words before them.
  for (std::size_t i = 1; i < given.size(); ++i) {
    if (!capitals[static_cast<unsigned char>(given[i])])
      continue;
    std::size_t begin = i;
    if (is_word_byte(given[i - 1])) {
      // Most stand inside of a word. "iDupont" is a name as well; behind a capital everything was looked at.
      if (static_cast<unsigned char>(given[i]) >= 0x80 || capitals[static_cast<unsigned char>(given[i - 1])])
        continue;
      --begin;
    }
    std::size_t end_of_cue = begin;
    while (end_of_cue > copied && separates(given[end_of_cue - 1]))
      --end_of_cue;
    // A dash alone joins two words.
    if (end_of_cue == begin || end_of_cue == copied ||
        (given[end_of_cue] == '-' && is_word_byte(given[end_of_cue + 1])))
      continue;
    const Cue* const cue = cue_before(given, end_of_cue, copied);
    const std::size_t end = cue == nullptr ? 0 : end_of_name(given, begin, cue->least_words);
    if (end == 0)
      continue;
    out += given.substr(copied, begin - copied);
    out += name_mark;
    ++names;
    copied = end;
    // The byte behind a name is no letter.
    i = end;
  }
  if (names > 0) {
    out += given.substr(copied);
    text = std::move(out);
  }
  return names;
}

NameRedaction remove_person_names(std::string_view text) {
  NameRedaction redaction{std::string(text), 0};
  redaction.names = redact_person_names(redaction.text);
  return redaction;
}

}  // namespace balise
