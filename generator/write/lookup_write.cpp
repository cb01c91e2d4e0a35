#include "generator/write/lookup_write.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "core/decimal.hpp"
#include "core/text.hpp"
#include "generator/files.hpp"
#include "generator/write/encode.hpp"
#include "generator/write/hashed_file.hpp"

namespace balise {

namespace {

/// From here on look-ups say what the formations of a site say; those before are tables of the country.
constexpr LookupPart first_training_part = LookupPart::diplomas;

void put_romes(Bytes& out, const List<RomeCode>& romes) {
  put_ascending(out, romes, [](RomeCode code) { return code.value; });
}

class PositionWriter {
 public:
  explicit PositionWriter(std::int32_t unit_e5) : m_unit_e5(unit_e5) {}
  void add(const std::optional<Position>& position) {
    if (!position) {
      put_varint(m_bytes, 0);
      return;
    }
    const std::int32_t lat = position->lat_e5 / m_unit_e5, lon = position->lon_e5 / m_unit_e5;
    put_varint(m_bytes, folded_sign(lat - m_lat) + 1);
    put_varint(m_bytes, folded_sign(lon - m_lon));
    m_lat = lat;
    m_lon = lon;
  }
  [[nodiscard]] const Bytes& bytes() const { return m_bytes; }

