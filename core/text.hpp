#ifndef BALISE_CORE_TEXT_HPP
#define BALISE_CORE_TEXT_HPP

#include <string>
#include <string_view>

namespace balise {

/// For comparing what people write: lower case, accents and ligatures of Latin letters folded to plain ones (oe, ae,
/// ss), every run of anything else than letters and digits one space, trimmed. Other scripts and invalid bytes are
/// dropped. "L'\xC3\x8Ele-d'Yeu" gives "l ile d yeu". Idempotent.
[[nodiscard]] std::string fold(std::string_view utf8);

/// Lower case of A to Z, all else as it is.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// Lower case of Latin letters (ASCII, Latin-1, Latin Extended-A), all else as it is. Comparing two results byte by
/// byte orders them as JavaScript orders the toLowerCase() of the same texts, within the basic plane.
[[nodiscard]] std::string lower(std::string_view utf8);

/// Takes what stands before the next `end`, or all of it, off the front of `rest`, and the `end` too.
[[nodiscard]] std::string_view cut(std::string_view& rest, char end);

}  // namespace balise

#endif
