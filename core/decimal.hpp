#ifndef BALISE_CORE_DECIMAL_HPP
#define BALISE_CORE_DECIMAL_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace balise {

/// A decimal number: optional sign, digits, optional fraction and exponent, nothing around. Independent of the locale,
/// and the same bits natively and in WebAssembly: exactly rounded up to 15 significant digits, and otherwise at most
/// one unit in the last place away. nullopt for anything else, infinities and numbers that overflow included.
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/// Digits only, at most `limit`.
[[nodiscard]] std::optional<std::uint32_t> parse_count(std::string_view text, std::uint32_t limit);

/// Appends a whole number, with zeros before it up to `least_digits`, which is from 1 to 20.
void append_number(std::string& out, std::uint64_t value, unsigned least_digits = 1);

/// Appends scaled / 10^digits without trailing zeros: (4885000, 5) gives "48.85".
void append_scaled(std::string& out, std::int64_t scaled, unsigned digits);

}  // namespace balise

#endif
