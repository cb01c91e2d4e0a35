#include <algorithm>
#include <tuple>

#include "core/json.hpp"
#include "core/lookup.hpp"
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

std::vector<const MetierShard*> LookupReader::metiers_of(LookupPart part) {
  std::vector<const MetierShard*> shards;
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
constexpr std::uint32_t city_people = 20'000;        ///< from here on a word of a name is worth its beginning
constexpr std::size_t many_codes = 8;                ///< postal codes: Paris, Lyon and Marseille have more
constexpr std::string_view all_of_france = "france entiere";
constexpr std::uint32_t people_of_france = 68'000'000;

/// How well a name answers a text; less is better.
struct Match {
  enum Class : std::uint8_t { whole, beginning, words, forgiven, none };
  Class rank = none;
  std::uint8_t errors = 0;
  std::uint8_t skew = 0;  ///< 1 when another of the same class is more likely meant
};

struct Alias {
  std::string_view text;
  std::string_view region;
};
constexpr Alias aliases[] = {{"idf", "11"}, {"paca", "93"}, {"aura", "84"},
                             {"hdf", "32"}, {"bfc", "27"},  {"pdl", "52"}};

bool is_number(std::string_view word) {
  return !word.empty() && word[0] >= '0' && word[0] <= '9';
}

std::string postal_text(std::uint32_t code) {
  std::string text = std::to_string(code);
  return std::string(5 - std::min<std::size_t>(text.size(), 5), '0') + text;
}

std::string lower_code(std::string_view code) {
  return fold(code);
}

/// Without an article at its beginning ("le havre": "havre").
std::string_view without_article(std::string_view name) {
  for (const std::string_view article : {"le ", "la ", "les ", "l "})
    if (name.starts_with(article))
      return name.substr(article.size());
  return name;
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

/// Whether each word of a text is a word of the name.
bool has_whole_words(std::string_view text, std::string_view name) {
  const std::vector<std::string_view> words = words_of(name);
  for (const std::string_view word : words_of(text))
    if (std::find(words.begin(), words.end(), word) == words.end())
      return false;
  return true;
}

/// Compares a text that was typed with a name, both as place_words() gives them.
Match compare(std::string_view text, std::string_view name, bool forgiving) {
  const std::string_view bare = without_article(name);
  if (!forgiving) {
    if (text == name || text == bare)
      return {Match::whole, 0, 0};
    if (name.starts_with(text) || bare.starts_with(text))
      return {Match::beginning, 0, 0};
  }
  // Each word that was typed takes the word of the name that fits it best, once.
  const std::vector<std::string_view> typed = words_of(text), words = words_of(name);
  std::vector<bool> taken(words.size());
  unsigned errors = 0;
  bool fits = typed.size() <= words.size();
  for (std::size_t i = 0; fits && i < typed.size(); ++i) {
    const unsigned most = forgiving ? errors_allowed(typed[i]) : 0;
    std::size_t best = words.size();
    unsigned least = most + 1;
    for (std::size_t j = 0; j < words.size(); ++j) {
      if (taken[j])
        continue;
      std::optional<unsigned> count;
      if (words[j].starts_with(typed[i]))
        count = 0;
      else if (most > 0)
        count = errors_as_beginning(typed[i], words[j], most);
      if (count && *count < least) {
        least = *count;
        best = j;
      }
    }
    fits = best < words.size();
    if (fits) {
      taken[best] = true;
      errors += least;
    }
  }
  if (fits)
    return {forgiving ? Match::forgiven : Match::words, static_cast<std::uint8_t>(std::min(errors, 255U)), 0};
  if (!forgiving && begins_without_spaces(name, text))
    return {Match::words, 0, 0};
  return {};
}

/// The same where numbers stand between the words: of an arrondissement, or the beginning of a postal, INSEE or
/// département code.
Match compare_commune(std::string_view text, const PlaceItem& item, bool forgiving) {
  std::string kept;
  std::uint8_t skew = 0;
  bool by_code = false, by_short_code = false;
  const std::string insee = lower_code(insee_of(item.insee));
  for (const std::string_view word : words_of(text)) {
    if (is_number(word)) {
      bool in_name = false, begins = false;
      for (const std::string_view other : words_of(item.folded)) {
        in_name = in_name || other == word;
        begins = begins || (is_number(other) && other.starts_with(word));
      }
      if (!in_name && !begins) {
        const bool fits = insee.starts_with(word) ||
                          std::any_of(item.postal_codes.begin(), item.postal_codes.end(),
                                      [&](std::uint32_t code) { return postal_text(code).starts_with(word); });
        if (!fits)
          return {};
        (word.size() == 5 ? by_code : by_short_code) = true;
        continue;
      }
      if (!in_name)
        skew = 1;
    }
    if (!kept.empty())
      kept += ' ';
    kept += word;
  }
  Match match = compare(kept, item.folded, forgiving);
  match.skew = skew;
  // "marseille 13" is the arrondissement, and the city only by its codes.
  if (match.rank == Match::beginning && skew == 0 && kept + " arrondissement" == item.folded)
    match.rank = Match::whole;
  if (by_short_code && item.postal_codes.size() > many_codes)
    match.skew = 1;
  if (by_code && item.postal_codes.size() > many_codes && match.rank < Match::words) {
    match.rank = Match::beginning;
    match.skew = 1;
  }
  return match;
}

bool is_part_of_a_city(const PlaceItem& item) {
  return item.folded.ends_with(" arrondissement");
}

Place place_of(const PlaceItem& item) {
  Place place;
  place.name = item.name;
  place.insee = insee_of(item.insee);
  for (const std::uint32_t code : item.postal_codes)
    place.postal_codes.push_back(postal_text(code));
  if (const auto departement = departement_of_insee(place.insee)) {
    place.departement = *departement;
    place.region = info(*departement).region;
  }
  place.population = item.population;
  place.centre = item.centre;
  return place;
}

void set_territory(Place& place, const PlaceShard* top, std::size_t number) {
  if (top == nullptr || number >= top->territories.size())
    return;
  place.population = top->territories[number].population;
  place.centre = top->territories[number].centre;
}

Place place_of(Region region, const PlaceShard* top) {
  Place place;
  place.kind = Place::Kind::region;
  place.name = info(region).name;
  place.region = region;
  set_territory(place, top, region.index);
  return place;
}

Place place_of(Departement departement, const PlaceShard* top) {
  Place place;
  place.kind = Place::Kind::departement;
  place.name = info(departement).name;
  place.departement = departement;
  place.region = info(departement).region;
  set_territory(place, top, regions().size() + departement.index);
  return place;
}

Place whole_country() {
  Place place;
  place.kind = Place::Kind::france;
  place.name = "France enti\xC3\xA8re";
  place.population = people_of_france;
  return place;
}

/// Overseas, where the region is the département, and in Paris, where the commune is: one line is enough.
bool is_like_another(Departement departement) {
  if (info(departement).code == "75")
    return true;
  std::size_t count = 0;
  for (const DepartementInfo& other : departements())
    count += other.region == info(departement).region ? 1U : 0U;
  return count == 1;
}

}  // namespace

struct PlaceSearch::Found {
  Match match;
  std::uint32_t population;
  Place::Kind kind;
  std::uint32_t number;   ///< of its kind: INSEE number, position in the table of territories
  const PlaceItem* item;  ///< of a commune
};

PlaceSearch::PlaceSearch(Store& store, std::string_view text, std::uint32_t limit) : m_reader(store), m_limit(limit) {
  // Longer than any name: the rest cannot make a difference.
  constexpr std::size_t longest_text = 100;
  m_text = place_words(text.substr(0, longest_text));
}

Result<std::vector<FileId>> PlaceSearch::advance() {
  m_reader.begin();
  m_results.clear();
  if (m_text.empty()) {
    m_results.push_back(whole_country());
    return std::vector<FileId>{};
  }
  const LookupFiles* top = m_reader.files(LookupPart::top_places);
  m_top = top == nullptr || top->files.empty() ? nullptr : m_reader.places(top->files[0]);
  std::vector<Found> found;
  const std::vector<std::string_view> words = words_of(m_text);
  const bool is_code = std::all_of(words.begin(), words.end(), [](std::string_view word) {
    return is_number(word) && (word.size() < 2 || is_number(word.substr(1)) || word[1] == 'a' || word[1] == 'b') &&
           std::all_of(word.begin() + std::min<std::ptrdiff_t>(2, std::ssize(word)), word.end(),
                       [](char c) { return c >= '0' && c <= '9'; });
  });
  if (is_code)
    search_by_code(found);
  else
    search_by_name(found);
  take_best(found);
  return m_reader.missing();
}

void PlaceSearch::search_by_code(std::vector<Found>& found) {
  m_text.erase(std::remove(m_text.begin(), m_text.end(), ' '), m_text.end());
  add_territories(true, found);
  if (m_top != nullptr)
    scan_codes(*m_top, found);
  const LookupFiles* files = m_reader.files(LookupPart::places_by_code);
  if (files == nullptr)
    return;
  // Ain's codes lose their zero in many files and heads: "1000" is "01000" too.
  std::vector<std::string> keys{m_text};
  if (m_text.size() == 4 && m_text.find_first_not_of("0123456789") == std::string::npos)
    keys.push_back("0" + m_text);
  for (const std::string& key : keys) {
    const FileRange range = files->covering(key);
    for (std::size_t i = range.begin; range.size() <= most_files && i < range.end; ++i)
      if (const PlaceShard* shard = m_reader.places(files->files[i]))
        scan_codes(*shard, found);
  }
}

void PlaceSearch::search_by_name(std::vector<Found>& found) {
  add_territories(false, found);
  std::vector<const PlaceShard*> shards;
  const auto add = [&](const PlaceShard* shard) {
    if (shard == nullptr)
      return;
    shards.push_back(shard);
    scan(*shard, false, found);
  };
  add(m_top);
  const LookupFiles* files = m_reader.files(LookupPart::places_by_word);
  if (files != nullptr) {
    std::vector<std::string_view> keys;
    for (const std::string_view word : words_of(m_text))
      if (!is_number(word) && !is_small_place_word(word))
        keys.push_back(word);
    const bool only_small = keys.empty();
    if (only_small)
      keys = words_of(m_text);
    // The longest word says most; the others only count when it leads nowhere, for it may be misspelt.
    std::stable_sort(keys.begin(), keys.end(),
                     [](std::string_view a, std::string_view b) { return a.size() > b.size(); });
    const std::size_t before = found.size();
    for (const std::string_view key : keys) {
      const FileRange range = files->covering(key);
      const std::size_t most = only_small || found.size() >= m_limit ? 1 : most_files;
      for (std::size_t i = range.begin; range.size() <= most && i < range.end; ++i)
        add(m_reader.places(files->files[i]));
      if (found.size() > before || before > 0 || !m_reader.is_complete())
        break;
    }
  }
  if (found.size() >= m_limit)
    return;
  const bool found_some = !found.empty();
  std::vector<Found> guesses;
  for (const PlaceShard* shard : shards)
    scan(*shard, true, guesses);
  // Beside what fits as it is, only what many people mean.
  for (const Found& guess : guesses)
    if (!found_some || (guess.population >= well_known_people && guess.match.errors == 1))
      found.push_back(guess);
}

void PlaceSearch::scan(const PlaceShard& shard, bool forgiving, std::vector<Found>& found) const {
  const bool numbers = has_digit(m_text);
  for (const PlaceItem& item : shard.communes) {
    Match match = numbers ? compare_commune(m_text, item, forgiving) : compare(m_text, item.folded, forgiving);
    // Twenty arrondissements of Paris would leave no room for others; who means one writes its number.
    if (!numbers && is_part_of_a_city(item))
      match.skew = 1;
    // "mezieres": more people mean Charleville-Mezieres than any place that begins so.
    if (match.rank == Match::words && item.population >= city_people && has_whole_words(m_text, item.folded))
      match.rank = Match::beginning;
    if (match.rank != Match::none)
      found.push_back({match, item.population, Place::Kind::commune, item.insee, &item});
  }
}

void PlaceSearch::scan_codes(const PlaceShard& shard, std::vector<Found>& found) const {
  const std::string padded = m_text.size() == 4 ? "0" + m_text : std::string();
  for (const PlaceItem& item : shard.communes) {
    Match match;
    for (const std::uint32_t code : item.postal_codes) {
      const std::string text = postal_text(code);
      if (text == m_text)
        match = {Match::whole, 0, static_cast<std::uint8_t>(item.postal_codes.size() > many_codes ? 1 : 0)};
      else if (match.rank > Match::beginning && text.starts_with(m_text))
        match = {Match::beginning, 0, 0};
      else if (match.rank > Match::words && text == padded)
        match = {Match::words, 0, 0};
    }
    if (match.rank == Match::none && m_text.size() > 1) {
      const std::string insee = lower_code(insee_of(item.insee));
      if (insee == m_text)
        match = {Match::words, 0, 1};
      else if (m_text.size() < 5 && insee.starts_with(m_text) && has_digit(m_text) &&
               (m_text[1] == 'a' || m_text[1] == 'b'))
        match = {Match::beginning, 0, 0};
    }
    if (match.rank != Match::none)
      found.push_back({match, item.population, Place::Kind::commune, item.insee, &item});
  }
}

void PlaceSearch::add_territories(bool by_code, std::vector<Found>& found) const {
  const auto people = [&](std::size_t number) {
    return m_top == nullptr || number >= m_top->territories.size()
               ? 0U
               : m_top->territories[number].population / (by_code ? 1 : territory_share);
  };
  for (std::size_t i = 0; i < departements().size(); ++i) {
    const Departement departement{static_cast<std::uint8_t>(i)};
    Match match;
    if (by_code) {
      const std::string code = lower_code(info(departement).code);
      if (code == m_text)
        match = {Match::whole, 0, 0};
      else if (code.starts_with(m_text))
        match = {Match::beginning, 0, 0};
    } else if (!is_like_another(departement)) {
      match = compare(m_text, place_words(info(departement).name), false);
    }
    if (match.rank != Match::none)
      found.push_back(
          {match, people(regions().size() + i), Place::Kind::departement, static_cast<std::uint32_t>(i), nullptr});
  }
  if (by_code)
    return;
  for (std::size_t i = 0; i < regions().size(); ++i) {
    const Region region{static_cast<std::uint8_t>(i)};
    Match match = compare(m_text, place_words(info(region).name), false);
    for (const Alias& alias : aliases)
      if (alias.text == m_text && alias.region == info(region).code)
        match = {Match::whole, 0, 0};
    if (match.rank != Match::none)
      found.push_back({match, people(i), Place::Kind::region, static_cast<std::uint32_t>(i), nullptr});
  }
  struct Name {
    std::string_view text;
    std::size_t least_letters;  ///< before it is offered
  };
  constexpr Name names[] = {{all_of_france, 3}, {"toute la france", 5}, {"partout", 6}};
  for (const auto& [name, least_letters] : names)
    if (m_text.size() >= least_letters && name.starts_with(m_text))
      found.push_back({{name == m_text || m_text == "france" ? Match::whole : Match::beginning, 0, 0},
                       people_of_france,
                       Place::Kind::france,
                       0,
                       nullptr});
}

void PlaceSearch::take_best(std::vector<Found>& found) {
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tie(a.match.rank, a.match.errors, a.match.skew, b.population, a.kind, a.number) <
           std::tie(b.match.rank, b.match.errors, b.match.skew, a.population, b.kind, b.number);
  });
  std::vector<std::pair<Place::Kind, std::uint32_t>> taken;
  for (const Found& item : found) {
    if (m_results.size() >= m_limit)
      break;
    const std::pair<Place::Kind, std::uint32_t> id{item.kind, item.number};
    if (std::find(taken.begin(), taken.end(), id) != taken.end())
      continue;
    taken.push_back(id);
    switch (item.kind) {
      case Place::Kind::commune:
        m_results.push_back(place_of(*item.item));
        break;
      case Place::Kind::departement:
        m_results.push_back(place_of(Departement{static_cast<std::uint8_t>(item.number)}, m_top));
        break;
      case Place::Kind::region:
        m_results.push_back(place_of(Region{static_cast<std::uint8_t>(item.number)}, m_top));
        break;
      case Place::Kind::france:
        m_results.push_back(whole_country());
        break;
    }
  }
}

