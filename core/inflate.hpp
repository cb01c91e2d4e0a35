#ifndef BALISE_CORE_INFLATE_HPP
#define BALISE_CORE_INFLATE_HPP

#include <cstddef>
#include <optional>

#include "core/packed.hpp"

namespace balise {

/// Unpacks a raw deflate stream (RFC 1951) of exactly `size` bytes; nullopt when it is malformed, gives another number
/// or goes on behind its end. In core because old browsers cannot do it, and native programs read the same files.
[[nodiscard]] std::optional<Bytes> inflate(ByteView packed, std::size_t size);

}  // namespace balise

#endif
