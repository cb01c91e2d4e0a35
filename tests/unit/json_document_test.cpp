#include "generator/input/json_document.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

using namespace balise;

namespace {

using Json = nlohmann::json;

/// Whether the document takes what nlohmann::json takes, and means the same by it. Objects are compared by looking up
/// the keys that nlohmann::json has.
bool agrees(const JsonValue& value, const Json& wanted) {
  switch (wanted.type()) {
    case Json::value_t::null:
      return value.is_null() && value.dump() == "null";
    case Json::value_t::boolean:
      return value.is_boolean() && value.truth() == wanted.get<bool>() && value.dump() == wanted.dump();
    case Json::value_t::string:
      return value.is_string() && value.text() == wanted.get_ref<const std::string&>();
    case Json::value_t::array: {
      if (!value.is_array() || value.size() != wanted.size())
        return false;
      auto at = wanted.begin();
      for (const JsonValue& element : value)
        if (!agrees(element, *at++))
          return false;
      return true;
    }
    case Json::value_t::object: {
      if (!value.is_object() || value.find("no such key") != nullptr)
        return false;
      for (const auto& [key, member] : wanted.items()) {
        const JsonValue* const found = value.find(key);
        if (found == nullptr || !agrees(*found, member))
          return false;
      }
      return true;
    }
    default: {
      const double expected = wanted.get<double>();
      return value.is_number() && value.number() == expected &&
             std::signbit(value.number()) == std::signbit(expected) && value.dump() == wanted.dump();
    }
  }
}

bool agrees(const std::string& text) {
  // Kept between texts, as a build does.
  static JsonDocument document;
  const Json wanted = Json::parse(text, nullptr, false);
  const bool is_json = document.parse(text);
  if (wanted.is_discarded())
    return !is_json;
  return is_json && agrees(document.root(), wanted) && (text.size() > 4000 || document.root().dump() == wanted.dump());
}

}  // namespace

TEST_CASE("A document holds what nlohmann::json holds", "[json_document]") {
  for (const std::string text :
       {R"({})", R"([])", R"("")", R"( { } )", R"([[],{},[{}]])", R"({"a":{"b":[1,2,{"c":null}]},"d":true,"e":false})",
        R"({"a":1,"a":2,"b":3,"a":{"x":[]}})", R"({"":"","a":"\"\\\/\b\f\n\r\t"})", "\xEF\xBB\xBF{\"a\":1}",
        R"(["\u0041\u00e9\u20AC\uD83D\uDE00\u0000"])", R"({"\u0061":1,"a\u0062":"x","ab":"y"})",
        "[\"d\xC3\xA9j\xC3\xA0 vu, l'\xC5\x93uvre \xE2\x82\xAC \xF0\x9F\x98\x80\"]",
        R"([0,-0,0.0,-0.0,1,-1,12345678901234567,123456789012345678,9223372036854775807,-9223372036854775808,)"
        R"(9223372036854775808,18446744073709551615,18446744073709551616,-9223372036854775809,1e5,1E-5,1.50,)"
        R"(43.776500,1e308,1e-400,-1e-400,4.9e-324,123456789012345678901234567890])",
        "123 ", "null"})
    CHECK(agrees(text));
  CHECK(agrees(std::string("{\"a\":1} \0garbage", 17)));
}

