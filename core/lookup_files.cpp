#include "core/lookup_files.hpp"

#include <algorithm>
#include <array>

#include "core/shard_open.hpp"
#include "core/text.hpp"

namespace balise {

using namespace opening;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::uint64_t rncp_end = 1'000'000'000;

bool read_romes(PackedReader& reader, std::vector<RomeCode>& out) {
  std::vector<std::uint32_t> codes;
  if (!read_ascending(reader, rome_end, codes))
    return false;
  for (const std::uint32_t code : codes)
    out.push_back({code});
  return true;
}

/// Positions in units, each as the difference to the last one that there is.
class PositionReader {
 public:
  PositionReader(ByteView bytes, std::uint16_t unit_e5) : m_reader(bytes), m_unit_e5(unit_e5) {}

  bool read(std::optional<Position>& out) {
    const std::uint64_t lat = m_reader.varint();
    if (lat == 0)
      return m_reader.ok();
    const std::uint64_t lon = m_reader.varint();
    constexpr std::uint64_t most = 100'000'000;  // more than twice around the globe
    if (!m_reader.ok() || lat > most || lon > most)
      return false;
    m_lat += unfolded_sign(lat - 1) * m_unit_e5;
    m_lon += unfolded_sign(lon) * m_unit_e5;
    if (m_lat < -9'000'000 || m_lat > 9'000'000 || m_lon < -18'000'000 || m_lon > 18'000'000)
      return false;
    out = Position{static_cast<std::int32_t>(m_lat), static_cast<std::int32_t>(m_lon)};
    return true;
  }
  [[nodiscard]] bool at_end() const { return m_reader.ok_and_at_end(); }

 private:
  PackedReader m_reader;
  std::int64_t m_unit_e5;
  std::int64_t m_lat = 0, m_lon = 0;
};

bool read_postal_codes(PackedReader& reader, std::uint32_t insee, std::vector<std::uint32_t>& out) {
  const std::uint64_t count = reader.varint();
  if (count > 1000)
    return false;
  // Most codes begin with the département's digits; Corsica's with 20.
  const std::uint32_t head = insee / 1000;
  const std::uint64_t base = 1000 * (head % 12 < 10 ? head / 12 * 10 + head % 12 : head / 12 * 10);
  std::uint64_t code = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t value = reader.varint();
    if (!reader.ok() || value > 200'000 || (i > 0 && value == 0))
      return false;
    code = i > 0 ? code + value : value % 2 == 0 ? base + value / 2 : value / 2;
    if (code >= 100'000)
      return false;
    out.push_back(static_cast<std::uint32_t>(code));
  }
  return reader.ok();
}

constexpr std::string_view small_place_words[] = {"a",   "au",    "aux",    "d",    "de",  "des",
                                                  "du",  "en",    "et",     "l",    "la",  "le",
                                                  "les", "saint", "sainte", "sous", "sur", "arrondissement"};
constexpr std::string_view small_metier_words[] = {"a", "au", "aux", "d",   "dans", "de",  "des",  "du",  "en", "et",
                                                   "l", "la", "le",  "les", "ou",   "par", "pour", "sur", "un", "une"};

}  // namespace

std::string_view name_of(LookupPart part) {
  constexpr std::array<std::string_view, lookup_part_count> names{
      "top_places",   "places_by_word", "places_by_code", "metiers", "romes",
      "appellations", "diplomas",       "cfds",           "schools", "rome_levels"};
  return names[static_cast<std::size_t>(part)];
}

FileRange LookupFiles::covering(std::string_view prefix) const {
  const auto after = std::find_if(first_keys.begin(), first_keys.end(), [&](const std::string& first) {
    return std::string_view(first) > prefix && !std::string_view(first).starts_with(prefix);
  });
  const auto begin = std::upper_bound(first_keys.begin(), after, prefix);
  FileRange range;
  range.end = static_cast<std::size_t>(after - first_keys.begin());
  range.begin = static_cast<std::size_t>(begin - first_keys.begin());
  // The file before the first key above the prefix reaches up to it; it may begin with the prefix itself.
  if (range.begin > 0)
    --range.begin;
  return range;
}

FileRange LookupFiles::holding(std::string_view key) const {
  const auto after = std::upper_bound(first_keys.begin(), first_keys.end(), key);
  const auto end = static_cast<std::size_t>(after - first_keys.begin());
  return {end == 0 ? 0 : end - 1, end};
}

const LookupFiles* LookupDirectory::part(LookupPart wanted) const {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const LookupFiles& files) { return files.part == wanted; });
  return found == parts.end() ? nullptr : &*found;
}

