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
/// another). A UTF-8 byte order mark is skipped. Memory: one record, at most `max_record_bytes`, and a buffer.
///
/// One broken record does not take the others with it where its end can be told: NDJSON goes on at the line break after
/// which a new object begins in the first column, an array at the bracket that closes what the record left open.
class JsonObjects {
 public:
  static constexpr std::size_t max_record_bytes = 8U << 20U;

  /// `name` is used in messages. `input` must outlive this object.
  JsonObjects(InputStream& input, std::string name);

  /// The next record's text, valid until the next call; nullopt at the proper end. The text may still be invalid JSON:
  /// the caller parses it and counts a bad one. Throws Failure(Exit::data_refused) when the stream ends in the middle,
  /// is no JSON at all, or a record is too large: says the file, the record's number and the byte.
  [[nodiscard]] std::optional<std::string_view> next();

  /// How many records next() has returned.
  [[nodiscard]] std::uint64_t count() const { return m_count; }

 private:
  /// Where the next record comes from.
  enum class Mode : std::uint8_t { start, array, lines, page };
  /// How the scan of one value ended: after its last byte, before a byte that cannot belong to it, or behind the
  /// opening bracket of `resultats`.
  enum class Ended : std::uint8_t { whole, broken, in_results };

  [[nodiscard]] bool fill();
  [[nodiscard]] int peek();
  void skip_space();
  void begin_record();
  [[nodiscard]] std::string_view end_record();
  [[nodiscard]] std::optional<std::string_view> next_element();
  [[nodiscard]] std::optional<std::string_view> next_line();
  void scan_other(std::string_view ends);
  [[nodiscard]] Ended scan_value();
  [[nodiscard]] Ended scan_nested();
  [[nodiscard]] bool scan_string();
  [[nodiscard]] bool close(char bracket);
  [[nodiscard]] bool is_results_key(std::uint64_t begin) const;
  [[nodiscard]] bool is_next_record() const;
  [[nodiscard]] bool may_end_here(bool in_string) const;
  void start();
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_too_large() const;
  [[noreturn]] void fail_in_the_middle() const;

  static constexpr std::size_t nothing = static_cast<std::size_t>(-1);

  InputStream& m_input;
  std::string m_name;
  std::uint64_t m_count = 0;
  Mode m_mode = Mode::start;
  std::vector<char> m_buffer;
  std::size_t m_at = 0;          ///< next byte in the buffer
  std::size_t m_end = 0;         ///< of what was read into it
  std::size_t m_kept = nothing;  ///< first byte of the buffer that is still needed
  std::uint64_t m_offset = 0;    ///< of the buffer in the stream
  std::string m_open;            ///< brackets of the present record that are open
  bool m_after_comma = true;     ///< an array's next element was announced
  bool m_skipping = false;       ///< the top-level object is too large for a record: only `resultats` can save it
  bool m_record_has_breaks = false;
  bool m_saw_one_line = false, m_saw_many_lines = false;  ///< how the records of NDJSON were written so far
};

}  // namespace balise

#endif
