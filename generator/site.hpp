#ifndef BALISE_GENERATOR_SITE_HPP
#define BALISE_GENERATOR_SITE_HPP

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/search.hpp"
#include "core/store.hpp"
#include "core/v1/route.hpp"

namespace balise {

/// A published site in a folder, read as a browser reads it.
class Site {
 public:
  /// Reads data/manifest.json. Throws Failure: Exit::failed when it is missing, Exit::verification_failed when it is
  /// damaged or of a later format.
  explicit Site(std::filesystem::path folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  [[nodiscard]] const nlohmann::json& manifest() const { return m_manifest; }
  [[nodiscard]] Store& store() { return m_store; }
  [[nodiscard]] const Store& store() const { return m_store; }

  /// Runs a search, or a route of the API, to its end, reading what it needs. It must be over store(). Throws
  /// Failure(Exit::verification_failed), naming the file, for one that is missing or damaged.
  void run(Search& search);
  void run(v1::Route& route);
  /// Reads one file under data/, whatever it is. Throws as run().
  [[nodiscard]] Bytes read(const FileId& file) const;
  /// Reads and opens one file; the store does not keep it. Throws as run().
  template <typename File>
  [[nodiscard]] File open(Region region, const FileRef& ref) const {
    const FileId file{region, File::kind, ref};
    auto opened = open_as<File>(read(file), ref);
    if (!opened)
      refuse(file, opened.error());
    return std::move(*opened);
  }

 private:
  [[noreturn]] void refuse(const FileId& file, const Error& error) const;
  template <typename Steps>
  void run_steps(Steps& steps);

  std::filesystem::path m_folder;
  nlohmann::json m_manifest;
  Store m_store;
};

/// The root that a manifest carries. Throws Failure(Exit::verification_failed); `name` is for the message.
[[nodiscard]] Bytes root_of_manifest(const nlohmann::json& manifest, const std::string& name);

}  // namespace balise

#endif
