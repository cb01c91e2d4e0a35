#ifndef BALISE_CORE_SHA256_HPP
#define BALISE_CORE_SHA256_HPP

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace balise {

/// SHA-256 (FIPS 180-4). In core because a browser has it only for pages served over https, and every shard is checked
/// wherever it is read.
[[nodiscard]] std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> bytes);

/// First 12 bytes of the SHA-256: what file names and references carry.
using FileHash = std::array<std::uint8_t, 12>;
[[nodiscard]] FileHash file_hash(std::span<const std::uint8_t> bytes);
/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

}  // namespace balise

#endif
