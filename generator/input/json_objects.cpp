#include "generator/input/json_objects.hpp"

#include <algorithm>
#include <array>

#include "generator/failure.hpp"

namespace balise {

namespace {

constexpr std::size_t buffer_bytes = 256U << 10U;

bool is_space(int c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// Bytes that end a run of plain ones, inside a string and outside.
constexpr std::array<bool, 256> stops(std::string_view text) {
  std::array<bool, 256> table{};
  for (const char c : text)
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr auto stops_in_string = stops("\"\\\n");
constexpr auto stops_outside = stops("\"{}[]\n");
constexpr auto stops_in_scalar = stops(",]} \n\r\t");
constexpr auto stops_at_line = stops("\n");

std::size_t run_length(const char* begin, const char* end, const std::array<bool, 256>& table) {
  const char* at = begin;
  while (at != end && !table[static_cast<unsigned char>(*at)])
    ++at;
  return static_cast<std::size_t>(at - begin);
}

}  // namespace

JsonObjects::JsonObjects(InputStream& input, std::string name)
    : m_input(input), m_name(std::move(name)), m_buffer(buffer_bytes) {}

/// The next byte, not taken; -1 at the end of the stream.
int JsonObjects::peek() {
  if (m_begin == m_end) {
    m_offset += m_end;
    m_begin = 0;
    m_end = m_input.read(m_buffer);
    if (m_end == 0)
      return -1;
  }
  return static_cast<unsigned char>(m_buffer[m_begin]);
}

void JsonObjects::skip_space() {
  while (is_space(peek()))
    ++m_begin;
}

/// Moves bytes that are in the buffer to the record.
void JsonObjects::take(std::size_t count) {
  if (m_keeping) {
    if (m_record.size() + count > max_record_bytes)
      fail("record " + std::to_string(m_count + 1) + " is larger than " + std::to_string(max_record_bytes >> 20U) +
           " MB: check that it is the right file");
    m_record.append(m_buffer.data() + m_begin, count);
  }
  m_begin += count;
}

void JsonObjects::take_line() {
  for (int c = peek(); c != -1 && c != '\n'; c = peek())
    take(std::max<std::size_t>(1, run_length(m_buffer.data() + m_begin, m_buffer.data() + m_end, stops_at_line)));
}

void JsonObjects::fail(const std::string& what) const {
  throw Failure(Exit::data_refused, m_name + ": " + what + " (byte " + std::to_string(m_offset + m_begin) + ")");
}

void JsonObjects::fail_in_the_middle() const {
  fail("ends in the middle of record " + std::to_string(m_count + 1) + "; fetch it again");
}

/// Scans one value of any kind, whose first byte is next. Line by line, a line break inside a string or a new object in
/// the first column shows that the record was broken off: then the next line is read on its own.
JsonObjects::End JsonObjects::scan_value() {
  std::size_t depth = 0;
  bool in_string = false;
  const int first = peek();
  if (first != '{' && first != '[' && first != '"') {
    for (int c = peek(); c != -1 && !stops_in_scalar[static_cast<std::size_t>(c)]; c = peek())
      take(run_length(m_buffer.data() + m_begin, m_buffer.data() + m_end, stops_in_scalar));
    return End::whole;
  }
  for (;;) {
    const int c = peek();
    if (c == -1)
      fail_in_the_middle();
    const char* begin = m_buffer.data() + m_begin;
    const char* end = m_buffer.data() + m_end;
    if (const std::size_t plain = run_length(begin, end, in_string ? stops_in_string : stops_outside); plain > 0) {
      take(plain);
      continue;
    }
    if (c == '\n') {
      if (in_string && m_mode == Mode::lines)
        return End::broken_line;
      take(1);
      if (!in_string && m_mode == Mode::lines && peek() == '{')
        return End::broken_line;
      continue;
    }
    take(1);
    if (c == '\\') {
      if (peek() == -1)
        fail_in_the_middle();
      take(1);
    } else if (c == '"') {
      in_string = !in_string;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else {
      --depth;
    }
    if (depth == 0 && !in_string)
      return End::whole;
  }
}

/// Scans the members of a top-level object up to its end, or up to the elements of `resultats`: then m_mode is page.
/// The opening brace or the value before was taken.
JsonObjects::End JsonObjects::scan_members() {
  for (;;) {
    for (int c = peek(); is_space(c) || c == ','; c = peek())
      take(1);
    int c = peek();
    if (c == -1)
      fail_in_the_middle();
    if (c == '}') {
      take(1);
      return End::whole;
    }
    if (c != '"')
      return End::broken_line;
    const std::size_t key_begin = m_record.size();
    if (scan_value() == End::broken_line)
      return End::broken_line;
    const bool is_results = m_keeping && std::string_view(m_record).substr(key_begin) == "\"resultats\"";
    for (c = peek(); is_space(c) || c == ':'; c = peek())
      take(1);
    if (c == -1)
      fail_in_the_middle();
    if (is_results && c == '[') {
      ++m_begin;
      m_mode = Mode::page;
      m_first_element = true;
      return End::whole;
    }
    if (scan_value() == End::broken_line)
      return End::broken_line;
  }
}

/// Goes to the next element of an array; false when the array ended, and its bracket was passed.
bool JsonObjects::next_element() {
  skip_space();
  int c = peek();
  if (c == ',' && !m_first_element) {
    ++m_begin;
    skip_space();
    c = peek();
  } else if (c != ']' && c != -1 && !m_first_element) {
    fail("no comma after record " + std::to_string(m_count));
  }
  if (c == -1)
    fail_in_the_middle();
  m_first_element = false;
  if (c != ']')
    return true;
  ++m_begin;
  return false;
}

std::optional<std::string_view> JsonObjects::next() {
  m_record.clear();
  const auto found = [&]() -> std::optional<std::string_view> {
    ++m_count;
    return m_record;
  };
  for (;;) {
    switch (m_mode) {
      case Mode::start: {
        if (m_offset + m_begin == 0 && peek() == 0xEF && m_end >= 3 && m_buffer[1] == '\xBB' && m_buffer[2] == '\xBF')
          m_begin = 3;
        skip_space();
        const int c = peek();
        if (c == -1)
          fail("is empty; fetch it again");
        if (c != '[' && c != '{')
          fail("is no JSON: it begins with something else than [ or {; check the address that it was fetched from");
        m_mode = c == '[' ? Mode::array : Mode::lines;
        m_first_element = true;
        if (c == '[')
          ++m_begin;
        break;
      }
      case Mode::array:
        if (next_element()) {
          if (peek() == ',' || peek() == '}')
            fail("an element is missing after record " + std::to_string(m_count));
          static_cast<void>(scan_value());
          return found();
        }
        // What follows an array is another one, or pages, or nothing.
        m_mode = Mode::lines;
        break;
      case Mode::page:
        if (next_element()) {
          static_cast<void>(scan_value());
          return found();
        }
        // The rest of the page's object says nothing of records.
        m_mode = Mode::lines;
        m_keeping = false;
        static_cast<void>(scan_members());
        m_keeping = true;
        break;
      case Mode::lines: {
        skip_space();
        const int c = peek();
        if (c == -1)
          return std::nullopt;
        if (c == '[') {
          ++m_begin;
          m_mode = Mode::array;
          m_first_element = true;
          break;
        }
        if (c != '{') {
          take_line();
          return found();
        }
        take(1);
        const End end = scan_members();
        if (m_mode == Mode::page) {
          m_record.clear();
          break;
        }
        if (end == End::broken_line && peek() != '{')
          take_line();
        return found();
      }
    }
  }
}

}  // namespace balise