 private:
  std::int32_t m_unit_e5;
  std::int32_t m_lat = 0, m_lon = 0;
  Bytes m_bytes;
};

/// Something that stands under a key, by its number in a list.
using Keyed = std::pair<std::string, std::uint32_t>;

struct Piece {
  std::string first_key;
  std::vector<std::uint32_t> numbers;  ///< ascending, each once
};

std::string_view text_of(const Keyed& keyed) {
  return keyed.first;
}

/// Of the key_hash() that is the number.
std::string text_of(std::uint32_t hash) {
  std::string digits(8, '0');
  for (std::size_t i = digits.size(); i-- > 0; hash >>= 4U)
    digits[i] = "0123456789abcdef"[hash & 15U];
  return digits;
}

/// Cuts sorted keys, each a Keyed or a hash, into runs that weigh at most `most`: by one letter after the other,
/// neighbours that are small together again, so that what begins alike mostly stands together and one change moves few
/// borders.
template <typename Key, typename Weigh>
void cut_by_letter(std::span<const Key> run, std::size_t depth, std::size_t most, const Weigh& weigh,
                   std::vector<std::span<const Key>>& out) {
  if (run.empty())
    return;
  if (weigh(run) <= most || text_of(run.front()) == text_of(run.back())) {
    out.push_back(run);
    return;
  }
  std::vector<std::span<const Key>> pieces;
  for (std::size_t begin = 0; begin < run.size();) {
    const auto begins_alike = [depth](const Key& a, const Key& b) {
      const auto &left = text_of(a), &right = text_of(b);
      return left.substr(0, depth + 1) == right.substr(0, depth + 1);
    };
    std::size_t end = begin + 1;
    while (end < run.size() && begins_alike(run[end], run[begin]))
      ++end;
    std::vector<std::span<const Key>> inner;
    cut_by_letter(run.subspan(begin, end - begin), depth + 1, most, weigh, inner);
    for (const auto& piece : inner) {
      const std::span<const Key> joined =
          pieces.empty() ? piece : std::span(pieces.back().data(), pieces.back().size() + piece.size());
      if (!pieces.empty() && weigh(joined) <= most)
        pieces.back() = joined;
      else
        pieces.push_back(piece);
    }
    begin = end;
  }
  out.insert(out.end(), pieces.begin(), pieces.end());
}

/// The shortest key that tells a run from the one before, which it follows in memory.
template <typename Key>
std::string first_key_of(std::span<const Key> run, bool is_first) {
  const std::string first(text_of(run.front()));
  if (is_first)
    return first.substr(0, 1);
  const std::string before(text_of(*(run.data() - 1)));
  std::size_t same = 0;
  while (same < before.size() && same < first.size() && before[same] == first[same])
    ++same;
  return first.substr(0, same + 1);
}

/// Of what stands under the keys, ascending, each once.
std::vector<std::uint32_t> numbers_of(std::span<const Keyed> run) {
  std::vector<std::uint32_t> numbers;
  for (const Keyed& keyed : run)
    numbers.push_back(keyed.second);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

std::vector<Piece> cut(std::vector<Keyed> keyed, std::size_t most,
                       const std::function<std::size_t(std::uint32_t)>& weight) {
  std::sort(keyed.begin(), keyed.end());
  keyed.erase(std::unique(keyed.begin(), keyed.end()), keyed.end());
  const auto weigh = [&weight](std::span<const Keyed> run) {
    std::size_t total = 0;
    for (const std::uint32_t number : numbers_of(run))
      total += weight(number);
    return total;
  };
  std::vector<std::span<const Keyed>> runs;
  cut_by_letter(std::span<const Keyed>(keyed), 0, most, weigh, runs);
  std::vector<Piece> pieces;
  for (const auto& run : runs)
    pieces.push_back({first_key_of(run, pieces.empty()), numbers_of(run)});
  return pieces;
}

class LookupWriter {
 public:
  explicit LookupWriter(const std::filesystem::path& data_folder) : m_data_folder(data_folder) {}

  FileRef write(FileKind kind, const Bytes& bytes) const { return write_hashed(m_data_folder, {}, kind, bytes); }

  template <typename Item, typename Encode>
  LookupFiles write_part(LookupPart part, FileKind kind, const std::vector<Piece>& pieces,
                         const std::vector<Item>& items, const Encode& encode) const {
    LookupFiles files;
    files.part = part;
    for (const Piece& piece : pieces) {
      std::vector<Item> chosen;
      for (const std::uint32_t number : piece.numbers)
        chosen.push_back(items[number]);
      files.first_keys += piece.first_key + '\n';
      files.files.push_back(write(kind, encode(chosen)));
    }
    return files;
  }

  /// Parts that stand in a directory of their own, which those who do not need it do not read.
  void write_apart(const std::vector<LookupFiles>& parts, LookupDirectory& directory) const {
    const FileRef ref = write(FileKind::lookups, encode_lookups({{parts.begin(), parts.end()}}));
    for (const LookupFiles& part : parts) {
      LookupFiles outer;
      outer.part = part.part;
      outer.directory = ref;
      directory.parts.push_back(std::move(outer));
    }
  }

 private:
  const std::filesystem::path& m_data_folder;
};

std::vector<PlaceItem> place_items(std::span<const Commune> communes) {
  std::vector<PlaceItem> items;
  for (const Commune& commune : communes) {
    const auto insee = insee_number(commune.insee);
    if (!insee)
      continue;
    PlaceItem item;
    item.code = insee_of(*insee);
    item.name = commune.name;
    std::set<std::string_view> codes;
    for (const std::string& code : commune.postal_codes)
      if (code.size() == 5 && parse_count(code, 99'999))
        codes.insert(code);
    for (const std::string_view code : codes)
      item.codes.append(item.codes.empty() ? "" : " ").append(code);
    item.population = commune.population;
    item.centre = commune.centre;
    item.folded = place_words(commune.name);
    items.push_back(std::move(item));
  }
  std::sort(items.begin(), items.end(), [](const PlaceItem& a, const PlaceItem& b) { return a.code < b.code; });
  items.erase(
      std::unique(items.begin(), items.end(), [](const PlaceItem& a, const PlaceItem& b) { return a.code == b.code; }),
      items.end());
  return items;
}

/// The words under which a name can be found.
std::vector<std::string> keys_of_name(const std::string& folded) {
  std::vector<std::string> keys;
  std::string_view article;
  for (const std::string_view word : words_of(folded)) {
    // "L'Hay" is written "lhay" too.
    if (!article.empty())
      keys.push_back(std::string(article) + std::string(word));
    if (!is_small_place_word(word))
      keys.emplace_back(word);
    article = word == "l" || word == "d" ? word : std::string_view();
  }
  if (keys.empty())
    for (const std::string_view word : words_of(folded))
      keys.emplace_back(word);
  return keys;
}

bool is_part_of_a_city(const PlaceItem& item) {
  return item.folded.ends_with(" arrondissement");
}

/// Short names of regions after their codes.
constexpr std::array<std::pair<std::string_view, const char*>, 6> short_names{
    {{"11", "idf"}, {"93", "paca"}, {"84", "aura"}, {"32", "hdf"}, {"27", "bfc"}, {"52", "pdl"}}};

/// All départements and regions and France: the sum of their communes and, but of France, the mean of their centres.
std::vector<PlaceItem> territories_of(const std::vector<PlaceItem>& communes) {
  struct Sum {
    std::uint64_t population = 0;
    std::int64_t lat = 0, lon = 0, count = 0;
  };
  std::array<Sum, region_count> of_regions;
  std::array<Sum, departement_count> of_departements;
  Sum of_france;
  for (const PlaceItem& item : communes) {
    const Departement departement = item.departement();
    if (departement.is_none() || is_part_of_a_city(item))
      continue;
    for (Sum* sum : {&of_departements[departement.index], &of_regions[info(departement).region.index], &of_france}) {
      sum->population += item.population;
      if (item.centre) {
        sum->lat += item.centre->lat_e5;
        sum->lon += item.centre->lon_e5;
        ++sum->count;
      }
    }
  }
  std::vector<PlaceItem> territories;
  const auto add = [&](PlaceItem::Kind kind, std::string_view code, std::string_view name, const Sum& sum) {
    PlaceItem item;
    item.kind = kind;
    item.code = code;
    item.name = name;
    item.population = static_cast<std::uint32_t>(std::min<std::uint64_t>(sum.population, 0xFFFFFFFFU));
    // To a thousandth of a degree: nobody needs the middle of a département to the metre.
    if (sum.count > 0 && kind != PlaceItem::Kind::france)
      item.centre = Position{static_cast<std::int32_t>(sum.lat / sum.count / 100 * 100),
                             static_cast<std::int32_t>(sum.lon / sum.count / 100 * 100)};
    territories.push_back(std::move(item));
  };
  for (std::uint8_t i = 0; i < departement_count; ++i)
    add(PlaceItem::Kind::departement, departements()[i].code, name_of(Departement{i}), of_departements[i]);
  for (std::uint8_t i = 0; i < region_count; ++i) {
    add(PlaceItem::Kind::region, regions()[i].code, name_of(Region{i}), of_regions[i]);
    for (const auto& [code, name] : short_names)
      if (code == regions()[i].code)
        territories.back().other_names = name;
  }
  add(PlaceItem::Kind::france, "", "France enti\xC3\xA8re", of_france);
  territories.back().other_names = "toute la france\tpartout";
  return territories;
}

std::vector<std::uint32_t> most_populated(const std::vector<PlaceItem>& communes) {
  std::vector<std::uint32_t> numbers(communes.size());
  for (std::uint32_t i = 0; i < numbers.size(); ++i)
    numbers[i] = i;
  std::sort(numbers.begin(), numbers.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(communes[b].population, a) < std::tuple(communes[a].population, b);
  });
  numbers.resize(std::min(numbers.size(), top_place_count));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Words under which an occupation or a diploma stands.
std::vector<Keyed> keys_of_items(const std::vector<MetierItem>& items) {
  std::vector<Keyed> keyed;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    const auto add = [&](std::string_view folded) {
      bool only_small = true;
      for (const std::string_view word : words_of(folded))
        only_small = only_small && is_small_metier_word(word);
      for (const std::string_view word : words_of(folded))
        if (only_small || !is_small_metier_word(word))
          keyed.emplace_back(word, i);
    };
    add(items[i].folded);
    for (const std::string_view keyword : Pieces(items[i].folded_keywords, '\t'))
      add(keyword);
    if (const std::string initials = initials_of(items[i].folded); initials.size() > 1)
      keyed.emplace_back(initials, i);
    for (const RomeCode code : items[i].romes)
      if (items[i].romes.size() == 1)
        keyed.emplace_back(fold(to_string(code)), i);
  }
  return keyed;
}

std::size_t bytes_of(const MetierItem& item) {
  return item.label.size() + item.keywords.size() + (item.keywords.empty() ? 4 : 5) + 2 * item.romes.size() +
         2 * item.rncps.size();
}

/// In the order of folded labels, then labels: the order of a file does not depend on that of the source.
void sort_items(std::vector<MetierItem>& items) {
  for (MetierItem& item : items)
    fold_texts(item);
  std::sort(items.begin(), items.end(), [](const MetierItem& a, const MetierItem& b) {
    return std::tie(a.folded, a.label, a.romes) < std::tie(b.folded, b.label, b.romes);
  });
  items.erase(std::unique(items.begin(), items.end(),
                          [](const MetierItem& a, const MetierItem& b) {
                            return a.folded == b.folded && a.romes == b.romes && a.label == b.label;
                          }),
              items.end());
}

LookupFiles write_items(const LookupWriter& writer, LookupPart part, std::vector<MetierItem> items,
                        std::size_t most_bytes) {
  sort_items(items);
  std::size_t total = 0;
  for (const MetierItem& item : items)
    total += bytes_of(item);
  std::vector<Piece> pieces;
  if (total <= most_bytes) {
    // One file for all, whatever the key.
    Piece all;
    for (std::uint32_t i = 0; i < items.size(); ++i)
      all.numbers.push_back(i);
    if (!items.empty())
      pieces.push_back(std::move(all));
  } else {
    pieces = cut(keys_of_items(items), most_bytes, [&](std::uint32_t i) { return bytes_of(items[i]); });
  }
  return writer.write_part(part, FileKind::metiers, pieces, items,
                           [](const std::vector<MetierItem>& chosen) { return encode_metiers(chosen); });
}

/// A table of keys, by their hashes. Of each key memory holds its hash; of the rows, those of one file.
LookupFiles write_table(const LookupWriter& writer, LookupPart part, KeyFacts& facts) {
  std::vector<std::uint32_t> hashes;
  facts.for_each([&](const KeyFacts::Row& row) { hashes.push_back(row.hash); });
  std::vector<std::span<const std::uint32_t>> runs;
  cut_by_letter(
      std::span<const std::uint32_t>(hashes), 0, max_table_items, [](const auto& run) { return run.size(); }, runs);
  LookupFiles files;
  files.part = part;
  std::vector<TableItem> items;
  facts.for_each([&](const KeyFacts::Row& row) {
    items.push_back({row.key, {row.romes.begin(), row.romes.end()}, row.levels});
    const std::span<const std::uint32_t> run = runs[files.files.size()];
    if (items.size() < run.size())
      return;
    std::sort(items.begin(), items.end(), [](const TableItem& a, const TableItem& b) { return a.key < b.key; });
    files.first_keys += first_key_of(run, files.files.size() == 0) + '\n';
    files.files.push_back(writer.write(FileKind::table, encode_table(items)));
    items.clear();
  });
  return files;
}

void join(TrainingFacts::Facts& into, const TrainingFacts::Facts& from) {
  if (into.label.empty() || (!from.label.empty() && from.label < into.label))
    into.label = from.label;
  into.romes.insert(from.romes.begin(), from.romes.end());
  into.rncps.insert(from.rncps.begin(), from.rncps.end());
  into.levels = static_cast<std::uint8_t>(into.levels | from.levels);
}

/// A title as the list of diplomas has it: what stands before a bracket.
std::string diploma_label(const RecordView& record) {
  std::string_view label = detail(record, Field::long_title);
  if (label.empty())
    label = record.title;
  label = label.substr(0, label.find('('));
  while (!label.empty() && (label.back() == ' ' || label.back() == '-' || label.back() == ':'))
    label.remove_suffix(1);
  return std::string(label);
}

}  // namespace

void TrainingFacts::add(const RecordView& record) {
  if (record.source != Source::formations || record.romes.empty())
    return;
  Facts facts;
  facts.romes.insert(record.romes.begin(), record.romes.end());
  if (record.level != level_unknown)
    facts.levels = static_cast<std::uint8_t>(1U << record.level);
  const std::string_view rncp = detail(record, Field::rncp_code);
  if (rncp.starts_with("RNCP"))
    if (const auto number = parse_count(rncp.substr(4), 999'999'999))
      facts.rncps.insert(*number);
  facts.label = diploma_label(record);
  const std::string key = fold(facts.label), cfd = fold(detail(record, Field::cfd));
  const std::string_view siret = detail(record, Field::siret);
  const std::lock_guard lock(m_mutex);
  for (const RomeCode code : record.romes)
    join(m_rome_levels[to_string(code)], {{}, {}, {}, facts.levels});
  if (!cfd.empty())
    m_cfds.add(cfd, record.romes, facts.levels);
  if (!siret.empty())
    m_schools.add(siret, record.romes, facts.levels);
  if (!key.empty())
    join(m_diplomas[key], facts);
}

nlohmann::json TrainingFacts::to_json() {
  nlohmann::json json = nlohmann::json::array();
  for (const Table* table : {&m_diplomas, &m_rome_levels}) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [key, facts] : *table) {
      nlohmann::json romes = nlohmann::json::array();
      for (const RomeCode code : facts.romes)
        romes.push_back(code.value);
      rows.push_back({key, facts.label, std::move(romes), facts.rncps, facts.levels});
    }
    json.push_back(std::move(rows));
  }
  for (KeyFacts* table : {&m_cfds, &m_schools}) {
    nlohmann::json rows = nlohmann::json::array();
    table->for_each([&](const KeyFacts::Row& row) {
      nlohmann::json romes = nlohmann::json::array();
      for (const RomeCode code : row.romes)
        romes.push_back(code.value);
      rows.push_back({row.key, std::move(romes), row.levels});
    });
    json.push_back(std::move(rows));
  }
  return json;
}

void TrainingFacts::add_json(const nlohmann::json& json) {
  const std::lock_guard lock(m_mutex);
  std::size_t number = 0;
  for (Table* table : {&m_diplomas, &m_rome_levels}) {
    for (const nlohmann::json& row : json.at(number)) {
      Facts facts;
      facts.label = row.at(1).get<std::string>();
      for (const nlohmann::json& code : row.at(2))
        facts.romes.insert({code.get<std::uint32_t>()});
      facts.rncps = row.at(3).get<std::set<std::uint32_t>>();
      facts.levels = row.at(4).get<std::uint8_t>();
      join((*table)[row.at(0).get<std::string>()], facts);
    }
    ++number;
  }
  for (KeyFacts* table : {&m_cfds, &m_schools}) {
    for (const nlohmann::json& row : json.at(number)) {
      std::vector<RomeCode> romes;
      for (const nlohmann::json& code : row.at(1))
        romes.push_back({code.get<std::uint32_t>()});
      table->add(row.at(0).get_ref<const std::string&>(), romes, row.at(2).get<std::uint8_t>());
    }
    ++number;
  }
}

LookupDirectory write_reference_lookups(std::span<const Commune> communes,
                                        std::span<const std::pair<RomeCode, std::string>> romes,
                                        std::span<const MetierEntry> metiers,
                                        const std::filesystem::path& data_folder) {
  const LookupWriter writer(data_folder);
  LookupDirectory directory;

  const std::vector<PlaceItem> places = place_items(communes);
  const std::vector<PlaceItem> territories = territories_of(places);
  directory.parts.push_back(writer.write_part(LookupPart::top_places, FileKind::places, {{"", most_populated(places)}},
                                              places, [&](std::vector<PlaceItem> chosen) {
                                                chosen.insert(chosen.end(), territories.begin(), territories.end());
                                                return encode_places(chosen);
                                              }));
  std::vector<Keyed> words, codes;
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    for (std::string& key : keys_of_name(places[i].folded))
      words.emplace_back(std::move(key), i);
    codes.emplace_back(fold(places[i].code), i);
    for (const std::string_view code : words_of(places[i].codes))
      codes.emplace_back(code, i);
  }
  const auto encode_communes = [](const std::vector<PlaceItem>& chosen) { return encode_places(chosen); };
  const auto one = [](std::uint32_t) { return std::size_t{1}; };
  directory.parts.push_back(writer.write_part(LookupPart::places_by_word, FileKind::places,
                                              cut(std::move(words), max_places, one), places, encode_communes));
  writer.write_apart({writer.write_part(LookupPart::places_by_code, FileKind::places,
                                        cut(std::move(codes), max_places, one), places, encode_communes)},
                     directory);

