#include "core/decimal.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace balise {

TEST_CASE("a decimal is read as the C library reads it") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const double degrees = std::uniform_real_distribution<double>(-180, 180)(random);
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", static_cast<int>(random() % 13), degrees);
    CAPTURE(text);
    REQUIRE(parse_decimal(text) == std::strtod(text, nullptr));
  }
}

TEST_CASE("a decimal has the usual forms and no others") {
  for (const char* text : {"0", "-0", "+1", "1.", ".5", "1e3", "1E-3", "0.000000000000000000000000000001", "1e22"})
    CHECK(parse_decimal(text) == Approx(std::strtod(text, nullptr)).epsilon(1e-15));
  CHECK(*parse_decimal("123456789012345678901234567890") == Approx(1.2345678901234568e29));
  for (const char* text :
       {"", "-", ".", "e5", "1e", "1e+", " 1", "1 ", "1,5", "0x10", "nan", "inf", "1e999", "--1", "1.2.3"})
    CHECK_FALSE(parse_decimal(text).has_value());
}

TEST_CASE("a count has digits only and a limit") {
  CHECK(parse_count("0", 9) == 0U);
  CHECK(parse_count("150", 150) == 150U);
  CHECK_FALSE(parse_count("151", 150).has_value());
  for (const char* text : {"", "-1", "1.0", "1e2", "9999999999", " 1"})
    CHECK_FALSE(parse_count(text, 4'000'000'000U).has_value());
}

TEST_CASE("a scaled number is written without trailing zeros") {
  const auto written = [](std::int64_t value, unsigned digits) {
    std::string out;
    append_scaled(out, value, digits);
    return out;
  };
  CHECK(written(4'885'000, 5) == "48.85");
  CHECK(written(-235'000, 5) == "-2.35");
  CHECK(written(0, 5) == "0");
  CHECK(written(-1, 5) == "-0.00001");
  CHECK(written(300'000, 5) == "3");
  CHECK(written(1'234'567, 0) == "1234567");
}

}  // namespace balise
