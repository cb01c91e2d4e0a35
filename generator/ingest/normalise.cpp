#include "generator/ingest/normalise.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/text.hpp"
#include "generator/ingest/boxes.hpp"

namespace balise {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c) {
  return is_digit(c) || is_letter(c);
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    c = upper(c);
  return result;
}

/// The text without the bytes that people put between digits: spaces, no-break spaces, dots, dashes.
std::string without_separators(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\xC2\xA0")) {
      ++i;
    } else if (rest.starts_with("\xE2\x80\xAF")) {
      i += 2;
    } else if (const char c = text[i]; c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '.' && c != '-') {
      result += c;
    }
  }
  return result;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool passes_siret_check(std::string_view digits) {
  int luhn = 0, plain = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[i] - '0';
    plain += digit;
    const int weighted = i % 2 == 0 ? digit * 2 : digit;
    luhn += weighted > 9 ? weighted - 9 : weighted;
  }
  return luhn % 10 == 0 || (digits.starts_with("356000000") && plain % 5 == 0);
}

/// Digits at the front as a number, -1 if there are not `least` to `most` of them.
int take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  int value = 0;
  while (count < text.size() && count <= most && is_digit(text[count]))
    value = value * 10 + (text[count++] - '0');
  if (count < least || count > most)
    return -1;
  text.remove_prefix(count);
  return value;
}

std::optional<Date> date_of(int year, int month, int day) {
  const auto padded = [](int value, std::size_t width) {
    std::string text = std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  return parse_date(padded(year, 4) + '-' + padded(month, 2) + '-' + padded(day, 2));
}

std::optional<Date> parse_slashed_date(std::string_view text) {
  const int first = take_digits(text, 1, 2);
  if (first < 0 || !text.starts_with('/'))
    return std::nullopt;
  text.remove_prefix(1);
  const int second = take_digits(text, 1, 2);
  if (second < 0 || !text.starts_with('/'))
    return std::nullopt;
  text.remove_prefix(1);
  const std::size_t year_digits = text.size();
  int year = take_digits(text, 2, 4);
  const std::size_t taken = year_digits - text.size();
  if (year < 0 || taken == 3 || (!text.empty() && text.front() != ' ' && text.front() != 'T'))
    return std::nullopt;
  if (taken == 4) {
    // Four digits are French, day first, unless only the American order makes a day.
    return second > 12 ? date_of(year, first, second) : date_of(year, second, first);
  }
  year += 2000;
  // Two digits come from American spreadsheets as well as from French ones: only what reads one way is taken.
  if (first <= 12 && second <= 12 && first != second)
    return std::nullopt;
  return second > 12 ? date_of(year, first, second) : date_of(year, second, first);
}

/// One word as a level: a digit 3 to 8, or an old level in Roman figures.
Level level_of_word(std::string_view word) {
  if (word.starts_with("niveau"))
    word.remove_prefix(6);
  if (word.size() == 1 && word[0] >= '3' && word[0] <= '8')
    return static_cast<Level>(std::min(word[0] - '0', 7));
  constexpr std::pair<std::string_view, Level> old_scale[] = {{"v", 3}, {"iv", 4}, {"iii", 5}, {"ii", 6}, {"i", 7}};
  for (const auto& [roman, level] : old_scale)
    if (word == roman)
      return level;
  return level_unknown;
}

bool holds_word(std::string_view folded, std::string_view words) {
  for (std::size_t at = folded.find(words); at != std::string_view::npos; at = folded.find(words, at + 1)) {
    const std::size_t end = at + words.size();
    if ((at == 0 || folded[at - 1] == ' ') && (end == folded.size() || folded[end] == ' '))
      return true;
  }
  return false;
}

/// Length of a mark such as "(H/F)", "h/f", "F / H" or "H/F/X" at the front; 0 when there is none.
std::size_t gender_mark(std::string_view text) {
  const bool bracketed = text.starts_with('(');
  std::string letters;
  std::size_t end = 0;  // after the last letter
  for (std::size_t i = bracketed ? 1 : 0; i < text.size(); ++i) {
    const char c = upper(text[i]);
    const bool wants_letter = letters.empty() || letters.back() == '/';
    if (wants_letter && (c == 'H' || c == 'F' || c == 'X') && (i + 1 == text.size() || !is_alnum(text[i + 1]))) {
      letters += c;
      end = i + 1;
    } else if (!wants_letter && c == '/') {
      letters += c;
    } else if (c != ' ' || (letters.empty() && !bracketed)) {
      break;
    }
  }
  if (letters.ends_with('/'))
    letters.pop_back();
  if (letters != "H/F" && letters != "F/H" && letters != "H/F/X" && letters != "F/H/X")
    return 0;
  if (!bracketed)
    return end;
  const std::size_t close = text.find_first_not_of(' ', end);
  return close != std::string_view::npos && text[close] == ')' ? close + 1 : 0;
}

void remove_end(std::string& text, std::string_view end) {
  if (text.ends_with(end))
    text.resize(text.size() - end.size());
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  for (;;) {
    if (!text.empty() && is_space(text.front()))
      text.remove_prefix(1);
    else if (!text.empty() && is_space(text.back()))
      text.remove_suffix(1);
    else if (text.starts_with("\xC2\xA0"))
      text.remove_prefix(2);
    else if (text.ends_with("\xC2\xA0"))
      text.remove_suffix(2);
    else
      return text;
  }
}

bool is_placeholder(std::string_view text) {
  text = trim(text);
  // All that follow are short, and most texts begin with a letter.
  constexpr std::size_t longest = 9;
  if (text.size() > longest && is_alnum(text.front()))
    return false;
  constexpr std::string_view nothing[] = {"NULL", "null", "Null", "undefined", "NaN", "nan", "None", "[ND]"};
  if (std::find(std::begin(nothing), std::end(nothing), text) != std::end(nothing))
    return true;
  constexpr std::string_view spreadsheet[] = {"#N/D",   "#N/A",    "#REF!", "#VALEUR!", "#VALUE!",  "#NOM?",
                                              "#NAME?", "#DIV/0!", "#NUL!", "#NULL!",   "#NOMBRE!", "#NUM!"};
  if (std::find(std::begin(spreadsheet), std::end(spreadsheet), text) != std::end(spreadsheet))
    return true;
  // Bytes above ASCII are letters as far as anybody writes names.
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return is_alnum(c) || static_cast<unsigned char>(c) > 127; });
}

