#ifndef BALISE_GENERATOR_WRITE_HTML_HPP
#define BALISE_GENERATOR_WRITE_HTML_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"

namespace balise {

/// Appends text of a record so that it is text and nothing else, between tags and in a quoted attribute alike: the only
/// way of such text into a page. Control characters are left out.
void append_html(std::string& out, std::string_view text);
[[nodiscard]] std::string html_of(std::string_view text);

/// Appends a JSON string with its quotes for a <script> of data: no '<', '>', '&' nor line separator of JavaScript
/// stands in it, so it cannot end the script, begin a comment or break a line. Bytes that are no UTF-8 become U+FFFD.
void append_script_json(std::string& out, std::string_view text);

/// A template with a space for each line break and the spaces behind it, which are for who edits it. Not for one with a
/// <pre> or a comment to the end of a line.
[[nodiscard]] std::string on_one_line(std::string_view html);

/// Appends one part of an address, percent-encoded as encodeURIComponent() of JavaScript does it, the apostrophe too.
void append_url_part(std::string& out, std::string_view text);

/// "21 novembre 2026", "1er mai 2026", with entities.
[[nodiscard]] std::string french_day(Date date);

/// The text up to `most_bytes`, cut before a space if there is one, with "..." for what was cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most_bytes);

}  // namespace balise

#endif
