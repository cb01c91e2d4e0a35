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

/// Words before a name, folded, and how many capitalised words must follow.
struct Cue {
  std::string_view words;
  std::size_t least_words;
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

/// What a byte is within a word.
enum : std::uint8_t { no_word = 0, plain_letter = 1, other_sign = 2 };
constexpr std::array<std::uint8_t, 256> word_bytes = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i)
    table[i] = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z') ? plain_letter
               : i >= 0x80 || (i >= '0' && i <= '9')            ? other_sign
                                                                : no_word;
  return table;
}();
std::uint8_t class_of(char c) {
  return word_bytes[static_cast<unsigned char>(c)];
}

/// Of each letter with which a word of a cue begins, the lengths of those words, a bit each.
constexpr std::array<std::uint32_t, 26> cue_lengths = [] {
  std::array<std::uint32_t, 26> table{};
  for (const Cue& cue : cues) {
    const std::string_view last = cue.words.substr(cue.words.find(' ') + 1);
    for (const std::string_view words : {cue.words, last})
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

struct Word {
  std::string_view text;
  bool is_plain = true;  ///< letters of ASCII only
};

/// The word at `i`, hyphens and apostrophes inside it included.
Word word_at(std::string_view text, std::size_t i) {
  std::size_t end = i;
  unsigned seen = 0;
  for (; end < text.size(); ++end) {
    const unsigned kind = class_of(text[end]);
    seen |= kind;
    if (kind != no_word)
      continue;
    if ((text[end] != '-' && text[end] != '\'') || end == i || end + 1 >= text.size() ||
        class_of(text[end + 1]) == no_word)
      break;
    seen |= other_sign;
  }
  return {text.substr(i, end - i), (seen & other_sign) == 0};
}

/// The cue that the folded word is, or ends together with the word before; nullptr when there is none.
const Cue* find_cue(std::string_view folded, std::string_view before) {
  for (const Cue& cue : cues) {
    if (cue.words == folded)
      return &cue;
    const std::size_t space = cue.words.find(' ');
    // Folding makes nothing longer.
    if (space != std::string_view::npos && cue.words.substr(space + 1) == folded && before.size() >= space &&
        fold(before) == cue.words.substr(0, space))
      return &cue;
  }
  return nullptr;
}

/// The cue that ends with this word. Hardly any word is one, and its first letter and its length show that.
const Cue* cue_at(const Word& word, std::string_view before) {
  constexpr std::size_t longest = 31;
  const std::uint32_t lengths = cue_lengths_of(word.text[0]);
  if (lengths == 0)
    return nullptr;
  if (!word.is_plain) {
    const std::string folded = fold(word.text);
    const bool may_be_cue = !folded.empty() && folded.size() <= longest &&
                            (cue_lengths_of(folded[0]) >> folded.size() & 1U) != 0;
    return may_be_cue ? find_cue(folded, before) : nullptr;
  }
  if (word.text.size() > longest || (lengths >> word.text.size() & 1U) == 0)
    return nullptr;
  std::array<char, longest> small;
  std::transform(word.text.begin(), word.text.end(), small.begin(), [](char c) { return static_cast<char>(c | 0x20); });
  return find_cue({small.data(), word.text.size()}, before);
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
    const std::string_view word = word_at(text, i).text;
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

/// Where the words after a cue begin: behind spaces, a colon, a full stop of an abbreviation, "est", "M." and the like.
std::size_t behind_cue(std::string_view text, std::size_t i) {
  while (i < text.size() && (is_space(text[i]) || text[i] == ':' || text[i] == '.' || text[i] == '-'))
    ++i;
  return i;
}

}  // namespace

std::size_t redact_person_names(std::string& text) {
  const std::string_view given = text;
  std::string out;
  std::size_t names = 0, copied = 0;
  std::string_view before;  // the word before, for cues of two words
  for (std::size_t i = 0; i < given.size();) {
    if (class_of(given[i]) == no_word) {
      ++i;
      continue;
    }
    const Word word = word_at(given, i);
    i += word.text.size();
    const Cue* const cue = cue_at(word, before);
    before = word.text;
    // "m" alone is a unit or an elision: the title has a full stop.
    if (cue == nullptr || (cue->words == "m" && (word.text != "M" || i >= given.size() || given[i] != '.')))
      continue;
    const std::size_t begin = behind_cue(given, i);
    if (begin == i)
      continue;
    if (const std::size_t end = end_of_name(given, begin, cue->least_words); end > 0) {
      out += given.substr(copied, begin - copied);
      out += name_mark;
      ++names;
      i = copied = end;
      before = {};
    }
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
