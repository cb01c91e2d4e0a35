#include "generator/input/json_objects.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using test::failure_of;
using test::holds;
using Texts = std::vector<std::string>;

/// A text in memory, a few bytes at a time.
class TextInput final : public InputStream {
 public:
  TextInput(std::string_view text, std::size_t at_once) : m_text(text), m_at_once(at_once) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = std::min({buffer.size(), m_at_once, m_text.size() - m_at});
    std::copy_n(m_text.data() + m_at, count, buffer.data());
    m_at += count;
    return count;
  }
  [[nodiscard]] std::uint64_t position_bytes() const override { return m_at; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return m_text.size(); }

 private:
  std::string_view m_text;
  std::size_t m_at_once, m_at = 0;
};

/// Nothing, said many times: what a stream larger than memory looks like.
class RepeatedInput final : public InputStream {
 public:
  RepeatedInput(std::string_view begin, std::string_view repeated, std::size_t times, std::string_view end)
      : m_begin(begin), m_repeated(repeated), m_end(end), m_times(times) {}
  std::size_t read(std::span<char> buffer) override {
    std::size_t count = 0;
    while (count < buffer.size()) {
      if (m_at == m_begin.size()) {
        if (m_times > 0) {
          --m_times;
          m_begin = m_repeated;
        } else if (!m_ended) {
          m_ended = true;
          m_begin = m_end;
        } else {
          break;
        }
        m_at = 0;
        continue;
      }
      buffer[count++] = m_begin[m_at++];
    }
    return count;
  }
  [[nodiscard]] std::uint64_t position_bytes() const override { return 0; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return 0; }

 private:
  std::string_view m_begin, m_repeated, m_end;
  std::size_t m_times, m_at = 0;
  bool m_ended = false;
};

constexpr std::size_t everything = static_cast<std::size_t>(-1);

Texts records_of(std::string_view text, std::size_t at_once = everything) {
  TextInput input(text, at_once);
  JsonObjects objects(input, "made-up.json");
  Texts records;
  while (const auto record = objects.next()) {
    records.emplace_back(*record);
    REQUIRE(objects.count() == records.size());
    REQUIRE(records.size() < 1000);
  }
  // The end stays the end.
  CHECK_FALSE(objects.next());
  return records;
}

std::string failure_text(std::string_view text, std::size_t at_once = everything) {
  const auto failure = failure_of([&] { static_cast<void>(records_of(text, at_once)); });
  if (!failure)
    return {};
  CHECK(failure->exit() == Exit::data_refused);
  CHECK(holds(failure->what(), "made-up.json"));
  CHECK(holds(failure->what(), "byte"));
  return failure->what();
}

/// The records are the same however the bytes arrive.
void check(std::string_view text, const Texts& expected) {
  for (const std::size_t at_once : {everything, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    CAPTURE(text, at_once);
    CHECK(records_of(text, at_once) == expected);
  }
}

TEST_CASE("The elements of an array are its records") {
  check("[]", {});
  check(" [ \n ] \n", {});
  check(R"([{"a":1}])", {R"({"a":1})"});
  check(R"([{"a":1},{"b":[1,{"c":"]}"}]}])", {R"({"a":1})", R"({"b":[1,{"c":"]}"}]})"});
  check("[\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": [\n      2\n    ]\n  }\n]\n",
        {"{\n    \"a\": 1\n  }", "{\n    \"b\": [\n      2\n    ]\n  }"});
  check("[1, null ,true, -2.5e3 ,\"a,]b\",[1,[2]],{}]", {"1", "null", "true", "-2.5e3", "\"a,]b\"", "[1,[2]]", "{}"});
  check("\xEF\xBB\xBF[{\"a\":1}]", {R"({"a":1})"});
  check("\xEF\xBB\xBF \r\n[{\"a\":1}]\r\n", {R"({"a":1})"});
}

TEST_CASE("The lines of NDJSON are its records") {
  check("{\"a\":1}\n{\"b\":2}\n", {R"({"a":1})", R"({"b":2})"});
  check("{\"a\":1}\n{\"b\":2}", {R"({"a":1})", R"({"b":2})"});
  check("\r\n{\"a\":1}\r\n\r\n  \r\n{\"b\":2}\r\n\r\n", {R"({"a":1})", R"({"b":2})"});
  check("{\"a\":1}{\"b\":2} {\"c\":3}", {R"({"a":1})", R"({"b":2})", R"({"c":3})"});
  check("{\"a\":1},\n{\"b\":2},\n", {R"({"a":1})", R"({"b":2})"});
  check("\xEF\xBB\xBF{\"a\":1}\n", {R"({"a":1})"});
  check("{\"a\":1}\nnull\n12\n{\"b\":2}\n", {R"({"a":1})", "null", "12", R"({"b":2})"});
}

