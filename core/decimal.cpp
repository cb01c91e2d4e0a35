#include "core/decimal.hpp"

#include <cmath>

namespace balise {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// 10^exponent, exact: from 0 to 22.
double power_of_ten(int exponent) {
  double power = 1;
  for (; exponent > 0; --exponent)
    power *= 10;
  return power;
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+'))
    ++i;
  std::uint64_t mantissa = 0;
  int exponent = 0;
  bool has_digits = false;
  bool in_fraction = false;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !in_fraction) {
      in_fraction = true;
      continue;
    }
    if (!is_digit(text[i]))
      break;
    has_digits = true;
    // Digits beyond the eighteenth cannot change the double by more than one unit in its last place.
    if (mantissa < 100'000'000'000'000'000U) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(text[i] - '0');
      exponent -= in_fraction ? 1 : 0;
    } else {
      exponent += in_fraction ? 0 : 1;
    }
  }
  if (!has_digits)
    return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    const bool negative_exponent = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+'))
      ++i;
    if (i == text.size())
      return std::nullopt;
    int given = 0;
    for (; i < text.size() && is_digit(text[i]); ++i)
      given = given > 10'000 ? given : given * 10 + (text[i] - '0');
    exponent += negative_exponent ? -given : given;
  }
  if (i != text.size())
    return std::nullopt;
  auto value = static_cast<double>(mantissa);
  if (mantissa != 0) {
    while (exponent < 0 && value != 0) {
      const int step = exponent < -22 ? 22 : -exponent;
      value /= power_of_ten(step);
      exponent += step;
    }
    while (exponent > 0 && std::isfinite(value)) {
      const int step = exponent > 22 ? 22 : exponent;
      value *= power_of_ten(step);
      exponent -= step;
    }
  }
  if (!std::isfinite(value))
    return std::nullopt;
  return negative ? -value : value;
}

std::optional<std::uint32_t> parse_count(std::string_view text, std::uint32_t limit) {
  if (text.empty() || text.size() > 9)
    return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (!is_digit(c))
      return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value <= limit ? std::optional(value) : std::nullopt;
}

void append_number(std::string& out, std::uint64_t value, unsigned least_digits) {
  char digits[20];
  std::size_t begin = sizeof(digits);
  for (; value > 0 || begin + least_digits > sizeof(digits); value /= 10)
    digits[--begin] = static_cast<char>('0' + value % 10);
  out.append(digits + begin, sizeof(digits) - begin);
}

void append_scaled(std::string& out, std::int64_t scaled, unsigned digits) {
  if (scaled < 0)
    out += '-';
  auto value = static_cast<std::uint64_t>(scaled < 0 ? -scaled : scaled);
  for (; digits > 0 && value % 10 == 0; value /= 10)
    --digits;
  std::uint64_t unit = 1;
  for (unsigned i = 0; i < digits; ++i)
    unit *= 10;
  append_number(out, value / unit);
  if (digits > 0) {
    out += '.';
    append_number(out, value % unit, digits);
  }
}

}  // namespace balise
