#ifndef BALISE_BENCH_DATA_WORDS_HPP
#define BALISE_BENCH_DATA_WORDS_HPP

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace balise::bench {

/// What stands in braces in the sentences of words.json.
enum class Slot : std::size_t {
  none,
  brand,
  city,
  city2,
  city3,
  company,
  company2,
  d1,
  d2,
  d3,
  d4,
  d5,
  day,
  diploma,
  domain,
  km,
  label,
  label2,
  m,
  month,
  months,
  n,
  n2,
  n3,
  pct,
  perk,
  perk2,
  quality,
  quality2,
  ref,
  size,
  task,
  task2,
  task3,
  trade,
  words,
  year,
  year2,
  count
};

/// A sentence, cut at its slots: each piece is a text and the slot behind it.
struct Sentence {
  struct Piece {
    std::string text;
    Slot slot = Slot::none;
  };
  std::vector<Piece> pieces;
};

struct Diploma {
  std::string level, level_label, european, short_name, name;
};

struct Naf {
  std::string code, label;
  std::vector<std::string> romes;  ///< the most usual first
  std::size_t opco = 0;
  double weight = 1;
};

using Texts = std::vector<std::string>;

/// words.json. No text holds a quote, a backslash or a control character, so all may stand in JSON as they are.
struct Words {
  std::array<Texts, 14> tasks, trade_words;  ///< by the letter of a ROME, A to N
  std::vector<Sentence> openings, lead_ins, middle, profile, terms, closings, contacts, objectives, contents, free;
  Texts qualities, perks, months, syllables, endings, legal_forms, streets, street_names, schools, partners, opcos;
  std::vector<Diploma> diplomas;
  std::vector<Naf> nafs;
  /// Every longer word of the labels, tasks and sentences, for texts with as much news in them as real ones have.
  Texts vocabulary;
};

/// Throws std::runtime_error with what is wrong.
[[nodiscard]] Words load_words(const std::filesystem::path& file);

}  // namespace balise::bench

#endif
