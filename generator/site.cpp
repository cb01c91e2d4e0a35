#include "generator/site.hpp"

#include "generator/failure.hpp"
#include "generator/files.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

Failure damaged(const std::string& what) {
  return {Exit::verification_failed, what + "; publish the site again"};
}

}  // namespace

Bytes root_of_manifest(const nlohmann::json& manifest, const std::string& name) {
  const auto root = manifest.is_object() ? manifest.find("root") : manifest.end();
  if (!manifest.is_object() || root == manifest.end() || !root->is_string())
    throw damaged(name + ": no \"root\" in the manifest");
  return bytes_of_base64(root->get_ref<const std::string&>(), name);
}

Site::Site(fs::path folder) : m_folder(std::move(folder)) {
  const fs::path path = m_folder / "data" / "manifest.json";
  if (!fs::exists(path))
    throw Failure(Exit::failed, m_folder.string() + " holds no site: " + path.string() +
                                    " is missing; name the folder that 'balise build --out' wrote");
  const Bytes text = read_file(path);
  m_manifest = nlohmann::json::parse(text, nullptr, false);
  if (m_manifest.is_discarded())
    throw damaged(path.string() + ": no valid JSON");
  const auto format = m_manifest.is_object() ? m_manifest.value("format", nlohmann::json()) : nlohmann::json();
  if (!format.is_number_unsigned())
    throw damaged(path.string() + ": no \"format\" in the manifest");
  if (format.get<std::uint64_t>() > format_version)
    throw Failure(Exit::verification_failed, path.string() + ": format " + format.dump() + " is later than this " +
                                                 "program's " + std::to_string(format_version) +
                                                 "; use the balise that published the site, or a later one");
  if (const auto opened = m_store.open(root_of_manifest(m_manifest, path.string())); !opened)
    throw damaged(path.string() + ": " + opened.error().what);
}

Bytes Site::read(const FileId& file) const {
  const fs::path path = m_folder / "data" / path_of(file);
  if (!fs::exists(path))
    throw damaged(path.string() + " is missing");
  return read_file(path);
}

void Site::refuse(const FileId& file, const Error& error) const {
  throw damaged((m_folder / "data" / path_of(file)).string() + ": " + error.what);
}

template <typename Steps>
void Site::run_steps(Steps& steps) {
  for (;;) {
    const auto missing = steps.advance();
    if (!missing)
      throw damaged((m_folder / "data").string() + ": " + missing.error().what);
    if (missing->empty())
      return;
    for (const FileId& file : *missing)
      if (const auto put = m_store.put(path_of(file), read(file)); !put)
        throw damaged((m_folder / "data").string() + "/" + put.error().what);
  }
}

void Site::run(Search& search) {
  run_steps(search);
}

void Site::run(v1::Route& route) {
  run_steps(route);
}

}  // namespace balise
