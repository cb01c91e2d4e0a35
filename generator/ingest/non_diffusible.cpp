#include "generator/ingest/non_diffusible.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/text.hpp"

namespace balise {

namespace {

constexpr std::size_t siren_digits = 9;
constexpr double max_commune_km = 30;
constexpr std::string_view removed = "[nom retir\xC3\xA9]";

/// Legal forms, folded. "EI" and "EIRL" are those of a single person and so not here.
constexpr std::string_view legal_forms[] = {
    "association", "ccas",      "commune", "cooperative", "departement", "earl",      "etablissement public",
    "eurl",        "fondation", "gaec",    "gie",         "groupement",  "mairie",    "mutuelle",
    "region",      "sa",        "sarl",    "sas",         "sasu",        "sca",       "scea",
    "sci",         "scic",      "scm",     "scop",        "scp",         "scs",       "selarl",
    "selas",       "selasu",    "snc",     "societe",     "syndicat",    "universite"};

bool is_listed(const std::string& siret, const std::unordered_set<std::string>& numbers) {
  return siret.size() > siren_digits && (numbers.contains(siret) || numbers.contains(siret.substr(0, siren_digits)));
}

/// Takes a name out of a text, in whatever case it stands there.
std::string without(const std::string& text, const std::string& name) {
  constexpr std::size_t shortest = 4;  // bytes: less would take away parts of words
  if (name.size() < shortest)
    return text;
  // Lower case of Latin letters keeps the number of bytes.
  const std::string low = lower(text), wanted = lower(name);
  if (low.size() != text.size())
    return text;
  std::string result;
  std::size_t from = 0;
  for (std::size_t at = low.find(wanted); at != std::string::npos; at = low.find(wanted, from)) {
    result.append(text, from, at - from).append(removed);
    from = at + wanted.size();
  }
  return result.append(text, from);
}

class Hider {
 public:
  Hider(Row& row, const Reference& reference) : m_record(row.record), m_reference(reference) {}

  /// What says where the company or school is, and what it says of itself.
  void hide_company() {
    Record& record = m_record;
    const std::string name = record.company, legal = detail(record, Field::legal_name), street = record.address;
    for (const Field field : {Field::company_url, Field::company_logo, Field::company_description, Field::school_city})
      set_detail(record, field, {});
    if (!street.empty())
      take_out(street);
    record.address.clear();
    record.position = centre();
    if (names_legal_person(name) || names_legal_person(legal))
      return;
    set_detail(record, Field::legal_name, {});
    const std::string activity = detail(record, Field::naf_label);
    const bool is_school = record.source == Source::formations;
    record.company = is_school ? "Organisme de formation" : activity.empty() ? "Entreprise" : activity;
    if (record.source == Source::lba)
      record.title = record.company;
    for (const std::string& one : {name, legal})
      take_out(one);
  }

  /// The body in charge of a formation.
  void hide_head() {
    const std::string name = detail(m_record, Field::head_name), street = detail(m_record, Field::head_address);
    take_out(street);
    set_detail(m_record, Field::head_address, {});
    // A record without a place of its own has that of this body.
    if (m_record.address == street) {
      m_record.address.clear();
      m_record.position = centre();
    }
    if (names_legal_person(name))
      return;
    set_detail(m_record, Field::head_name, {});
    if (m_record.company == name)
      m_record.company = "Organisme de formation";
    take_out(name);
  }

 private:
  [[nodiscard]] std::optional<Position> centre() const {
    const Commune* commune = m_reference.commune_by_insee(m_record.insee);
    if (commune == nullptr && m_record.position)
      commune = m_reference.nearest_commune(*m_record.position, max_commune_km);
    return commune == nullptr ? std::nullopt : commune->centre;
  }

  /// From every text of the record.
  void take_out(const std::string& text) {
    if (text.empty())
      return;
    if (m_record.source != Source::lba)
      m_record.title = without(m_record.title, text);
    for (Detail& one : m_record.details)
      one.value = without(one.value, text);
  }

  Record& m_record;
  const Reference& m_reference;
};

}  // namespace

bool names_legal_person(std::string_view name) {
  const std::string folded = ' ' + fold(name) + ' ';
  return std::any_of(std::begin(legal_forms), std::end(legal_forms), [&folded](std::string_view form) {
    return folded.find(' ' + std::string(form) + ' ') != std::string::npos;
  });
}

void hide_non_diffusible(Row& row, const std::unordered_set<std::string>& numbers, const Reference& reference) {
  const Record& record = row.record;
  const std::string siret = record.source == Source::lba ? record.id : detail(record, Field::siret);
  const std::string head = detail(record, Field::head_siret);
  Hider hider(row, reference);
  if (is_listed(siret, numbers))
    hider.hide_company();
  if (is_listed(head, numbers))
    hider.hide_head();
  if (!is_listed(siret, numbers) && !is_listed(head, numbers))
    return;
  // Notes quote what the row held.
  std::vector<Row::Note> kept;
  for (Row::Note& note : row.notes)
    kept.push_back({note.reason, {}});
  row.notes = std::move(kept);
  row.note("non_diffusible");
}

}  // namespace balise
