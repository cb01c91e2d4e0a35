#include "generator/input/json_objects.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "generator/failure.hpp"
#include "generator/text/eight_bytes.hpp"

namespace balise {

namespace {

constexpr std::size_t buffer_bytes = 256U << 10U;

/// More than the key of a page, its quotes included.
constexpr std::size_t room_for_key = 32;

bool is_space(int c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// Where a scan outside of strings has something to do.
constexpr std::array<bool, 256> structural = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("\"{}[]\n"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// The first quote, backslash or line break from `at` on, or `end`. Eight bytes at a time: most bytes of a source are
/// inside strings.
const char* find_in_string(const char* at, const char* end) {
  for (; end - at >= 8; at += 8) {
    const std::uint64_t word = eight_bytes::load(at);
    if (const std::uint64_t found =
            eight_bytes::equal(word, '"') | eight_bytes::equal(word, '\\') | eight_bytes::equal(word, '\n');
        found != 0)
      return at + eight_bytes::first(found);
  }
  while (at != end && *at != '"' && *at != '\\' && *at != '\n')
    ++at;
  return at;
}

/// The beginning of a file in a message.
std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, std::min<std::size_t>(text.find('\n'), 24)))
    out += c >= 0x20 && c < 0x7F ? c : '?';
  return '"' + out + '"';
}

}  // namespace

JsonObjects::JsonObjects(InputStream& input, std::string name)
    : m_input(input), m_name(std::move(name)), m_buffer(buffer_bytes) {}

/// Reads more behind the last byte; false at the end of the stream. Call it when every byte was used.
bool JsonObjects::fill() {
  if (m_end == m_buffer.size()) {
    // A key that began within the limit stays whole.
    if (m_kept != nothing && m_end - m_kept > max_record_bytes + room_for_key) {
      // Only a page may be larger, of which nothing is needed.
      if (m_mode != Mode::lines || !m_open.starts_with('{'))
        fail_too_large();
      m_skipping = true;
      m_kept = m_at;
    }
    const std::size_t needed = std::min(m_kept, m_at);
    if (m_end - needed > m_buffer.size() / 2)
      m_buffer.resize(m_buffer.size() * 2);
    std::memmove(m_buffer.data(), m_buffer.data() + needed, m_end - needed);
    m_offset += needed;
    m_at -= needed;
    m_end -= needed;
    if (m_kept != nothing)
      m_kept = 0;
  }
  const std::size_t count = m_input.read(std::span(m_buffer).subspan(m_end));
  m_end += count;
  return count > 0;
}

/// The next byte, not taken; -1 at the end of the stream.
int JsonObjects::peek() {
  if (m_at == m_end && !fill())
    return -1;
  return static_cast<unsigned char>(m_buffer[m_at]);
}

void JsonObjects::skip_space() {
  while (is_space(peek()))
    ++m_at;
}

void JsonObjects::fail(const std::string& what) const {
  throw Failure(Exit::data_refused, m_name + ": " + what + " (byte " + std::to_string(m_offset + m_at) + ")");
}

void JsonObjects::fail_too_large() const {
  fail("record " + std::to_string(m_count + 1) + " is larger than " + std::to_string(max_record_bytes >> 20U) +
       " MB; check that it is the right file");
}

void JsonObjects::fail_in_the_middle() const {
  fail("ends in the middle, in record " + std::to_string(m_count + 1) + "; fetch it again");
}

void JsonObjects::begin_record() {
  m_kept = m_at;
  m_open.clear();
  m_record_has_breaks = false;
}

std::string_view JsonObjects::end_record() {
  std::string_view record(m_buffer.data() + m_kept, m_at - m_kept);
  if (record.size() > max_record_bytes)
    fail_too_large();
  while (!record.empty() && is_space(record.back()))
    record.remove_suffix(1);
  m_kept = nothing;
  ++m_count;
  return record;
}

/// What is neither an object, nor an array, nor a text: a number, or garbage, up to one of `ends`. Takes at least a
/// byte unless one of them is next.
void JsonObjects::scan_other(std::string_view ends) {
  for (int c = peek(); c != -1 && ends.find(static_cast<char>(c)) == std::string_view::npos; c = peek())
    ++m_at;
}

