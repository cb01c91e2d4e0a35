#include "tests/bench/data/words.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

namespace balise::bench {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, static_cast<std::size_t>(Slot::count)> slot_names{
    "",       "brand", "city",  "city2",   "city3",  "company", "company2", "d1",      "d2",       "d3",
    "d4",     "d5",    "day",   "diploma", "domain", "km",      "label",    "label2",  "m",        "month",
    "months", "n",     "n2",    "n3",      "pct",    "perk",    "perk2",    "quality", "quality2", "ref",
    "size",   "task",  "task2", "task3",   "trade",  "words",   "year",     "year2"};

std::string text_of(const Json& value) {
  std::string text = value.get<std::string>();
  for (const char c : text)
    if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
      throw std::runtime_error("words.json: a quote, backslash or control character in: " + text);
  return text;
}

Texts texts_of(const Json& list) {
  Texts texts;
  for (const Json& value : list)
    texts.push_back(text_of(value));
  return texts;
}

Sentence sentence_of(const std::string& text) {
  Sentence sentence;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t open = text.find('{', from);
    if (open == std::string::npos) {
      sentence.pieces.push_back({text.substr(from), Slot::none});
      break;
    }
    const std::size_t close = text.find('}', open);
    const std::string_view name = std::string_view(text).substr(open + 1, close - open - 1);
    std::size_t slot = 1;
    while (slot < slot_names.size() && slot_names[slot] != name)
      ++slot;
    if (close == std::string::npos || slot == slot_names.size())
      throw std::runtime_error("words.json: no slot {" + std::string(name) + "} in: " + text);
    sentence.pieces.push_back({text.substr(from, open - from), static_cast<Slot>(slot)});
    from = close + 1;
  }
  return sentence;
}

std::vector<Sentence> sentences_of(const Json& list) {
  std::vector<Sentence> sentences;
  for (const Json& value : list)
    sentences.push_back(sentence_of(text_of(value)));
  return sentences;
}

/// Words of four bytes and more; punctuation ends one.
void add_words(std::set<std::string>& words, const std::string& text) {
  std::string word;
  for (const char c : text + ' ') {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || byte >= 0xC3) {
      word += c;
      continue;
    }
    if (byte >= 0x80 && !word.empty()) {
      word += c;
      continue;
    }
    if (word.size() >= 4 && word[0] >= 'a')
      words.insert(word);
    word.clear();
  }
}

std::array<Texts, 14> by_letter(const Json& object) {
  std::array<Texts, 14> all;
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = texts_of(object.at(std::string(1, static_cast<char>('A' + i))));
  return all;
}

}  // namespace

Words load_words(const std::filesystem::path& file) {
  std::ifstream input(file);
  if (!input)
    throw std::runtime_error(file.string() + " cannot be read");
  const Json json = Json::parse(input);
  Words words;
  words.tasks = by_letter(json.at("letters"));
  words.trade_words = by_letter(json.at("trade_words"));
  words.openings = sentences_of(json.at("openings"));
  words.lead_ins = sentences_of(json.at("lead_ins"));
  words.middle = sentences_of(json.at("middle"));
  words.profile = sentences_of(json.at("profile"));
  words.terms = sentences_of(json.at("terms"));
  words.closings = sentences_of(json.at("closings"));
  words.contacts = sentences_of(json.at("contacts"));
  words.objectives = sentences_of(json.at("objectives"));
  words.contents = sentences_of(json.at("contents"));
  words.free = sentences_of(json.at("free"));
  words.qualities = texts_of(json.at("qualities"));
  words.perks = texts_of(json.at("perks"));
  words.months = texts_of(json.at("months"));
  words.syllables = texts_of(json.at("syllables"));
  words.endings = texts_of(json.at("endings"));
  words.legal_forms = texts_of(json.at("legal_forms"));
  words.streets = texts_of(json.at("streets"));
  words.street_names = texts_of(json.at("street_names"));
  words.schools = texts_of(json.at("schools"));
  words.partners = texts_of(json.at("partners"));
  words.opcos = texts_of(json.at("opcos"));
  for (const Json& diploma : json.at("diplomas"))
    words.diplomas.push_back({text_of(diploma.at("level")), text_of(diploma.at("level_label")),
                              text_of(diploma.at("european")), text_of(diploma.at("short")),
                              text_of(diploma.at("name"))});
  for (const Json& row : json.at("nafs")) {
    Naf naf{text_of(row.at(0)), text_of(row.at(1)), {}, row.at(3).get<std::size_t>(), row.at(4).get<double>()};
    std::istringstream romes(text_of(row.at(2)));
    for (std::string rome; romes >> rome;)
      naf.romes.push_back(rome);
    words.nafs.push_back(std::move(naf));
  }
  std::set<std::string> vocabulary;
  for (const std::vector<Sentence>* list : {&words.openings, &words.middle, &words.profile, &words.terms})
    for (const Sentence& sentence : *list)
      for (const Sentence::Piece& piece : sentence.pieces)
        add_words(vocabulary, piece.text);
  for (const Texts& list : words.tasks)
    for (const std::string& text : list)
      add_words(vocabulary, text);
  for (const Naf& naf : words.nafs)
    add_words(vocabulary, naf.label);
  for (const std::string& text : texts_of(json.at("vocabulary")))
    add_words(vocabulary, text);
  words.vocabulary.assign(vocabulary.begin(), vocabulary.end());
  return words;
}

}  // namespace balise::bench
