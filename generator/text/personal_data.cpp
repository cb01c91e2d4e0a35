#include "generator/text/personal_data.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace balise {

namespace {

constexpr std::string_view email_mark =
    "[adresse retir\xC3\xA9"
    "e]";
constexpr std::string_view phone_mark = "[num\xC3\xA9ro retir\xC3\xA9]";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c);
}
bool is_word(char c) {
  return is_digit(c) || is_letter(c);
}
char lower_ascii(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether a letter with an accent, two bytes long, begins at `i`: U+00C0 to U+017F.
bool is_accented(std::string_view text, std::size_t i) {
  return i + 1 < text.size() && text[i] >= '\xC3' && text[i] <= '\xC5' &&
         (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80U;
}

/// Whether `text` has `word` (lower case) at `i`, in any case.
bool stands_at(std::string_view text, std::size_t i, std::string_view word) {
  return i <= text.size() && text.size() - i >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                    [](char a, char b) { return a == lower_ascii(b); });
}

std::size_t skip_spaces(std::string_view text, std::size_t i) {
  // More than a few are a layout, no spelling.
  for (int spaces = 0; spaces < 3 && i < text.size() && text[i] == ' '; ++spaces)
    ++i;
  return i;
}

// --- e-mail addresses
// -------------------------------------------------------------------------------------------------

constexpr std::size_t max_local_bytes = 128, max_label_bytes = 64, max_labels = 10;

/// Endings that make an address of words with spaces between, as in "nom (at) domaine . fr".
bool is_known_ending(std::string_view label) {
  constexpr std::string_view endings[] = {
      "fr", "com", "net", "org", "eu", "re", "info",  "biz",    "io",      "pro",       "bzh",
      "gp", "mq",  "gf",  "yt",  "nc", "pf", "paris", "asso",   "be",      "ch",        "lu",
      "de", "es",  "it",  "uk",  "co", "me", "tv",    "alsace", "corsica", "education", "email"};
  return std::any_of(std::begin(endings), std::end(endings), [label](std::string_view ending) {
    return label.size() == ending.size() && stands_at(label, 0, ending);
  });
}

/// The length of what stands for '@' at `i`, not counting spaces around; 0 for anything else.
std::size_t at_sign(std::string_view text, std::size_t i) {
  switch (text[i]) {
    case '@':
      return 1;
    case '\xEF':
      // The full-width form.
      return text.substr(i, 3) == "\xEF\xBC\xA0" ? 3 : 0;
    case '(':
    case '[':
    case '{':
    case '<':
      for (const std::string_view word : {"at", "a", "@", "arobase", "arobas", "chez"}) {
        const std::size_t begin = skip_spaces(text, i + 1);
        if (!stands_at(text, begin, word))
          continue;
        const std::size_t end = skip_spaces(text, begin + word.size());
        if (end < text.size() && (text[end] == ')' || text[end] == ']' || text[end] == '}' || text[end] == '>'))
          return end + 1 - i;
      }
      return 0;
    case '_':
      return stands_at(text, i, "_at_") ? 4 : 0;
    case 'a':
    case 'A':
      for (const std::string_view word : {"arobase", "arobas"})
        if (stands_at(text, i, word) && i > 0 && text[i - 1] == ' ' && i + word.size() < text.size() &&
            text[i + word.size()] == ' ')
          return word.size();
      return 0;
    default:
      return 0;
  }
}

/// The length of a dot that is written out or has spaces around it, those included; 0 for anything else.
std::size_t loose_dot(std::string_view text, std::size_t i) {
  const std::size_t begin = skip_spaces(text, i);
  for (const std::string_view spelling :
       {".", "(dot)", "[dot]", "(point)", "[point]", "(.)", "[.]", "point ", "dot "}) {
    if (!stands_at(text, begin, spelling) || (is_letter(spelling[0]) && begin == i))
      continue;
    return skip_spaces(text, begin + spelling.size()) - i;
  }
  return 0;
}

std::size_t end_of_label(std::string_view text, std::size_t i) {
  const std::size_t most = std::min(text.size(), i + max_label_bytes);
  while (i < most) {
    if (is_word(text[i]) || text[i] == '-')
      ++i;
    else if (is_accented(text, i))
      i += 2;
    else
      break;
  }
  return i;
}

/// The end of a domain that begins at `i`, an ending of two letters or more included; 0 when it is none.
std::size_t end_of_plain_domain(std::string_view text, std::size_t i) {
  std::size_t end = 0;
  std::string_view before;
  for (std::size_t labels = 0; labels < max_labels; ++labels) {
    const std::size_t label_end = end_of_label(text, i);
    if (label_end == i)
      break;
    if (labels > 0) {
      std::size_t letters_end = i;
      while (letters_end < label_end && is_letter(text[letters_end]))
        ++letters_end;
      if (letters_end - i >= 2) {
        // "nom@domaine.fr.Merci": a sentence begins without a space.
        if (end > 0 && is_upper(text[i]) && !is_upper(before[0]) && is_known_ending(before))
          break;
        end = letters_end;
      }
    }
    before = text.substr(i, label_end - i);
    if (label_end + 1 >= text.size() || text[label_end] != '.')
      break;
    i = label_end + 1;
  }
  return end;
}

/// The same with dots that are written out or have spaces around them, up to an ending that is known.
std::size_t end_of_loose_domain(std::string_view text, std::size_t i) {
  std::size_t end = 0;
  for (std::size_t labels = 0; labels < max_labels; ++labels) {
    const std::size_t label_end = end_of_label(text, i);
    if (label_end == i)
      break;
    const bool is_ending = labels > 0 && is_known_ending(text.substr(i, label_end - i));
    if (is_ending)
      end = label_end;
    else if (end > 0)
      break;
    const std::size_t dot = loose_dot(text, label_end);
    if (dot == 0)
      break;
    i = label_end + dot;
  }
  return end;
}

struct Span {
  std::size_t begin = 0, end = 0;  ///< empty: nothing was found
  [[nodiscard]] bool is_empty() const { return begin == end; }
};

/// The address whose at sign stands at `i`, looking back no further than `floor`.
Span email_around(std::string_view text, std::size_t i, std::size_t floor) {
  const std::size_t sign = at_sign(text, i);
  if (sign == 0)
    return {};
  std::size_t local_end = i;
  while (local_end > floor && i - local_end < 3 && text[local_end - 1] == ' ')
    --local_end;
  std::size_t begin = local_end;
  while (begin > floor && local_end - begin < max_local_bytes) {
    const char c = text[begin - 1];
    constexpr std::string_view signs = "._%+-'&!#$*/=?^~";
    if (is_word(c) || signs.find(c) != std::string_view::npos)
      --begin;
    else if (begin > floor + 1 && is_accented(text, begin - 2))
      begin -= 2;
    else
      break;
  }
  // What only separates the address from the words before is no part of it.
  constexpr std::string_view edges = ".%'&!#$*/=?^~-";
  while (begin < local_end && edges.find(text[begin]) != std::string_view::npos)
    ++begin;
  if (begin == local_end)
    return {};
  const std::size_t domain = skip_spaces(text, i + sign);
  std::size_t end = end_of_plain_domain(text, domain);
  if (end == 0)
    end = end_of_loose_domain(text, domain);
  if (end == 0)
    return {};
  constexpr std::string_view scheme = "mailto:";
  if (begin >= floor + scheme.size() && stands_at(text, begin - scheme.size(), scheme))
    begin -= scheme.size();
  return {begin, end};
}

// --- phone numbers
// ----------------------------------------------------------------------------------------------------

/// The length of one separating sign at `i`; 0 when there is none.
std::size_t separator_sign(std::string_view text, std::size_t i) {
  if (i >= text.size())
    return 0;
  switch (text[i]) {
    case ' ':
    case '.':
    case '-':
    case '/':
    case '_':
    case ')':
      return 1;
    case '(':
      return text.substr(i, 3) == "(0)" ? 3 : 0;
    case '\xC2':
      // No-break space, soft hyphen, middle dot.
      return i + 1 < text.size() && (text[i + 1] == '\xA0' || text[i + 1] == '\xAD' || text[i + 1] == '\xB7') ? 2 : 0;
    case '\xE2':
      // U+2000 to U+2015 (spaces, dashes), U+2022 (bullet), U+202F (narrow no-break space), U+2212 (minus).
      if (i + 2 < text.size() && text[i + 1] == '\x80') {
        const auto last = static_cast<unsigned char>(text[i + 2]);
        return last <= 0x95 || last == 0xA2 || last == 0xAF ? 3 : 0;
      }
      return text.substr(i, 3) == "\xE2\x88\x92" ? 3 : 0;
    default:
      return 0;
  }
}

/// Groups of digits with one to three separating signs between two of them.
struct Run {
  struct Group {
    std::size_t begin = 0, end = 0;
    std::string_view gap;  ///< between this group and the next one; empty behind the last one
    [[nodiscard]] std::size_t size() const { return end - begin; }
  };
  static constexpr std::size_t max_groups = 48;
  std::array<Group, max_groups> groups;
  std::size_t count = 0;
};

/// Where the group behind one that ends at `end` begins; `end` when there is none.
std::size_t next_group(std::string_view text, std::size_t end) {
  std::size_t next = end;
  for (int signs = 0; signs < 3; ++signs)
    next += separator_sign(text, next);
  return next < text.size() && is_digit(text[next]) ? next : end;
}

std::size_t end_of_digits(std::string_view text, std::size_t i) {
  while (i < text.size() && is_digit(text[i]))
    ++i;
  return i;
}

/// The end of a run that has too few digits for any phone number, or 0: then it must be read.
std::size_t end_of_short_run(std::string_view text, std::size_t i) {
  constexpr std::size_t least_digits = 8;
  for (std::size_t digits = 0;;) {
    const std::size_t end = end_of_digits(text, i);
    digits += end - i;
    if (digits >= least_digits)
      return 0;
    i = next_group(text, end);
    if (i == end)
      return end;
  }
}

void read_run(std::string_view text, std::size_t i, Run& run) {
  run.count = 0;
  while (run.count < Run::max_groups) {
    Run::Group group{i, end_of_digits(text, i), {}};
    if (group.end == i)
      return;
    const std::size_t next = next_group(text, group.end);
    group.gap = text.substr(group.end, next - group.end);
    run.groups[run.count++] = group;
    if (group.gap.empty())
      return;
    i = next;
  }
  run.groups[run.count - 1].gap = {};
}

/// The first `most` digits from a group on.
struct Digits {
  std::array<char, 16> text{};
  std::size_t count = 0;
  [[nodiscard]] bool starts_with(std::string_view prefix) const {
    return std::string_view(text.data(), count).starts_with(prefix);
  }
};
Digits digits_from(std::string_view text, const Run& run, std::size_t first) {
  Digits digits;
  for (std::size_t g = first; g < run.count; ++g)
    for (std::size_t i = run.groups[g].begin; i < run.groups[g].end; ++i) {
      if (digits.count == digits.text.size())
        return digits;
      digits.text[digits.count++] = text[i];
    }
  return digits;
}

constexpr std::size_t no_group = static_cast<std::size_t>(-1);

/// The group with which exactly so many digits are reached.
std::size_t group_reaching(const Run& run, std::size_t first, std::size_t digits) {
  std::size_t sum = 0;
  for (std::size_t g = first; g < run.count && sum < digits; ++g) {
    sum += run.groups[g].size();
    if (sum == digits)
      return g;
  }
  return no_group;
}

bool is_year(std::string_view text, const Run::Group& group) {
  return group.size() == 4 && (text.substr(group.begin, 2) == "19" || text.substr(group.begin, 2) == "20");
}

/// Whether ten digits in these groups are written as people write a phone number.
bool is_grouped_as_phone(std::string_view text, const Run& run, std::size_t first, std::size_t last) {
  const auto* const group = &run.groups[first];
  const std::size_t count = last - first + 1;
  if (count == 1)
    return true;
  const bool spaced = group[0].gap.find_first_not_of(" )\xC2\xA0") == std::string_view::npos;
  // Two groups with another sign between are the parts of an identifier ("02_00181158") or a decimal number.
  if (count == 2)
    return spaced && (group[0].size() == 1 || group[0].size() == 2 || group[0].size() == 4);
  if (count > 6)
    return false;
  bool same_gaps = true, small_groups = false;
  for (std::size_t g = 0; g < count; ++g) {
    // Five digits are a postal code or the end of a SIRET, a year makes it a date.
    if (group[g].size() > 4 || (g > 0 && is_year(text, group[g])))
      return false;
    small_groups = small_groups || (g > 0 && group[g].size() == 1);
    // The gap behind "(0)" is the bracket.
    same_gaps = same_gaps && (g <= 1 || g + 1 == count || group[g].gap == group[1].gap);
  }
  const bool first_gap_fits = group[0].gap == group[1].gap || group[0].gap.starts_with(')');
  if (!(same_gaps && first_gap_fits) && small_groups)
    return false;
  // Two short dates: "01/09/26 08/10".
  const auto number = [&](std::size_t g) {
    return (text[group[g].begin] - '0') * 10 + (text[group[g].begin + 1] - '0');
  };
  const bool pairs = count == 5 && std::all_of(group, group + 5, [](const Run::Group& one) { return one.size() == 2; });
  return !(pairs && group[0].gap == group[1].gap && group[0].gap == group[3].gap && group[0].gap != group[2].gap &&
           group[0].gap != " " && number(0) <= 31 && number(1) <= 12);
}

/// Whether digits that begin at a group could be another number of ten digits.
bool may_be_phone_at(std::string_view text, const Run& run, std::size_t first) {
  return first < run.count && text[run.groups[first].begin] == '0' && group_reaching(run, first, 10) != no_group;
}

/// Whether the groups behind a number that ends with the group `last` show that it was only the beginning of a list of
/// numbers or of a SIRET written in pairs.
bool goes_on(std::string_view text, const Run& run, std::size_t first, std::size_t last) {
  if (last + 1 >= run.count || may_be_phone_at(text, run, last + 1))
    return false;
  const std::string_view gap = run.groups[last].gap;
  const bool same_gap =
      std::any_of(&run.groups[first], &run.groups[last], [gap](const Run::Group& group) { return group.gap == gap; });
  if (!same_gap)
    return false;
  if (gap != " ")
    return true;
  // "06 12 34 56 78 12 rue ..." is a number and something else; more pairs are a list.
  const std::size_t rest = run.count - last - 1;
  return rest >= 2 && std::all_of(&run.groups[last + 1], run.groups.data() + run.count,
                                  [](const Run::Group& group) { return group.size() == 2; });
}

/// What stands before a number of one group may make it part of something else.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t groups) {
  if (begin == 0)
    return true;
  const char before = text[begin - 1];
  // An ending of a decimal number was no separator for the run, as "," is none.
  if (groups == 1 && before == ',' && begin > 1 && is_digit(text[begin - 2]))
    return false;
  if (!is_letter(before) && before != '_')
    return true;
  if (groups > 2)
    return true;
  // "Tel0612345678" is a number, "REF0612345678" is none.
  for (const std::string_view word : {"tel", "l", "fax", "mob", "port", "gsm", "au"}) {
    if (begin < word.size() || !stands_at(text, begin - word.size(), word))
      continue;
    const std::size_t word_begin = begin - word.size();
    // The "l" of "T\xE9l" stands behind an accent.
    if (word == "l" ? word_begin >= 2 && is_accented(text, word_begin - 2)
                    : word_begin == 0 || !is_word(text[word_begin - 1]))
      return true;
  }
  return false;
}