  std::vector<MetierItem> metier_items, rome_items, appellation_items;
  for (const MetierEntry& entry : metiers) {
    MetierItem item;
    item.label = entry.label;
    for (const std::string& keyword : std::set<std::string>(entry.keywords.begin(), entry.keywords.end()))
      item.keywords += (item.keywords.empty() ? "" : "\t") + keyword;
    item.romes = {entry.romes.begin(), entry.romes.end()};
    item.rncps = {entry.rncps.begin(), entry.rncps.end()};
    metier_items.push_back(std::move(item));
    for (const auto& [code, label] : entry.appellations) {
      MetierItem appellation;
      appellation.label = label;
      appellation.romes = {code};
      appellation_items.push_back(std::move(appellation));
    }
  }
  for (const auto& [code, label] : romes) {
    if (fold(label).empty())
      continue;
    MetierItem item;
    item.label = label;
    item.romes = {code};
    rome_items.push_back(std::move(item));
  }
  directory.parts.push_back(write_items(writer, LookupPart::metiers, std::move(metier_items), max_metier_bytes));
  directory.parts.push_back(write_items(writer, LookupPart::romes, std::move(rome_items), max_metier_bytes));
  if (!appellation_items.empty())
    writer.write_apart({write_items(writer, LookupPart::appellations, std::move(appellation_items), max_diploma_bytes)},
                       directory);
  return directory;
}

