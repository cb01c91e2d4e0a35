#include <algorithm>
#include <tuple>

#include "core/json.hpp"
#include "core/lookup.hpp"
#include "core/text.hpp"
#include "core/word_match.hpp"

namespace balise {

namespace {

constexpr std::size_t most_files = 2;   ///< of a part, that one text may ask for
constexpr std::size_t most_words = 10;  ///< of a text that count

/// What people put before the name of a diploma, and its level.
struct LevelWord {
  std::string_view word;
  std::uint8_t level;
};
constexpr LevelWord level_words[] = {{"cap", 3},      {"bep", 3},    {"bac", 4},     {"bp", 4},  {"bts", 5},
                                     {"btsa", 5},     {"dut", 5},    {"deust", 5},   {"but", 6}, {"licence", 6},
                                     {"bachelor", 6}, {"master", 7}, {"mastere", 7}, {"mba", 7}};

/// Words that somebody looking for an occupation writes around its name.
constexpr std::string_view filler_words[] = {"alternance",    "alternant",  "alternante", "apprenti", "apprentie",
                                             "apprentissage", "devenir",    "emploi",     "etre",     "faire",
                                             "formation",     "je",         "job",        "metier",   "pro",
                                             "travail",       "travailler", "veux",       "voudrais"};

bool is_filler(std::string_view word) {
  return std::find(std::begin(filler_words), std::end(filler_words), word) != std::end(filler_words);
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

bool code_begins_with(RomeCode code, std::string_view word) {
  std::string text = to_string(code);
  text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text.starts_with(word);
}

}  // namespace

struct MetierSearch::Found {
  std::uint32_t words;  ///< of the text, that it has
  std::uint32_t score;
  Metier::Kind kind;
  std::size_t length;  ///< words of the label
  const MetierItem* item;
};

MetierSearch::MetierSearch(Store& store, std::string_view text, const MetierOptions& options)
    : m_reader(store), m_options(options) {
  constexpr std::size_t longest_text = 200;
  m_text = fold(text.substr(0, longest_text));
  for (const std::string_view word : words_of(m_text)) {
    if (m_words.size() == most_words)
      break;
    Word typed;
    typed.text = word;
    typed.stem = stem_of(word);
    typed.is_small = is_small_metier_word(word) || is_filler(word);
    for (const LevelWord& level : level_words)
      if (level.word == word)
        typed.level = level.level;
    m_words.push_back(std::move(typed));
  }
  // Where nothing else was typed yet, even small words count.
  if (std::all_of(m_words.begin(), m_words.end(), [](const Word& word) { return word.is_small; }))
    for (Word& word : m_words)
      word.is_small = false;
}

Result<std::vector<FileId>> MetierSearch::advance() {
  m_reader.begin();
  m_results.clear();
  if (m_words.empty())
    return std::vector<FileId>{};
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
        word.is_known = score_of(shard->items[i], kind, word, false) > 0;
  }
  std::vector<Found> found;
  for (const auto& [shard, kind] : shards)
    for (const MetierItem& item : shard->items)
      rate(item, kind, found);
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(b.words, b.score, a.kind, a.length, a.item->folded, a.item->label, a.item->romes, a.item->rncps) <
           std::tie(a.words, a.score, b.kind, b.length, b.item->folded, b.item->label, b.item->romes, b.item->rncps);
  });
  std::uint32_t jobs = 0, diplomas = 0;
  std::vector<std::pair<bool, std::string_view>> taken;
  for (const Found& item : found) {
    const bool is_diploma = item.kind == Metier::Kind::diploma;
    std::uint32_t& count = is_diploma ? diplomas : jobs;
    const std::pair<bool, std::string_view> name{is_diploma, item.item->folded};
    if (count == m_options.limit || std::find(taken.begin(), taken.end(), name) != taken.end())
      continue;
    ++count;
    taken.push_back(name);
    m_results.push_back({item.kind, item.item->label, item.item->romes, item.item->rncps, item.item->levels});
  }
  return m_reader.missing();
}

/// The word by which files that are cut by word are chosen: the longest that says something.
std::string MetierSearch::key_word() const {
  std::string key;
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
    const std::string key = key_word();
    range = files->covering(key);
    if (key.empty() || range.size() > most_files)
      return;
  }
  for (std::size_t i = range.begin; i < range.end; ++i)
    if (const MetierShard* shard = m_reader.metiers(files->files[i]))
      shards.emplace_back(shard, kind);
}

namespace {

/// What a word is worth in a text of several words.
std::uint32_t worth_in(std::string_view text, std::string_view typed, std::string_view stem, const Worth& worth,
                       unsigned errors) {
  std::uint32_t best = 0;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (word == typed)
      return worth.whole;
    // Forms of one word begin alike.
    if (word.size() > 2 && typed.size() > 2 && word.substr(0, 3) == typed.substr(0, 3) && stem_of(word) == stem)
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

std::uint32_t MetierSearch::score_of(const MetierItem& item, Metier::Kind kind, const Word& word,
                                     bool forgiving) const {
  const unsigned errors = forgiving ? errors_allowed(word.text) : 0;
  std::uint32_t best = worth_in(item.folded, word.text, word.stem, label_worth, errors);
  for (std::size_t i = 0; best < keyword_worth.whole && i < item.folded_keywords.size(); ++i)
    best = std::max(best, worth_in(item.folded_keywords[i], word.text, word.stem, keyword_worth, errors));
  if (is_code(word.text))
    for (const RomeCode code : item.romes)
      if (code_begins_with(code, word.text))
        best = std::max(best, kind == Metier::Kind::rome ? own_code_worth : code_worth);
  if (kind == Metier::Kind::diploma) {
    if (word.level != 0 && (item.levels >> word.level & 1U) != 0)
      best = std::max(best, level_worth);
    if (best < initials_worth && word.text.size() >= 2 && initials_of(item.folded) == word.text)
      best = initials_worth;
  }
  return best;
}

void MetierSearch::rate(const MetierItem& item, Metier::Kind kind, std::vector<Found>& found) const {
  Found result{0, 0, kind, words_of(item.folded).size(), &item};
  std::uint32_t wanted = 0;
  bool says_something = false;
  for (const Word& word : m_words) {
    if (word.is_small)
      continue;
    const std::uint32_t score = score_of(item, kind, word, !word.is_known);
    // "CAP boulanger": an occupation has no level, and is not worse for it.
    const bool counts = word.level == 0 || kind == Metier::Kind::diploma || score > 0;
    ++wanted;
    result.words += score > 0 || !counts ? 1 : 0;
    result.score += score;
    says_something = says_something || (score > 0 && word.level == 0) || (score > 0 && m_words.size() == 1);
  }
  if (!says_something || (m_options.all_words && result.words < wanted))
    return;
  if (item.folded == m_text)
    result.score += whole_label_bonus;
  else if (item.folded.starts_with(m_text))
    result.score += label_beginning_bonus;
  std::uint32_t by_keyword = 0;
  for (const std::string& keyword : item.folded_keywords)
    by_keyword = std::max(by_keyword, keyword == m_text             ? whole_keyword_bonus
                                      : keyword.starts_with(m_text) ? keyword_beginning_bonus
                                                                    : 0);
  result.score += by_keyword;
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
    json.text(metier.label);
    json.key("romes");
    json.begin_array();
    for (const RomeCode code : metier.romes)
      json.text(to_string(code));
    json.end_array();
    json.key("levels");
    json.begin_array();
    for (std::uint8_t level = 0; level < 8; ++level)
      if ((metier.levels >> level & 1U) != 0)
        json.number(level);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace balise