TEST_CASE("A document refuses what nlohmann::json refuses", "[json_document]") {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "[",
                                 "]",
                                 "{]",
                                 "[}",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{a:1}",
                                 "{\"a\" 1}",
                                 "{1:1}",
                                 "[01]",
                                 "[+1]",
                                 "[.5]",
                                 "[1.]",
                                 "[1.e5]",
                                 "[1e]",
                                 "[1e+]",
                                 "[-]",
                                 "[--1]",
                                 "[1e999]",
                                 "[-1e999]",
                                 "tru",
                                 "truex",
                                 "nul",
                                 "[NaN]",
                                 "[Infinity]",
                                 "\"a",
                                 "\"a\\",
                                 "\"a\\\"",
                                 "[\"\\x\"]",
                                 "[\"\\u12\"]",
                                 "[\"\\u12G4\"]",
                                 "[\"\\u+123\"]",
                                 "[\"\\uD800\"]",
                                 "[\"\\uDC00\"]",
                                 "[\"\\uD800\\u0041\"]",
                                 "[\"\\uD800x\"]",
                                 "[\"a\nb\"]",
                                 "[\"a\tb\"]",
                                 "[\"\x7F\"]x",
                                 "[\"\x80\"]",
                                 "[\"\xC3\"]",
                                 "[\"\xC3(\"]",
                                 "[\"\xC0\xAF\"]",
                                 "[\"\xE0\x80\x80\"]",
                                 "[\"\xED\xA0\x80\"]",
                                 "[\"\xF4\x90\x80\x80\"]",
                                 "[\"\xF5\x80\x80\x80\"]",
                                 "[\"\xE2\x82\"]",
                                 "[1]]",
                                 "[1],[2]",
                                 "{} {}",
                                 "/*a*/ 1",
                                 "'a'",
                                 "\xEF\xBB[1]",
                                 "[1]\xEF\xBB\xBF"}) {
    INFO(text);
    CHECK(agrees(text));
    CHECK_FALSE(JsonDocument().parse(text));
  }
}

TEST_CASE("A document agrees with nlohmann::json on damaged texts", "[json_document]") {
  const std::string whole =
      R"({"identifier":{"id":"acb2","n":-12.50e2},"offer":{"title":"D\u00e9veloppeur \"web\" \ud83d\ude00","rome_codes":)"
      "[\"J1405\",null,true,false,18446744073709551616,-0]},\"caf\xC3\xA9\":\"d\xC3\xA9j\xC3\xA0 "
      "\xE2\x82\xAC\",\"x\":[[[]]],"
      "\"identifier\":{}}";
  using namespace std::string_view_literals;
  constexpr std::string_view bytes = "{}[]\",:\\u0dD8e+-.19 \n\t\x00\x1F\x7F\x80\xC3\xA9\xED\xF0tfn"sv;
  std::mt19937 random(7);
  const auto below = [&random](std::size_t end) { return static_cast<std::size_t>(random() % end); };
  std::size_t taken = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = whole;
    for (std::size_t changes = 1 + below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = below(text.size());
      switch (below(4)) {
        case 0:
          text[place] = bytes[below(bytes.size())];
          break;
        case 1:
          text.insert(place, 1, bytes[below(bytes.size())]);
          break;
        case 2:
          text.erase(place, 1 + below(3));
          break;
        default:
          text.resize(place + 1);
      }
    }
    INFO(text);
    REQUIRE(agrees(text));
    taken += Json::accept(text) ? 1U : 0U;
  }
  // Of both kinds there were enough.
  CHECK(taken > 500);
  CHECK(taken < 19500);
}

TEST_CASE("Depth and size of a document are bounded by its text only", "[json_document]") {
  JsonDocument document;
  const std::string deep(1000000, '[');
  CHECK_FALSE(document.parse(deep));
  const std::string closed = deep + std::string(deep.size(), ']');
  REQUIRE(document.parse(closed));
  CHECK(document.root().size() == 1);
  CHECK(document.root().dump().size() == 4096);
  const std::string wide = "[" + std::string(500000, '0') + "]";
  CHECK_FALSE(document.parse(wide));
  std::string list = "[0";
  for (int i = 0; i < 300000; ++i)
    list += ",\"\\n\"";
  list += "]";
  REQUIRE(document.parse(list));
  CHECK(document.root().size() == 300001);
  std::size_t breaks = 0;
  for (const JsonValue& element : document.root())
    breaks += element.is_string() && element.text() == "\n" ? 1U : 0U;
  CHECK(breaks == 300000);
}
