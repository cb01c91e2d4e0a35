#ifndef BALISE_CORE_RESULT_HPP
#define BALISE_CORE_RESULT_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace balise {

/// Why core/ refuses something. The numbers cross the WebAssembly boundary: append only.
enum class ErrorCode : std::uint8_t {
  ok = 0,
  wrong_query = 1,     ///< a parameter is missing or out of range
  wrong_name = 2,      ///< a file name that is not of the form that this format gives
  wrong_length = 3,    ///< a file is shorter or longer than its reference says
  wrong_hash = 4,      ///< a file's content is not what its name promises
  malformed = 5,       ///< a file with the right hash that breaks the format all the same
  format_too_new = 6,  ///< written by a later version of the format
  not_open = 7,        ///< a call before open(), or with a handle that is none
  not_found = 8,       ///< no record of that id
};
inline constexpr std::size_t error_code_count = 9;

/// The name above as text ("wrong_hash"), as JavaScript and messages spell it.
[[nodiscard]] std::string_view name_of(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::ok;
  std::string what;  ///< one sentence in English: what and where
};

/// What is wrong with a file, if anything is; words are literals.
///
/// In WebAssembly there are no words, only the code: who hands a file over has named it, pages show a sentence of their
/// own, and the native program says of the same bytes what is wrong with them.
class [[nodiscard]] Flaw {
 public:
  constexpr Flaw() = default;
  constexpr Flaw(const char* words) : Flaw(ErrorCode::malformed, words) {}  // NOLINT(google-explicit-constructor)
#ifdef __wasm__
  static constexpr bool has_words = false;
  constexpr Flaw(ErrorCode code, const char*) : m_code(code) {}
  [[nodiscard]] static constexpr std::string_view words() {
    return {};
  }
#else
  static constexpr bool has_words = true;
  constexpr Flaw(ErrorCode code, const char* words) : m_code(code), m_words(words) {}
  [[nodiscard]] constexpr std::string_view words() const {
    return m_words;
  }
#endif
  [[nodiscard]] constexpr explicit operator bool() const {
    return m_code != ErrorCode::ok;
  }
  [[nodiscard]] constexpr ErrorCode code() const {
    return m_code;
  }

 private:
  ErrorCode m_code = ErrorCode::ok;
#ifndef __wasm__
  const char* m_words = "";
#endif
};

/// A value or an Error; core/ throws nothing. The member names are those of std::expected.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : m_value(std::move(value)) {}      // NOLINT(google-explicit-constructor): as std::expected
  Result(Error error) : m_error(std::move(error)) {}  // NOLINT(google-explicit-constructor): as std::expected
  [[nodiscard]] bool has_value() const { return m_value.has_value(); }
  [[nodiscard]] explicit operator bool() const { return has_value(); }
  /// Precondition for the next four: has_value().
  [[nodiscard]] T& operator*() { return *m_value; }
  [[nodiscard]] const T& operator*() const { return *m_value; }
  [[nodiscard]] T* operator->() { return &*m_value; }
  [[nodiscard]] const T* operator->() const { return &*m_value; }
  /// Precondition: !has_value().
  [[nodiscard]] const Error& error() const { return m_error; }

 private:
  std::optional<T> m_value;
  Error m_error;
};

}  // namespace balise

#endif
