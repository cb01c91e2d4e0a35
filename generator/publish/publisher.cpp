#include "generator/publish/publisher.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/sha256.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/write/compress.hpp"
#include "generator/write/verify.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view space_advice = "; free some space there and run it again: what was published stays";
/// Names of what is not finished yet, or not wanted any more.
constexpr std::string_view fresh_mark = ".new-";
constexpr std::string_view old_mark = ".old-";
constexpr const char* fresh_link = ".current.new";

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error) {
  throw Failure(Exit::failed, what + " " + path.string() + ": " + std::strerror(error) + std::string(space_advice));
}

std::string text_of(const fs::path& path) {
  const Bytes bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

ByteView bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Names in a folder are on disk once it was flushed, contents of a file once that was.
void flush(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool is_flushed = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0)
    ::close(file);
  if (!is_flushed)
    fail("cannot write to disk", path, error);
}

/// All that was written to the file system of this folder: one call for thousands of files.
void flush_all(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_flushed = file >= 0 && ::syncfs(file) == 0;
  const int error = errno;
  if (file >= 0)
    ::close(file);
  if (!is_flushed)
    fail("cannot write to disk", folder, error);
}

void rename_to(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    fail("cannot rename to", to, errno);
}

void remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error)
    fail("cannot remove", path, error.value());
}

/// "12" gives 12; nullopt for any other name.
std::optional<std::uint64_t> parse_version(const std::string& name) {
  constexpr std::size_t most_digits = 15;
  if (name.empty() || name.size() > most_digits || name[0] == '0' ||
      name.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return std::stoull(name);
}

bool is_manifest(const fs::path& path) {
  return path == "data/manifest.json" || path == "data/manifest.json.br" || path == "data/manifest.json.gz";
}

bool is_below_data(const fs::path& path) {
  return *path.begin() == "data";
}

/// Every file of a site but its manifest, relative to it, ascending. Throws Failure(Exit::failed) for what is neither
/// file nor folder: publishing a link would publish whatever it leads to.
std::vector<fs::path> files_of(const fs::path& site) {
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(site); entry != fs::recursive_directory_iterator(); ++entry) {
    if (entry->is_symlink() || (!entry->is_regular_file() && !entry->is_directory()))
      throw Failure(Exit::failed, entry->path().string() + " is neither a file nor a folder; build the site again");
    fs::path path = entry->path().lexically_relative(site);
    if (entry->is_regular_file() && !is_manifest(path))
      files.push_back(std::move(path));
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> objects_among(const std::vector<fs::path>& files) {
  std::vector<std::string> objects;
  for (const fs::path& path : files)
    if (is_below_data(path))
      objects.push_back(path.lexically_relative("data").generic_string());
  std::sort(objects.begin(), objects.end());
  return objects;
}

bool has_same_bytes(const fs::path& a, const fs::path& b, const Bytes& bytes_of_a) {
  std::error_code error;
  return fs::is_regular_file(b, error) && fs::file_size(b, error) == fs::file_size(a, error) && !error &&
         read_file(b) == bytes_of_a;
}

/// The same file under a second name; a copy on file systems that have no such thing, or not that many.
void link_or_copy(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0)
    return;
  if (errno == EPERM || errno == EMLINK || errno == EXDEV || errno == EOPNOTSUPP)
    write_file(to, read_file(from));
  else
    fail("cannot link", to, errno);
}

/// Folders that were made already need not be asked for again.
class FolderMaker {
 public:
  explicit FolderMaker(fs::path top) : m_top(std::move(top)) {}
  void make(const fs::path& relative) {
    if (m_made.insert(relative).second)
      make_folder(m_top / relative);
  }

 private:
  fs::path m_top;
  std::set<fs::path> m_made;
};

std::string owner_text() {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  const struct passwd* user = ::getpwuid(::geteuid());
  return "process " + std::to_string(::getpid()) + " of " +
         (user != nullptr ? std::string(user->pw_name) : std::to_string(::geteuid())) + " on " + host + " since " +
         text_of_time(now());
}

}  // namespace

