#include "generator/text/person_names.hpp"

#include <algorithm>
#include <iterator>

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
bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// The word at `i`, hyphens and apostrophes inside it included.
std::string_view word_at(std::string_view text, std::size_t i) {
  std::size_t end = i;
  while (end < text.size() && (is_word_byte(text[end]) || ((text[end] == '-' || text[end] == '\'') && end > i &&
                                                           end + 1 < text.size() && is_word_byte(text[end + 1]))))
    ++end;
  return text.substr(i, end - i);
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

/// Where the words after a cue begin: behind spaces, a colon, a full stop of an abbreviation, "est", "M." and the like.
std::size_t behind_cue(std::string_view text, std::size_t i) {
  while (i < text.size() && (is_space(text[i]) || text[i] == ':' || text[i] == '.' || text[i] == '-'))
    ++i;
  return i;
}

}  // namespace

NameRedaction remove_person_names(std::string_view text) {
  NameRedaction redaction;
  std::string& out = redaction.text;
  out.reserve(text.size());
  std::string before;  // the word before, folded, for cues of two words
  for (std::size_t i = 0; i < text.size();) {
    if (!is_word_byte(text[i])) {
      out += text[i++];
      continue;
    }
    const std::string_view word = word_at(text, i);
    const std::string folded = fold(word);
    out += word;
    i += word.size();
    const std::string pair = before + " " + folded;
    before = folded;
    const auto* cue = std::find_if(std::begin(cues), std::end(cues),
                                   [&](const Cue& known) { return known.words == folded || known.words == pair; });
    // "m" alone is a unit or an elision: the title has a full stop.
    if (cue == std::end(cues) || (folded == "m" && (word != "M" || i >= text.size() || text[i] != '.')))
      continue;
    const std::size_t begin = behind_cue(text, i);
    if (begin == i)
      continue;
    if (const std::size_t end = end_of_name(text, begin, cue->least_words); end > 0) {
      out += text.substr(i, begin - i);
      out += name_mark;
      ++redaction.names;
      i = end;
      before.clear();
    }
  }
  return redaction;
}

}  // namespace balise
