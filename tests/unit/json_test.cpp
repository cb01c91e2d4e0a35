#include "core/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

namespace balise {

TEST_CASE("Commas stand where JSON wants them") {
  JsonWriter json;
  json.begin_object();
  json.key("a");
  json.begin_array();
  json.end_array();
  json.key("b");
  json.begin_array();
  json.number(-1);
  json.begin_object();
  json.end_object();
  json.null();
  json.boolean(true);
  json.text("");
  json.end_array();
  json.key("c");
  json.scaled(4'885'000, 5);
  json.key("d");
  json.text_or_null("");
  json.end_object();
  CHECK(json.take() == R"({"a":[],"b":[-1,{},null,true,""],"c":48.85,"d":null})");
}

TEST_CASE("What a text must not hold as it is, is escaped, and nothing else") {
  JsonWriter json;
  json.text(std::string_view("\x00\x1f\t\n\r\"\\/\x7f \xc3\xa9", 12));
  CHECK(json.take() == "\"\\u0000\\u001f\\t\\n\\r\\\"\\\\/\x7f \xc3\xa9\"");
}

TEST_CASE("Texts of any length and kind come back from another reader") {
  std::mt19937 random(1);
  JsonWriter json;
  auto expected = nlohmann::json::object();
  json.begin_object();
  for (std::size_t i = 0; i < 300; ++i) {
    // Many control characters in some: each of them takes six bytes.
    const char least = i % 3 == 0 ? '\0' : ' ';
    std::string text(random() % (i % 10 == 0 ? 5'000 : 40), ' ');
    for (char& c : text)
      c = static_cast<char>(least + static_cast<int>(random() % static_cast<unsigned>('~' - least)));
    const std::string key = text.substr(0, 30) + std::to_string(i);
    json.key(key);
    json.text(text);
    expected[key] = text;
  }
  json.end_object();
  CHECK(nlohmann::json::parse(json.take()) == expected);
}

}  // namespace balise