TEST_CASE("Records may go over several lines") {
  const std::string first = "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      1\n    ]\n  }\n}";
  const std::string second = "{\n\"list\": [\n{\"x\":1},\n{\"y\":2}\n],\n\"object\":\n{\"z\":3}\n}";
  check(first + "\n" + second + "\n", {first, second});
  check(second + "\n" + first, {second, first});
  check(first + "\r\n\r\n" + first, {first, first});
}

TEST_CASE("Strings hide brackets, and escapes hide quotes") {
  check(R"([{"a":"\\"},{"b":"\""},{"c":"\u005b\u007b"},{"d":"}{][\\\"}"}])",
        {R"({"a":"\\"})", R"({"b":"\""})", R"({"c":"\u005b\u007b"})", R"({"d":"}{][\\\"}"})"});
  check("{\"a\":\"\\\\\"}\n{\"b\":\"\\\"{\"}\n{\"c\\\"\":\"\\u005b\"}\n",
        {R"({"a":"\\"})", R"({"b":"\"{"})", R"({"c\"":"\u005b"})"});
  check("{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8D\x9E}\"}\n", {"{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8D\x9E}\"}"});
}

TEST_CASE("The results of a page of France Travail are its records") {
  check(R"({"resultats":[{"id":"1"},{"id":"2"}]})", {R"({"id":"1"})", R"({"id":"2"})"});
  check(R"({"resultats":[]})", {});
  const std::string page =
      R"({"filtresPossibles":[{"filtre":"a","agregation":[{"v":"}]"}]}],"x":{"resultats":[{"id":"no"}]},)"
      R"("text":"\"resultats\":[ {","n":null, "resultats" : [ {"id":"1"} , {"id":"2","t":"]"} ],"more":{"a":[1]}})";
  const Texts results{R"({"id":"1"})", R"({"id":"2","t":"]"})"};
  check(page, results);
  const Texts twice{results[0], results[1], results[0], results[1]};
  check(page + "\n" + page + "\n", twice);
  check(page + page, twice);
  check("[" + page + "]", {page});
  check("{\n  \"resultats\": [\n    {\n      \"id\": \"1\"\n    }\n  ],\n  \"filtresPossibles\": []\n}\n",
        {"{\n      \"id\": \"1\"\n    }"});
}

TEST_CASE("A key of that name elsewhere makes no page") {
  for (const std::string record :
       {R"({"x":{"resultats":[{"id":"1"}]}})", R"({"x":[{"resultats":[1]}]})", R"({"a":"resultats","b":[1]})",
        R"({"resultats":3})", R"({"resultats":"["})", R"({"resultats2":[1]})", R"({"x":"\"resultats\":["})"})
    check(record + "\n{\"b\":1}\n", {record, R"({"b":1})"});
}

TEST_CASE("A stream that ends in the middle is refused at every length") {
  const std::string array = R"([{"a":"\"x","b":[1,{"c":null}]},2,"t",{"d":"}"}])";
  const std::string page = R"({"p":{"q":"r"},"resultats":[{"id":"1"},{"id":"2"}],"z":[1,{"y":"\\"}]})";
  for (const std::string& text : {array, page}) {
    CHECK(failure_text(text).empty());
    for (std::size_t size = 0; size < text.size(); ++size)
      for (const std::size_t at_once : {everything, std::size_t{1}}) {
        CAPTURE(text.substr(0, size), at_once);
        const std::string message = failure_text(std::string_view(text).substr(0, size), at_once);
        CHECK(holds(message, size == 0 ? "is empty" : "ends in the middle"));
      }
  }
  CHECK(holds(failure_text(R"([{"a":1},{"b":2},{"c")"), "record 3"));
  CHECK(holds(failure_text("{\"a\":1}\n{\"b\":"), "record 2"));
  CHECK(holds(failure_text("{\"a\":1}\n{\"b\":\"x"), "(byte 15)"));
  for (const std::string record : {R"({"a":1})", R"({"a":{"b":"c"},"d":[1,2]})"})
    for (std::size_t size = 1; size < record.size(); ++size) {
      CAPTURE(record, size);
      CHECK(holds(failure_text(record + "\n" + record.substr(0, size)), "record 2"));
    }
}

