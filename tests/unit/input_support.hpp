#ifndef BALISE_TESTS_UNIT_INPUT_SUPPORT_HPP
#define BALISE_TESTS_UNIT_INPUT_SUPPORT_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "generator/failure.hpp"

namespace balise::test {

/// A folder of its own that goes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  /// Writes a file, replacing one of that name; gives its path.
  std::filesystem::path write(std::string_view name, std::string_view bytes) const;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

/// What `run` throws; nullopt when it returns.
std::optional<Failure> failure_of(const std::function<void()>& run);

/// Numbers that are the same on every machine (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : m_state(seed) {}
  std::uint64_t next();
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }

 private:
  std::uint64_t m_state;
};

inline bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace balise::test

#endif
