#include "generator/ingest/rome_domains.hpp"

#include "generator/failure.hpp"
#include "generator/ingest/csv.hpp"
#include "generator/input/input_stream.hpp"

namespace balise {

DomainLabels load_domain_labels(const std::filesystem::path& path) {
  constexpr std::size_t limit_bytes = 1U << 20U;
  const std::string text = read_all(path, limit_bytes);
  CsvReader rows(text);
  const auto code = rows.column("code_domaine"), label = rows.column("libelle_domaine");
  if (!code || !label)
    throw Failure(Exit::data_refused, path.string() + " has not the columns code_domaine and libelle_domaine");
  DomainLabels labels;
  while (rows.next()) {
    const std::string& name = rows.field(*code);
    const auto domain = parse_rome_domain(name);
    const bool is_family = name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z';
    const bool is_usable = (domain || is_family) && !rows.field(*label).empty();
    if (!is_usable || !(domain ? labels.domains.emplace(*domain, rows.field(*label)).second
                               : labels.families.emplace(name[0], rows.field(*label)).second))
      throw Failure(Exit::data_refused, path.string() + ": the row of \"" + name +
                                            "\" is none, or stands twice; write a letter or a letter and two digits, "
                                            "and a name");
  }
  return labels;
}

}  // namespace balise
