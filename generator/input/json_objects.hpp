#ifndef BALISE_GENERATOR_INPUT_JSON_OBJECTS_HPP
#define BALISE_GENERATOR_INPUT_JSON_OBJECTS_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/input/input_stream.hpp"

namespace balise {

/// Cuts a stream of JSON into the texts of its records without parsing them: the elements of one top-level array, or
/// the top-level values of NDJSON (line breaks inside an object are fine), or the elements of `resultats` when the
/// top-level object is a France Travail page (`resultats` may stand after other keys, several pages may follow one
/// another). A UTF-8 byte order mark is skipped. Memory: one record, at most `max_record_bytes`.
class JsonObjects {
 public:
  static constexpr std::size_t max_record_bytes = 8U << 20U;

  /// `name` is used in messages. `input` must outlive this object.
  JsonObjects(InputStream& input, std::string name);

  /// The next record's text, valid until the next call; nullopt at the proper end. The text is balanced in braces and
  /// strings but may still be invalid JSON inside: the caller parses it and counts a bad one. Throws
  /// Failure(Exit::data_refused) when the stream ends in the middle, is no JSON at all, or a record is too large: says
  /// the file, the record's number and the byte.
  [[nodiscard]] std::optional<std::string_view> next();

  /// How many records next() has returned.
  [[nodiscard]] std::uint64_t count() const { return m_count; }

 private:
  /// Where the next record comes from.
  enum class Mode : std::uint8_t { start, array, lines, page };
  /// How a scan of one value ended.
  enum class End : std::uint8_t { whole, broken_line };

  [[nodiscard]] int peek();
  void skip_space();
  void take(std::size_t count);
  void take_line();
  [[nodiscard]] End scan_value();
  [[nodiscard]] End scan_members();
  [[nodiscard]] bool next_element();
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_in_the_middle() const;

  InputStream& m_input;
  std::string m_name;
  std::uint64_t m_count = 0;
  Mode m_mode = Mode::start;
  bool m_first_element = true;  ///< of the array or page that is being read
  bool m_keeping = true;        ///< whether what is scanned goes into the record
  std::vector<char> m_buffer;
  std::size_t m_begin = 0, m_end = 0;   ///< of the unread bytes in the buffer
  std::uint64_t m_offset = 0;           ///< of the buffer in the stream
  std::string m_record;
};

}  // namespace balise

#endif
