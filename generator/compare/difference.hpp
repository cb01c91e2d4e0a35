#ifndef BALISE_GENERATOR_COMPARE_DIFFERENCE_HPP
#define BALISE_GENERATOR_COMPARE_DIFFERENCE_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "generator/compare/recording.hpp"

namespace balise::compare {

enum class Kind : std::uint8_t { status, missing_key, added_key, type, value, only_recorded, only_here, order };

/// "missing key", ..., for people and as the value of "kind".
[[nodiscard]] std::string_view name_of(Kind kind);

/// Where one difference was seen.
struct Example {
  std::string url;
  std::string item;  ///< identity of the nearest list item around it; empty for none
  Json recorded;
  Json here;
};

/// Equal differences, counted.
struct Difference {
  std::string route;
  std::string path;  ///< "results[].place.city"; empty for the whole answer
  Kind kind;
  std::string detail;       ///< of a type: "string -> null", recorded first
  std::string_view reason;  ///< why it must be so (known.hpp); empty for one that is not known
  std::uint64_t count = 0;
  std::vector<Example> examples;
};

/// How the items of one list met, over all answers.
struct ListTally {
  std::uint64_t both = 0, only_recorded = 0, only_here = 0;
  std::uint64_t moved = 0;  ///< of `both`: how many stand at another rank, the fewest that explain the order
};

/// Compares answers one after the other and keeps what it found.
class Comparison {
 public:
  explicit Comparison(std::size_t examples_each) : m_examples_each(examples_each) {}

  void add(const RecordedAnswer& recorded, int status, const Json& here);
  /// The keys and types of two answers, each path of which may stand for many items. What is null or empty on one side
  /// is no difference, unless it is null here only and always.
  void add_shapes(const std::string& route, const Json& recorded, const Json& here);

  [[nodiscard]] std::vector<Difference> differences() const { return list(false); }
  [[nodiscard]] std::vector<Difference> known() const { return list(true); }
  [[nodiscard]] const std::map<std::pair<std::string, std::string>, ListTally>& lists() const { return m_lists; }
  [[nodiscard]] std::uint64_t answers() const { return m_answers; }
  /// Answers with a difference that is not known, and those with known ones only.
  [[nodiscard]] std::uint64_t different() const { return m_different; }
  [[nodiscard]] std::uint64_t known_only() const { return m_known_only; }

 private:
  struct Walk;
  using Key = std::tuple<std::string, std::string, Kind, std::string, std::string_view>;

  void found(const Walk& walk, const std::string& path, Kind kind, const std::string& detail, const Json& recorded,
             const Json& here);
  void compare(const Walk& walk, const std::string& path, const Json& recorded, const Json& here);
  void compare_lists(const Walk& walk, const std::string& path, const Json& recorded, const Json& here);
  void count_answer();
  [[nodiscard]] std::vector<Difference> list(bool is_known) const;

  std::size_t m_examples_each;
  std::map<Key, Difference> m_found;
  std::map<std::pair<std::string, std::string>, ListTally> m_lists;
  std::uint64_t m_answers = 0, m_different = 0, m_known_only = 0;
  bool m_has_unknown = false, m_has_known = false;  ///< in the present answer
};

/// What tells an item of a list from the others: the key of a formation, the id of an offer, the SIRET of a company, a
/// code or a label; the value itself of what is no object; empty for none.
[[nodiscard]] std::string identity_of(const Json& item);

}  // namespace balise::compare

#endif
