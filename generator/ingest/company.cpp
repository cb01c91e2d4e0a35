#include "generator/ingest/company.hpp"

#include <algorithm>

namespace balise {

std::optional<Refusal> take_siret_as_id(Row& row, const JsonValue& value) {
  const std::string given = scalar(value);
  if (is_placeholder(given))
    return rejected("missing_id");
  std::optional<std::string> siret = parse_siret(given);
  if (!siret)
    return rejected("invalid_siret", given);
  row.record.id = *std::move(siret);
  return std::nullopt;
}

std::string company_name(Row& row, const JsonValue& value) {
  std::string name = without_frame(row.line(value));
  return is_placeholder(name) ? std::string() : name;
}

std::optional<Refusal> take_company_names(Row& row, const JsonValue& trade_name, const JsonValue& legal_name) {
  Record& record = row.record;
  std::string legal = company_name(row, legal_name);
  record.title = company_name(row, trade_name);
  if (record.title.empty())
    record.title = legal;
  if (record.title.empty())
    return rejected("missing_title");
  record.company = record.title;
  if (legal != record.title)
    row.set(Field::legal_name, std::move(legal));
  return std::nullopt;
}

void drop_romes_without_apprenticeship(Row& row) {
  static constexpr std::string_view never[] = {"K2202", "G1605", "I1201", "L1102", "N4104"};
  std::string dropped;
  std::erase_if(row.record.romes, [&dropped](RomeCode code) {
    const std::string text = to_string(code);
    const bool out = std::find(std::begin(never), std::end(never), text) != std::end(never);
    if (out)
      dropped += (dropped.empty() ? "" : " ") + text;
    return out;
  });
  if (!dropped.empty())
    row.note("rome_without_apprenticeship", std::move(dropped));
}

}  // namespace balise
