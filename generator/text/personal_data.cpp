#include "generator/text/personal_data.hpp"

#include <array>
#include <cstddef>
#include <optional>

namespace balise {

namespace {

constexpr std::string_view email_mark =
    "[adresse retir\xC3\xA9"
    "e]";
constexpr std::string_view phone_mark = "[num\xC3\xA9ro retir\xC3\xA9]";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_word(char c) {
  return is_digit(c) || is_letter(c);
}
bool is_local(char c) {
  return is_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-' || c == '\'';
}
char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size())
    return false;
  for (std::size_t i = 0; i < prefix.size(); ++i)
    if (lower_ascii(text[i]) != prefix[i])
      return false;
  return true;
}

std::size_t skip_spaces(std::string_view text, std::size_t i) {
  while (i < text.size() && text[i] == ' ')
    ++i;
  return i;
}

/// The length of what stands for '@' at `i`, spaces around it included when it is written out; 0 for anything else.
std::size_t at_sign(std::string_view text, std::size_t i) {
  if (text[i] == '@') {
    return 1;
  }
  const std::size_t word = skip_spaces(text, i);
  for (const std::string_view spelling :
       {"(at)", "[at]", "{at}", "(arobase)", "[arobase]", "(a)", "[a]", "<at>", "arobase", "(@)", "[@]", "@"}) {
    if (!begins_with(text.substr(word), spelling))
      continue;
    // "arobase" must stand alone as a word.
    if (is_letter(spelling[0]) &&
        (word == i || (word + spelling.size() < text.size() && is_word(text[word + spelling.size()]))))
      continue;
    return skip_spaces(text, word + spelling.size()) - i;
  }
  return 0;
}

/// The same for the dot of a domain.
std::size_t dot_sign(std::string_view text, std::size_t i) {
  if (text[i] == '.')
    return 1;
  const std::size_t word = skip_spaces(text, i);
  for (const std::string_view spelling : {"(dot)", "[dot]", "(point)", "[point]", "point ", "."}) {
    if (!begins_with(text.substr(word), spelling))
      continue;
    if (is_letter(spelling[0]) && word == i)
      continue;
    return skip_spaces(text, word + spelling.size()) - i;
  }
  return 0;
}

/// The end of a domain that begins at `i`: labels with dots between, the last one of letters; 0 when it is none. Dots
/// that are written out or have spaces around them count only when `loose`: a sentence may end after "@exemple.fr".
std::size_t end_of_domain(std::string_view text, std::size_t i, bool loose) {
  std::size_t end = 0;
  std::size_t labels = 0;
  for (;;) {
    const std::size_t begin = i;
    bool letters_only = true;
    while (i < text.size() && (is_word(text[i]) || text[i] == '-')) {
      letters_only = letters_only && is_letter(text[i]);
      ++i;
    }
    if (i == begin)
      return end;
    ++labels;
    if (labels > 1 && letters_only && i - begin >= 2)
      end = i;
    if (i == text.size())
      return end;
    const std::size_t dot = dot_sign(text, i);
    if (dot == 0 || (dot > 1 && !(loose && end == 0)))
      return end;
    i += dot;
  }
}

/// The end of an e-mail address whose local part begins at `i`; 0 when there is none.
std::size_t end_of_email(std::string_view text, std::size_t i) {
  std::size_t local_end = i;
  while (local_end < text.size() && is_local(text[local_end]))
    ++local_end;
  if (local_end == i || local_end == text.size())
    return 0;
  const std::size_t at = at_sign(text, local_end);
  return at == 0 ? 0 : end_of_domain(text, local_end + at, /*loose=*/at > 1);
}

/// The length of one separator between the digits of a phone number at `i`; 0 when there is none.
std::size_t separator(std::string_view text, std::size_t i) {
  if (i >= text.size())
    return 0;
  for (const std::string_view sign : {" ", ".", "-", "/", "_", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89",
                                      "\xE2\x80\x91", "\xE2\x80\x93", ",", ":", "*"})
    if (text.substr(i, sign.size()) == sign)
      return sign.size();
  return 0;
}

/// Digits from `i` on, in groups with at most three separator signs between two of them.
struct Groups {
  std::string digits;
  std::array<std::size_t, 16> sizes{};
  std::size_t count = 0;
  std::size_t end = 0;
};

Groups groups_from(std::string_view text, std::size_t i, std::size_t most_digits) {
  Groups groups;
  groups.end = i;
  while (groups.count < groups.sizes.size() && i < text.size()) {
    std::size_t size = 0;
    while (i < text.size() && is_digit(text[i]) && groups.digits.size() < most_digits) {
      groups.digits += text[i++];
      ++size;
    }
    if (size == 0)
      break;
    groups.sizes[groups.count++] = size;
    groups.end = i;
    if (groups.digits.size() == most_digits)
      break;
    // " - " is one gap; more than three signs are none.
    for (int signs = 0; signs < 3; ++signs)
      i += separator(text, i);
  }
  return groups;
}

