#include "core/lookup_files.hpp"

#include <algorithm>
#include <array>

#include "core/decimal.hpp"
#include "core/shard_open.hpp"

namespace balise {

using namespace opening;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::uint64_t rncp_end = 1'000'000'000;

bool read_romes(PackedReader& reader, List<RomeCode>& out) {
  List<std::uint32_t> codes;
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

bool read_postal_codes(PackedReader& reader, std::uint32_t insee, std::string& out) {
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
    if (i > 0)
      out += ' ';
    append_number(out, code, 5);
  }
  return reader.ok();
}

/// A département, a région or France, by the letter and the code that stand for it.
bool read_territory(std::string_view text, PlaceItem& item) {
  const std::size_t number = text.empty() ? std::string_view::npos : territory_letters.find(text[0]);
  if (number == std::string_view::npos)
    return false;
  item.kind = static_cast<PlaceItem::Kind>(number);
  item.code = text.substr(1);
  switch (item.kind) {
    case PlaceItem::Kind::commune:
      return false;
    case PlaceItem::Kind::departement:
      item.codes = fold(item.code);
      return parse_departement(item.code).has_value();
    case PlaceItem::Kind::region:
      return parse_region(item.code).has_value();
    case PlaceItem::Kind::france:
      break;
  }
  return item.code.empty();
}

constexpr std::string_view small_place_words =
    "a au aux d de des du en et l la le les saint sainte sous sur arrondissement";
constexpr std::string_view small_metier_words = "a au aux d dans de des du en et l la le les ou par pour sur un une";

Flaw read_directory(const fb::LookupDirectory& table, LookupDirectory& directory) {
  if (table.parts() == nullptr)
    return {};
  int last = -1;
  for (const auto* item : *table.parts()) {
    if (item->part() <= last)
      return "parts out of order";
    last = item->part();
    // A later version may have parts that this one does not know.
    if (item->part() >= lookup_part_count)
      continue;
    LookupFiles files;
    files.part = static_cast<LookupPart>(item->part());
    if (item->directory() != nullptr)
      files.directory = ref_of(*item->directory());
    if (!read_refs(item->files(), files.files))
      return "files at an odd place";
    const ByteView keys = view_of(item->first_keys());
    LineReader lines(keys);
    if (!lines.holds(files.files.size()))
      return "bad first keys";
    std::string_view before;
    for (std::size_t i = 0; i < files.files.size(); ++i) {
      const std::string_view key = lines.line();
      if (i > 0 && key <= before)
        return "bad first keys";
      before = key;
    }
    files.first_keys.assign(keys.begin(), keys.end());
    if (files.directory && !files.files.empty())
      return "a part with files and a directory";
    directory.parts.push_back(std::move(files));
  }
  return {};
}

Flaw read_places(const fb::PlaceShard& table, PlaceShard& shard) {
  const ByteView territory_bytes = view_of(table.territories());
  const auto territories =
      static_cast<std::size_t>(std::count(territory_bytes.begin(), territory_bytes.end(), std::uint8_t{'\n'}));
  LineReader names(view_of(table.names())), others(territory_bytes);
  if (table.unit_e5() == 0 || !names.holds(table.count()) || !others.holds(territories) || territories > table.count())
    return "bad names or no unit";
  PackedReader insees(view_of(table.insees()));
  PackedReader postal_codes(view_of(table.postal_codes()));
  PackedReader populations(view_of(table.populations()));
  PositionReader centres(view_of(table.centres()), table.unit_e5());
  shard.items.resize(table.count());
  std::uint64_t insee = 0;
  for (PlaceItem& item : shard.items) {
    std::string_view line = names.line();
    item.name = cut(line, '\t');
    item.other_names = line;
    item.folded = place_words(item.name);
    const std::uint64_t population = populations.varint();
    item.population = static_cast<std::uint32_t>(population);
    if (population > 0xFFFFFFFFU || !centres.read(item.centre))
      return "bad population or centre";
    if (static_cast<std::size_t>(shard.items.end() - &item) <= territories) {
      if (!read_territory(others.line(), item))
        return "bad territory";
      continue;
    }
    const std::uint64_t before = insee;
    if (!insees.step(insee, insee_numbers) || (&item != shard.items.data() && insee == before) ||
        !read_postal_codes(postal_codes, static_cast<std::uint32_t>(insee), item.codes))
      return "bad commune";
    item.code = insee_of(static_cast<std::uint32_t>(insee));
  }
  const bool at_end =
      insees.ok_and_at_end() && postal_codes.ok_and_at_end() && populations.ok_and_at_end() && centres.at_end();
  return at_end ? Flaw() : "columns and counts disagree";
}

Flaw read_metiers(const fb::MetierShard& table, MetierShard& shard) {
  LineReader labels(view_of(table.labels())), keywords(view_of(table.keywords()));
  const ByteView levels = view_of(table.levels());
  if (!labels.holds(table.count()) || !keywords.holds(table.count()) || levels.size() != table.count())
    return "columns and counts disagree";
  PackedReader romes(view_of(table.romes()));
  PackedReader rncps(view_of(table.rncps()));
  shard.items.resize(table.count());
  for (std::size_t i = 0; i < shard.items.size(); ++i) {
    MetierItem& item = shard.items[i];
    item.label = labels.line();
    item.keywords = keywords.line();
    fold_texts(item);
    item.levels = levels[i];
    if (!read_romes(romes, item.romes) || !read_ascending(rncps, rncp_end, item.rncps))
      return "bad entry";
  }
  return romes.ok_and_at_end() && rncps.ok_and_at_end() ? Flaw() : "columns and counts disagree";
}

Flaw read_table(const fb::TableShard& table, TableShard& shard) {
  LineReader keys(view_of(table.keys()));
  const ByteView levels = view_of(table.levels());
  if (!keys.holds(table.count()) || levels.size() != table.count())
    return "columns and counts disagree";
  PackedReader romes(view_of(table.romes()));
  shard.items.resize(table.count());
  for (std::size_t i = 0; i < shard.items.size(); ++i) {
    TableItem& item = shard.items[i];
    item.key = keys.line();
    item.levels = levels[i];
    if ((i > 0 && shard.items[i - 1].key >= item.key) || !read_romes(romes, item.romes))
      return "bad entry";
  }
  return romes.ok_and_at_end() ? Flaw() : "columns and counts disagree";
}

}  // namespace