CommuneLookup::CommuneLookup(Store& store, std::string_view insee) : m_reader(store), m_insee(insee_number(insee)) {}

Result<std::vector<FileId>> CommuneLookup::advance() {
  m_reader.begin();
  m_result.reset();
  if (!m_insee)
    return std::vector<FileId>{};
  const LookupFiles* files = m_reader.files(LookupPart::places_by_code);
  if (files != nullptr) {
    const FileRange range = files->holding(lower_code(insee_of(*m_insee)));
    const PlaceShard* shard = range.size() == 0 ? nullptr : m_reader.places(files->files[range.begin]);
    if (shard != nullptr)
      for (const PlaceItem& item : shard->communes)
        if (item.insee == *m_insee)
          m_result = place_of(item);
  }
  return m_reader.missing();
}

TerritoryLookup::TerritoryLookup(Store& store, Departement departement, Region region)
    : m_reader(store), m_result(departement.is_none() ? place_of(region, nullptr) : place_of(departement, nullptr)) {}

Result<std::vector<FileId>> TerritoryLookup::advance() {
  m_reader.begin();
  const LookupFiles* files = m_reader.files(LookupPart::top_places);
  const PlaceShard* top = files == nullptr || files->files.empty() ? nullptr : m_reader.places(files->files[0]);
  set_territory(m_result, top,
                m_result.departement.is_none() ? m_result.region.index : regions().size() + m_result.departement.index);
  return m_reader.missing();
}

