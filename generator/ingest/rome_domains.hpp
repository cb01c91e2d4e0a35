#ifndef BALISE_GENERATOR_INGEST_ROME_DOMAINS_HPP
#define BALISE_GENERATOR_INGEST_ROME_DOMAINS_HPP

#include <filesystem>
#include <map>
#include <string>

#include "core/ids.hpp"

namespace balise {

/// Names of the ROME domains, for people.
struct DomainLabels {
  std::map<char, std::string> families;       ///< by letter: "F" is construction
  std::map<RomeDomain, std::string> domains;  ///< "F17"
};

/// CSV with the columns code_domaine ("F" or "F17") and libelle_domaine. A row that cannot be used, or that names a
/// code again, throws Failure(Exit::data_refused); a missing file Exit::failed.
[[nodiscard]] DomainLabels load_domain_labels(const std::filesystem::path& path);

}  // namespace balise

#endif