/// Whether a bad line ends with the line break that was just taken.
bool JsonObjects::is_next_record() const {
  if (m_skipping)
    return false;
  // Between two records of one line each a line break is the end, whatever the record lacks.
  if (m_saw_one_line && !m_saw_many_lines)
    return true;
  // Of what is too large the bytes before the break may be gone; it is refused at its end.
  if (m_skipping)
    return false;
  // Else an object on a line of its own may be a part of this record where the grammar lets one begin.
  std::size_t i = m_at - 1;
  while (i > m_kept && is_space(m_buffer[i]))
    --i;
  const char before = m_buffer[i];
  const bool may_begin = before == ':' || (m_open.back() == '[' && (before == '[' || before == ','));
  return !may_begin;
}

/// Whether a stream that ends in a record of NDJSON still ended between two lines.
bool JsonObjects::may_end_here(bool in_string) const {
  const bool behind_break = m_at > 0 && m_buffer[m_at - 1] == '\n';
  return m_mode == Mode::lines && behind_break && (in_string || (m_saw_one_line && !m_saw_many_lines));
}

/// From behind an opening quote to behind the closing one; false when the line, and the record with it, was broken off.
bool JsonObjects::scan_string() {
  for (;;) {
    const char* data = m_buffer.data();
    m_at = static_cast<std::size_t>(find_in_string(data + m_at, data + m_end) - data);
    const int c = peek();
    if (c == -1) {
      if (may_end_here(/*in_string=*/true))
        return false;
      fail_in_the_middle();
    }
    // Bytes that have just been read are searched first.
    if (c != '"' && c != '\\' && c != '\n')
      continue;
    ++m_at;
    if (c == '"')
      return true;
    const int next = peek();
    if (c == '\\') {
      // An escape, unless the line ends: then the break must be seen.
      if (next != -1 && next != '\n')
        ++m_at;
      continue;
    }
    // A raw line break is an error that can be repaired, unless a new object begins behind it.
    m_record_has_breaks = true;
    if (m_mode == Mode::lines && next == '{')
      return false;
  }
}

/// Closes the bracket that belongs to this one, and those inside that were forgotten; false when it belongs to the
/// array around the record.
bool JsonObjects::close(char bracket) {
  const char opening = bracket == '}' ? '{' : '[';
  if (m_open.back() != opening) {
    const std::size_t place = m_open.rfind(opening);
    if (place == std::string::npos)
      return bracket == '}' || m_mode == Mode::lines;
    m_open.resize(place + 1);
  }
  m_open.pop_back();
  return true;
}

/// Whether the text between the quotes from byte `begin` of the stream up to the present one is the key of a page.
bool JsonObjects::is_results_key(std::uint64_t begin) const {
  constexpr std::string_view key = "resultats";
  return m_offset + m_at - begin == key.size() + 1 &&
         std::string_view(m_buffer.data() + m_at - key.size() - 1, key.size()) == key;
}

/// Scans inside of m_open until it is empty.
JsonObjects::Ended JsonObjects::scan_nested() {
  while (!m_open.empty()) {
    const char* data = m_buffer.data();
    while (m_at < m_end && !structural[static_cast<unsigned char>(data[m_at])])
      ++m_at;
    if (m_at == m_end) {
      if (!fill()) {
        if (may_end_here(/*in_string=*/false))
          return Ended::broken;
        fail_in_the_middle();
      }
      continue;
    }
    const char c = data[m_at];
    switch (c) {
      case '{':
      case '[':
        ++m_at;
        // What is kept is limited by its bytes; this limits what is only passed over.
        if (m_open.size() > max_record_bytes)
          fail("record " + std::to_string(m_count + 1) + " is nested too deeply");
        m_open += c;
        break;
      case '}':
      case ']':
        if (!close(c))
          return Ended::broken;
        ++m_at;
        break;
      case '\n':
        ++m_at;
        m_record_has_breaks = true;
        if (m_mode == Mode::lines && peek() == '{' && is_next_record())
          return Ended::broken;
        break;
      default: {
        ++m_at;
        const bool may_be_page = m_mode == Mode::lines && m_open == "{";
        // Too large for a record before this string: what is needed from here on is the string itself, as it may be
        // the key of a page.
        if (may_be_page && (m_skipping || m_at - m_kept > max_record_bytes)) {
          m_skipping = true;
          m_kept = m_at;
        }
        const std::uint64_t begin = m_offset + m_at;
        if (!scan_string())
          return Ended::broken;
        if (!may_be_page || !is_results_key(begin))
          break;
        skip_space();
        if (peek() != ':')
          break;
        ++m_at;
        skip_space();
        if (peek() == '[') {
          ++m_at;
          return Ended::in_results;
        }
        break;
      }
    }
  }
  return Ended::whole;
}

