#include "generator/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "generator/failure.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error, std::string_view advice) {
  throw Failure(Exit::failed, what + " " + path.string() + ": " + std::strerror(error) + "; " + std::string(advice));
}

constexpr std::string_view space_advice = "free some space there or choose another --out";

void write_all(int file, ByteView bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR)
        continue;
      fail("cannot write", path, errno, space_advice);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

/// Without a slash at the end, so that its name and the folder above it can be told.
fs::path absolute_folder(const fs::path& folder) {
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

/// `how` is O_TRUNC or O_APPEND.
int open_for_writing(const fs::path& path, int how) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | how | O_CLOEXEC, 0644);
  if (file < 0)
    fail("cannot create", path, errno, "check that the folder exists and may be written");
  return file;
}

}  // namespace

Bytes read_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    fail("cannot read", path, errno, "check the path");
  Bytes bytes;
  struct stat state {};
  if (::fstat(file, &state) == 0 && state.st_size > 0)
    bytes.reserve(static_cast<std::size_t>(state.st_size));
  std::array<std::uint8_t, 65536> block;
  for (;;) {
    const ssize_t count = ::read(file, block.data(), block.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      const int error = errno;
      ::close(file);
      fail("cannot read", path, error, "check the path");
    }
    if (count == 0)
      break;
    bytes.insert(bytes.end(), block.begin(), block.begin() + count);
  }
  ::close(file);
  return bytes;
}

void write_file(const fs::path& path, ByteView bytes) {
  make_folder(path.parent_path());
  FileAppender file(path);
  file.append(bytes);
  file.close();
}

void write_file(const fs::path& path, std::string_view text) {
  write_file(path, ByteView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void append_file(const fs::path& path, ByteView bytes) {
  const int file = open_for_writing(path, O_APPEND);
  try {
    write_all(file, bytes, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  if (::close(file) != 0)
    fail("cannot write", path, errno, space_advice);
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error && !fs::is_directory(path))
    fail("cannot create the folder", path, error.value(), "check that the folder above it may be written");
}

FileAppender::FileAppender(fs::path path, Mode mode)
    : m_path(std::move(path)), m_file(open_for_writing(m_path, mode == Mode::append ? O_APPEND : O_TRUNC)) {}

FileAppender::~FileAppender() {
  if (m_file >= 0)
    ::close(m_file);
}

void FileAppender::append(ByteView bytes) {
  constexpr std::size_t buffer_bytes = 64U << 10U;
  m_buffer.insert(m_buffer.end(), bytes.begin(), bytes.end());
  if (m_buffer.size() >= buffer_bytes)
    flush();
}

void FileAppender::flush() {
  write_all(m_file, m_buffer, m_path);
  m_buffer.clear();
}

void FileAppender::close() {
  flush();
  const int file = m_file;
  m_file = -1;
  if (::close(file) != 0)
    fail("cannot write", m_path, errno, space_advice);
}

ScratchFolder::ScratchFolder(const fs::path& target) {
  const fs::path clean = absolute_folder(target);
  make_folder(clean.parent_path());
  std::string name = (clean.parent_path() / ("." + clean.filename().string() + ".new-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr)
    fail("cannot create a folder beside", clean, errno, "check that the folder above it may be written");
  m_path = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  fs::remove_all(m_path, ignored);
}

void check_replaceable(const fs::path& folder) {
  if (!fs::exists(folder))
    return;
  if (!fs::is_directory(folder))
    throw Failure(Exit::failed,
                  "--out " + folder.string() + " is a file; name a folder that is empty, absent or a site");
  if (!fs::is_empty(folder) && !fs::exists(folder / "data" / "manifest.json"))
    throw Failure(Exit::failed, "--out " + folder.string() + " holds something else than a site, and writing there " +
                                    "would replace it; name a folder that is empty, absent or a site");
}

void publish_folder(const fs::path& fresh, const fs::path& target) {
  const int folder = ::open(fresh.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    fail("cannot open", fresh, errno, "run the build again");
  const int synced = ::syncfs(folder);
  const int sync_error = errno;
  ::close(folder);
  if (synced != 0)
    fail("cannot write to disk", fresh, sync_error, space_advice);
  const fs::path clean = absolute_folder(target);
  // mkdtemp() gives a folder that only its owner may read; a site is for everybody.
  if (::chmod(fresh.c_str(), 0755) != 0)
    fail("cannot set the mode of", fresh, errno, "run the build again");
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, clean.c_str(), RENAME_NOREPLACE) == 0)
    return;
  if (errno != EEXIST)
    fail("cannot publish to", clean, errno, "choose an --out on a local disk");
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, clean.c_str(), RENAME_EXCHANGE) != 0)
    fail("cannot switch", clean, errno,
         "this file system cannot exchange two folders in one step: choose an --out on a local disk");
}

fs::path assets_folder() {
  if (const char* given = std::getenv("BALISE_ASSETS"); given != nullptr && *given != '\0')
    return given;
  const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "assets";
  if (!fs::is_directory(folder / "site"))
    throw Failure(Exit::failed, "the site assets are not at " + folder.string() +
                                    ": build them with 'cmake --preset wasm && cmake --build --preset wasm', or name "
                                    "their folder in BALISE_ASSETS");
  return folder;
}

namespace {
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string base64_of(ByteView bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8U | (j < count ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += j <= count ? base64_digits[group >> (18 - 6 * j) & 63U] : '=';
  }
  return text;
}

Bytes bytes_of_base64(std::string_view text, std::string_view name) {
  const auto refuse = [&]() -> Failure {
    return {Exit::verification_failed, std::string(name) + ": no valid base64; publish the site again"};
  };
  if (text.size() % 4 != 0)
    throw refuse();
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::uint32_t group = 0;
    std::size_t padding = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const char c = text[i + j];
      const std::size_t digit = base64_digits.find(c);
      if (c == '=' && i + 4 == text.size() && j >= 2)
        ++padding;
      else if (digit == std::string_view::npos || padding > 0)
        throw refuse();
      group = group << 6U | (c == '=' ? 0U : static_cast<std::uint32_t>(digit));
    }
    for (std::size_t j = 0; j < 3 - padding; ++j)
      bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * j)));
  }
  return bytes;
}

}  // namespace balise