TEST_CASE("A broken line does not take the next ones with it") {
  const std::string good = R"({"a":{"b":1}})";
  for (const std::string broken : {R"({"a":"not closed)", R"({"a":"not closed})", R"({"a":{"b":1})", R"({"a":[1,2})",
                                   R"({"a":[1,2)", R"({"a":1,)", R"({"a":)", R"({"a")", R"({)", R"({"a":"x\)",
                                   R"(garbage)", R"(<html>)", R"("text")", R"({"a":{"b":{"c":)", R"({"a":1]})"}) {
    CAPTURE(broken);
    check(good + "\n" + broken + "\n" + good + "\n" + good + "\n", {good, broken, good, good});
    check(good + "\r\n" + broken + "\r\n" + good + "\r\n", {good, broken, good});
    check(good + "\n" + broken + "\n", {good, broken});
  }
  // What is one too many is a broken record of its own.
  check(good + "\n" + good + "}\n" + good + "\n", {good, good, "}", good});
}

TEST_CASE("A broken element does not take the next ones with it") {
  check(R"([{"a":[1,2},{"b":1}])", {R"({"a":[1,2})", R"({"b":1})"});
  // A bracket that ends the array: what follows is no array any more, and not passed over in silence.
  check(R"([{"a":1]},{"b":1}])", {R"({"a":1)", R"(},{"b":1}])"});
  check(R"([{"a":tru},{"b":1},])", {R"({"a":tru})", R"({"b":1})"});
  check(R"([{"a":1}{"b":1}])", {R"({"a":1})", R"({"b":1})"});
  check("[{\"a\":\"line\nbreak\"},{\"b\":1}]", {"{\"a\":\"line\nbreak\"}", R"({"b":1})"});
}

TEST_CASE("What is no JSON is shown and refused") {
  for (const std::string text : {"<!DOCTYPE html><html>[]</html>", "id;nom\n1;x\n", "null", "\"text\"", "404"}) {
    const std::string message = failure_text(text, 1);
    CAPTURE(text, message);
    CHECK(holds(message, "is no JSON"));
    CHECK(holds(message, text.substr(0, 4)));
    CHECK(holds(message, "record 1"));
  }
  for (const std::string text : {"", " \n\t ", "\xEF\xBB\xBF"})
    CHECK(holds(failure_text(text), "is empty"));
  CHECK(holds(failure_text(std::string("\xFF\xFE[\0]\0", 6)), "UTF-16"));
  CHECK(holds(failure_text(std::string("\xFE\xFF\0[\0]", 6)), "UTF-16"));
}

TEST_CASE("A record keeps to the limit") {
  const auto record_of = [](std::size_t size) { return R"({"a":")" + std::string(size - 16, 'x') + R"(","b":[1]})"; };
  REQUIRE(record_of(100).size() == 100);
  const std::string largest = record_of(JsonObjects::max_record_bytes);
  const std::string larger = record_of(JsonObjects::max_record_bytes + 1);
  CHECK((records_of("[{}," + largest + ",{}]") == Texts{"{}", largest, "{}"}));
  CHECK((records_of("{\"r\":0}\n" + largest + "\n{\"r\":0}\n") == Texts{R"({"r":0})", largest, R"({"r":0})"}));
  for (const std::string& text : {"[{}," + larger + ",{}]", "{}\n" + larger + "\n{}\n"}) {
    const std::string message = failure_text(text);
    CHECK(holds(message, "record 2 is larger than 8 MB"));
  }
  // Half of the limit passed before the last key.
  const std::string late =
      R"({"a":")" + std::string(5'000'000, 'x') + R"(","b":")" + std::string(1'000'000, 'y') + "\"}";
  CHECK((records_of("{\"r\":0}\n" + late + "\n{\"r\":0}\n") == Texts{R"({"r":0})", late, R"({"r":0})"}));
  // Without an end memory does not grow either.
  for (const auto& [begin, what] :
       {std::pair("[{\"a\":\"", "is larger than 8 MB"), std::pair("[", "is larger than 8 MB"),
        std::pair("{\"resultats\":[{\"a\":\"", "is larger than 8 MB"), std::pair("{}\nx", "is larger than 8 MB"),
        // This may be a page whose results are still to come.
        std::pair("{\"a\":\"", "ends in the middle"), std::pair("{\"a\":[", "ends in the middle")}) {
    CAPTURE(begin);
    RepeatedInput input(begin, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1'000'000, "");
    JsonObjects objects(input, "endless.json");
    const auto failure = failure_of([&] {
      while (objects.next()) {
      }
    });
    REQUIRE(failure);
    CHECK(failure->exit() == Exit::data_refused);
    CHECK(holds(failure->what(), what));
  }
  // Line breaks before objects, one of them at the end of what is read at once.
  {
    RepeatedInput input("{\n\"a\":[", "\n{\"b\":[]},", 2'000'000, "0]}");
    JsonObjects objects(input, "large.json");
    const auto failure = failure_of([&] { static_cast<void>(objects.next()); });
    REQUIRE(failure);
    CHECK(holds(failure->what(), "record 1 is larger than 8 MB"));
  }
}