Publisher::Publisher(fs::path folder) : m_folder(std::move(folder)) {
  if (fs::exists(m_folder) && !fs::is_directory(m_folder))
    throw Failure(Exit::failed, "--to " + m_folder.string() + " is a file; name a folder");
  if (fs::exists(m_folder) && !fs::is_empty(m_folder) && !fs::exists(m_folder / "releases") &&
      !fs::exists(m_folder / ".lock"))
    throw Failure(Exit::failed, "--to " + m_folder.string() +
                                    " holds something else than releases; name a folder that is empty or absent");
  make_folder(m_folder);
  lock();
  try {
    make_folder(m_folder / "releases");
    make_folder(m_folder / "objects");
    read_state();
    recover();
  } catch (...) {
    ::close(m_lock);
    throw;
  }
}

Publisher::~Publisher() {
  ::close(m_lock);
}

void Publisher::lock() {
  const fs::path path = m_folder / ".lock";
  m_lock = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (m_lock < 0)
    fail("cannot create", path, errno);
  if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(m_lock);
    if (error != EWOULDBLOCK)
      fail("cannot lock", path, error);
    std::string owner = text_of(path);
    while (owner.ends_with('\n'))
      owner.pop_back();
    throw Failure(Exit::busy, m_folder.string() + " is being published by " +
                                  (owner.empty() ? "another process" : owner) + "; wait until it is done");
  }
  const std::string owner = owner_text() + "\n";
  if (::ftruncate(m_lock, 0) != 0 ||
      ::pwrite(m_lock, owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size())) {
    const int error = errno;
    ::close(m_lock);
    fail("cannot write", path, error);
  }
}

fs::path Publisher::release_folder(std::uint64_t version) const {
  return m_folder / "releases" / std::to_string(version);
}

fs::path Publisher::list_of(std::uint64_t version) const {
  return m_folder / "objects" / (std::to_string(version) + ".txt");
}

const Publisher::Entry* Publisher::entry_of(std::uint64_t version) const {
  const auto found = std::find_if(m_history.begin(), m_history.end(),
                                  [version](const Entry& entry) { return entry.version == version; });
  return found == m_history.end() ? nullptr : &*found;
}

void Publisher::read_state() {
  std::error_code error;
  const fs::path target = fs::read_symlink(m_folder / "current", error);
  if (!error) {
    const auto version = parse_version(target.filename().string());
    if (!version || !fs::exists(release_folder(*version) / "data" / "manifest.json"))
      throw Failure(Exit::failed, (m_folder / "current").string() + " leads to " + target.string() +
                                      ", which is no release; make it a link to one of releases/");
    m_current = *version;
  }
  const fs::path path = m_folder / "history.jsonl";
  if (!fs::exists(path))
    return;
  const std::string text = text_of(path);
  // A run that was killed or ran out of space may have left a line without its end.
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole < text.size() && ::truncate(path.c_str(), static_cast<off_t>(whole)) != 0)
    fail("cannot mend", path, errno);
  for (std::size_t begin = 0; begin < whole; begin = text.find('\n', begin) + 1) {
    const auto json = nlohmann::json::parse(text.substr(begin, text.find('\n', begin) - begin), nullptr, false);
    const auto time = json.is_object() ? parse_time(json.value("published", "")) : std::nullopt;
    if (!time || !json.contains("version") || !json["version"].is_number_unsigned())
      throw Failure(Exit::failed, path.string() + ", byte " + std::to_string(begin) +
                                      ": this line is no publication; take it out, or restore the file");
    const auto version = json["version"].get<std::uint64_t>();
    m_history.push_back({version, json.value("content", version), *time, json.value("manifest", "")});
  }
}

void Publisher::append_history(std::uint64_t version, std::uint64_t content) {
  const std::string text = text_of(release_folder(version) / "data" / "manifest.json");
  const auto manifest = nlohmann::json::parse(text, nullptr, false);
  const auto published = manifest.is_object() ? parse_time(manifest.value("published", "")) : std::nullopt;
  if (!published)
    throw Failure(Exit::failed, release_folder(version).string() + ": its manifest was not published; roll back");
  const nlohmann::ordered_json line{{"version", version},
                                    {"published", manifest["published"]},
                                    {"as_of", manifest.value("as_of", "")},
                                    {"manifest", to_hex(sha256(bytes_of(text)))},
                                    {"counts", manifest.value("counts", nlohmann::json::object())},
                                    {"content", content}};
  const fs::path path = m_folder / "history.jsonl";
  append_file(path, bytes_of(line.dump() + "\n"));
  flush(path);
  flush(m_folder);
  m_history.push_back({version, content, *published, line["manifest"].get<std::string>()});
}

