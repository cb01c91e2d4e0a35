#ifndef BALISE_GENERATOR_INGEST_METIERS_HPP
#define BALISE_GENERATOR_INGEST_METIERS_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/ids.hpp"

namespace balise {

/// An occupation as people name it: what the search form suggests, and the ROMEs that it searches for.
struct MetierEntry {
  std::string label;
  std::vector<RomeCode> romes;                                 ///< ascending, 1 to max_romes
  std::vector<std::uint32_t> rncps;                            ///< ascending; 13595 is RNCP13595
  std::vector<std::string> keywords;                           ///< everyday words and synonyms
  std::vector<std::pair<RomeCode, std::string>> appellations;  ///< other names, each of one ROME
};

/// Reads a list of occupations (data/reference/README.md): a JSON array, plain or compressed. Throws Failure:
/// Exit::data_refused for a file that is none, naming the entry, the key and what it should be; Exit::failed for a
/// missing one. The order is that of the file.
[[nodiscard]] std::vector<MetierEntry> load_metiers(const std::filesystem::path& path);

}  // namespace balise

#endif
