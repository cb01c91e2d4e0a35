#include <algorithm>

#include "core/json.hpp"
#include "core/lookup.hpp"
#include "core/sort.hpp"
#include "core/text.hpp"
#include "core/word_match.hpp"

namespace balise {

namespace {

constexpr std::size_t most_files = 2;   ///< of a part, that one text may ask for
constexpr std::size_t most_words = 10;  ///< of a text that count

/// What people put before the name of a diploma, each with its level.
constexpr std::string_view level_words =
    "cap3 bep3 bac4 bp4 bts5 btsa5 dut5 deust5 but6 licence6 bachelor6 master7 mastere7 mba7";

/// Words that somebody looking for an occupation writes around its name.
constexpr std::string_view filler_words =
    "alternance alternant alternante apprenti apprentie apprentissage devenir emploi etre faire formation je job "
    "metier "
    "pro travail travailler veux voudrais";

/// 0 when the word names none.
std::uint8_t level_named(std::string_view word) {
  for (const std::string_view named : words_of(level_words))
    if (named.substr(0, named.size() - 1) == word)
      return static_cast<std::uint8_t>(named.back() - '0');
  return 0;
}

/// What a word is worth where it was found.
struct Worth {
  std::uint32_t whole, stem, beginning, forgiven, error;
};
constexpr Worth label_worth{80, 76, 70, 50, 10};
constexpr Worth keyword_worth{44, 42, 40, 24, 8};
constexpr std::uint32_t own_code_worth = 90, code_worth = 30, initials_worth = 60, level_worth = 20;
constexpr std::uint32_t whole_label_bonus = 200, whole_keyword_bonus = 120, label_beginning_bonus = 100,
                        keyword_beginning_bonus = 40;

/// Whether a word may be (the beginning of) a ROME code: a letter and a digit.
bool is_code(std::string_view word) {
  return word.size() >= 2 && word.size() <= 5 && word[0] >= 'a' && word[0] <= 'z' &&
         std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

struct MetierSearch::Found {
  std::uint32_t words;  ///< of the text, that it has
  std::uint32_t score;
  Metier metier;
  std::uint32_t length;  ///< words of the label
};

MetierSearch::MetierSearch(Store& store, std::string_view text, const MetierOptions& options)
    : m_reader(store), m_options(options) {
  constexpr std::size_t longest_text = 200;
  m_text = fold(text.substr(0, longest_text));
  bool only_small = true;
  for (const std::string_view word : words_of(m_text)) {
    if (m_words.size() == most_words)
      break;
    const bool is_small = is_small_metier_word(word) || has_word(filler_words, word);
    only_small = only_small && is_small;
    m_words.push_back({word, level_named(word), is_small, false});
  }
  // Where nothing else was typed yet, even small words count.
  for (Word& word : m_words)
    word.is_small = word.is_small && !only_small;
}

Result<List<FileId>> MetierSearch::advance() {
  m_reader.begin();
  m_results.clear();
  if (m_words.empty())
    return List<FileId>{};
  Shards shards;
  if (m_options.metiers)
    gather(LookupPart::metiers, Metier::Kind::metier, shards);
  if (m_options.romes) {
    gather(LookupPart::romes, Metier::Kind::rome, shards);
    gather(LookupPart::appellations, Metier::Kind::rome, shards);
  }
  if (m_options.diplomas)
    gather(LookupPart::diplomas, Metier::Kind::diploma, shards);
  for (Word& word : m_words) {
    word.is_known = word.is_small || errors_allowed(word.text) == 0;
    for (const auto& [shard, kind] : shards)
      for (std::size_t i = 0; !word.is_known && i < shard->items.size(); ++i)
        word.is_known = score_of({kind, &shard->items[i]}, word, false) > 0;
  }
  List<Found> found;
  for (const auto& [shard, kind] : shards)
    for (const MetierItem& item : shard->items)
      rate({kind, &item}, found);
  sort(found, [](const Found& a, const Found& b) {
    if (a.words != b.words)
      return a.words > b.words;
    if (a.score != b.score)
      return a.score > b.score;
    if (a.metier.kind != b.metier.kind)
      return a.metier.kind < b.metier.kind;
    if (a.length != b.length)
      return a.length < b.length;
    const int order = a.metier.item->folded.compare(b.metier.item->folded);
    // Items of one label stand in the files in the order of their codes.
    return order != 0 ? order < 0 : a.metier.item->label < b.metier.item->label;
  });
  std::uint32_t jobs = 0, diplomas = 0;
  for (const Found& item : found) {
    const bool is_diploma = item.metier.kind == Metier::Kind::diploma;
    std::uint32_t& count = is_diploma ? diplomas : jobs;
    bool is_wanted = count < m_options.limit;
    for (const Metier& taken : m_results)
      is_wanted = is_wanted && ((taken.kind == Metier::Kind::diploma) != is_diploma ||
                                taken.item->folded != item.metier.item->folded);
    if (is_wanted) {
      ++count;
      m_results.push_back(item.metier);
    }
  }
  return m_reader.missing();
}

/// The word by which files that are cut by word are chosen: the longest that says something.
std::string_view MetierSearch::key_word() const {
  std::string_view key;
  for (const Word& word : m_words)
    if (!word.is_small && word.level == 0 && word.text.size() > key.size())
      key = word.text;
  return key;
}

void MetierSearch::gather(LookupPart part, Metier::Kind kind, Shards& shards) {
  const LookupFiles* files = m_reader.files(part);
  if (files == nullptr)
    return;
  FileRange range{0, files->files.size()};
  if (range.size() > 1) {
    const std::string_view key = key_word();
    range = files->covering(key);
    if (key.empty() || range.size() > most_files)
      return;
  }
  for (std::size_t i = range.begin; i < range.end; ++i)
    if (const MetierShard* shard = m_reader.metiers(files->files[i]))
      shards.push_back({shard, kind});
}

namespace {

/// What a word is worth in a text of several words.
std::uint32_t worth_in(std::string_view text, std::string_view typed, const Worth& worth, unsigned errors) {
  std::uint32_t best = 0;
  for (const std::string_view word : words_of(text)) {
    if (word == typed)
      return worth.whole;
    // Forms of one word begin alike.
    if (word.size() > 2 && typed.size() > 2 && word.substr(0, 3) == typed.substr(0, 3) &&
        stem_of(word) == stem_of(typed))
      best = std::max(best, worth.stem);
    else if (word.starts_with(typed))
      best = std::max(best, worth.beginning);
    else if (errors > 0 && best < worth.forgiven)
      if (const auto count = errors_as_beginning(typed, word, errors))
        best = std::max(best, worth.forgiven - worth.error * *count);
  }
  return best;
}

}  // namespace

std::uint32_t MetierSearch::score_of(const Metier& metier, const Word& word, bool forgiving) const {
  const MetierItem& item = *metier.item;
  const unsigned errors = forgiving ? errors_allowed(word.text) : 0;
  std::uint32_t best = worth_in(item.folded, word.text, label_worth, errors);
  for (const std::string_view keyword : Pieces(item.folded_keywords, '\t'))
    if (best < keyword_worth.whole)
      best = std::max(best, worth_in(keyword, word.text, keyword_worth, errors));
  if (is_code(word.text))
    for (const RomeCode code : item.romes)
      if (fold(to_string(code)).starts_with(word.text))
        best = std::max(best, metier.kind == Metier::Kind::rome ? own_code_worth : code_worth);
  if (metier.kind == Metier::Kind::diploma) {
    if (word.level != 0 && (item.levels >> word.level & 1U) != 0)
      best = std::max(best, level_worth);
    if (best < initials_worth && word.text.size() >= 2 && initials_of(item.folded) == word.text)
      best = initials_worth;
  }
  return best;
}

void MetierSearch::rate(const Metier& metier, List<Found>& found) const {
  const MetierItem& item = *metier.item;
  Found result{0, 0, metier, 0};
  std::uint32_t wanted = 0;
  bool says_something = false;
  for (const Word& word : m_words) {
    if (word.is_small)
      continue;
    const std::uint32_t score = score_of(metier, word, !word.is_known);
    // "CAP boulanger": an occupation has no level, and is not worse for it.
    const bool counts = word.level == 0 || metier.kind == Metier::Kind::diploma || score > 0;
    ++wanted;
    result.words += score > 0 || !counts ? 1 : 0;
    result.score += score;
    says_something = says_something || (score > 0 && (word.level == 0 || m_words.size() == 1));
  }
  if (!says_something || (m_options.all_words && result.words < wanted))
    return;
  if (item.folded == m_text)
    result.score += whole_label_bonus;
  else if (item.folded.starts_with(m_text))
    result.score += label_beginning_bonus;
  std::uint32_t by_keyword = 0;
  for (const std::string_view keyword : Pieces(item.folded_keywords, '\t'))
    by_keyword = std::max(by_keyword, keyword == m_text             ? whole_keyword_bonus
                                      : keyword.starts_with(m_text) ? keyword_beginning_bonus
                                                                    : 0);
  result.score += by_keyword;
  for ([[maybe_unused]] const std::string_view word : words_of(item.folded))
    ++result.length;
  found.push_back(result);
}

std::string answer_of(const MetierSearch& search) {
  JsonWriter json;
  json.begin_object();
  json.key("results");
  json.begin_array();
  for (const Metier& metier : search.results()) {
    json.begin_object();
    json.key("type");
    json.text(metier.kind == Metier::Kind::diploma ? "diploma" : "job");
    json.key("label");
    json.text(metier.item->label);
    json.key("romes");
    json.begin_array();
    for (const RomeCode code : metier.item->romes)
      json.text(to_string(code));
    json.end_array();
    json.key("levels");
    json.begin_array();
    for (std::uint8_t level = 0; level < 8; ++level)
      if ((metier.item->levels >> level & 1U) != 0)
        json.number(level);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace balise