/// What a killed run left: unfinished folders, a release that was never current, lists of none, and a switch that the
/// history does not tell of yet.
void Publisher::recover() {
  remove_tree(m_folder / fresh_link);
  if (m_current != 0 && entry_of(m_current) == nullptr) {
    // "content" of a roll-back stands nowhere else than in its own list.
    std::uint64_t content = m_current;
    if (const fs::path note = m_folder / "objects" / (std::to_string(m_current) + ".content"); fs::exists(note))
      content = parse_version(text_of(note)).value_or(m_current);
    append_history(m_current, content);
  }
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(m_folder / "releases")) {
    const std::string name = entry.path().filename().string();
    const auto version = parse_version(name);
    if (name.starts_with(fresh_mark) || name.starts_with(old_mark) || (version && entry_of(*version) == nullptr))
      left.push_back(entry.path());
  }
  for (const auto& entry : fs::directory_iterator(m_folder / "objects")) {
    const auto version = parse_version(entry.path().stem().string());
    const bool is_note = entry.path().extension() == ".content";
    if (!version || is_note || entry_of(*version) == nullptr || !fs::exists(release_folder(*version)))
      left.push_back(entry.path());
  }
  for (const fs::path& path : left)
    remove_tree(path);
}

std::vector<Release> Publisher::releases() const {
  std::vector<Release> found;
  for (const Entry& entry : m_history) {
    if (!fs::is_directory(release_folder(entry.version)))
      continue;
    Release release{entry.version, entry.published, {}};
    if (fs::exists(list_of(entry.version))) {
      const std::string text = text_of(list_of(entry.version));
      for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
        release.objects.push_back(text.substr(begin, end - begin));
    } else {
      // Whatever stands there is taken for needed.
      release.objects = objects_among(files_of(release_folder(entry.version)));
    }
    found.push_back(std::move(release));
  }
  std::sort(found.begin(), found.end(), [](const Release& a, const Release& b) { return a.version < b.version; });
  return found;
}

