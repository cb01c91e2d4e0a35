#ifndef BALISE_GENERATOR_REPORT_HPP
#define BALISE_GENERATOR_REPORT_HPP

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/ids.hpp"

namespace balise {

/// What happened to one row of a source.
enum class Fate : std::uint8_t {
  kept,
  left_out,  ///< usable, but not to be shown: unpublished, expired, filtered, excluded, duplicate
  rejected,  ///< cannot be used: no id, no title, no place …; counts toward limits.max_rejected_percent
  noted,     ///< kept, and something was repaired or doubtful: swapped coordinates, SIRET that fails its check …
};

/// Counts by source entry, fate and reason. Reasons are short fixed names in snake_case ("invalid_json", "missing_id",
/// "expired", "swapped_coordinates"). One object per thread, merged afterwards; the merged result does not depend on
/// the order of rows: the examples kept are the `max_examples` smallest by (id, detail).
class Report {
 public:
  static constexpr std::size_t max_examples = 5;

  struct Example {
    std::string id;      ///< of the record, or "#<number>" when it has none; never personal data
    std::string detail;  ///< what was found, at most 120 characters, personal data removed
    [[nodiscard]] friend auto operator<=>(const Example&, const Example&) = default;
  };
  struct Count {
    std::uint64_t count = 0;
    std::vector<Example> examples;  ///< ascending
  };
  struct Entry {
    std::string source;  ///< "lba"
    std::string format;
    std::string url;
    std::uint64_t read = 0;
    std::uint64_t kept = 0;
    std::map<std::string, Count> left_out, rejected, noted;
    [[nodiscard]] std::uint64_t rejected_total() const;
  };

  /// Entries are numbered as in Config::sources; add_entry() is called once for each, in that order.
  void add_entry(Source source, std::string_view format, std::string_view url);
  void count_read(std::size_t entry);
  void count_kept(std::size_t entry);
  /// A row that ends as left_out or rejected after having been counted as kept (duplicates): moves it.
  void uncount_kept(std::size_t entry);
  void add(std::size_t entry, Fate fate, std::string_view reason, std::string_view id, std::string_view detail);
  void merge(const Report& other);

  [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
  /// The object that `--report` writes: {"as_of", "sources": [{"source", "format", "url", "read", "kept", "left_out":
  /// {reason: {"count", "examples": [{"id", "detail"}]}}, "rejected": …, "noted": …}], "totals": {...}}.
  [[nodiscard]] nlohmann::json to_json(Date as_of) const;
  /// The same read back. Throws an exception of nlohmann::json.
  [[nodiscard]] static Report from_json(const nlohmann::json& json);
  /// A few lines for people, on stderr: per entry read, kept, left out and rejected by reason.
  [[nodiscard]] std::string summary() const;
  /// What to say, naming entry, share and limit, of an entry that rejected more than the limit; else nullopt.
  [[nodiscard]] std::optional<std::string> too_many_rejected(std::size_t entry, double max_rejected_percent) const;

 private:
  std::vector<Entry> m_entries;
};

}  // namespace balise

#endif