LookupDirectory copy_reference_lookups(const Site& site, const std::filesystem::path& data_folder) {
  LookupDirectory copied;
  const auto copy = [&](FileKind kind, const FileRef& ref) {
    write_file(data_folder / path_of({Region{}, kind, ref}), site.read({Region{}, kind, ref}));
  };
  const auto copy_files = [&](const LookupFiles& part) {
    for (const FileRef& ref : part.files)
      copy(part.part <= LookupPart::places_by_code ? FileKind::places : FileKind::metiers, ref);
  };
  const auto& root = site.store().root();
  if (!root.lookups)
    return copied;
  for (const LookupFiles& part : site.open<LookupDirectory>({}, *root.lookups).parts) {
    if (part.part >= first_training_part)
      continue;
    copy_files(part);
    if (part.directory) {
      copy(FileKind::lookups, *part.directory);
      for (const LookupFiles& inner : site.open<LookupDirectory>({}, *part.directory).parts)
        copy_files(inner);
    }
    copied.parts.push_back(part);
  }
  return copied;
}

FileRef write_lookups(LookupDirectory directory, TrainingFacts& facts, const std::filesystem::path& data_folder) {
  const LookupWriter writer(data_folder);
  std::vector<MetierItem> diploma_items;
  for (const auto& [key, diploma] : facts.diplomas()) {
    MetierItem item;
    item.label = diploma.label;
    item.romes = {diploma.romes.begin(), diploma.romes.end()};
    item.rncps = {diploma.rncps.begin(), diploma.rncps.end()};
    item.levels = diploma.levels;
    diploma_items.push_back(std::move(item));
  }
  writer.write_apart({write_items(writer, LookupPart::diplomas, std::move(diploma_items), max_diploma_bytes)},
                     directory);
  KeyFacts rome_levels(facts.scratch());
  for (const auto& [key, of_rome] : facts.rome_levels())
    rome_levels.add(key, {}, of_rome.levels);
  writer.write_apart(
      {write_table(writer, LookupPart::cfds, facts.cfds()), write_table(writer, LookupPart::schools, facts.schools()),
       write_table(writer, LookupPart::rome_levels, rome_levels)},
      directory);
  return writer.write(FileKind::lookups, encode_lookups(directory));
}

