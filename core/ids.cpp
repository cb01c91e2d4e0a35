#include "core/ids.hpp"

#include "core/decimal.hpp"
#include "core/text.hpp"

namespace balise {

namespace {

constexpr std::array<std::string_view, source_count> source_names{"formations", "offres", "matcha", "lba"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int letter_index(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/// Labels of 2026, a line each in the order of the numbers.
constexpr std::string_view opco_labels =
    "\n"
    "AFDAS\n"
    "AKTO / Opco entreprises et salari\xC3\xA9s des services \xC3\xA0 forte intensit\xC3\xA9 de main d'oeuvre\n"
    "ATLAS\n"
    "Constructys\n"
    "L'Opcommerce\n"
    "OCAPIAT\n"
    "OPCO 2i\n"
    "Opco entreprises de proximit\xC3\xA9\n"
    "Opco Mobilit\xC3\xA9s\n"
    "Opco Sant\xC3\xA9\n"
    "Uniformation, l'Opco de la Coh\xC3\xA9sion sociale\n";

/// Keys of 2023, and spellings met in data and in the branches' own texts, folded; lines in the same order.
constexpr std::string_view opco_spellings =
    "\n"
    "opco afdas\n"
    "akto,opco akto\n"
    "opco atlas\n"
    "opco constructys\n"
    "opcommerce,opco commerce\n"
    "opco ocapiat\n"
    "opco2i\n"
    "ep,opco ep,entreprises de proximite\n"
    "mobilite,opco mobilite,mobilites\n"
    "sante\n"
    "uniformation,opco uniformation,opco cohesion sociale\n";

/// Whether a text folds to this one. Its first byte is a letter, and tells most others from it.
bool folds_to(std::string_view text, std::string_view folded) {
  return !text.empty() && (text[0] | 0x20) == folded[0] && fold(text) == folded;
}

/// Days before a month in a year that is no leap year.
constexpr std::array<int, 13> days_before{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

bool is_leap(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Days from 1970-01-01 to the first of January of a year after 0.
Date days_to_year(int year) {
  const int past = year - 1;
  return past * 365 + past / 4 - past / 100 + past / 400 - 719162;
}

}  // namespace

std::string_view name_of(Source source) {
  return source_names[static_cast<std::size_t>(source)];
}

std::optional<Source> parse_source(std::string_view name) {
  for (const Source source : all_sources)
    if (name_of(source) == name)
      return source;
  return std::nullopt;
}

std::optional<RomeCode> parse_rome(std::string_view text) {
  if (text.size() != 5 || letter_index(text[0]) < 0)
    return std::nullopt;
  std::uint32_t digits = 0;
  for (const char c : text.substr(1)) {
    if (!is_digit(c))
      return std::nullopt;
    digits = digits * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return RomeCode{static_cast<std::uint32_t>(letter_index(text[0])) * 10000 + digits};
}

std::string to_string(RomeCode code) {
  std::string text(1, static_cast<char>('A' + code.value / 10000));
  append_number(text, code.value % 10000, 4);
  return text;
}

std::string to_string(RomeDomain domain) {
  if (domain.is_none())
    return {};
  const std::uint32_t value = domain.value - 1U;
  return {static_cast<char>('A' + value / 100), static_cast<char>('0' + value % 100 / 10),
          static_cast<char>('0' + value % 10)};
}

std::optional<RomeDomain> parse_rome_domain(std::string_view text) {
  if (text.size() != 3 || letter_index(text[0]) < 0 || !is_digit(text[1]) || !is_digit(text[2]))
    return std::nullopt;
  return RomeDomain{
      static_cast<std::uint16_t>(1 + letter_index(text[0]) * 100 + (text[1] - '0') * 10 + (text[2] - '0'))};
}

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-' || (text.size() > 10 && text[10] != 'T' && text[10] != ' '))
    return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(begin, size))
      value = value < 0 || !is_digit(c) ? -1 : value * 10 + (c - '0');
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1)
    return std::nullopt;
  const auto index = static_cast<std::size_t>(month);
  const int length = days_before[index] - days_before[index - 1] + (month == 2 && is_leap(year) ? 1 : 0);
  if (day > length)
    return std::nullopt;
  return days_to_year(year) + days_before[index - 1] + (month > 2 && is_leap(year) ? 1 : 0) + day - 1;
}

std::string to_string_date(Date date) {
  if (date == date_unknown)
    return {};
  // A guess that is never too late, then up to the right year.
  int year = 1969 + date / (date < 0 ? 365 : 366);
  while (days_to_year(year + 1) <= date)
    ++year;
  int rest = date - days_to_year(year);
  std::size_t month = 1;
  const auto end_of = [&](std::size_t m) { return days_before[m] + (m >= 2 && is_leap(year) ? 1 : 0); };
  while (rest >= end_of(month))
    ++month;
  rest -= month == 1 ? 0 : end_of(month - 1);
  std::string text;
  append_number(text, static_cast<std::uint64_t>(year), 4);
  text += '-';
  append_number(text, month, 2);
  text += '-';
  append_number(text, static_cast<std::uint64_t>(rest) + 1, 2);
  return text;
}

std::string_view label_of(Opco opco) {
  std::string_view lines = opco_labels;
  for (std::size_t i = 0; i < static_cast<std::size_t>(opco); ++i)
    static_cast<void>(cut(lines, '\n'));
  return cut(lines, '\n');
}

std::optional<Opco> parse_opco(std::string_view text) {
  const std::string folded = fold(text);
  if (folded.empty())
    return std::nullopt;
  std::string_view lines = opco_spellings;
  for (std::size_t i = 0; i < opco_count; ++i) {
    const auto opco = static_cast<Opco>(i);
    bool is_found = folds_to(label_of(opco), folded);
    for (std::string_view line = cut(lines, '\n'); !line.empty();)
      is_found = folded == cut(line, ',') || is_found;
    if (is_found)
      return opco;
  }
  return std::nullopt;
}

}  // namespace balise
