#include "generator/progress.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "generator/input/input_stream.hpp"
#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

using test::holds;

/// What `run` writes to stderr, which is a file meanwhile.
std::string stderr_of(const std::function<void()>& run) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "stderr";
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  REQUIRE(before >= 0);
  REQUIRE(file >= 0);
  ::dup2(file, STDERR_FILENO);
  ::close(file);
  run();
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  return read_all(path, 1U << 20U);
}

std::string work(Progress::Mode mode) {
  return stderr_of([mode] {
    Progress progress(mode);
    progress.phase("Reading a.json");
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&progress] {
        for (int j = 0; j < 20'000; ++j)
          progress.update(0.25, 1'234'567, "records");
      });
    for (std::thread& thread : threads)
      thread.join();
    progress.done("Read a.json");
  });
}

TEST_CASE("Progress is silent unless it is asked for or somebody watches") {
  CHECK(work(Progress::Mode::never).empty());
  // A file is no terminal.
  CHECK(work(Progress::Mode::automatic).empty());
}

TEST_CASE("A file gets whole lines, and few of them") {
  const std::string text = work(Progress::Mode::always);
  CAPTURE(text);
  CHECK(holds(text, "Reading a.json 25 %, 1,234,567 records, "));
  CHECK(holds(text, "\nRead a.json in "));
  CHECK_FALSE(holds(text, "\x1B"));
  CHECK_FALSE(holds(text, "\r"));
  CHECK(text.back() == '\n');
  // 60,000 calls, and a line a second.
  CHECK(std::count(text.begin(), text.end(), '\n') < 60);
}

TEST_CASE("An unknown share is left out, and one above all is all") {
  const auto line_of = [](double share, std::uint64_t count) {
    return stderr_of([&] {
      Progress progress(Progress::Mode::always);
      progress.phase("Writing");
      progress.update(share, count, "files");
    });
  };
  CHECK(line_of(-1, 12).starts_with("Writing: 12 files, "));
  CHECK(line_of(1.5, 1000).starts_with("Writing 100 %, 1,000 files, "));
  CHECK(line_of(0, 999).starts_with("Writing 0 %, 999 files, "));
}

}  // namespace
}  // namespace balise