Bytes encode_lookups(const LookupDirectory& directory) {
  Builder builder;
  std::vector<flatbuffers::Offset<fb::LookupPart>> parts;
  for (const LookupFiles& part : directory.parts) {
    const auto key_column = builder.CreateVector(Bytes(part.first_keys.begin(), part.first_keys.end()));
    const auto list = ref_list(builder, part.files);
    const fb::FileRef inner = ref_of(part.directory.value_or(FileRef{}));
    parts.push_back(fb::CreateLookupPart(builder, static_cast<std::uint8_t>(part.part), key_column, list,
                                         part.directory ? &inner : nullptr));
  }
  const auto list = builder.CreateVector(parts);
  return finished(builder, fb::CreateLookupDirectory(builder, list), "BLLU");
}

Bytes encode_places(std::span<const PlaceItem> places) {
  // Ten units of a hundred-thousandth when all positions allow it: the built-in table has four decimals.
  const bool tens = std::all_of(places.begin(), places.end(), [](const PlaceItem& item) {
    return !item.centre || (item.centre->lat_e5 % 10 == 0 && item.centre->lon_e5 % 10 == 0);
  });
  const std::uint16_t unit_e5 = tens ? 10 : 1;
  Bytes insees, names, postal_codes, populations, territories;
  PositionWriter centres(unit_e5);
  std::uint32_t last = 0;
  for (const PlaceItem& item : places) {
    put_line(names, item.other_names.empty() ? item.name : item.name + '\t' + item.other_names);
    put_varint(populations, item.population);
    centres.add(item.centre);
    if (item.kind != PlaceItem::Kind::commune) {
      put_line(territories, territory_letters[static_cast<std::size_t>(item.kind)] + item.code);
      continue;
    }
    const std::uint32_t insee = insee_number(item.code).value();
    put_varint(insees, insee - last);
    last = insee;
    std::vector<std::uint32_t> codes;
    for (const std::string_view code : words_of(item.codes))
      codes.push_back(parse_count(code, 99'999).value());
    put_varint(postal_codes, codes.size());
    const std::uint32_t head = insee / 1000;
    const std::uint32_t base = 1000 * (head % 12 < 10 ? head / 12 * 10 + head % 12 : head / 12 * 10);
    for (std::size_t i = 0; i < codes.size(); ++i) {
      const std::uint32_t code = codes[i];
      if (i > 0)
        put_varint(postal_codes, code - codes[i - 1]);
      else if (code >= base && code < base + 1000)
        put_varint(postal_codes, 2 * (code - base));
      else
        put_varint(postal_codes, 2 * code + 1);
    }
  }
  Builder builder;
  const auto insee_column = builder.CreateVector(insees);
  const auto name_column = builder.CreateVector(names);
  const auto postal_column = builder.CreateVector(postal_codes);
  const auto population_column = builder.CreateVector(populations);
  const auto centre_column = builder.CreateVector(centres.bytes());
  const auto territory_column = builder.CreateVector(territories);
  return finished(builder,
                  fb::CreatePlaceShard(builder, static_cast<std::uint32_t>(places.size()), insee_column, name_column,
                                       postal_column, population_column, unit_e5, centre_column, territory_column),
                  "BLPL");
}

Bytes encode_metiers(std::span<const MetierItem> items) {
  Bytes labels, keywords, romes, rncps, levels;
  for (const MetierItem& item : items) {
    put_line(labels, item.label);
    put_line(keywords, item.keywords);
    put_romes(romes, item.romes);
    put_ascending(rncps, item.rncps, [](std::uint32_t number) { return number; });
    levels.push_back(item.levels);
  }
  Builder builder;
  const auto label_column = builder.CreateVector(labels);
  const auto keyword_column = builder.CreateVector(keywords);
  const auto rome_column = builder.CreateVector(romes);
  const auto rncp_column = builder.CreateVector(rncps);
  const auto level_column = builder.CreateVector(levels);
  return finished(builder,
                  fb::CreateMetierShard(builder, static_cast<std::uint32_t>(items.size()), label_column, keyword_column,
                                        rome_column, rncp_column, level_column),
                  "BLME");
}

Bytes encode_table(std::span<const TableItem> items) {
  Bytes keys, romes, levels;
  for (const TableItem& item : items) {
    put_line(keys, item.key);
    put_romes(romes, item.romes);
    levels.push_back(item.levels);
  }
  Builder builder;
  const auto key_column = builder.CreateVector(keys);
  const auto rome_column = builder.CreateVector(romes);
  const auto level_column = builder.CreateVector(levels);
  return finished(
      builder,
      fb::CreateTableShard(builder, static_cast<std::uint32_t>(items.size()), key_column, rome_column, level_column),
      "BLTA");
}

}  // namespace balise