bool is_behind_plus(std::string_view text, std::size_t begin) {
  return begin > 0 && (text[begin - 1] == '+' || (begin > 1 && text.substr(begin - 2, 2) == "+ "));
}

/// The last group of a phone number that begins with group `first`; no_group when there is none. `after_phone`: the
/// group before belongs to another one.
std::size_t phone_at(std::string_view text, const Run& run, std::size_t first, bool after_phone) {
  const Run::Group& head = run.groups[first];
  // Most numbers are turned away by their first digit.
  if (text[head.begin] != '0' && (first > 0 || (text[head.begin] != '3' && !is_behind_plus(text, head.begin))))
    return no_group;
  const Digits digits = digits_from(text, run, first);
  const auto ends_well = [&](std::size_t last, std::size_t least_groups) {
    const std::size_t end = run.groups[last].end;
    if (end == text.size())
      return true;
    if (text[end] == '@')
      return false;
    return (!is_letter(text[end]) && text[end] != '_') || last - first + 1 >= least_groups;
  };

  // International: the sign in front, or 00.
  const bool plus = first == 0 && is_behind_plus(text, head.begin);
  const std::size_t prefix = plus ? 0 : digits.starts_with("00") ? 2 : no_group;
  if (prefix != no_group) {
    constexpr std::string_view french[] = {"33", "262", "590", "594", "596"};
    // Neighbours, Monaco, the Pacific, North Africa: shorter and longer numbers.
    constexpr std::string_view others[] = {"32",  "34",  "39",  "41",  "44",  "49",  "351", "352", "376",
                                           "377", "508", "687", "689", "212", "213", "216", "681"};
    const std::string_view all(digits.text.data(), digits.count);
    for (const std::string_view country : french) {
      if (!all.substr(std::min(prefix, all.size())).starts_with(country))
        continue;
      const std::size_t national = prefix + country.size();
      const bool trunk = all.size() > national && all[national] == '0';
      const std::size_t last = group_reaching(run, first, national + 9 + (trunk ? 1 : 0));
      if (last != no_group && all[national + (trunk ? 1 : 0)] != '0' && ends_well(last, 1))
        return last;
    }
    for (const std::string_view country : others) {
      // "+3 2023 2024" is no Belgian number.
      if (!all.substr(std::min(prefix, all.size())).starts_with(country) || (plus && head.size() < country.size()))
        continue;
      // The longest one that ends with a group.
      for (std::size_t size = 11; size >= 6; --size)
        if (const std::size_t last = group_reaching(run, first, prefix + country.size() + size);
            last != no_group && (last + 1 == run.count || size >= 8) && ends_well(last, 2))
          return last;
    }
  }

  // "33 6 12 34 56 78", the sign forgotten.
  if (first == 0 && run.count >= 6 && head.size() == 2 && digits.starts_with("33") && digits.text[2] != '0' &&
      run.groups[1].size() == 1 &&
      std::all_of(&run.groups[2], &run.groups[6], [](const Run::Group& group) { return group.size() == 2; }))
    return 5;

  if (digits.text[0] != '0' || digits.count < 10 || digits.text[1] == '0')
    return no_group;
  const std::size_t last = group_reaching(run, first, 10);
  if (last == no_group || !is_grouped_as_phone(text, run, first, last) || goes_on(text, run, first, last) ||
      !ends_well(last, 4))
    return no_group;
  const std::size_t groups = last - first + 1;
  if (first == 0)
    return stands_alone(text, head.begin, groups) ? last : no_group;
  if (after_phone)
    return last;
  const Run::Group& before = run.groups[first - 1];
  // "48.0612345678" is a coordinate.
  if (groups == 1)
    return before.gap == "." && before.size() <= 3 ? no_group : last;
  if (before.gap != head.gap)
    return last;
  // In the middle of a date or of a list of numbers of one size.
  const bool sequence = before.gap != " " || before.size() == head.size();
  return sequence && !(before.gap == " " && first == 1 && last + 1 == run.count) ? no_group : last;
}