TEST_CASE("What stands before and behind the results of a page may be larger than a record") {
  const std::string_view filter = R"("filtre":{"valeur":"\\\"x","n":[1,2,{"resultats":[0]}]},)";
  {
    RepeatedInput input("{", filter, 400'000, R"("resultats":[{"id":"1"},{"id":"2"}]})");
    JsonObjects objects(input, "page.json");
    CHECK(objects.next() == R"({"id":"1"})");
    CHECK(objects.next() == R"({"id":"2"})");
    CHECK_FALSE(objects.next());
  }
  // An escape at each place relative to the end of the buffer: what is behind the results is not kept.
  for (std::size_t shift = 0; shift < 2; ++shift) {
    const std::string begin = R"({"resultats":[{"id":"1"}],"rest":")" + std::string(shift, 'x');
    RepeatedInput input(begin, R"(\\)", 400'000, "\"}\n{\"resultats\":[{\"id\":\"2\"}]}");
    JsonObjects objects(input, "page.json");
    CHECK(objects.next() == R"({"id":"1"})");
    CHECK(objects.next() == R"({"id":"2"})");
    CHECK_FALSE(objects.next());
  }
}

TEST_CASE("Random values come out as a parser would cut them") {
  test::Random random(11);
  const std::function<nlohmann::json(int)> value = [&](int depth) -> nlohmann::json {
    const std::size_t kind = random.below(depth > 0 ? 7 : 5);
    if (kind == 0)
      return nullptr;
    if (kind == 1)
      return random.below(1000);
    if (kind < 5) {
      constexpr std::string_view pieces[] = {"\"", "\\", "{",  "}",         "[",        "]",
                                             ",",  ":",  "\n", "resultats", "\xC3\xA9", " "};
      std::string text;
      for (std::size_t i = random.below(6); i > 0; --i)
        text += pieces[random.below(std::size(pieces))];
      return text;
    }
    nlohmann::json out = kind == 5 ? nlohmann::json::array() : nlohmann::json::object();
    for (std::size_t i = random.below(4); i > 0; --i) {
      if (kind == 5)
        out.push_back(value(depth - 1));
      else
        out["k" + std::to_string(random.below(100))] = value(depth - 1);
    }
    return out;
  };
  for (int round = 0; round < 500; ++round) {
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t i = random.below(5); i > 0; --i)
      list.push_back({{"a", value(3)}, {"b", value(3)}});
    std::string lines = "{\"first\":0}\n";
    Texts compact;
    for (const auto& item : list) {
      compact.push_back(item.dump());
      lines += compact.back() + "\n";
    }
    const std::size_t at_once = 1 + random.below(9);
    CHECK(records_of(list.dump(), at_once) == compact);
    compact.insert(compact.begin(), "{\"first\":0}");
    CHECK(records_of(lines, at_once) == compact);
    compact.erase(compact.begin());
    const auto pretty = records_of(list.dump(2), at_once);
    REQUIRE(pretty.size() == compact.size());
    for (std::size_t i = 0; i < pretty.size(); ++i)
      CHECK(nlohmann::json::parse(pretty[i]).dump() == compact[i]);
  }
}

}  // namespace
}  // namespace balise
