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

TEST_CASE("a text column holds every distinct text once") {
  TextColumnWriter writer;
  const std::vector<std::string> rows{"Lyon", "", "Lyon", "Paris", "", "Lyon"};
  for (const std::string& row : rows)
    writer.add(row);
  CHECK(writer.texts() == Bytes{4, 'L', 'y', 'o', 'n', 0, 5, 'P', 'a', 'r', 'i', 's'});
  CHECK(writer.refs() == Bytes{0, 0, 1, 0, 2, 1});
  std::vector<std::string> read;
  REQUIRE(read_text_column(writer.texts(), writer.refs(), rows.size(), read));
  CHECK(read == rows);
}

TEST_CASE("damaged text columns are refused, whatever the damage") {
  TextColumnWriter writer;
  for (const char* row : {"Nantes", "Brest", "Nantes", "Quimper"})
    writer.add(row);
  std::vector<std::string> read;
  for (std::size_t size = 0; size < writer.texts().size(); ++size)
    CHECK_FALSE(read_text_column(ByteView(writer.texts()).first(size), writer.refs(), 4, read));
  for (std::size_t size = 0; size < writer.refs().size(); ++size)
    CHECK_FALSE(read_text_column(writer.texts(), ByteView(writer.refs()).first(size), 4, read));
  CHECK_FALSE(read_text_column(writer.texts(), writer.refs(), 3, read));
  CHECK_FALSE(read_text_column(writer.texts(), writer.refs(), std::size_t{1} << 40U, read));
  CHECK_FALSE(read_text_column(writer.texts(), Bytes{0, 0, 9, 0}, 4, read));
  std::mt19937 random(4);
  for (int i = 0; i < 20'000; ++i) {
    Bytes texts = writer.texts(), refs = writer.refs();
    (random() % 2 == 0 ? texts[random() % texts.size()] : refs[random() % refs.size()]) =
        static_cast<std::uint8_t>(random());
    static_cast<void>(read_text_column(texts, refs, 4, read));  // must not read out of bounds (sanitizers)
  }
}

}  // namespace balise
