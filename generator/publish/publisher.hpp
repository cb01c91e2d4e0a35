#ifndef BALISE_GENERATOR_PUBLISH_PUBLISHER_HPP
#define BALISE_GENERATOR_PUBLISH_PUBLISHER_HPP

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/progress.hpp"
#include "generator/publish/retention.hpp"
#include "generator/publish/signature.hpp"

namespace balise {

struct PublishOptions {
  Time now = 0;
  Time expires_s = Time{7} * 86400;  ///< after `now`
  Retention retention;
  std::uint64_t after = 0;  ///< the version is higher than this, whatever stands there
  bool is_dry_run = false;
};

struct Publication {
  std::uint64_t version = 0;
  std::string as_of;
  std::uint64_t files = 0;    ///< in the release
  std::uint64_t linked = 0;   ///< of those, how many are the same file as in the release before
  std::uint64_t carried = 0;  ///< of those, how many only older releases need
  std::vector<std::uint64_t> removed;
};

/// A folder that a web server publishes: `current` is a link to the newest of `releases/<version>/`, each a complete
/// site; `objects/<version>.txt` names the data files that each needs, `history.jsonl` says what was published when.
/// One Publisher holds the folder's lock for as long as it lives, and clears what a killed one left.
class Publisher {
 public:
  /// Throws Failure: Exit::busy when another one is at work, naming it; Exit::failed when the folder holds something
  /// else or cannot be written.
  explicit Publisher(std::filesystem::path folder);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  /// Makes a built site the current one: copies or links its files into a new release, signs the manifest, verifies all
  /// of it, flushes it to disk, and only then switches. Throws Failure, and then what was current still is.
  Publication publish(const std::filesystem::path& site, const SecretKey& key, const PublishOptions& options,
                      unsigned jobs, Progress& progress);
  /// Publishes what an earlier release held, under a higher version; nullopt: what was there before the current one.
  /// Throws as publish(); Exit::usage for a version that is not there.
  Publication roll_back(std::optional<std::uint64_t> version, const SecretKey& key, const PublishOptions& options);

 private:
  struct Entry {  ///< a line of the history
    std::uint64_t version = 0, content = 0;
    Time published = 0;
    std::string manifest_sha256;
  };
  /// Where the files of a release come from.
  struct Origin {
    std::filesystem::path folder;
    std::vector<std::string> objects;
    std::uint64_t content;  ///< the version that is published again; 0 = a new one
  };

  void lock();
  void read_state();
  void recover();
  void append_history(std::uint64_t version, std::uint64_t content);
  [[nodiscard]] std::vector<Release> releases() const;
  [[nodiscard]] std::filesystem::path release_folder(std::uint64_t version) const;
  [[nodiscard]] std::filesystem::path list_of(std::uint64_t version) const;
  [[nodiscard]] const Entry* entry_of(std::uint64_t version) const;
  Publication add_release(const Origin& origin, const SecretKey& key, const PublishOptions& options, unsigned jobs,
                          Progress* progress);

  std::filesystem::path m_folder;
  int m_lock = -1;
  std::vector<Entry> m_history;
  std::uint64_t m_current = 0;  ///< 0 = nothing was published yet
};

}  // namespace balise

#endif
