#ifndef BALISE_GENERATOR_INGEST_REFERENCE_HPP
#define BALISE_GENERATOR_INGEST_REFERENCE_HPP

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/position.hpp"
#include "core/territory.hpp"

namespace balise {

struct Commune {
  std::string insee;  ///< five characters
  std::string name;
  std::vector<std::string> postal_codes;
  Departement departement;  ///< none for the territories outside the 18 regions
  std::uint32_t population = 0;
  std::optional<Position> centre;
  std::string name_key = {};  ///< commune_name_key(name)
};

/// The form under which names of communes are compared: folded, "st" and "ste" written out, without "cedex" and what
/// follows, without the number of an arrondissement.
[[nodiscard]] std::string commune_name_key(std::string_view name);

/// The tables that the config names, or the built-in ones. Immutable after loading; safe to share between threads.
class Reference {
 public:
  /// Communes: JSON as geo.api.gouv.fr gives it ([{nom, code, codesPostaux, codeDepartement, population, centre:
  /// {coordinates: [lon, lat]}}]) or CSV with the header names insee, nom, codes_postaux ('|' between), departement,
  /// population, lat, lon (other columns ignored). ROMEs: CSV of France Travail (code_rome, libelle_rome, optional
  /// code_rome_parent) or with the columns code_rome, libelle. Both plain or compressed. A row that cannot be used is
  /// skipped; a file without any usable row throws Failure(Exit::data_refused), a missing one Exit::failed.
  [[nodiscard]] static Reference load(const std::filesystem::path& communes, const std::filesystem::path& romes);

  Reference(Reference&&) noexcept;
  Reference& operator=(Reference&&) noexcept;
  ~Reference();

  [[nodiscard]] const Commune* commune_by_insee(std::string_view insee) const;
  /// The communes of a postal code, most populated first; empty when unknown.
  [[nodiscard]] const std::vector<const Commune*>& communes_by_postal_code(std::string_view postal_code) const;
  /// The commune of a departement by its name as people write it ("ST MARTIN D HERES", "MULHOUSE CEDEX 2", "Paris 11"),
  /// the most populated of homonyms; nullptr when unknown.
  [[nodiscard]] const Commune* commune_by_name(Departement departement, std::string_view name) const;
  /// The commune whose centre is nearest, within `max_km`; nullptr when none.
  [[nodiscard]] const Commune* nearest_commune(Position position, double max_km) const;
  [[nodiscard]] const std::vector<Commune>& communes() const;  ///< ascending by INSEE code

  [[nodiscard]] const std::vector<std::pair<RomeCode, std::string>>& romes() const;  ///< ascending, with labels

  [[nodiscard]] bool knows_rome(RomeCode code) const;
  /// Label, or empty.
  [[nodiscard]] std::string_view rome_label(RomeCode code) const;

 private:
  struct Tables;
  explicit Reference(std::unique_ptr<Tables> tables);
  std::unique_ptr<Tables> m_tables;
};

}  // namespace balise

#endif
