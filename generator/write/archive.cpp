#include "generator/write/archive.hpp"

#include <zip.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "generator/failure.hpp"
#include "generator/write/compress.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

/// What is packed already gains nothing from it.
bool is_packed(const fs::path& path) {
  constexpr std::array<std::string_view, 3> endings{".bin", ".png", ".webp"};
  return is_variant(path) || std::find(endings.begin(), endings.end(), path.extension().string()) != endings.end();
}

/// A day as archives write it: no zone, from 1980 on.
std::uint16_t dos_date(Date date) {
  const std::chrono::year_month_day day{std::chrono::sys_days{std::chrono::days{date}}};
  const int year = std::clamp(static_cast<int>(day.year()), 1980, 2107) - 1980;
  return static_cast<std::uint16_t>(static_cast<unsigned>(year) << 9U | static_cast<unsigned>(day.month()) << 5U |
                                    static_cast<unsigned>(day.day()));
}

}  // namespace

void write_zip(const fs::path& folder, const fs::path& file, Date date) {
  const auto fail = [&](const char* reason) -> Failure {
    return {Exit::failed, "cannot write " + file.string() + ": " + reason + "; free some space there or name another"};
  };
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      paths.push_back(entry.path().lexically_relative(folder));
  std::sort(paths.begin(), paths.end());
  int code = 0;
  std::unique_ptr<zip_t, Discard> archive(zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw fail(reason.c_str());
  }
  for (const fs::path& path : paths) {
    constexpr zip_int64_t to_the_end = -1;
    zip_source_t* source = zip_source_file(archive.get(), (folder / path).c_str(), 0, to_the_end);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive.get(), path.generic_string().c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      zip_source_free(source);
      throw fail(zip_strerror(archive.get()));
    }
    const auto entry = static_cast<zip_uint64_t>(index);
    constexpr zip_uint32_t readable_file = 0100644U << 16U;
    if (zip_set_file_compression(archive.get(), entry, is_packed(path) ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0) != 0 ||
        zip_file_set_dostime(archive.get(), entry, 0, dos_date(date), 0) != 0 ||
        zip_file_set_external_attributes(archive.get(), entry, 0, ZIP_OPSYS_UNIX, readable_file) != 0)
      throw fail(zip_strerror(archive.get()));
  }
  if (zip_close(archive.get()) != 0)
    throw fail(zip_strerror(archive.get()));
  static_cast<void>(archive.release());
}

}  // namespace balise
