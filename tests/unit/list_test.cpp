#include "core/list.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace balise {

TEST_CASE("a list does what a vector does") {
  std::mt19937 random(11);
  List<std::string> list;
  std::vector<std::string> vector;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(random() % 40, static_cast<char>('a' + random() % 26));
    switch (random() % 12) {
      case 0:
        list.resize(list.size() / 2 + random() % 8);
        vector.resize(list.size());
        break;
      case 1:
        if (!list.empty()) {
          list.pop_back();
          vector.pop_back();
        }
        break;
      case 2: {
        const std::size_t begin = random() % (list.size() + 1), end = begin + random() % (list.size() - begin + 1);
        list.erase(list.begin() + begin, list.begin() + end);
        vector.erase(vector.begin() + static_cast<std::ptrdiff_t>(begin),
                     vector.begin() + static_cast<std::ptrdiff_t>(end));
        break;
      }
      case 3:
        list.reserve(random() % 200);
        break;
      default:
        list.push_back(text);
        vector.push_back(text);
    }
    REQUIRE(list == vector);
    REQUIRE(list.size() == vector.size());
    REQUIRE(list.empty() == vector.empty());
    if (!list.empty())
      REQUIRE((list.front() == vector.front() && list.back() == vector.back()));
  }
}

TEST_CASE("a list owns its items") {
  const auto item = std::make_shared<int>(1);
  {
    List<std::shared_ptr<int>> list;
    for (int i = 0; i < 100; ++i)
      list.push_back(item);
    CHECK(item.use_count() == 101);
    List<std::shared_ptr<int>> copy = list;
    CHECK(item.use_count() == 201);
    const List<std::shared_ptr<int>> moved = std::move(copy);
    CHECK(item.use_count() == 201);
    copy = moved;
    list = std::move(copy);
    CHECK(item.use_count() == 201);
    list.erase(list.begin(), list.begin() + 60);
    CHECK(item.use_count() == 141);
    list.clear();
    CHECK(item.use_count() == 101);
  }
  CHECK(item.use_count() == 1);
}

TEST_CASE("lists are compared by their items") {
  const List<int> a{1, 2}, b{1, 3}, c{1, 2, 0};
  CHECK(a == List<int>{1, 2});
  CHECK_FALSE(a == b);
  CHECK_FALSE(a == c);
  CHECK(a < b);
  CHECK(a < c);
  CHECK(c < b);
  CHECK_FALSE(a < a);
  CHECK(List<int>().begin() == List<int>().end());
}

}  // namespace balise