Publication Publisher::add_release(const Origin& origin, const SecretKey& key, const PublishOptions& options,
                                   unsigned jobs, Progress* progress) {
  const std::string manifest = text_of(origin.folder / "data" / "manifest.json");
  const std::vector<PublicKey> trusted = keys_of(unsigned_manifest(manifest), (origin.folder / "data").string());
  if (!trusted.empty() && std::find(trusted.begin(), trusted.end(), key.public_key()) == trusted.end())
    throw Failure(Exit::usage, "the pages of " + origin.folder.string() + " do not trust the key " +
                                   text_of(key.public_key()) +
                                   ": they would refuse their own data; name it in \"keys\" of the config");
  std::uint64_t last = std::max(options.after, m_current);
  for (const Entry& entry : m_history)
    last = std::max(last, entry.version);
  Publication done;
  done.version = last + 1;
  done.as_of = unsigned_manifest(manifest).value("as_of", "");
  const std::vector<Release> standing = releases();
  const RetentionPlan plan = plan_retention(standing, origin.objects, options.now, options.retention);
  done.removed = plan.removed;

  const fs::path before = m_current == 0 ? fs::path() : release_folder(m_current);
  const fs::path fresh = m_folder / "releases" / (std::string(fresh_mark) + std::to_string(done.version));
  const bool is_again = origin.content != 0;
  try {
    FolderMaker folders(fresh);
    for (const fs::path& path : files_of(origin.folder)) {
      // What an earlier release carried for others is not its own.
      if (is_again && is_below_data(path) &&
          !std::binary_search(origin.objects.begin(), origin.objects.end(),
                              path.lexically_relative("data").generic_string()))
        continue;
      ++done.files;
      const fs::path from = origin.folder / path, to = fresh / path;
      if (!options.is_dry_run)
        folders.make(path.parent_path());
      if (is_again) {
        ++done.linked;
        if (!options.is_dry_run)
          link_or_copy(from, to);
        continue;
      }
      // Never a link into the built site: somebody might write to it later.
      const Bytes bytes = read_file(from);
      const bool is_same = !before.empty() && has_same_bytes(from, before / path, bytes);
      done.linked += is_same ? 1U : 0U;
      if (options.is_dry_run)
        continue;
      if (is_same)
        link_or_copy(before / path, to);
      else
        write_file(to, bytes);
    }
    for (const auto& [object, version] : plan.carried) {
      const fs::path path = fs::path("data") / object;
      // An older release that lost a file cannot be mended here, and must not stop the next one.
      if (!fs::exists(release_folder(version) / path))
        continue;
      ++done.carried;
      ++done.files;
      if (options.is_dry_run)
        continue;
      folders.make(path.parent_path());
      link_or_copy(release_folder(version) / path, fresh / path);
    }
    done.files += 1;
    if (options.is_dry_run)
      return done;

    Stamp stamp{done.version, options.now, options.now + options.expires_s, {}};
    if (m_current != 0)
      stamp.previous = to_hex(sha256(read_file(before / "data" / "manifest.json")));
    const std::string text = signed_manifest(manifest, stamp, key);
    const fs::path manifest_path = fresh / "data" / "manifest.json";
    write_file(manifest_path, text);
    constexpr int quality = 9;
    if (const Bytes variant = brotli_of(bytes_of(text), quality); is_worth_keeping(variant, bytes_of(text)))
      write_file(fs::path(manifest_path).concat(".br"), variant);
    if (const Bytes variant = gzip_of(bytes_of(text)); is_worth_keeping(variant, bytes_of(text)))
      write_file(fs::path(manifest_path).concat(".gz"), variant);
    if (progress != nullptr)
      static_cast<void>(verify_site(fresh, jobs, *progress, {key.public_key()}));
    std::string list;
    for (const std::string& object : origin.objects)
      list += object + "\n";
    write_file(list_of(done.version), list);
    if (is_again)
      write_file(m_folder / "objects" / (std::to_string(done.version) + ".content"), std::to_string(origin.content));
    flush_all(m_folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    throw;
  }
  rename_to(fresh, release_folder(done.version));
  flush(m_folder / "releases");
  const fs::path link = m_folder / fresh_link;
  if (::symlink(("releases/" + std::to_string(done.version)).c_str(), link.c_str()) != 0)
    fail("cannot create", link, errno);
  // From here on visitors see the new release.
  rename_to(link, m_folder / "current");
  flush(m_folder);
  m_current = done.version;
  append_history(done.version, is_again ? origin.content : done.version);
  fs::remove(m_folder / "objects" / (std::to_string(done.version) + ".content"));
  for (const std::uint64_t version : plan.removed) {
    const fs::path old = m_folder / "releases" / (std::string(old_mark) + std::to_string(version));
    rename_to(release_folder(version), old);
    remove_tree(old);
    remove_tree(list_of(version));
  }
  return done;
}

Publication Publisher::publish(const fs::path& site, const SecretKey& key, const PublishOptions& options, unsigned jobs,
                               Progress& progress) {
  if (!fs::exists(site / "data" / "manifest.json"))
    throw Failure(Exit::failed, site.string() + " holds no site; name the folder that 'balise build --out' wrote");
  progress.phase("Publishing " + site.string());
  return add_release({site, objects_among(files_of(site)), 0}, key, options, jobs, &progress);
}

Publication Publisher::roll_back(std::optional<std::uint64_t> version, const SecretKey& key,
                                 const PublishOptions& options) {
  const std::vector<Release> standing = releases();
  std::string known;
  const Release* wanted = nullptr;
  const Entry* current = entry_of(m_current);
  for (const Release& release : standing) {
    const Entry* entry = entry_of(release.version);
    if (release.version == m_current)
      continue;
    known += (known.empty() ? "" : ", ") + std::to_string(release.version);
    // Without a number: the newest of those that held something else before.
    const bool is_before = entry->content == entry->version && current != nullptr && entry->version < current->content;
    if (version ? release.version == *version : is_before)
      wanted = &release;
  }
  if (wanted == nullptr)
    throw Failure(Exit::usage, m_folder.string() + " holds no " +
                                   (version ? "earlier release " + std::to_string(*version) : "earlier release") +
                                   "; those that are there: " + (known.empty() ? "none" : known));
  const fs::path folder = release_folder(wanted->version);
  const Entry* entry = entry_of(wanted->version);
  if (to_hex(sha256(read_file(folder / "data" / "manifest.json"))) != entry->manifest_sha256)
    throw Failure(Exit::verification_failed,
                  (folder / "data" / "manifest.json").string() + " is not what was published; name another version");
  for (const std::string& object : wanted->objects)
    if (!fs::exists(folder / "data" / object))
      throw Failure(Exit::verification_failed,
                    (folder / "data" / object).string() + ": the file is missing; name another version");
  return add_release({folder, wanted->objects, entry->content}, key, options, 1, nullptr);
}

}  // namespace balise
