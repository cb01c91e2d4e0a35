#ifndef BALISE_GENERATOR_INPUT_JSON_DOCUMENT_HPP
#define BALISE_GENERATOR_INPUT_JSON_DOCUMENT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace balise {

/// One value of a JsonDocument: valid until that parses again, and as long as the text that it was parsed from. Values
/// lie in a row, each before what it holds, so that the next one is found without following a pointer.
class JsonValue {
 public:
  /// JSON null.
  constexpr JsonValue() = default;

  [[nodiscard]] bool is_null() const { return kind() == Kind::null; }
  [[nodiscard]] bool is_boolean() const { return kind() == Kind::boolean; }
  [[nodiscard]] bool is_number() const { return kind() == Kind::number; }
  [[nodiscard]] bool is_string() const { return kind() == Kind::string; }
  [[nodiscard]] bool is_array() const { return kind() == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind() == Kind::object || kind() == Kind::indexed_object; }

  /// Of a string, without quotes and escapes; a number or a boolean as it is written.
  [[nodiscard]] std::string_view text() const { return {m_at, m_size}; }
  /// Precondition: is_boolean().
  [[nodiscard]] bool truth() const { return *m_at == 't'; }
  /// Precondition: is_number().
  [[nodiscard]] double number() const;
  /// As nlohmann::json writes it; of an array or an object larger than a few kilobytes only the beginning, as it came.
  [[nodiscard]] std::string dump() const;

  /// Over the elements of an array. Precondition: is_array().
  class Iterator {
   public:
    explicit Iterator(const JsonValue* at) : m_at(at) {}
    const JsonValue& operator*() const { return *m_at; }
    Iterator& operator++() {
      m_at = m_at->next();
      return *this;
    }
    friend bool operator==(Iterator a, Iterator b) = default;

   private:
    const JsonValue* m_at;
  };
  [[nodiscard]] Iterator begin() const { return Iterator(this + 1); }
  [[nodiscard]] Iterator end() const { return Iterator(next()); }
  /// How many elements an array has. Counts them. Precondition: is_array().
  [[nodiscard]] std::size_t size() const {
    std::size_t count = 0;
    for (const JsonValue* at = this + 1; at != next(); at = at->next())
      ++count;
    return count;
  }

  /// The value under a key, the last one of several; nullptr when there is none. Precondition: is_object().
  [[nodiscard]] const JsonValue* find(std::string_view key) const {
    const std::uint32_t tag = tag_of_key(key);
    if (kind() == Kind::indexed_object)
      return find_by_index(key, tag);
    const JsonValue* found = nullptr;
    const JsonValue* const last = next();
    for (const JsonValue* at = this + 1; at != last; at = at[1].next())
      if (at->is_key(key, tag))
        found = at + 1;
    return found;
  }

 private:
  friend class JsonParser;
  enum class Kind : std::uint32_t { null, boolean, number, string, array, object, indexed_object, key, index };

  constexpr JsonValue(const char* at, std::uint32_t size, std::uint32_t tag) : m_at(at), m_size(size), m_tag(tag) {}
  static constexpr std::uint32_t tag_of(Kind kind, std::uint32_t above) {
    return static_cast<std::uint32_t>(kind) | above << 4U;
  }
  /// Enough of a key to tell it from most others at one glance.
  static std::uint32_t tag_of_key(std::string_view key) {
    std::uint64_t first = 0, last = 0;
    if (key.size() >= 8) {
      std::memcpy(&first, key.data(), 8);
      std::memcpy(&last, key.data() + key.size() - 8, 8);
    } else {
      for (const char c : key)
        first = first << 8U | static_cast<unsigned char>(c);
    }
    const std::uint64_t mixed = (first * 0x9E3779B97F4A7C15U) ^ (last * 0xC2B2AE3D27D4EB4FU);
    return tag_of(Kind::key, static_cast<std::uint32_t>(mixed >> 36U));
  }
  [[nodiscard]] bool is_key(std::string_view key, std::uint32_t tag) const {
    return m_tag == tag && m_size == key.size() && std::memcmp(m_at, key.data(), key.size()) == 0;
  }
  /// Behind an object with an index stands a value that says where the index is: a power of two of places of keys, from
  /// the object on; 0 = none. A key stands at the first free place from the one that its tag names.
  [[nodiscard]] const JsonValue* find_by_index(std::string_view key, std::uint32_t tag) const {
    const JsonValue& index = *next();
    const auto* const places = reinterpret_cast<const std::uint32_t*>(index.m_at);
    for (std::uint32_t at = tag >> 4U;; ++at) {
      const std::uint32_t place = places[at & index.m_size];
      if (place == 0)
        return nullptr;
      if (this[place].is_key(key, tag))
        return this + place + 1;
    }
  }
  [[nodiscard]] Kind kind() const { return static_cast<Kind>(m_tag & 15U); }
  /// Behind this value and all that it holds. Precondition: no key.
  [[nodiscard]] const JsonValue* next() const { return this + (m_tag >> 4U); }

  const char* m_at = nullptr;                   ///< of a string or a key its characters, else the value in the text
  std::uint32_t m_size = 0;                     ///< in bytes
  std::uint32_t m_tag = tag_of(Kind::null, 1);  ///< kind; above it the number of values up to the next, or of a key
                                                ///< some bits of its hash
};

/// Parses one JSON text after the other (RFC 8259) and takes what nlohmann::json takes, which is also asked about the
/// few numbers that are hard to read. Keeps its memory between texts.
class JsonDocument {
 public:
  /// False when `text` is no JSON; then there is no root. `text` must outlive what is read from the document.
  [[nodiscard]] bool parse(std::string_view text);
  /// Precondition: parse() said true.
  [[nodiscard]] const JsonValue& root() const { return m_values.front(); }

 private:
  friend class JsonParser;
  std::vector<JsonValue> m_values;
  std::vector<std::uint32_t> m_open;   ///< places of arrays and objects that are not closed yet
  std::vector<std::uint32_t> m_index;  ///< of the root, when that is an object of many members
  std::string m_decoded;               ///< strings that held escapes
};

}  // namespace balise

#endif