std::optional<double> parse_number(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+'))
    text.remove_prefix(1);
  std::array<char, 64> digits{};
  if (text.empty() || text.size() > digits.size())
    return std::nullopt;
  const auto end = std::replace_copy(text.begin(), text.end(), digits.begin(), ',', '.');
  double value = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + (end - digits.begin()), value);
  if (error != std::errc() || rest != digits.data() + (end - digits.begin()) || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<bool> parse_boolean(std::string_view text) {
  const std::string word = fold(text);
  for (const std::string_view yes : {"true", "1", "oui", "vrai", "yes"})
    if (word == yes)
      return true;
  for (const std::string_view no : {"false", "0", "non", "faux", "no"})
    if (word == no)
      return false;
  return std::nullopt;
}

std::optional<std::string> parse_siret(std::string_view text) {
  std::string digits = without_separators(text);
  if (digits.size() == 13)
    digits.insert(digits.begin(), '0');
  if (digits.size() != 14 || !all_digits(digits) || digits.starts_with("000000000") || !passes_siret_check(digits))
    return std::nullopt;
  return digits;
}

std::string parse_postal_code(std::string_view text) {
  std::string code = without_separators(text);
  if (code.size() == 6 && upper(code[0]) == 'F')
    code.erase(0, 1);
  if (code.size() == 4)
    code.insert(code.begin(), '0');
  if (code.size() != 5 || !all_digits(code) || code.starts_with("00") || code == "99999")
    return {};
  return code;
}

std::string parse_insee(std::string_view text) {
  std::string code = upper(trim(text));
  if (code.size() == 4 && all_digits(code))
    code.insert(code.begin(), '0');
  if (code.size() != 5 || !is_digit(code[0]) || !(is_digit(code[1]) || code[1] == 'A' || code[1] == 'B') ||
      !all_digits(std::string_view(code).substr(2)) || code.starts_with("00"))
    return {};
  return code;
}

std::optional<Date> parse_any_date(std::string_view text) {
  text = trim(text);
  std::optional<Date> date;
  if (text.size() > 2 && (text[1] == '/' || text[2] == '/')) {
    date = parse_slashed_date(text);
  } else if (text.size() >= 10) {
    // A zone may follow the day directly ("2025-08-31Z", "2025-08-31+02:00").
    const char after = text.size() > 10 ? text[10] : 'T';
    date = after == 'T' || after == ' '                   ? parse_date(text)
           : after == 'Z' || after == '+' || after == '-' ? parse_date(text.substr(0, 10))
                                                          : std::nullopt;
  }
  // 1970 is a zero or seconds taken for milliseconds; 9999 and its like mean "without end".
  constexpr Date first_day_of_1971 = 365, first_day_of_2200 = 84006;
  if (date && (*date < first_day_of_1971 || *date >= first_day_of_2200))
    return std::nullopt;
  return date;
}

Level parse_level(std::string_view text) {
  const std::string folded = fold(text);
  std::string_view rest = folded;
  std::string_view word = rest.substr(0, rest.find(' '));
  if (word == "niveau" || word == "niv") {
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    word = rest.substr(0, rest.find(' '));
  }
  return level_of_word(word);
}

Level level_of_words(std::string_view text) {
  const std::string folded = fold(text);
  const auto holds = [&folded](std::string_view words) { return holds_word(folded, words); };
  // fold() makes "Bac+2" two words, "bac 2". The highest first, since labels name several.
  if (holds("bac 5") || holds("bac 8") || holds("master") || holds("doctorat"))
    return 7;
  if (holds("bac 4") || holds("bac 3") || holds("licence") || holds("but"))
    return 6;
  if (holds("bac 2") || holds("bts") || holds("deust"))
    return 5;
  if (holds("bac") || holds("baccalaureat"))
    return 4;
  if (holds("cap") || holds("bep"))
    return 3;
  return level_unknown;
}

void parse_rome_list(std::string_view text, std::vector<RomeCode>& codes, std::vector<std::string>& malformed) {
  for (std::size_t i = 0; i < text.size();) {
    if (!is_alnum(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && is_alnum(text[end]))
      ++end;
    const std::string_view word = text.substr(i, end - i);
    i = end;
    const std::optional<RomeCode> code = parse_rome(word);
    // ROME has the families A to N; a code that ends in 00 stands for a whole domain.
    if (code && upper(word[0]) <= 'N' && !word.ends_with("00"))
      codes.push_back(*code);
    else
      malformed.emplace_back(word);
  }
}

std::string parse_naf(std::string_view text) {
  const std::string code = upper(without_separators(text));
  if (code.size() != 5 || !all_digits(std::string_view(code).substr(0, 4)) || !is_letter(code[4]) || code == "0000Z")
    return {};
  return code;
}

std::string parse_company_size(std::string_view text) {
  text = trim(text);
  constexpr std::pair<std::string_view, std::string_view> codes[] = {
      {"00", "0"},       {"01", "1-2"},       {"02", "3-5"},       {"03", "6-9"},       {"11", "10-19"},
      {"12", "20-49"},   {"21", "50-99"},     {"22", "100-199"},   {"31", "200-249"},   {"32", "250-499"},
      {"41", "500-999"}, {"42", "1000-1999"}, {"51", "2000-4999"}, {"52", "5000-9999"}, {"53", "10000+"},
      {"NN", ""},        {"99", ""}};
  for (const auto& [code, range] : codes)
    if (text == code)
      return std::string(range);
  return is_placeholder(text) ? std::string() : std::string(text);
}

Position rounded_position(double lat_deg, double lon_deg) {
  return {static_cast<std::int32_t>(std::llround(lat_deg * 1e5)),
          static_cast<std::int32_t>(std::llround(lon_deg * 1e5))};
}

PlacedPair place_pair(std::optional<double> lat_deg, std::optional<double> lon_deg) {
  if (!lat_deg || !lon_deg || !std::isfinite(*lat_deg) || !std::isfinite(*lon_deg) || (*lat_deg == 0 && *lon_deg == 0))
    return {};
  if (box_of(*lat_deg, *lon_deg) != nullptr)
    return {PlacedPair::State::placed, rounded_position(*lat_deg, *lon_deg)};
  if (box_of(*lon_deg, *lat_deg) != nullptr)
    return {PlacedPair::State::swapped, rounded_position(*lon_deg, *lat_deg)};
  return {PlacedPair::State::outside, std::nullopt};
}

PlacedPair place_pair(std::string_view text) {
  text = text.substr(0, text.find("##"));
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos)
    return {};
  return place_pair(parse_number(text.substr(0, comma)), parse_number(text.substr(comma + 1)));
}

std::string without_repeated_gender_mark(std::string title) {
  bool seen = false;
  for (std::size_t i = 0; i < title.size();) {
    const bool at_start_of_word = i == 0 || !is_alnum(title[i - 1]);
    const std::size_t size = at_start_of_word ? gender_mark(std::string_view(title).substr(i)) : 0;
    if (size == 0) {
      ++i;
    } else if (!seen) {
      seen = true;
      i += size;
    } else {
      title.erase(i, size);
      while (i > 0 && i <= title.size() && title[i - 1] == ' ' && (i == title.size() || title[i] == ' '))
        title.erase(--i, 1);
    }
  }
  return title;
}

std::string without_doubling(std::string title) {
  const std::size_t half = title.size() / 2;
  const std::string_view text = title;
  if (title.size() >= 4 && title.size() % 2 == 0 && text.substr(0, half) == text.substr(half))
    title.resize(half);
  else if (title.size() >= 5 && title.size() % 2 == 1 && title[half] == ' ' &&
           text.substr(0, half) == text.substr(half + 1))
    title.resize(half);
  return title;
}

std::string without_frame(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> frames[] = {
      {"\"", "\""}, {"'", "'"}, {"\xC2\xAB", "\xC2\xBB"}, {"\xE2\x80\x9C", "\xE2\x80\x9D"}};
  for (bool changed = true; changed;) {
    changed = false;
    name = trim(name);
    while (name.starts_with('*')) {
      name.remove_prefix(1);
      changed = true;
    }
    while (name.ends_with('*')) {
      name.remove_suffix(1);
      changed = true;
    }
    for (const auto& [open, close] : frames) {
      if (name.size() <= open.size() + close.size() || !name.starts_with(open) || !name.ends_with(close))
        continue;
      const std::string_view inner = name.substr(open.size(), name.size() - open.size() - close.size());
      // "LE CHAT" ET "LE CHIEN" is no frame.
      if (inner.find(open) != std::string_view::npos)
        continue;
      name = inner;
      changed = true;
    }
  }
  return std::string(name);
}

AddressParts split_address(std::string_view line) {
  constexpr std::string_view edge = " ,;-\t";
  const auto cut = [&edge](std::string_view text) {
    const std::size_t begin = text.find_first_not_of(edge);
    return begin == std::string_view::npos ? std::string_view()
                                           : text.substr(begin, text.find_last_not_of(edge) + 1 - begin);
  };
  line = cut(line);
  std::string whole(line);
  for (const std::string_view country : {"France", "FRANCE", "france"})
    if (whole.size() > country.size() && whole.ends_with(country) &&
        edge.find(whole[whole.size() - country.size() - 1]) != std::string_view::npos)
      remove_end(whole, country);
  const std::string_view text = cut(whole);
  AddressParts parts;
  std::size_t at = std::string_view::npos;
  for (std::size_t i = 0; i + 5 <= text.size(); ++i)
    if ((i == 0 || !is_alnum(text[i - 1])) && all_digits(text.substr(i, 5)) &&
        (i + 5 == text.size() || !is_alnum(text[i + 5])) && !parse_postal_code(text.substr(i, 5)).empty())
      at = i;
  if (at == std::string_view::npos) {
    // A bare name of a town, or a street of which nothing can be told.
    if (text.find(',') == std::string_view::npos && std::none_of(text.begin(), text.end(), is_digit))
      parts.city = text;
    else
      parts.street = text;
    return parts;
  }
  parts.postal_code = text.substr(at, 5);
  std::string_view street = cut(text.substr(0, at));
  std::string_view city = cut(text.substr(at + 5));
  if (city.empty() && !street.empty()) {
    // "12 rue X, Paris, 75011": the town stands before the code.
    const std::size_t comma = street.rfind(',');
    if (comma != std::string_view::npos || std::none_of(street.begin(), street.end(), is_digit)) {
      city = cut(comma == std::string_view::npos ? street : street.substr(comma));
      street = comma == std::string_view::npos ? std::string_view() : cut(street.substr(0, comma));
    }
  }
  parts.street = street;
  parts.city = city;
  return parts;
}

PlaceLabel parse_place_label(std::string_view label) {
  label = trim(label);
  PlaceLabel result;
  std::size_t size = 0;
  while (size < label.size() && size < 3 && is_alnum(label[size]))
    ++size;
  const std::string_view code = label.substr(0, size);
  if (size < 2 || !is_digit(code[0]) || (size == 3 && !all_digits(code)))
    return result;
  std::string_view rest = label.substr(size);
  if (!rest.empty()) {
    if (rest.front() != ' ' && rest.front() != '-')
      return result;
    rest = trim(rest);
    if (!rest.starts_with('-'))
      return result;
    rest.remove_prefix(1);
  }
  result.departement = upper(code);
  rest = trim(rest);
  if (!fold(rest).ends_with(" dept") && fold(rest) != "dept")
    result.city = rest;
  return result;
}

}  // namespace balise
