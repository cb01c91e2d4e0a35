#ifndef BALISE_GENERATOR_NIGHT_STATE_FOLDER_HPP
#define BALISE_GENERATOR_NIGHT_STATE_FOLDER_HPP

#include <filesystem>
#include <string>
#include <string_view>

namespace balise {

/// Creates or replaces a file in one step: a reader sees the old one or the new one, and the new one is on disk. Throws
/// Failure(Exit::failed).
void replace_file(const std::filesystem::path& path, std::string_view text);

/// The folder that remembers earlier nights, held by one run at a time.
class StateFolder {
 public:
  /// Creates what is missing. Throws Failure: Exit::busy when another run holds it, naming that run; Exit::failed when
  /// it cannot be written.
  explicit StateFolder(std::filesystem::path folder);
  ~StateFolder();
  StateFolder(const StateFolder&) = delete;
  StateFolder& operator=(const StateFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] std::filesystem::path nights() const { return m_path / "nights"; }
  /// Only its owner may read it: sources hold personal data before they are cleaned.
  [[nodiscard]] std::filesystem::path sources() const { return m_path / "sources"; }

 private:
  std::filesystem::path m_path;
  int m_lock = -1;
};

/// Now, as "2026-11-21T02:00:00Z".
[[nodiscard]] std::string time_now();

}  // namespace balise

#endif
