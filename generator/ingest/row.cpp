#include "generator/ingest/row.hpp"

#include <algorithm>
#include <utility>

#include "generator/text/clean_text.hpp"
#include "generator/text/person_names.hpp"
#include "generator/text/personal_data.hpp"

namespace balise {

namespace {

constexpr std::size_t max_id_bytes = 1000;
constexpr std::size_t max_code_bytes = 100;

bool is_code_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-_.:/|#+").find(c) != std::string_view::npos;
}

/// C0, DEL, and C1 in UTF-8.
bool holds_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F)
      return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0)
      return true;
  }
  return false;
}

}  // namespace

bool is_filled(const JsonValue& value) {
  if (value.is_string())
    return !is_placeholder(value.text());
  return !value.is_null();
}

const JsonValue& first_filled(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys)
    if (const JsonValue& value = member(object, key); is_filled(value))
      return value;
  return json_null;
}

std::string scalar(const JsonValue& value) {
  if (value.is_string())
    return std::string(value.text());
  return value.is_number() || value.is_boolean() ? value.dump() : std::string();
}

std::optional<double> number(const JsonValue& value) {
  if (value.is_number())
    return value.number();
  return value.is_string() ? parse_number(value.text()) : std::nullopt;
}

std::optional<bool> boolean(const JsonValue& value) {
  if (value.is_boolean())
    return value.truth();
  return parse_boolean(scalar(value));
}

Date date_of(const JsonValue& value) {
  return value.is_string() ? parse_any_date(value.text()).value_or(date_unknown) : date_unknown;
}

std::string Row::redacted(std::string clean) {
  const PersonalDataCounts counts = redact_personal_data(clean);
  m_emails += counts.emails;
  m_phones += counts.phones;
  return clean;
}

std::string Row::line(const JsonValue& value) {
  if (value.is_number())
    return value.dump();
  if (!value.is_string())
    return {};
  std::string clean = clean_line(value.text());
  return is_placeholder(clean) ? std::string() : redacted(std::move(clean));
}

std::string Row::text(const JsonValue& value) {
  if (!value.is_string())
    return {};
  std::string clean = clean_text(value.text());
  if (is_placeholder(clean))
    return {};
  m_names += redact_person_names(clean);
  return redacted(std::move(clean));
}

std::string Row::lines(const JsonValue& value) {
  if (!value.is_array())
    return line(value);
  std::string result;
  for (const JsonValue& element : value) {
    const std::string one = line(element);
    if (one.empty())
      continue;
    if (!result.empty())
      result += '\n';
    result += one;
  }
  return result;
}

void Row::set(Field field, std::string value) {
  if (!value.empty())
    set_detail(record, field, std::move(value));
}

void Row::set_url(Field field, const JsonValue& value) {
  if (value.is_string())
    set(field, without_email_in_url(clean_url(value.text())));
}

void Row::set_date(Field field, const JsonValue& value) {
  set(field, to_string_date(date_of(value)));
}

void Row::set_boolean(Field field, const JsonValue& value) {
  if (const std::optional<bool> known = boolean(value))
    set(field, *known ? "true" : "false");
}

void Row::set_code(Field field, const JsonValue& value) {
  const std::string given = scalar(value);
  const std::string_view code = trim(given);
  if (code.size() <= max_code_bytes && std::all_of(code.begin(), code.end(), is_code_character) &&
      !is_placeholder(code))
    set(field, std::string(code));
}

void Row::set_siret(Field field, const JsonValue& value) {
  const std::string given = scalar(value);
  if (is_placeholder(given))
    return;
  if (std::optional<std::string> siret = parse_siret(given))
    set(field, *std::move(siret));
  else
    note("invalid_siret", name_of(field) + ' ' + given);
}

std::optional<Refusal> Row::take_id(const JsonValue& value) {
  const std::string given = scalar(value);
  const std::string_view id = trim(given);
  if (id.empty())
    return rejected("missing_id");
  if (id.size() > max_id_bytes)
    return rejected("invalid_id", "longer than 1000 bytes");
  if (holds_control_character(id))
    return rejected("invalid_id", "holds a control character");
  if (id.find('@') != std::string_view::npos)
    return rejected("invalid_id", "holds an e-mail address");
  record.id = id;
  return std::nullopt;
}

void Row::take_romes(const JsonValue& value, const Reference& reference, bool keep_unknown, std::string_view key) {
  std::vector<RomeCode> codes;
  std::vector<std::string> doubtful;
  if (value.is_string()) {
    parse_rome_list(value.text(), codes, doubtful);
  } else if (value.is_array()) {
    for (const JsonValue& element : value)
      if (const JsonValue& code = key.empty() || !element.is_object() ? element : member(element, key);
          code.is_string())
        parse_rome_list(code.text(), codes, doubtful);
  }
  for (const RomeCode code : codes) {
    const bool known = reference.knows_rome(code);
    if (!known)
      doubtful.push_back(to_string(code));
    if (known || keep_unknown)
      record.romes.push_back(code);
  }
  std::sort(record.romes.begin(), record.romes.end());
  record.romes.erase(std::unique(record.romes.begin(), record.romes.end()), record.romes.end());
  if (!doubtful.empty()) {
    std::string list;
    for (const std::string& code : doubtful)
      list += (list.empty() ? "" : " ") + code;
    note("unknown_rome", std::move(list));
  }
  if (record.romes.empty())
    note("no_rome");
}

void Row::note_position(PlacedPair::State state, std::string found) {
  note(state == PlacedPair::State::swapped   ? "swapped_coordinates"
       : state == PlacedPair::State::outside ? "position_outside_france"
                                             : "no_position",
       std::move(found));
}

void Row::finish_notes() {
  if (m_emails + m_phones + m_names > 0)
    note("personal_data_removed", std::to_string(m_emails) + " e-mail addresses, " + std::to_string(m_phones) +
                                      " phone numbers, " + std::to_string(m_names) + " names");
  m_emails = m_phones = m_names = 0;
}

}  // namespace balise
