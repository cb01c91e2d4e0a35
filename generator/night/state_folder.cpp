#include "generator/night/state_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "generator/failure.hpp"
#include "generator/files.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error) {
  throw Failure(Exit::failed, what + " " + path.string() + ": " + std::strerror(error) +
                                  "; check that the folder may be written and has space");
}

void sync(const fs::path& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0)
    fail("cannot open", path, errno);
  const int result = ::fsync(file);
  const int error = errno;
  ::close(file);
  // Some file systems cannot sync a folder, and need not.
  if (result != 0 && error != EINVAL)
    fail("cannot write", path, error);
}

}  // namespace

void replace_file(const fs::path& path, std::string_view text) {
  const fs::path fresh = fs::path(path).concat(".new");
  write_file(fresh, text);
  sync(fresh, O_RDONLY);
  if (::rename(fresh.c_str(), path.c_str()) != 0)
    fail("cannot replace", path, errno);
  sync(path.parent_path(), O_RDONLY | O_DIRECTORY);
}

StateFolder::StateFolder(fs::path folder) : m_path(fs::absolute(std::move(folder)).lexically_normal()) {
  make_folder(nights());
  make_folder(sources());
  if (::chmod(sources().c_str(), 0700) != 0)
    fail("cannot set the mode of", sources(), errno);
  const fs::path lock = m_path / "lock";
  m_lock = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (m_lock < 0)
    fail("cannot create", lock, errno);
  if (::flock(m_lock, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    std::array<char, 200> owner{};
    const ssize_t count = ::read(m_lock, owner.data(), owner.size());
    ::close(m_lock);
    m_lock = -1;
    if (error != EWOULDBLOCK)
      fail("cannot lock", lock, error);
    throw Failure(Exit::busy, "another run is at work in " + m_path.string() + " (" +
                                  std::string(owner.data(), count > 0 ? static_cast<std::size_t>(count) : 0) +
                                  "); wait until it ends, or stop it");
  }
  const std::string owner = "process " + std::to_string(::getpid()) + " since " + time_now();
  if (::ftruncate(m_lock, 0) != 0 ||
      ::pwrite(m_lock, owner.data(), owner.size(), 0) != static_cast<ssize_t>(owner.size()))
    fail("cannot write", lock, errno);
}

StateFolder::~StateFolder() {
  if (m_lock >= 0)
    ::close(m_lock);
}

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

}  // namespace balise
