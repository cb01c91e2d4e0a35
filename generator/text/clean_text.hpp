#ifndef BALISE_GENERATOR_TEXT_CLEAN_TEXT_HPP
#define BALISE_GENERATOR_TEXT_CLEAN_TEXT_HPP

#include <string>
#include <string_view>

namespace balise {

/// One line of text: decodes HTML entities (named ones of HTML 4, decimal, hexadecimal; repeated until stable, at most
/// 3 rounds), removes tags, scripts, styles and comments, maps C1 control characters to what CP1252 means by them,
/// repairs UTF-8 read as CP1252 ("CrÃ©ation") when the whole text allows it, drops other control, bidirectional and
/// zero-width characters and invalid UTF-8 bytes, folds white space to single spaces, trims.
/// The result holds no '<' that could open a tag.
[[nodiscard]] std::string clean_line(std::string_view text);

/// The same for long texts: block tags and <br> become line breaks, <li> begins a line with "- ", at most one empty
/// line in a row, lines trimmed.
[[nodiscard]] std::string clean_text(std::string_view text);

/// An http or https address without user part, at most 2,000 characters, percent-encoded where it must be; empty for
/// anything else (other schemes, white space, quotes, control characters).
[[nodiscard]] std::string clean_url(std::string_view text);

}  // namespace balise

#endif