std::optional<std::uint32_t> insee_number(std::string_view code) {
  if (code.size() != 5 || !is_digit(code[0]))
    return std::nullopt;
  std::uint32_t second = 0;
  if (is_digit(code[1]))
    second = static_cast<std::uint32_t>(code[1] - '0');
  else if (code[1] == 'A' || code[1] == 'a')
    second = 10;
  else if (code[1] == 'B' || code[1] == 'b')
    second = 11;
  else
    return std::nullopt;
  std::uint32_t rest = 0;
  for (const char c : code.substr(2)) {
    if (!is_digit(c))
      return std::nullopt;
    rest = rest * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return (static_cast<std::uint32_t>(code[0] - '0') * 12 + second) * 1000 + rest;
}

std::string insee_of(std::uint32_t number) {
  const std::uint32_t head = number / 1000;
  std::string code;
  code += static_cast<char>('0' + head / 12);
  code += "0123456789AB"[head % 12];
  for (const std::uint32_t unit : {100U, 10U, 1U})
    code += static_cast<char>('0' + number / unit % 10);
  return code;
}

const TableItem* TableShard::find(std::string_view key) const {
  const auto found = std::lower_bound(items.begin(), items.end(), key,
                                      [](const TableItem& item, std::string_view wanted) { return item.key < wanted; });
  return found != items.end() && found->key == key ? &*found : nullptr;
}

Result<LookupDirectory> open_lookups(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::lookups;
  const auto table = open_file<fb::LookupDirectory>(bytes, ref, kind, "BLLU");
  if (!table)
    return table.error();
  LookupDirectory directory;
  if ((*table)->parts() == nullptr)
    return directory;
  int last = -1;
  for (const auto* item : *(*table)->parts()) {
    if (item->part() <= last)
      return malformed(name_of(kind), "parts out of order");
    last = item->part();
    // A later version may have parts that this one does not know.
    if (item->part() >= lookup_part_count)
      continue;
    LookupFiles files;
    files.part = static_cast<LookupPart>(item->part());
    if (item->directory() != nullptr)
      files.directory = ref_of(*item->directory());
    if (!read_refs(item->files(), files.files) ||
        !read_lines(view_of(item->first_keys()), files.files.size(), files.first_keys) ||
        std::adjacent_find(files.first_keys.begin(), files.first_keys.end(),
                           [](const std::string& a, const std::string& b) { return a >= b; }) != files.first_keys.end())
      return malformed(name_of(kind), "bad first keys");
    if (files.directory && !files.files.empty())
      return malformed(name_of(kind), "a part with files and a directory");
    directory.parts.push_back(std::move(files));
  }
  return directory;
}

Result<PlaceShard> open_places(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::places;
  const auto opened = open_file<fb::PlaceShard>(bytes, ref, kind, "BLPL");
  if (!opened)
    return opened.error();
  const auto& table = **opened;
  PlaceShard shard;
  std::vector<std::string> names;
  if (table.unit_e5() == 0 || !read_lines(view_of(table.names()), table.count(), names))
    return malformed(name_of(kind), "bad names or no unit");
  PackedReader insees(view_of(table.insees()));
  PackedReader postal_codes(view_of(table.postal_codes()));
  PackedReader populations(view_of(table.populations()));
  PositionReader centres(view_of(table.centres()), table.unit_e5());
  shard.communes.resize(names.size());
  std::uint64_t insee = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    PlaceItem& item = shard.communes[i];
    const std::uint64_t step = insees.varint();
    const std::uint64_t population = populations.varint();
    if (step >= insee_numbers || insee + step >= insee_numbers || (i > 0 && step == 0) || population > 0xFFFFFFFFU)
      return malformed(name_of(kind), "bad commune " + std::to_string(i));
    insee += step;
    item.insee = static_cast<std::uint32_t>(insee);
    item.population = static_cast<std::uint32_t>(population);
    item.name = std::move(names[i]);
    item.folded = place_words(item.name);
    if (!read_postal_codes(postal_codes, item.insee, item.postal_codes) || !centres.read(item.centre))
      return malformed(name_of(kind), "bad postal codes or centre of commune " + std::to_string(i));
  }
  PackedReader people(view_of(table.territory_populations()));
  PositionReader middles(view_of(table.territory_centres()), table.unit_e5());
  if (!view_of(table.territory_populations()).empty()) {
    shard.territories.resize(regions().size() + departements().size());
    for (Territory& territory : shard.territories) {
      const std::uint64_t population = people.varint();
      if (population > 0xFFFFFFFFU || !middles.read(territory.centre))
        return malformed(name_of(kind), "bad territories");
      territory.population = static_cast<std::uint32_t>(population);
    }
  }
  if (!insees.ok_and_at_end() || !postal_codes.ok_and_at_end() || !populations.ok_and_at_end() || !centres.at_end() ||
      !people.ok_and_at_end() || !middles.at_end())
    return malformed(name_of(kind), "columns and count disagree");
  return shard;
}

