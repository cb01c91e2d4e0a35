#include "core/packed.hpp"

#include <catch2/catch.hpp>
#include <random>

namespace balise {

TEST_CASE("varints give back what was written, in the length that the format says") {
  const std::pair<std::uint64_t, std::size_t> cases[] = {
      {0, 1}, {127, 1}, {128, 2}, {300, 2}, {16'383, 2}, {16'384, 3}, {(1ULL << 52U) - 1, 8}, {(1ULL << 63U) - 1, 9}};
  for (const auto& [value, size] : cases) {
    Bytes bytes;
    put_varint(bytes, value);
    CHECK(bytes.size() == size);
    PackedReader reader(bytes);
    CHECK(reader.varint() == value);
    CHECK(reader.ok_and_at_end());
  }
  Bytes example;
  put_varint(example, 300);
  CHECK(example == Bytes{0xAC, 0x02});
}

TEST_CASE("a packed reader stops at the end and at varints that are too long") {
  PackedReader empty({});
  CHECK(empty.varint() == 0);
  CHECK_FALSE(empty.ok());
  const Bytes open_ended(20, 0x80);
  PackedReader reader(open_ended);
  CHECK(reader.varint() == 0);
  CHECK_FALSE(reader.ok());
  const Bytes short_text{5, 'a', 'b'};
  PackedReader text(short_text);
  CHECK(text.text(text.varint()).empty());
  CHECK_FALSE(text.ok());
}

TEST_CASE("signed numbers alternate") {
  const std::int64_t numbers[] = {0, -1, 1, -2, 2, 1'000'000'000'000, -1'000'000'000'000};
  CHECK(folded_sign(0) == 0);
  CHECK(folded_sign(-1) == 1);
  CHECK(folded_sign(1) == 2);
  CHECK(folded_sign(-2) == 3);
  for (const std::int64_t number : numbers)
    CHECK(unfolded_sign(folded_sign(number)) == number);
}

TEST_CASE("references count the values that they bring, and name earlier ones") {
  List<std::uint32_t> numbers;
  std::size_t values = 0;
  REQUIRE(read_references(Bytes{0, 0, 1, 0, 2, 1}, 6, numbers, values));
  CHECK(numbers == std::vector<std::uint32_t>{0, 1, 0, 2, 1, 0});
  CHECK(values == 3);
  CHECK_FALSE(read_references(Bytes{0, 2}, 2, numbers, values));
  CHECK_FALSE(read_references(Bytes{0, 0}, 3, numbers, values));
  CHECK_FALSE(read_references(Bytes{0, 0}, 1, numbers, values));
  CHECK_FALSE(read_references(Bytes{0, 0}, std::size_t{1} << 40U, numbers, values));
}

TEST_CASE("lines are as many as they should be, and the last one ends") {
  const auto lines = [](std::string_view text, std::size_t count) {
    List<std::string> out;
    const bool ok = read_lines({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, count, out);
    return ok ? std::vector<std::string>(out.begin(), out.end()) : std::vector<std::string>{"refused"};
  };
  CHECK(lines("Lyon\n\nParis\n", 3) == std::vector<std::string>{"Lyon", "", "Paris"});
  CHECK(lines("", 0).empty());
  CHECK(lines("Lyon", 1) == std::vector<std::string>{"refused"});
  CHECK(lines("Lyon\nParis\n", 1) == std::vector<std::string>{"refused"});
  CHECK(lines("Lyon\n", 2) == std::vector<std::string>{"refused"});
}

TEST_CASE("columns stand behind their lengths, and later ones may be passed over") {
  ColumnWriter writer;
  writer.add(Bytes{1, 2, 3});
  writer.add(Bytes{});
  writer.add(Bytes(300, 7));
  ColumnReader reader(writer.bytes());
  CHECK(reader.next().size() == 3);
  CHECK(reader.next().empty());
  CHECK(reader.ok());
  CHECK(reader.next().size() == 300);
  CHECK(reader.next().empty());
  CHECK_FALSE(reader.ok());
  const Bytes cut(writer.bytes().begin(), writer.bytes().end() - 1);
  ColumnReader damaged(cut);
  static_cast<void>(damaged.next());
  static_cast<void>(damaged.next());
  CHECK(damaged.next().empty());
  CHECK_FALSE(damaged.ok());
}

}  // namespace balise
