#ifndef BALISE_GENERATOR_WRITE_ARCHIVE_HPP
#define BALISE_GENERATOR_WRITE_ARCHIVE_HPP

#include <filesystem>

#include "core/ids.hpp"

namespace balise {

/// Writes every file below `folder` into a zip archive at `file`, sorted by path and dated `date`, so that equal
/// folders give equal archives. What stood at `file` stays until the new archive is whole. Throws
/// Failure(Exit::failed).
void write_zip(const std::filesystem::path& folder, const std::filesystem::path& file, Date date);

}  // namespace balise

#endif
