#include "generator/ingest/csv.hpp"

#include <algorithm>

namespace balise {

namespace {

std::string column_key(std::string_view name) {
  const std::size_t begin = name.find_first_not_of(" \t\"");
  if (begin == std::string_view::npos)
    return {};
  std::string key(name.substr(begin, name.find_last_not_of(" \t\"") + 1 - begin));
  for (char& c : key)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return key;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : m_rest(text) {
  if (m_rest.starts_with("\xEF\xBB\xBF"))
    m_rest.remove_prefix(3);
  const std::string_view first_line = m_rest.substr(0, m_rest.find('\n'));
  auto most = std::count(first_line.begin(), first_line.end(), ',');
  for (const char candidate : {';', '\t'}) {
    const auto count = std::count(first_line.begin(), first_line.end(), candidate);
    if (count > most) {
      most = count;
      m_separator = candidate;
    }
  }
  if (read_row(m_header))
    for (std::string& name : m_header)
      name = column_key(name);
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(m_header.begin(), m_header.end(), column_key(name));
  if (found == m_header.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - m_header.begin());
}

bool CsvReader::next() {
  while (read_row(m_row))
    if (m_row.size() > 1 || !m_row.front().empty())
      return true;
  return false;
}

const std::string& CsvReader::field(std::size_t column) const {
  static const std::string none;
  return column < m_row.size() ? m_row[column] : none;
}

bool CsvReader::read_row(std::vector<std::string>& fields) {
  fields.clear();
  if (m_rest.empty())
    return false;
  fields.emplace_back();
  bool quoted = false;
  std::size_t i = 0;
  for (; i < m_rest.size(); ++i) {
    const char c = m_rest[i];
    if (quoted) {
      if (c != '"')
        fields.back() += c;
      else if (i + 1 < m_rest.size() && m_rest[i + 1] == '"')
        fields.back() += m_rest[++i];
      else
        quoted = false;
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == m_separator) {
      fields.emplace_back();
    } else if (c == '\n') {
      break;
    } else {
      fields.back() += c;
    }
  }
  m_rest.remove_prefix(std::min(i + 1, m_rest.size()));
  if (fields.back().ends_with('\r'))
    fields.back().pop_back();
  return true;
}

}  // namespace balise