/// Scans one value of any kind but "other", whose first byte is next.
JsonObjects::Ended JsonObjects::scan_value() {
  const char first = m_buffer[m_at++];
  if (first == '"')
    return scan_string() ? Ended::whole : Ended::broken;
  m_open = first;
  return scan_nested();
}

/// The next element of an array or of a page's results; nullopt when it ended.
std::optional<std::string_view> JsonObjects::next_element() {
  skip_space();
  int c = peek();
  if (c == ',' && !m_after_comma) {
    ++m_at;
    skip_space();
    c = peek();
  }
  if (c == -1)
    fail_in_the_middle();
  if (c == ']') {
    ++m_at;
    return std::nullopt;
  }
  m_after_comma = false;
  begin_record();
  if (c == '{' || c == '[' || c == '"')
    static_cast<void>(scan_value());
  else
    scan_other(",]{");
  if (peek() == -1)
    fail_in_the_middle();
  return end_record();
}

/// The next top-level value; nullopt at the end of the stream, and when it is an array or a page: then m_mode says so.
std::optional<std::string_view> JsonObjects::next_line() {
  // A comma behind each record is how some tools write lines.
  int c = peek();
  for (; is_space(c) || c == ','; c = peek())
    ++m_at;
  if (c == -1)
    return std::nullopt;
  m_after_comma = true;
  if (c == '[') {
    ++m_at;
    m_mode = Mode::array;
    return std::nullopt;
  }
  begin_record();
  if (c != '{') {
    scan_other("\n");
    return end_record();
  }
  m_skipping = false;
  const Ended ended = scan_value();
  if (ended == Ended::in_results) {
    m_mode = Mode::page;
    m_kept = nothing;
    return std::nullopt;
  }
  if (m_skipping)
    fail_too_large();
  if (ended == Ended::whole)
    (m_record_has_breaks ? m_saw_many_lines : m_saw_one_line) = true;
  return end_record();
}

void JsonObjects::start() {
  // Enough for the byte order mark and for what a message shows, however little one read gives.
  while (m_end < 32 && fill()) {
  }
  const std::string_view text(m_buffer.data(), m_end);
  if (text.starts_with("\xEF\xBB\xBF"))
    m_at = 3;
  else if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    fail("is UTF-16; convert it to UTF-8 first");
  skip_space();
  const int c = peek();
  if (c == -1)
    fail("is empty; fetch it again");
  if (c != '[' && c != '{')
    fail("is no JSON: it begins with " + shown({m_buffer.data() + m_at, m_end - m_at}) +
         " and not with [ or {, so that record 1 is missing; open it to see what it is, and check where it was "
         "fetched from");
  m_mode = Mode::lines;
}

std::optional<std::string_view> JsonObjects::next() {
  for (;;) {
    switch (m_mode) {
      case Mode::start:
        start();
        break;
      case Mode::array:
        if (auto element = next_element())
          return element;
        // What follows an array is another one, or pages, or nothing.
        m_mode = Mode::lines;
        break;
      case Mode::page:
        if (auto element = next_element())
          return element;
        // The rest of the page says nothing of records.
        m_open = "{";
        static_cast<void>(scan_nested());
        m_mode = Mode::lines;
        break;
      case Mode::lines:
        if (auto line = next_line())
          return line;
        if (m_mode == Mode::lines)
          return std::nullopt;
        break;
    }
  }
}

}  // namespace balise