std::string label_of(const Place& place) {
  std::string code;
  if (place.kind == Place::Kind::departement)
    code = info(place.departement).code;
  else if (place.postal_codes.size() == 1 || (place.departement.is_none() && !place.postal_codes.empty()))
    code = place.postal_codes[0];
  else if (place.kind == Place::Kind::commune && !place.departement.is_none())
    code = info(place.departement).code;
  return code.empty() ? place.name : place.name + " (" + code + ")";
}

std::string answer_of(const PlaceSearch& search) {
  constexpr std::string_view types[] = {"commune", "departement", "region", "france"};
  JsonWriter json;
  json.begin_object();
  json.key("results");
  json.begin_array();
  for (const Place& place : search.results()) {
    json.begin_object();
    json.key("type");
    json.text(types[static_cast<std::size_t>(place.kind)]);
    json.key("label");
    json.text(label_of(place));
    json.key("name");
    json.text(place.name);
    json.key("insee");
    json.text_or_null(place.insee);
    json.key("postal_codes");
    json.begin_array();
    for (const std::string& code : place.postal_codes)
      json.text(code);
    json.end_array();
    json.key("departement");
    json.text_or_null(place.departement.is_none() ? std::string_view() : info(place.departement).code);
    json.key("region");
    json.text_or_null(place.region.is_none() ? std::string_view() : info(place.region).code);
    for (const bool is_lat : {true, false}) {
      json.key(is_lat ? "lat" : "lon");
      if (place.centre)
        json.scaled(is_lat ? place.centre->lat_e5 : place.centre->lon_e5, 5);
      else
        json.null();
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace balise