Result<MetierShard> open_metiers(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::metiers;
  const auto opened = open_file<fb::MetierShard>(bytes, ref, kind, "BLME");
  if (!opened)
    return opened.error();
  const auto& table = **opened;
  MetierShard shard;
  std::vector<std::string> labels, keywords;
  const ByteView levels = view_of(table.levels());
  if (!read_lines(view_of(table.labels()), table.count(), labels) ||
      !read_lines(view_of(table.keywords()), table.count(), keywords) || levels.size() != labels.size())
    return malformed(name_of(kind), "columns and count disagree");
  PackedReader romes(view_of(table.romes()));
  PackedReader rncps(view_of(table.rncps()));
  shard.items.resize(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    MetierItem& item = shard.items[i];
    item.label = std::move(labels[i]);
    item.folded = fold(item.label);
    for (std::string_view rest = keywords[i]; !rest.empty();) {
      const std::size_t tab = std::min(rest.find('\t'), rest.size());
      item.keywords.emplace_back(rest.substr(0, tab));
      item.folded_keywords.push_back(fold(item.keywords.back()));
      rest.remove_prefix(std::min(tab + 1, rest.size()));
    }
    item.levels = levels[i];
    if (!read_romes(romes, item.romes) || !read_ascending(rncps, rncp_end, item.rncps))
      return malformed(name_of(kind), "bad codes of item " + std::to_string(i));
  }
  if (!romes.ok_and_at_end() || !rncps.ok_and_at_end())
    return malformed(name_of(kind), "columns and count disagree");
  return shard;
}

Result<TableShard> open_table(ByteView bytes, const FileRef& ref) {
  constexpr FileKind kind = FileKind::table;
  const auto opened = open_file<fb::TableShard>(bytes, ref, kind, "BLTA");
  if (!opened)
    return opened.error();
  const auto& table = **opened;
  TableShard shard;
  std::vector<std::string> keys;
  const ByteView levels = view_of(table.levels());
  if (!read_lines(view_of(table.keys()), table.count(), keys) || levels.size() != keys.size())
    return malformed(name_of(kind), "columns and count disagree");
  PackedReader romes(view_of(table.romes()));
  shard.items.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    TableItem& item = shard.items[i];
    item.key = std::move(keys[i]);
    item.levels = levels[i];
    if ((i > 0 && shard.items[i - 1].key >= item.key) || !read_romes(romes, item.romes))
      return malformed(name_of(kind), "bad item " + std::to_string(i));
  }
  if (!romes.ok_and_at_end())
    return malformed(name_of(kind), "columns and count disagree");
  return shard;
}

bool is_small_place_word(std::string_view word) {
  return std::find(std::begin(small_place_words), std::end(small_place_words), word) != std::end(small_place_words);
}

bool is_small_metier_word(std::string_view word) {
  return std::find(std::begin(small_metier_words), std::end(small_metier_words), word) != std::end(small_metier_words);
}

std::string place_words(std::string_view name) {
  const std::string folded = fold(name);
  std::string out;
  for (const std::string_view word : words_of(folded)) {
    if (word == "cedex" && !out.empty())
      break;
    if (!out.empty())
      out += ' ';
    std::size_t digits = 0;
    while (digits < word.size() && is_digit(word[digits]))
      ++digits;
    const std::string_view ending = word.substr(digits);
    if (word == "st")
      out += "saint";
    else if (word == "ste")
      out += "sainte";
    else if (digits > 0 && digits < 3 &&
             (ending == "e" || ending == "er" || ending == "eme" || ending == "ieme" || ending == "nd" ||
              ending == "nde" || ending == "ere"))
      out += word.substr(0, digits);
    else
      out += word;
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const std::size_t space = std::min(folded.find(' '), folded.size());
    if (space > 0)
      words.push_back(folded.substr(0, space));
    folded.remove_prefix(std::min(space + 1, folded.size()));
  }
  return words;
}

std::string initials_of(std::string_view folded) {
  std::string initials;
  for (const std::string_view word : words_of(folded))
    if (!is_small_metier_word(word))
      initials += word[0];
  return initials;
}

std::string key_hash(std::string_view key) {
  const FileHash hash = file_hash({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
  return to_hex(hash).substr(0, 8);
}

}  // namespace balise
