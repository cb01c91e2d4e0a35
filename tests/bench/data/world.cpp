#include "tests/bench/data/world.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "core/text.hpp"

namespace balise::bench {

namespace {

constexpr double radian = 3.14159265358979323846 / 180;
constexpr double km_per_degree = 111.2;

/// Communes that the municipal arrondissements of Paris, Lyon and Marseille make up already.
bool has_arrondissements(std::string_view insee) {
  return insee == "75056" || insee == "69123" || insee == "13055";
}

/// How far from the centre people and companies are, as a standard deviation.
double spread_km(std::uint32_t population) {
  return std::clamp(0.35 * std::pow(population / 1000.0, 0.38), 0.25, 4.0);
}

void append(std::string& out, const std::string& text) {
  out += text;
}

std::string digits(std::uint64_t value, int width) {
  std::array<char, 24> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%0*llu", width, static_cast<unsigned long long>(value));
  return buffer.data();
}

/// The digit that makes the Luhn sum of the digits and itself a multiple of ten.
char luhn_digit(std::string_view number) {
  int sum = 0;
  bool twice = true;
  for (std::size_t i = number.size(); i-- > 0; twice = !twice) {
    const int digit = (number[i] - '0') * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

std::uint64_t Plan::of(std::uint64_t count_at_scale_1) const {
  return static_cast<std::uint64_t>(std::llround(static_cast<double>(count_at_scale_1) * scale));
}

std::uint64_t with_new_ones(const Plan& plan, std::uint64_t count) {
  return count + plan.night * (count / 200);
}

Fate fate_of(const Plan& plan, std::uint64_t kind, std::uint64_t index, std::uint64_t count) {
  const std::uint64_t per_night = count / 200;
  // A record that came in a night is spared until the next one.
  const std::uint64_t born = index < count || per_night == 0 ? 0 : (index - count) / per_night + 1;
  Fate fate;
  for (std::uint64_t night = born + 1; night <= plan.night; ++night) {
    Random random(plan.seed, Stream::night, index, night * 16 + kind);
    const double draw = random.unit();
    if (draw < 0.005)
      fate.gone = true;
    else if (draw < 0.015)
      ++fate.version;
  }
  return fate;
}

World::World(std::uint64_t seed_)
    : seed(seed_),
      words(load_words(BALISE_SOURCE_DIR "/tests/bench/data/words.json")),
      reference(Reference::load(BALISE_SOURCE_DIR "/data/reference/communes.json.gz",
                                BALISE_SOURCE_DIR "/data/reference/romes.csv")) {
  for (const Commune& commune : reference.communes()) {
    if (commune.departement.is_none() || !commune.centre || commune.postal_codes.empty() ||
        has_arrondissements(commune.insee))
      continue;
    m_communes.push_back(&commune);
    m_population.add(commune.population);
  }
  for (std::uint32_t value = 0; value < 140000; ++value) {
    const RomeCode code{value};
    if (reference.knows_rome(code))
      romes.push_back({to_string(code), std::string(reference.rome_label(code)), value / 10000});
  }
  std::vector<std::size_t> order(romes.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  Random random(seed, Stream::zipf, 0);
  for (std::size_t i = order.size(); i-- > 1;)
    std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
  m_zipf_romes = order;
  for (std::size_t rank = 0; rank < order.size(); ++rank)
    m_zipf.add(1 / std::pow(static_cast<double>(rank + 1), 0.9));
  for (const Naf& naf : words.nafs) {
    m_naf.add(naf.weight);
    m_naf_romes.emplace_back();
    for (const std::string& code : naf.romes)
      m_naf_romes.back().push_back(rome_number(code));
  }
}

std::size_t World::rome_number(const std::string& code) const {
  const auto found = std::lower_bound(romes.begin(), romes.end(), code,
                                      [](const Rome& rome, const std::string& wanted) { return rome.code < wanted; });
  if (found == romes.end() || found->code != code)
    throw std::runtime_error("words.json: unknown ROME " + code);
  return static_cast<std::size_t>(found - romes.begin());
}

std::pair<std::size_t, std::size_t> World::domain_of(std::size_t rome) const {
  const std::string_view domain = std::string_view(romes[rome].code).substr(0, 3);
  std::size_t first = rome, end = rome + 1;
  while (first > 0 && std::string_view(romes[first - 1].code).substr(0, 3) == domain)
    --first;
  while (end < romes.size() && std::string_view(romes[end].code).substr(0, 3) == domain)
    ++end;
  return {first, end};
}

const Commune& World::any_commune(Random& random) const {
  return *random.pick(m_communes);
}

const Commune& World::populated_commune(Random& random) const {
  return *m_communes[m_population.draw(random)];
}

Place World::at_centre(const Commune& commune, Random& random) const {
  return {&commune, commune.centre->lat_e5 / 1e5, commune.centre->lon_e5 / 1e5, random.pick(commune.postal_codes)};
}

Place World::draw_place(Random& random) const {
  const Commune& commune = populated_commune(random);
  Place place = at_centre(commune, random);
  // Business parks, shopping centres and towers: many companies at one door.
  const std::uint32_t doors = 1 + commune.population / 4000;
  const bool shared = random.chance(0.12);
  Random door(seed, Stream::company, random.below(doors),
              1 + mixed(static_cast<std::uint64_t>(commune.centre->lat_e5 * 40'000'000LL + commune.centre->lon_e5)));
  Random& source = shared ? door : random;
  const double spread = spread_km(commune.population);
  place.lat_deg += source.normal() * spread / km_per_degree;
  place.lon_deg += source.normal() * spread / (km_per_degree * std::cos(place.lat_deg * radian));
  return place;
}

std::size_t World::draw_rome(Random& random) const {
  return m_zipf_romes[m_zipf.draw(random)];
}

std::size_t World::draw_rome_of(const Naf& naf, Random& random) const {
  const auto& list = m_naf_romes[static_cast<std::size_t>(&naf - words.nafs.data())];
  std::size_t i = 0;
  while (i + 1 < list.size() && random.chance(0.5))
    ++i;
  return list[i];
}

std::string World::brand(Random& random) const {
  std::string name;
  const int syllables = random.between(1, 3);
  for (int i = 0; i < syllables; ++i)
    name += random.pick(words.syllables);
  name += random.pick(words.endings);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

std::string World::street(Random& random) const {
  return random.pick(words.streets) + ' ' + random.pick(words.street_names);
}

Company World::company(std::uint64_t index) const {
  Random random(seed, Stream::company, index);
  Company company;
  company.index = index;
  company.naf = &words.nafs[m_naf.draw(random)];
  company.letter = romes[m_naf_romes[static_cast<std::size_t>(company.naf - words.nafs.data())].front()].letter;
  company.siret = siret_of(index, false);
  company.place = draw_place(random);
  const std::string& trade = random.pick(words.trade_words[company.letter]);
  const std::string own = brand(random);
  switch (random.below(5)) {
    case 0:
      company.name = own;
      break;
    case 1:
      company.name = trade + ' ' + company.place.commune->name;
      break;
    case 2:
      company.name = own + ' ' + random.pick(words.trade_words[company.letter]);
      break;
    default:
      company.name = trade + ' ' + own;
  }
  const std::string& form = random.pick(words.legal_forms);
  company.legal_name = register_case(company.name) + (form.empty() ? "" : " " + form);
  company.street_number = std::to_string(1 + random.below(random.chance(0.7) ? 60 : 300));
  company.street = street(random);
  static const Texts sizes{"0-0", "1-2", "1-2", "3-5", "3-5", "6-9", "6-9", "10-19", "20-49", "50-99", "100-199"};
  company.size = random.pick(sizes);
  return company;
}

std::string siret_of(std::uint64_t number, bool is_school) {
  // A walk that visits each number of the range once; the SIREN of La Poste has a rule of its own and is left out.
  std::uint64_t siren = is_school ? 90'000'000 + number : 10'000'000 + number * 61'803'397 % 80'000'000;
  if (siren == 35'600'000)
    siren = 95'000'000;
  std::string text = digits(siren, 8);
  text += luhn_digit(text);
  text += digits(1 + mixed(number) % 9, 4);
  text += luhn_digit(text);
  return text;
}

std::string register_case(std::string_view text) {
  std::string upper = fold(text);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  return upper;
}

std::string day_before(int days) {
  static const Date today = *parse_date(as_of);
  return to_string_date(today - days);
}

std::string fixed(double value, int decimals) {
  std::array<char, 48> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  return {buffer.data(), static_cast<std::size_t>(length)};
}

const std::string& Writer::task() {
  return m_random.pick(m_world.words.tasks[m_world.romes[m_rome].letter]);
}

void Writer::write(std::string& out, const Sentence& sentence) {
  for (const Sentence::Piece& piece : sentence.pieces) {
    out += piece.text;
    if (piece.slot != Slot::none)
      fill(out, piece.slot);
  }
}

/// Words with little sense and as much news as real sentences have.
void Writer::write_words(std::string& out) {
  static const Texts links{" de ", " et ", " pour ", " dans le ", " avec ", " sur la ", " ", " ", " ", ", "};
  for (int i = m_random.between(3, 8); i > 0; --i) {
    out += m_random.pick(m_world.words.vocabulary);
    if (i > 1)
      out += m_random.pick(links);
  }
}

void Writer::fill(std::string& out, Slot slot) {
  const Words& words = m_world.words;
  const auto number = [&](int low, int high) { append(out, std::to_string(m_random.between(low, high))); };
  switch (slot) {
    case Slot::brand:
    case Slot::company2:
      append(out, m_world.brand(m_random));
      break;
    case Slot::city:
      append(out, m_company.place.commune->name);
      break;
    case Slot::city2:
    case Slot::city3:
      append(out, m_world.populated_commune(m_random).name);
      break;
    case Slot::company:
      append(out, m_company.name);
      break;
    case Slot::d1:
      number(1, 7);
      break;
    case Slot::d2:
    case Slot::d3:
    case Slot::d4:
    case Slot::d5:
      number(10, 99);
      break;
    case Slot::day:
      number(2, 28);
      break;
    case Slot::diploma:
      append(out, m_diploma.short_name + ' ' + m_world.romes[m_rome].label);
      break;
    case Slot::domain: {
      std::string host = fold(m_company.name);
      std::replace(host.begin(), host.end(), ' ', '-');
      append(out, host);
      break;
    }
    case Slot::km:
      number(15, 240);
      break;
    case Slot::label:
      append(out, m_world.romes[m_rome].label);
      break;
    case Slot::label2:
      append(out, m_world.romes[m_world.draw_rome(m_random)].label);
      break;
    case Slot::m:
      number(2, 90);
      break;
    case Slot::month:
      append(out, m_random.pick(words.months));
      break;
    case Slot::months:
      append(out, std::to_string(6 * m_random.between(2, 6)));
      break;
    case Slot::n:
      number(2, 30);
      break;
    case Slot::n2:
      number(2, 5);
      break;
    case Slot::n3:
      number(1, 2);
      break;
    case Slot::pct:
      number(27, 78);
      break;
    case Slot::perk:
    case Slot::perk2:
      append(out, m_random.pick(words.perks));
      break;
    case Slot::quality:
    case Slot::quality2:
      append(out, m_random.pick(words.qualities));
      break;
    case Slot::ref:
      append(out, std::to_string(m_random.below(900'000) + 100'000));
      break;
    case Slot::size:
      number(3, 480);
      break;
    case Slot::task:
    case Slot::task2:
    case Slot::task3:
      append(out, task());
      break;
    case Slot::trade:
      append(out, "en " + m_world.romes[m_rome].label);
      break;
    case Slot::words:
      write_words(out);
      break;
    case Slot::year:
      number(1921, 2022);
      break;
    case Slot::year2:
      number(2022, 2026);
      break;
    case Slot::none:
    case Slot::count:
      break;
  }
}

}  // namespace balise::bench
