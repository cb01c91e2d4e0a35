#include "generator/night/source_copies.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/night/state_folder.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view candidate_mark = ".candidate";

/// ".gz", ".zst", ".br" or nothing.
std::string ending_of(const std::string& url) {
  const std::string path = url.substr(0, url.find('?'));
  for (const char* ending : {".gz", ".zst", ".br"})
    if (path.ends_with(ending))
      return ending;
  return {};
}

}  // namespace

std::string hash_of_copy(const fs::path& path) {
  // Mapped instead of held in memory.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return {};
  // A copy outlives a crash: it has its name only once the bytes are on disk.
  ::fdatasync(file);
  const ::off_t end = ::lseek(file, 0, SEEK_END);
  const auto size = end > 0 ? static_cast<std::size_t>(end) : 0;
  std::string hash;
  if (void* const bytes = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
      bytes != MAP_FAILED) {
    ::madvise(bytes, size, MADV_SEQUENTIAL);
    hash = to_hex(sha256({static_cast<const std::uint8_t*>(bytes), size}));
    ::munmap(bytes, size);
  }
  ::close(file);
  return hash;
}

std::string key_of(const SourceEntry& entry) {
  constexpr std::size_t digits = 12;
  const ByteView url{reinterpret_cast<const std::uint8_t*>(entry.url.data()), entry.url.size()};
  return std::string(name_of(entry.source)) + '-' + std::string(name_of(entry.format)) + '-' +
         to_hex(sha256(url)).substr(0, digits);
}

std::optional<SourceCopies::Copy> SourceCopies::find(const SourceEntry& entry) const {
  const fs::path facts = m_folder / (key_of(entry) + ".json");
  if (!fs::exists(facts))
    return std::nullopt;
  const auto json = nlohmann::json::parse(read_file(facts), nullptr, false);
  const auto text = [&json](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!json.is_object())
    return std::nullopt;
  const std::string name = text("file");
  const auto as_of = parse_date(text("as_of"));
  if (name.empty() || name.find('/') != std::string::npos || !as_of)
    return std::nullopt;
  if (const std::string hash = hash_of_copy(m_folder / name); hash.empty() || hash != text("sha256"))
    return std::nullopt;
  return Copy{m_folder / name, {text("etag"), text("last_modified")}, *as_of};
}

fs::path SourceCopies::candidate(const SourceEntry& entry) const {
  return m_folder / (key_of(entry) + std::string(candidate_mark) + ending_of(entry.url));
}

void SourceCopies::keep(const SourceEntry& entry, const Copy& copy) const {
  constexpr std::size_t digits = 12;
  const std::string key = key_of(entry), hash = hash_of_copy(copy.file);
  const std::string name = key + '-' + hash.substr(0, digits) + ending_of(entry.url);
  if (copy.file != m_folder / name)
    fs::rename(copy.file, m_folder / name);
  const nlohmann::ordered_json json{{"file", name},
                                    {"sha256", hash},
                                    {"bytes", fs::file_size(m_folder / name)},
                                    {"as_of", to_string_date(copy.as_of)},
                                    {"etag", copy.validators.etag},
                                    {"last_modified", copy.validators.last_modified}};
  replace_file(m_folder / (key + ".json"), json.dump(2) + "\n");
  for (const auto& other : fs::directory_iterator(m_folder)) {
    const std::string file = other.path().filename().string();
    if (file.starts_with(key + '-') && file != name)
      fs::remove(other.path());
  }
}

void SourceCopies::remove_candidates() const {
  for (const auto& file : fs::directory_iterator(m_folder))
    if (file.path().filename().string().find(candidate_mark) != std::string::npos)
      fs::remove(file.path());
}

}  // namespace balise
