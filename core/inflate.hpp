#ifndef BALISE_CORE_INFLATE_HPP
#define BALISE_CORE_INFLATE_HPP

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/packed.hpp"

namespace balise {

/// What every deflate stream of ours takes for already seen: words that cards are full of (docs/FORMAT.md, "Packing").
/// Part of the format: to change one byte of it is to raise its version. A multiple of 16 bytes.
[[nodiscard]] std::string_view preset_text();

/// Unpacks a raw deflate stream (RFC 1951) with preset_text() before its window. The result begins with that text, then
/// come exactly `size` bytes; nullopt when the stream is malformed, gives another number or goes on behind its end. In
/// core because old browsers cannot do it, and native programs read the same files.
[[nodiscard]] std::optional<Bytes> inflate(ByteView packed, std::size_t size);

}  // namespace balise

#endif
