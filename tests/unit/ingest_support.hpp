#ifndef BALISE_TESTS_INGEST_SUPPORT_HPP
#define BALISE_TESTS_INGEST_SUPPORT_HPP

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "generator/ingest/row.hpp"

namespace balise::test {

/// A file of tests/fixtures/ingest.
[[nodiscard]] std::filesystem::path fixture(std::string_view name);
/// A few dozen communes and ROME codes.
[[nodiscard]] const Reference& small_reference();

using Json = nlohmann::json;
using Mapper = std::optional<Refusal> (*)(const JsonValue&, const MapContext&, Row&);

/// One row mapped against small_reference().
struct Mapped {
  Row row;
  std::optional<Refusal> refusal;

  [[nodiscard]] const Record& record() const { return row.record; }
  /// "rejected invalid_siret", "left_out unpublished", or "kept".
  [[nodiscard]] std::string outcome() const;
  /// Detail of the note with that reason; nullopt when it was not noted.
  [[nodiscard]] std::optional<std::string> note(std::string_view reason) const;
  [[nodiscard]] std::string departement() const;
  [[nodiscard]] std::string field(Field field) const { return detail(row.record, field); }
  /// ROME codes with spaces between.
  [[nodiscard]] std::string romes() const;
};
[[nodiscard]] Mapped map_with(Mapper mapper, const Json& object, Source source = Source::offres,
                              std::string_view as_of = "2026-11-21");

/// A temporary folder of this test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  /// Writes a file and gives its path.
  std::filesystem::path write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path m_path;
};

}  // namespace balise::test

#endif
