#include <algorithm>

#include "core/json.hpp"
#include "core/lookup.hpp"
#include "core/sort.hpp"
#include "core/text.hpp"
#include "core/word_match.hpp"

namespace balise {

// LookupReader --------------------------------------------------------------------------------------------------------

const LookupDirectory* LookupReader::directory(const FileRef& ref) {
  return m_missing.get<LookupDirectory>({}, ref);
}

const LookupFiles* LookupReader::files(LookupPart part) {
  if (!m_store.root().lookups)
    return nullptr;
  const LookupDirectory* main = directory(*m_store.root().lookups);
  const LookupFiles* files = main == nullptr ? nullptr : main->part(part);
  if (files == nullptr || !files->directory)
    return files;
  const LookupDirectory* inner = directory(*files->directory);
  return inner == nullptr ? nullptr : inner->part(part);
}

const PlaceShard* LookupReader::places(const FileRef& ref) {
  return m_missing.get<PlaceShard>({}, ref);
}

const MetierShard* LookupReader::metiers(const FileRef& ref) {
  return m_missing.get<MetierShard>({}, ref);
}

List<const MetierShard*> LookupReader::metiers_of(LookupPart part) {
  List<const MetierShard*> shards;
  if (const LookupFiles* part_files = files(part))
    for (const FileRef& ref : part_files->files)
      if (const MetierShard* shard = metiers(ref))
        shards.push_back(shard);
  return shards;
}

const TableShard* LookupReader::table(const FileRef& ref) {
  return m_missing.get<TableShard>({}, ref);
}

const TableItem* LookupReader::table_item(LookupPart part, std::string_view key) {
  const LookupFiles* found = files(part);
  if (found == nullptr)
    return nullptr;
  const FileRange range = found->holding(key_hash(key));
  const TableShard* shard = range.size() == 0 ? nullptr : table(found->files[range.begin]);
  return shard == nullptr ? nullptr : shard->find(key);
}

// Places --------------------------------------------------------------------------------------------------------------

namespace {

constexpr std::size_t most_files = 3;                ///< of a part, that one text may ask for
constexpr std::uint32_t well_known_people = 10'000;  ///< from here on a place is worth guessing beside others
constexpr std::uint32_t territory_share = 20;        ///< a territory counts as a commune with this part of its people
constexpr std::size_t other_name_letters = 5;        ///< before another name of a place is worth its beginning
constexpr std::uint32_t city_people = 20'000;        ///< from here on a word of a name is worth its beginning
constexpr std::size_t many_codes = 8 * 6;            ///< length of postal codes: Paris, Lyon and Marseille have more

/// How well a name answers a text; less is better.
struct Match {
  enum Class : std::uint8_t { whole, beginning, words, forgiven, none };
  Class rank = none;
  std::uint8_t errors = 0;
  std::uint8_t skew = 0;  ///< 1 when another of the same class is more likely meant
};

bool is_number(std::string_view word) {
  return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

/// Whether all words are the beginnings of codes: digits, in the second place also the letters of Corsica.
bool is_code(std::string_view text) {
  for (const std::string_view word : words_of(text))
    for (std::size_t i = 0; i < word.size(); ++i)
      if (!is_number(word.substr(i)) && (i != 1 || (word[1] != 'a' && word[1] != 'b')))
        return false;
  return true;
}

/// Without an article at its beginning ("le havre": "havre").
std::string_view without_article(std::string_view name) {
  const std::size_t space = name.find(' ');
  if (space == std::string_view::npos || !has_word("le la les l", name.substr(0, space)))
    return name;
  return name.substr(space + 1);
}

/// Whether a name begins with a text when spaces do not count, in a text long enough to mean it ("lehavre").
bool begins_without_spaces(std::string_view name, std::string_view text) {
  std::size_t letters = 0, j = 0;
  for (const char c : text) {
    if (c == ' ')
      continue;
    while (j < name.size() && name[j] == ' ')
      ++j;
    if (j == name.size() || name[j] != c)
      return false;
    ++j;
    ++letters;
  }
  return letters >= 4;
}

/// Compares a text that was typed with a name, both as place_words() gives them.
Match compare(std::string_view text, std::string_view name, bool forgiving) {
  if (!forgiving) {
    const std::string_view bare = without_article(name);
    if (text == name || text == bare)
      return {Match::whole, 0, 0};
    if (name.starts_with(text) || bare.starts_with(text))
      return {Match::beginning, 0, 0};
  }
  // Each word that was typed takes the word of the name that fits it best, once; one bit a word, of the first 32.
  std::uint32_t taken = 0;
  unsigned errors = 0;
  bool fits = true;
  for (const std::string_view typed : words_of(text)) {
    const unsigned most = forgiving ? errors_allowed(typed) : 0;
    unsigned least = most + 1;
    std::uint32_t best = 0, bit = 1;
    for (const std::string_view word : words_of(name)) {
      unsigned count = least;
      if (word.starts_with(typed))
        count = 0;
      else if (most > 0)
        count = errors_as_beginning(typed, word, most).value_or(least);
      if (count < least && (taken & bit) == 0) {
        least = count;
        best = bit;
      }
      bit <<= 1U;
    }
    fits = best != 0;
    if (!fits)
      break;
    taken |= best;
    errors += least;
  }
  if (fits)
    return {forgiving ? Match::forgiven : Match::words, static_cast<std::uint8_t>(std::min(errors, 255U)), 0};
  if (!forgiving && begins_without_spaces(name, text))
    return {Match::words, 0, 0};
  return {};
}

constexpr std::string_view arrondissement = " arrondissement";

bool is_part_of_a_city(const PlaceItem& item) {
  return item.folded.ends_with(arrondissement);
}

/// How well the codes of a place answer a number: whole, beginning, or, as words, another way to write one.
Match::Class compare_codes(std::string_view number, const PlaceItem& item) {
  Match::Class best = Match::none;
  for (const std::string_view code : words_of(item.codes)) {
    if (code == number)
      return Match::whole;
    if (code.starts_with(number))
      best = Match::beginning;
    // Ain's codes lose their zero in many files and heads: "1000" is "01000" too.
    else if (best == Match::none && code[0] == '0' && code.substr(1) == number)
      best = Match::words;
  }
  if (best != Match::none || item.kind != PlaceItem::Kind::commune || number.size() < 2)
    return best;
  const std::string insee = fold(item.code);
  if (insee == number)
    return Match::words;
  return insee.starts_with(number) && !is_number(number.substr(1)) ? Match::beginning : Match::none;
}

/// The same where numbers stand between the words, or alone: of an arrondissement, or the beginning of a postal, INSEE
/// or département code.
Match compare_numbers(std::string_view text, const PlaceItem& item, bool forgiving) {
  std::string kept;
  Match by_codes{Match::whole, 0, 0};
  std::uint8_t skew = 0;
  bool by_code = false, by_short_code = false;
  for (const std::string_view word : words_of(text)) {
    if (is_number(word) && !has_word(item.folded, word)) {
      bool begins = false;
      for (const std::string_view other : words_of(item.folded))
        begins = begins || (is_number(other) && other.starts_with(word));
      if (!begins) {
        by_codes.rank = compare_codes(word, item);
        if (by_codes.rank == Match::none)
          return {};
        (word.size() == 5 ? by_code : by_short_code) = true;
        continue;
      }
      skew = 1;
    }
    if (!kept.empty())
      kept += ' ';
    kept += word;
  }
  const bool has_many = item.codes.size() > many_codes;
  if (kept.empty()) {
    by_codes.skew = has_many && by_code ? 1 : 0;
    return by_codes;
  }
  Match match = compare(kept, item.folded, forgiving);
  match.skew = skew;
  // "marseille 13" is the arrondissement, and the city only by its codes.
  if (match.rank == Match::beginning && skew == 0 && is_part_of_a_city(item) &&
      item.folded.size() == kept.size() + arrondissement.size())
    match.rank = Match::whole;
  if (by_short_code && has_many)
    match.skew = 1;
  if (by_code && has_many && match.rank < Match::words) {
    match.rank = Match::beginning;
    match.skew = 1;
  }
  return match;
}

/// Whether each word of a text is a word of the name.
bool has_whole_words(std::string_view text, std::string_view name) {
  for (const std::string_view word : words_of(text))
    if (!has_word(name, word))
      return false;
  return true;
}

/// Overseas, where the region is the département, and in Paris, where the commune is: one line is enough.
bool is_like_another(const PlaceItem& item) {
  return item.kind == PlaceItem::Kind::departement && (item.code == "75" || item.code.size() == 3);
}

}  // namespace

struct PlaceSearch::Found {
  Match match;
  std::uint32_t population;
  const PlaceItem* place;
};

PlaceSearch::PlaceSearch(Store& store, std::string_view text, std::uint32_t limit) : m_reader(store), m_limit(limit) {
  // Longer than any name: the rest cannot make a difference.
  constexpr std::size_t longest_text = 100;
  m_text = place_words(text.substr(0, longest_text));
}

Result<List<FileId>> PlaceSearch::advance() {
  m_reader.begin();
  m_results.clear();
  List<Found> found;
  if (!m_text.empty() && is_code(m_text))
    search_by_code(found);
  else
    search_by_name(found);
  take_best(found);
  return m_reader.missing();
}

void PlaceSearch::search_by_code(List<Found>& found) {
  m_text.erase(std::remove(m_text.begin(), m_text.end(), ' '), m_text.end());
  const auto search = [&](LookupPart part, std::string_view key) {
    const LookupFiles* files = m_reader.files(part);
    const FileRange range = files == nullptr ? FileRange{} : files->covering(key);
    for (std::size_t i = range.begin; range.size() <= most_files && i < range.end; ++i)
      if (const PlaceShard* shard = m_reader.places(files->files[i]))
        scan(*shard, false, found);
  };
  search(LookupPart::top_places, m_text);
  search(LookupPart::places_by_code, m_text);
  if (m_text.size() == 4 && is_number(std::string_view(m_text).substr(1)))
    search(LookupPart::places_by_code, '0' + m_text);
}

/// Of the words of the text the longest after the last one, of those that are equally long the first: the longest says
/// most. Small words only when there is nothing else. Empty at the end.
std::string_view PlaceSearch::next_key(std::string_view last) const {
  bool only_small = true;
  for (const std::string_view word : words_of(m_text))
    only_small = only_small && (is_number(word) || is_small_place_word(word));
  std::string_view next;
  bool is_after = last.empty();
  for (const std::string_view word : words_of(m_text)) {
    const bool may_follow = last.empty() || word.size() < last.size() || (word.size() == last.size() && is_after);
    if (may_follow && word.size() > next.size() && (only_small || (!is_number(word) && !is_small_place_word(word))))
      next = word;
    is_after = is_after || word.data() == last.data();
  }
  return next;
}

void PlaceSearch::search_by_name(List<Found>& found) {
  List<const PlaceShard*> shards;
  const auto add = [&](const PlaceShard* shard) {
    if (shard == nullptr)
      return;
    shards.push_back(shard);
    scan(*shard, false, found);
  };
  if (const LookupFiles* files = m_reader.files(LookupPart::top_places))
    for (const FileRef& ref : files->files)
      add(m_reader.places(ref));
  if (const LookupFiles* files = m_reader.files(LookupPart::places_by_word)) {
    const std::size_t before = found.size();
    // The other words only count when the longest leads nowhere, for it may be misspelt.
    for (std::string_view key = next_key({}); !key.empty(); key = next_key(key)) {
      const FileRange range = files->covering(key);
      const std::size_t most = is_number(key) || is_small_place_word(key) || found.size() >= m_limit ? 1 : most_files;
      for (std::size_t i = range.begin; range.size() <= most && i < range.end; ++i)
        add(m_reader.places(files->files[i]));
      if (found.size() > before || before > 0 || !m_reader.is_complete())
        break;
    }
  }
  const std::size_t fitting = found.size();
  if (fitting >= m_limit)
    return;
  for (const PlaceShard* shard : shards)
    scan(*shard, true, found);
  // Beside what fits as it is, only what many people mean.
  std::size_t kept = fitting;
  for (std::size_t i = fitting; i < found.size(); ++i)
    if (fitting == 0 || (found[i].population >= well_known_people && found[i].match.errors == 1))
      found[kept++] = found[i];
  found.resize(kept);
}

void PlaceSearch::scan(const PlaceShard& shard, bool forgiving, List<Found>& found) const {
  const bool numbers = has_digit(m_text), names = !is_code(m_text);
  for (const PlaceItem& item : shard.items) {
    if (m_text.empty() ? item.kind != PlaceItem::Kind::france : names && is_like_another(item))
      continue;
    const std::uint32_t population =
        item.population / (names && item.kind != PlaceItem::Kind::commune ? territory_share : 1);
    Match match = numbers ? compare_numbers(m_text, item, forgiving) : compare(m_text, item.folded, forgiving);
    // Twenty arrondissements of Paris would leave no room for others; who means one writes its number.
    if (!numbers && is_part_of_a_city(item))
      match.skew = 1;
    // "mezieres": more people mean Charleville-Mezieres than any place that begins so.
    if (match.rank == Match::words && population >= city_people && has_whole_words(m_text, item.folded))
      match.rank = Match::beginning;
    for (const std::string_view name : Pieces(item.other_names, '\t'))
      if (name == m_text || (m_text.size() >= other_name_letters && name.starts_with(m_text)))
        match.rank = Match::whole;
    // "Atlantide" is no département.
    if (match.errors > 1 && item.kind != PlaceItem::Kind::commune)
      continue;
    if (match.rank != Match::none)
      found.push_back({match, population, &item});
  }
}

void PlaceSearch::take_best(List<Found>& found) {
  sort(found, [](const Found& a, const Found& b) {
    const auto number_of = [](const Match& match) {
      return static_cast<std::uint32_t>(match.rank) << 16U | static_cast<std::uint32_t>(match.errors) << 8U |
             match.skew;
    };
    if (number_of(a.match) != number_of(b.match))
      return number_of(a.match) < number_of(b.match);
    if (a.population != b.population)
      return a.population > b.population;
    return a.place->kind != b.place->kind ? a.place->kind < b.place->kind : a.place->code < b.place->code;
  });
  for (const Found& item : found) {
    if (m_results.size() >= m_limit)
      break;
    bool is_taken = false;
    for (const PlaceItem* place : m_results)
      is_taken = is_taken || (place->kind == item.place->kind && place->code == item.place->code);
    if (!is_taken)
      m_results.push_back(item.place);
  }
}

CommuneLookup::CommuneLookup(Store& store, std::string_view insee) : m_reader(store), m_insee(insee_number(insee)) {}

Result<List<FileId>> CommuneLookup::advance() {
  m_reader.begin();
  m_result = nullptr;
  if (!m_insee)
    return List<FileId>{};
  const LookupFiles* files = m_reader.files(LookupPart::places_by_code);
  if (files != nullptr) {
    const std::string code = insee_of(*m_insee);
    const FileRange range = files->holding(fold(code));
    const PlaceShard* shard = range.size() == 0 ? nullptr : m_reader.places(files->files[range.begin]);
    if (shard != nullptr)
      for (const PlaceItem& item : shard->items)
        if (item.code == code)
          m_result = &item;
  }
  return m_reader.missing();
}

std::string label_of(const PlaceItem& place) {
  std::string label = place.name;
  const Departement departement = place.departement();
  std::string_view code = place.postal_codes();
  const bool has_several = code.find(' ') != std::string_view::npos;
  if (departement.is_none())
    code = cut(code, ' ');
  else if (code.empty() || has_several)
    code = info(departement).code;
  if (!code.empty()) {
    label += " (";
    label += code;
    label += ')';
  }
  return label;
}

std::string answer_of(const PlaceSearch& search) {
  constexpr std::string_view types[] = {"commune", "departement", "region", "france"};
  JsonWriter json;
  json.begin_object();
  json.key("results");
  json.begin_array();
  for (const PlaceItem* place : search.results()) {
    json.begin_object();
    json.key("type");
    json.text(types[static_cast<std::size_t>(place->kind)]);
    json.key("label");
    json.text(label_of(*place));
    json.key("name");
    json.text(place->name);
    json.key("insee");
    json.text_or_null(place->kind == PlaceItem::Kind::commune ? place->code : std::string_view());
    json.key("postal_codes");
    json.begin_array();
    for (const std::string_view code : words_of(place->postal_codes()))
      json.text(code);
    json.end_array();
    json.key("departement");
    json.text_or_null(place->departement().is_none() ? std::string_view() : info(place->departement()).code);
    json.key("region");
    json.text_or_null(place->region().is_none() ? std::string_view() : info(place->region()).code);
    json.key("lat");
    json.scaled_or_null(place->centre ? &place->centre->lat_e5 : nullptr, 5);
    json.key("lon");
    json.scaled_or_null(place->centre ? &place->centre->lon_e5 : nullptr, 5);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace balise