std::string_view name_of(LookupPart part) {
  constexpr std::array<std::string_view, lookup_part_count> names{
      "top_places",   "places_by_word", "places_by_code", "metiers", "romes",
      "appellations", "diplomas",       "cfds",           "schools", "rome_levels"};
  return names[static_cast<std::size_t>(part)];
}

FileRange LookupFiles::covering(std::string_view prefix) const {
  FileRange range;
  for (const std::string_view key : Pieces(first_keys, '\n')) {
    if (key > prefix && !key.starts_with(prefix))
      break;
    ++range.end;
    if (key <= prefix)
      range.begin = range.end;
  }
  // The file before the first key above the prefix reaches up to it; it may begin with the prefix itself.
  if (range.begin > 0)
    --range.begin;
  return range;
}

FileRange LookupFiles::holding(std::string_view key) const {
  std::size_t end = 0;
  for (const std::string_view first : Pieces(first_keys, '\n'))
    end += first <= key ? 1U : 0U;
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
  append_number(code, head / 12);
  code += "0123456789AB"[head % 12];
  append_number(code, number % 1000, 3);
  return code;
}

Departement PlaceItem::departement() const {
  if (kind == Kind::commune)
    return departement_of_insee(code).value_or(Departement{});
  return kind == Kind::departement ? parse_departement(code).value_or(Departement{}) : Departement{};
}

Region PlaceItem::region() const {
  if (kind == Kind::region)
    return parse_region(code).value_or(Region{});
  const Departement own = departement();
  return own.is_none() ? Region{} : info(own).region;
}

void fold_texts(MetierItem& item) {
  item.folded = fold(item.label);
  item.folded_keywords.clear();
  for (const std::string_view keyword : Pieces(item.keywords, '\t')) {
    if (!item.folded_keywords.empty())
      item.folded_keywords += '\t';
    item.folded_keywords += fold(keyword);
  }
}

const TableItem* TableShard::find(std::string_view key) const {
  const auto found = std::lower_bound(items.begin(), items.end(), key,
                                      [](const TableItem& item, std::string_view wanted) { return item.key < wanted; });
  return found != items.end() && found->key == key ? &*found : nullptr;
}

Flaw open_file(ByteView bytes, const FileRef& ref, LookupDirectory& file) {
  return open_with<read_directory>(bytes, ref, "BLLU", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, PlaceShard& file) {
  return open_with<read_places>(bytes, ref, "BLPL", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, MetierShard& file) {
  return open_with<read_metiers>(bytes, ref, "BLME", file);
}

Flaw open_file(ByteView bytes, const FileRef& ref, TableShard& file) {
  return open_with<read_table>(bytes, ref, "BLTA", file);
}

bool has_word(std::string_view list, std::string_view word) {
  for (const std::string_view item : words_of(list))
    if (item == word)
      return true;
  return false;
}

bool is_small_place_word(std::string_view word) {
  return has_word(small_place_words, word);
}

bool is_small_metier_word(std::string_view word) {
  return has_word(small_metier_words, word);
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
    if (word == "st")
      out += "saint";
    else if (word == "ste")
      out += "sainte";
    else
      out += digits > 0 && digits < 3 && has_word("e er eme ieme nd nde ere", word.substr(digits))
                 ? word.substr(0, digits)
                 : word;
  }
  return out;
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
