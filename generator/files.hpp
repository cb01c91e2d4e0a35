#ifndef BALISE_GENERATOR_FILES_HPP
#define BALISE_GENERATOR_FILES_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/packed.hpp"

namespace balise {

/// The whole of a file as it is. Throws Failure(Exit::failed), naming it.
[[nodiscard]] Bytes read_file(const std::filesystem::path& path);
/// Creates or replaces a file and its folders. Throws Failure(Exit::failed), naming the file and the reason ("No space
/// left on device"), also when closing fails.
void write_file(const std::filesystem::path& path, ByteView bytes);
void write_file(const std::filesystem::path& path, std::string_view text);
/// Appends to a file, which is created when it is absent; its folder exists. Holds no file open between two calls.
/// Throws Failure(Exit::failed) as write_file() does.
void append_file(const std::filesystem::path& path, ByteView bytes);
/// Creates a folder and those above it. Throws Failure(Exit::failed).
void make_folder(const std::filesystem::path& path);

/// Appends to one file through a buffer; errors throw Failure(Exit::failed) from append() or close().
class FileAppender {
 public:
  enum class Mode { replace, append };
  explicit FileAppender(std::filesystem::path path, Mode mode = Mode::replace);
  ~FileAppender();
  FileAppender(const FileAppender&) = delete;
  FileAppender& operator=(const FileAppender&) = delete;
  void append(ByteView bytes);
  void close();

 private:
  void flush();
  std::filesystem::path m_path;
  int m_file = -1;
  Bytes m_buffer;
};

/// A fresh folder beside `target`, on the same file system, removed with everything in it when it goes out of scope.
class ScratchFolder {
 public:
  /// Throws Failure(Exit::failed) when the folder above `target` cannot be written.
  explicit ScratchFolder(const std::filesystem::path& target);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

 private:
  std::filesystem::path m_path;
};

/// Refuses a folder that is neither absent, empty nor a site: publishing there would take away what it holds. Throws
/// Failure(Exit::failed).
void check_replaceable(const std::filesystem::path& folder);

/// Puts the folder `fresh` in the place of `target` in one step: a reader sees all of the old folder or all of the new
/// one. Everything in `fresh` is on disk before. What stood at `target` stands at `fresh` afterwards. Throws
/// Failure(Exit::failed), and then `target` is untouched.
void publish_folder(const std::filesystem::path& fresh, const std::filesystem::path& target);

/// Where the pages, the WebAssembly module and the built-in reference tables stand: `assets` beside the folder of the
/// program, or what the environment variable BALISE_ASSETS names. Throws Failure(Exit::failed) when it is not there.
[[nodiscard]] std::filesystem::path assets_folder();

[[nodiscard]] std::string base64_of(ByteView bytes);
/// Throws Failure(Exit::verification_failed) for text that is no base64; `name` is for the message.
[[nodiscard]] Bytes bytes_of_base64(std::string_view text, std::string_view name);

}  // namespace balise

#endif
