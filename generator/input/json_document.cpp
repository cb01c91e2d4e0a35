#include "generator/input/json_document.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <nlohmann/json.hpp>
#include <system_error>

#include "generator/text/eight_bytes.hpp"
#include "generator/text/utf8.hpp"

namespace balise {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The first byte from `at` on that ends a string or needs a look: a quote, a backslash, a control character, or one
/// that is not ASCII; else `end`. Eight bytes at a time.
const char* find_special(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    const std::uint64_t word = eight_bytes::load(at);
    if (const std::uint64_t found = eight_bytes::equal(word, '"') | eight_bytes::equal(word, '\\') |
                                    eight_bytes::below(word, 0x20) | eight_bytes::not_ascii(word);
        found != 0)
      return at + eight_bytes::first(found);
  }
  while (at != end && static_cast<unsigned char>(*at) >= 0x20 && static_cast<unsigned char>(*at) < 0x80 && *at != '"' &&
         *at != '\\')
    ++at;
  return at;
}

}  // namespace

/// One pass over one text, without recursion: its depth is bounded by its size only.
class JsonParser {
 public:
  JsonParser(std::string_view text, JsonDocument& document)
      : m_at(text.data()), m_end(text.data() + text.size()), m_document(document), m_values(document.m_values) {}

  bool run() {
    skip_mark();
    for (;;) {
      skip_space();
      bool is_fresh = false;  // nothing stands in the innermost array or object yet
      if (!take_value(is_fresh))
        return false;
      // Close what ends here, up to where another value must stand.
      for (;;) {
        skip_space();
        if (m_document.m_open.empty()) {
          // nlohmann::json takes a zero byte for the end.
          const bool is_end = m_at == m_end || *m_at == '\0';
          if (is_end)
            add_index();
          return is_end;
        }
        if (m_at == m_end)
          return false;
        const bool in_object = m_values[m_document.m_open.back()].is_object();
        if (*m_at == (in_object ? '}' : ']')) {
          close();
          is_fresh = false;
          continue;
        }
        if (!is_fresh) {
          if (*m_at != ',')
            return false;
          ++m_at;
          skip_space();
        }
        if (in_object && !take_key())
          return false;
        break;
      }
    }
  }

 private:
  using Kind = JsonValue::Kind;

