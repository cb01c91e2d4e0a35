#ifndef BALISE_CORE_JSON_HPP
#define BALISE_CORE_JSON_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace balise {

/// Writes JSON text, without spaces, into a string: the only writer of answers, natively and in WebAssembly.
/// Commas are set by the writer; braces must be balanced by the caller.
class JsonWriter {
 public:
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  /// The name of the next value, inside an object.
  void key(std::string_view name);
  /// Valid UTF-8; quotes, backslashes and control characters are escaped, nothing else.
  void text(std::string_view value);
  void boolean(bool value) { raw(value ? "true" : "false"); }
  void null() { raw("null"); }
  void number(std::int64_t value) { scaled(value, 0); }
  /// scaled / 10^digits, without trailing zeros.
  void scaled(std::int64_t value, unsigned digits);
  /// The same of an int32_t or null for nullptr.
  void scaled_or_null(const std::int32_t* value, unsigned digits);
  /// `value`, or null when it is empty.
  void text_or_null(std::string_view value);

  [[nodiscard]] std::string take() const { return {m_text.get(), m_size}; }

 private:
  void open(char bracket);
  void close(char bracket);
  void raw(std::string_view value);
  /// Sets a comma where one is due. Where the next `most` bytes may be written: end() says how many were.
  [[nodiscard]] char* begin(std::size_t most);
  void end(const char* end, bool comma_is_due);

  // What std::string does at every byte is half the time that an answer takes.
  std::unique_ptr<char[]> m_text;
  std::size_t m_size = 0, m_capacity = 0;
  bool m_comma_is_due = false;
};

}  // namespace balise

#endif