/// Whether digits go on after a number: directly, or behind one space, as the groups of a SIRET do.
bool goes_on(std::string_view text, std::size_t end) {
  if (end < text.size() && is_digit(text[end]))
    return true;
  const std::size_t gap = end < text.size() && text[end] == ' ' ? 1 : 0;
  std::size_t i = end + gap;
  std::size_t digits = 0;
  while (i < text.size() && is_digit(text[i])) {
    ++digits;
    ++i;
  }
  // Fourteen digits in all, in whatever groups, are a SIRET.
  return gap > 0 && digits >= 4;
}

bool looks_like_date(std::string_view shown) {
  return shown.size() >= 10 && is_digit(shown[0]) && is_digit(shown[1]) && !is_digit(shown[2]) && is_digit(shown[3]) &&
         is_digit(shown[4]) && shown[5] == shown[2] && is_digit(shown[6]) && is_digit(shown[7]) && is_digit(shown[8]) &&
         is_digit(shown[9]) && ((shown[6] == '1' && shown[7] == '9') || (shown[6] == '2' && shown[7] == '0'));
}

/// The end of a phone number that begins at `i`; 0 when there is none.
std::size_t end_of_phone(std::string_view text, std::size_t i) {
  std::size_t national = 0;
  if (text[i] == '+' || text.substr(i, 2) == "00") {
    std::size_t j = i + (text[i] == '+' ? 1U : 2U);
    j += separator(text, j);
    for (const std::string_view country : {"33", "262", "590", "594", "596", "508", "687", "689"})
      if (text.substr(j, country.size()) == country)
        national = j + country.size();
    if (national == 0)
      return 0;
    for (int signs = 0; signs < 2; ++signs)
      national += separator(text, national);
    for (const std::string_view trunk : {"(0)", "0"}) {
      if (text.substr(national, trunk.size()) == trunk) {
        national += trunk.size();
        break;
      }
    }
    for (int signs = 0; signs < 2; ++signs)
      national += separator(text, national);
    const Groups groups = groups_from(text, national, 9);
    return groups.digits.size() == 9 && groups.digits[0] != '0' && !goes_on(text, groups.end) ? groups.end : 0;
  }
  const bool trunk_in_brackets = text.substr(i, 3) == "(0)";
  if (!trunk_in_brackets && text[i] != '0')
    return 0;
  const Groups groups =
      trunk_in_brackets ? groups_from(text, i + 3 + separator(text, i + 3), 9) : groups_from(text, i, 10);
  const std::string digits = (trunk_in_brackets ? "0" : "") + groups.digits;
  if (digits.size() != 10 || digits[1] == '0' || goes_on(text, groups.end))
    return 0;
  if (groups.count == 1)
    return groups.end;
  // Groups of five digits and more belong to other numbers: postal codes, identifiers.
  for (std::size_t group = 0; group < groups.count; ++group)
    if (groups.sizes[group] > 4)
      return 0;
  return groups.count >= 3 && !looks_like_date(text.substr(i)) ? groups.end : 0;
}

/// Where the local part of an address may begin: not in the middle of a word.
bool may_begin_email(std::string_view text, std::size_t i) {
  return is_local(text[i]) && text[i] != '.' && text[i] != '\'' &&
         (i == 0 || !is_local(text[i - 1]) || text[i - 1] == '.' || text[i - 1] == '\'');
}

bool may_begin_phone(std::string_view text, std::size_t i) {
  if (text[i] != '0' && text[i] != '+' && text[i] != '(')
    return false;
  if (i == 0)
    return true;
  const char before = text[i - 1];
  // "12 01 23 45 67 89" may be a SIRET or an amount that goes on; a number stands apart.
  if (is_word(before) || before == '+' || before == '_')
    return false;
  return !(before == ' ' && i >= 4 && is_digit(text[i - 2]) && is_digit(text[i - 3]) && is_digit(text[i - 4]));
}

}  // namespace

Redaction remove_personal_data(std::string_view text) {
  Redaction redaction;
  std::string& out = redaction.text;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (may_begin_phone(text, i)) {
      if (const std::size_t end = end_of_phone(text, i); end > 0) {
        out += phone_mark;
        ++redaction.phones;
        i = end;
        continue;
      }
    }
    if (may_begin_email(text, i)) {
      if (const std::size_t end = end_of_email(text, i); end > 0) {
        out += email_mark;
        ++redaction.emails;
        i = end;
        continue;
      }
      // The rest of the word cannot begin another address.
      do
        out += text[i++];
      while (i < text.size() && is_local(text[i]) && !is_digit(text[i]) && text[i] != '+');
      continue;
    }
    out += text[i++];
  }
  return redaction;
}

bool holds_personal_data(std::string_view text) {
  const Redaction redaction = remove_personal_data(text);
  return redaction.emails + redaction.phones > 0;
}

}  // namespace balise