// --- the pass over a text
// ---------------------------------------------------------------------------------------------

/// Bytes at which something may be found: at signs and digits.
constexpr std::array<bool, 256> triggers = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("@([{<_\xEF"
                                       "0123456789"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// The letter that makes "arobase" rarer to look for than its first one.
constexpr std::array<bool, 256> triggers_and_b = [] {
  std::array<bool, 256> table = triggers;
  table['b'] = table['B'] = true;
  return table;
}();

class Pass {
 public:
  Pass(std::string_view text, Redaction& redaction) : m_text(text), m_redaction(redaction) {}

  /// False when nothing was found; then nothing was written.
  bool run() {
    std::size_t i = 0;
    while (i < m_text.size()) {
      if (!triggers_and_b[static_cast<unsigned char>(m_text[i])])
        ++i;
      else if (is_digit(m_text[i]))
        i = take_digits(i);
      else
        i = take_sign(i);
    }
    if (m_written == 0)
      return false;
    m_redaction.text += m_text.substr(m_written);
    return true;
  }

 private:
  void redact(Span span, std::string_view mark) {
    m_redaction.text += m_text.substr(m_written, span.begin - m_written);
    m_redaction.text += mark;
    m_written = span.end;
  }

  std::size_t take_sign(std::size_t i) {
    std::size_t sign = i;
    if (m_text[i] == 'b' || m_text[i] == 'B') {
      constexpr std::size_t place_of_b = 3;
      if (i < place_of_b || !stands_at(m_text, i - place_of_b, "arobas"))
        return i + 1;
      sign = i - place_of_b;
    }
    const Span email = email_around(m_text, sign, m_written);
    if (email.is_empty())
      return i + 1;
    ++m_redaction.emails;
    redact(email, email_mark);
    return email.end;
  }

  std::size_t take_digits(std::size_t i) {
    if (const std::size_t end = end_of_short_run(m_text, i); end > 0)
      return end;
    Run run;
    read_run(m_text, i, run);
    bool after_phone = false;
    for (std::size_t g = 0; g < run.count;) {
      const std::size_t last = phone_at(m_text, run, g, after_phone);
      after_phone = last != no_group;
      if (!after_phone) {
        ++g;
        continue;
      }
      ++m_redaction.phones;
      redact({begin_of_phone(run, g, last), run.groups[last].end}, phone_mark);
      g = last + 1;
    }
    // A '(', '_' or the like inside of the run was a separator; an address may still begin with its last group.
    return run.groups[run.count - 1].end;
  }

  /// With the sign, and with the bracket that one of the gaps closes.
  [[nodiscard]] std::size_t begin_of_phone(const Run& run, std::size_t first, std::size_t last) const {
    std::size_t begin = run.groups[first].begin;
    if (first > 0)
      return begin;
    if (begin > m_written + 1 && m_text.substr(begin - 2, 2) == "+ ")
      begin -= 2;
    else if (begin > m_written && m_text[begin - 1] == '+')
      --begin;
    const bool closes = std::any_of(&run.groups[first], &run.groups[last], [](const Run::Group& group) {
      return group.gap.find(')') != std::string_view::npos && group.gap.find('(') == std::string_view::npos;
    });
    return closes && begin > m_written && m_text[begin - 1] == '(' ? begin - 1 : begin;
  }

  std::string_view m_text;
  Redaction& m_redaction;
  std::size_t m_written = 0;
};

}  // namespace

