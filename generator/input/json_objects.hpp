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
  InputStream& m_input;
  std::string m_name;
  std::uint64_t m_count = 0;
  std::vector<char> m_buffer;
};

}  // namespace balise

#endif