  void skip_mark() {
    if (std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)).starts_with("\xEF\xBB\xBF"))
      m_at += 3;
  }

  void skip_space() {
    while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
      ++m_at;
  }

  void add(Kind kind, const char* begin, const char* end) {
    m_values.push_back(JsonValue(begin, static_cast<std::uint32_t>(end - begin), JsonValue::tag_of(kind, 1)));
  }

  bool take_value(bool& is_fresh) {
    if (m_at == m_end)
      return false;
    switch (*m_at) {
      case '"':
        return take_string(Kind::string);
      case '{':
      case '[':
        m_document.m_open.push_back(static_cast<std::uint32_t>(m_values.size()));
        add(*m_at == '{' ? Kind::object : Kind::array, m_at, m_at + 1);
        ++m_at;
        is_fresh = true;
        return true;
      case 't':
        return take_word("true", Kind::boolean);
      case 'f':
        return take_word("false", Kind::boolean);
      case 'n':
        return take_word("null", Kind::null);
      default:
        return take_number();
    }
  }

  /// Makes find() quick in the object that every record is.
  void add_index() {
    JsonValue& root = m_values.front();
    constexpr std::uint32_t few_values = 20;
    const auto end = static_cast<std::uint32_t>(m_values.size());
    if (!root.is_object() || end < few_values)
      return;
    // Values inside of members count as well, which only leaves more room.
    const std::uint32_t mask = std::bit_ceil(end) - 1;
    std::vector<std::uint32_t>& index = m_document.m_index;
    index.assign(mask + 1U, 0);
    for (std::uint32_t key = 1; key < end; key = static_cast<std::uint32_t>(m_values[key + 1].next() - &root)) {
      std::uint32_t at = m_values[key].m_tag >> 4U;
      while (index[at & mask] != 0 && !m_values[index[at & mask]].is_key(m_values[key].text(), m_values[key].m_tag))
        ++at;
      index[at & mask] = key;
    }
    root.m_tag = JsonValue::tag_of(Kind::indexed_object, end);
    m_values.push_back(JsonValue(reinterpret_cast<const char*>(index.data()), mask, JsonValue::tag_of(Kind::index, 1)));
  }

  void close() {
    ++m_at;
    const std::uint32_t place = m_document.m_open.back();
    m_document.m_open.pop_back();
    JsonValue& value = m_values[place];
    value.m_size = static_cast<std::uint32_t>(m_at - value.m_at);
    value.m_tag = JsonValue::tag_of(value.kind(), static_cast<std::uint32_t>(m_values.size()) - place);
  }

  bool take_word(std::string_view word, Kind kind) {
    if (!std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)).starts_with(word))
      return false;
    add(kind, m_at, m_at + word.size());
    m_at += word.size();
    return true;
  }

  bool take_key() {
    if (m_at == m_end || *m_at != '"' || !take_string(Kind::key))
      return false;
    JsonValue& key = m_values.back();
    key.m_tag = JsonValue::tag_of_key(key.text());
    skip_space();
    if (m_at == m_end || *m_at != ':')
      return false;
    ++m_at;
    return true;
  }

  bool take_digits() {
    const char* const begin = m_at;
    while (m_at != m_end && is_digit(*m_at))
      ++m_at;
    return m_at != begin;
  }

  bool take_number() {
    const char* const begin = m_at;
    if (*m_at == '-')
      ++m_at;
    const bool is_zero = m_at != m_end && *m_at == '0';
    if (is_zero)
      ++m_at;
    else if (!take_digits())
      return false;
    if (m_at != m_end && *m_at == '.') {
      ++m_at;
      if (!take_digits())
        return false;
    }
    bool may_be_infinite = m_at - begin > 300;
    if (m_at != m_end && (*m_at == 'e' || *m_at == 'E')) {
      may_be_infinite = true;
      ++m_at;
      if (m_at != m_end && (*m_at == '+' || *m_at == '-'))
        ++m_at;
      if (!take_digits())
        return false;
    }
    if (may_be_infinite && !nlohmann::json::accept(begin, m_at))
      return false;
    add(Kind::number, begin, m_at);
    return true;
  }

  bool take_string(Kind kind) {
    const char* const begin = ++m_at;
    if (!skip_plain())
      return false;
    if (*m_at == '"') {
      add(kind, begin, m_at++);
      return true;
    }
    // What is decoded is never longer than what stood there, so that nothing moves once there is room for all.
    std::string& decoded = m_document.m_decoded;
    if (decoded.empty())
      decoded.reserve(static_cast<std::size_t>(m_end - begin));
    const std::size_t from = decoded.size();
    decoded.append(begin, m_at);
    while (*m_at != '"') {
      if (!take_escape())
        return false;
      const char* const plain = m_at;
      if (!skip_plain())
        return false;
      decoded.append(plain, m_at);
    }
    ++m_at;
    add(kind, decoded.data() + from, decoded.data() + decoded.size());
    return true;
  }

  /// To the next quote or backslash; false when there is none, or something before it that no string may hold.
  bool skip_plain() {
    for (;;) {
      m_at = find_special(m_at, m_end);
      if (m_at == m_end)
        return false;
      if (static_cast<unsigned char>(*m_at) < 0x80)
        return *m_at == '"' || *m_at == '\\';
      const std::size_t length = utf8_length({m_at, static_cast<std::size_t>(m_end - m_at)});
      if (length == 0)
        return false;
      m_at += length;
    }
  }

  /// Four hexadecimal digits; a value above 0xFFFF when they are not there.
  std::uint32_t take_unit() {
    constexpr std::uint32_t none = 0x10000;
    if (m_end - m_at < 4)
      return none;
    std::uint32_t value = 0;
    const auto [rest, error] = std::from_chars(m_at, m_at + 4, value, 16);
    if (error != std::errc() || rest != m_at + 4)
      return none;
    m_at += 4;
    return value;
  }

  /// From a backslash on.
  bool take_escape() {
    ++m_at;
    if (m_at == m_end)
      return false;
    constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const char c = *m_at++;
    if (c != 'u') {
      const std::size_t place = names.find(c);
      if (place == std::string_view::npos)
        return false;
      m_document.m_decoded += meanings[place];
      return true;
    }
    std::uint32_t value = take_unit();
    if (value > 0xFFFF || (value >= 0xDC00 && value < 0xE000))
      return false;
    if (value >= 0xD800 && value < 0xDC00) {
      if (m_end - m_at < 2 || m_at[0] != '\\' || m_at[1] != 'u')
        return false;
      m_at += 2;
      const std::uint32_t low = take_unit();
      if (low < 0xDC00 || low >= 0xE000)
        return false;
      value = 0x10000U + ((value - 0xD800U) << 10U) + (low - 0xDC00U);
    }
    append_utf8(m_document.m_decoded, value);
    return true;
  }

  const char* m_at;
  const char* m_end;
  JsonDocument& m_document;
  std::vector<JsonValue>& m_values;
};

double JsonValue::number() const {
  double value = 0;
  const auto [rest, error] = std::from_chars(m_at, m_at + m_size, value);
  if (error == std::errc())
    // An integer has no sign without a value.
    return value == 0 && text() == "-0" ? 0 : value;
  return nlohmann::json::parse(m_at, m_at + m_size).get<double>();
}

std::string JsonValue::dump() const {
  switch (kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return std::string(text());
    case Kind::string:
      return nlohmann::json(text()).dump();
    default:
      break;
  }
  // Digits alone are written as they came.
  if (is_number() && m_size < 18 && *m_at != '-' && std::all_of(m_at, m_at + m_size, is_digit))
    return std::string(text());
  constexpr std::uint32_t enough_bytes = 4096;
  if (!is_number() && m_size > enough_bytes)
    return std::string(text().substr(0, enough_bytes));
  return nlohmann::json::parse(m_at, m_at + m_size).dump();
}

bool JsonDocument::parse(std::string_view text) {
  m_values.clear();
  m_open.clear();
  m_decoded.clear();
  // Places and sizes are kept in few bits; no record is as large.
  constexpr std::size_t max_bytes = 1U << 28U;
  return !text.empty() && text.size() < max_bytes && JsonParser(text, *this).run();
}

}  // namespace balise