PersonalDataCounts redact_personal_data(std::string& text) {
  Redaction redaction;
  // Where something was taken out, what stood beside it may look different.
  constexpr int passes = 7;
  for (int pass = 0; pass < passes && Pass(text, redaction).run(); ++pass) {
    text = std::move(redaction.text);
    redaction.text.clear();
  }
  return {redaction.emails, redaction.phones};
}

Redaction remove_personal_data(std::string_view text) {
  Redaction redaction{std::string(text)};
  const PersonalDataCounts counts = redact_personal_data(redaction.text);
  redaction.emails = counts.emails;
  redaction.phones = counts.phones;
  return redaction;
}

bool holds_personal_data(std::string_view text) {
  Redaction redaction;
  return Pass(text, redaction).run();
}

std::string without_email_in_url(std::string url) {
  const auto value_of = [](char c) {
    if (c >= '0' && c <= '9')
      return c - '0';
    const char low = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
  };
  const auto holds_email = [&](std::string_view text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool is_code =
          text[i] == '%' && text.size() - i > 2 && value_of(text[i + 1]) >= 0 && value_of(text[i + 2]) >= 0;
      // What separates parts of an address also ends a word.
      constexpr std::string_view marks = "/?&=#;:";
      if (is_code) {
        decoded += static_cast<char>(value_of(text[i + 1]) * 16 + value_of(text[i + 2]));
        i += 2;
      } else {
        decoded += marks.find(text[i]) == std::string_view::npos ? text[i] : ' ';
      }
    }
    // Twice encoded is what an address of another site in a parameter is.
    return remove_personal_data(decoded).emails > 0 || decoded.find("%40") != std::string::npos;
  };
  if (url.find('@') == std::string::npos && url.find('%') == std::string::npos)
    return url;
  if (!holds_email(url))
    return url;
  url.resize(std::min(url.find_first_of("?#"), url.size()));
  return holds_email(url) ? std::string() : url;
}

}  // namespace balise
