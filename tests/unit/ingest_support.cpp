#include "ingest_support.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace balise::test {

std::filesystem::path fixture(std::string_view name) {
  return std::filesystem::path(BALISE_SOURCE_DIR) / "tests" / "fixtures" / "ingest" / name;
}

const Reference& small_reference() {
  static const Reference reference = Reference::load(fixture("communes.json"), fixture("romes.csv"));
  return reference;
}

std::string Mapped::outcome() const {
  if (!refusal)
    return "kept";
  return (refusal->fate == Fate::left_out ? "left_out " : "rejected ") + std::string(refusal->reason);
}

std::optional<std::string> Mapped::note(std::string_view reason) const {
  for (const Row::Note& note : row.notes)
    if (note.reason == reason)
      return note.detail;
  return std::nullopt;
}

std::string Mapped::departement() const {
  return record().departement.is_none() ? "none" : std::string(info(record().departement).code);
}

std::string Mapped::romes() const {
  std::string text;
  for (const RomeCode code : record().romes)
    text += (text.empty() ? "" : " ") + to_string(code);
  return text;
}

Mapped map_with(Mapper mapper, const Json& object, Source source, std::string_view as_of) {
  Mapped mapped;
  const std::string text = object.dump();
  JsonDocument document;
  if (!document.parse(text))
    throw std::runtime_error("no JSON: " + text);
  mapped.refusal = mapper(document.root(), {small_reference(), parse_date(as_of).value(), source}, mapped.row);
  mapped.row.finish_notes();
  return mapped;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "balise-ingest-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error("no temporary folder");
  m_path = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

std::filesystem::path TemporaryFolder::write(std::string_view name, std::string_view text) const {
  const std::filesystem::path path = m_path / name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace balise::test
