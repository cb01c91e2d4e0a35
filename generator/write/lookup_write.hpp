#ifndef BALISE_GENERATOR_WRITE_LOOKUP_WRITE_HPP
#define BALISE_GENERATOR_WRITE_LOOKUP_WRITE_HPP

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/lookup_files.hpp"
#include "generator/ingest/metiers.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/site.hpp"
#include "generator/write/key_facts.hpp"
#include "generator/write/record_bytes.hpp"

namespace balise {

/// Communes of a file of places, and bytes of a file of occupations or diplomas, at most, unless more stand under one
/// word. docs/FORMAT.md has the figures behind them.
inline constexpr std::size_t max_places = 540;
inline constexpr std::size_t top_place_count = 520;
inline constexpr std::size_t max_metier_bytes = 40'000;
inline constexpr std::size_t max_diploma_bytes = 20'000;
inline constexpr std::size_t max_table_items = 256;

/// What the formations say of diplomas, schools and ROMEs: while regions are written, for the files of the country.
class TrainingFacts {
 public:
  struct Facts {
    std::string label;  ///< of a diploma: the first in byte order of those that differ in case or accents only
    std::set<RomeCode> romes;
    std::set<std::uint32_t> rncps;
    std::uint8_t levels = 0;  ///< bit n: level n
  };
  using Table = std::map<std::string, Facts>;

  /// `scratch` is a folder for files of the build; it must exist.
  explicit TrainingFacts(const std::filesystem::path& scratch)
      : m_scratch(scratch), m_cfds(scratch), m_schools(scratch) {}

  /// Takes a record, if it is a formation. The order does not matter. Called by any thread. Throws Failure when the
  /// disk is full.
  void add(const RecordView& record);

  /// By folded label.
  [[nodiscard]] const Table& diplomas() const { return m_diplomas; }
  /// To be read, when there is nothing to add any more.
  [[nodiscard]] KeyFacts& cfds() { return m_cfds; }
  [[nodiscard]] KeyFacts& schools() { return m_schools; }
  [[nodiscard]] const Table& rome_levels() const { return m_rome_levels; }

  [[nodiscard]] const std::filesystem::path& scratch() const { return m_scratch; }

  /// For whoever continues elsewhere, when there is nothing to add any more.
  [[nodiscard]] nlohmann::json to_json();
  /// Takes what to_json() gave. Called by any thread. Throws nlohmann's exceptions for other JSON, and Failure.
  void add_json(const nlohmann::json& json);

 private:
  std::filesystem::path m_scratch;
  std::mutex m_mutex;
  KeyFacts m_cfds, m_schools;
  Table m_diplomas, m_rome_levels;  ///< few: titles, and codes of a list
};

/// Writes the look-up files of communes and occupations below `data_folder`/france/, for the beginning of the
/// directory. They depend on the content of the tables only, not on their order. Throws Failure when a file cannot be
/// written.
[[nodiscard]] LookupDirectory write_reference_lookups(std::span<const Commune> communes,
                                                      std::span<const std::pair<RomeCode, std::string>> romes,
                                                      std::span<const MetierEntry> metiers,
                                                      const std::filesystem::path& data_folder);
/// The same, copied from another site. Throws Failure, also as Site::open().
[[nodiscard]] LookupDirectory copy_reference_lookups(const Site& site, const std::filesystem::path& data_folder);

/// Writes what the formations say after those, and gives the directory for Root::lookups.
[[nodiscard]] FileRef write_lookups(LookupDirectory reference, TrainingFacts& facts,
                                    const std::filesystem::path& data_folder);

// Encoders of the files that core/lookup_files.hpp reads. Preconditions are the orders stated there.
[[nodiscard]] Bytes encode_lookups(const LookupDirectory& directory);
[[nodiscard]] Bytes encode_places(std::span<const PlaceItem> places);
[[nodiscard]] Bytes encode_metiers(std::span<const MetierItem> items);
[[nodiscard]] Bytes encode_table(std::span<const TableItem> items);

}  // namespace balise

#endif
