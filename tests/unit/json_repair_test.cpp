#include "generator/ingest/json_repair.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

using balise::repair_json;

TEST_CASE("Faults of real exports are repaired") {
  CHECK(repair_json("{\"a\":\"l\x92international\"}") == "{\"a\":\"l\xE2\x80\x99international\"}");
  CHECK(repair_json("{\"a\":\"caf\xE9\"}") == "{\"a\":\"caf\xC3\xA9\"}");
  CHECK(repair_json("{\"a\":\"one\ttwo\nthree\"}") == "{\"a\":\"one two three\"}");
  CHECK(repair_json("{\"a\":NaN,\"b\":[-Infinity,Infinity]}") == "{\"a\":null,\"b\":[null,null]}");
  CHECK(repair_json("{\"NaN\":\"Infinity \\\" NaN\"}") == "{\"NaN\":\"Infinity \\\" NaN\"}");
  CHECK(repair_json("{\"a\":\"\\\\\",\"b\":NaN}") == "{\"a\":\"\\\\\",\"b\":null}");
}

TEST_CASE("Valid text stays as it is") {
  const std::string text = "{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 \\u00e9 \\\\ \\\"\",\"b\":-1.5e3}";
  CHECK(repair_json(text) == text);
}

TEST_CASE("Any bytes become UTF-8") {
  std::string bytes = "{\"a\":\"";
  for (int i = 0; i < 256; ++i)
    for (const int follow : {0x22, 0x80, 0xBF, 0xC3, 0x5C, 0xED}) {
      bytes += static_cast<char>(i);
      bytes += static_cast<char>(follow);
    }
  const nlohmann::json whole = repair_json(bytes);
  // dump() refuses text that is no UTF-8.
  CHECK_NOTHROW(whole.dump());
  CHECK_NOTHROW(nlohmann::json(repair_json("\xED\xA0\x80 \xC0\xAF \xF4\x90\x80\x80 \xE2\x82")).dump());
}
