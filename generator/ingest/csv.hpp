#ifndef BALISE_GENERATOR_INGEST_CSV_HPP
#define BALISE_GENERATOR_INGEST_CSV_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace balise {

/// Rows of a CSV text with a header (RFC 4180): fields in double quotes may hold separators, line breaks and doubled
/// quotes; LF or CRLF; a byte order mark is skipped; the separator is ';' or tab when the header has more of them than
/// commas. The text must outlive the reader.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text);

  /// The column of that name, ignoring case and spaces around; nullopt when the header lacks it.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  /// Steps to the next row that is not blank; false at the end.
  bool next();
  /// A field of the present row; empty where the row is too short.
  [[nodiscard]] const std::string& field(std::size_t column) const;

 private:
  bool read_row(std::vector<std::string>& fields);
  std::string_view m_rest;
  char m_separator = ',';
  std::vector<std::string> m_header, m_row;
};

}  // namespace balise

#endif
