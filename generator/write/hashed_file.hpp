#ifndef BALISE_GENERATOR_WRITE_HASHED_FILE_HPP
#define BALISE_GENERATOR_WRITE_HASHED_FILE_HPP

#include <filesystem>

#include "core/shard.hpp"

namespace balise {

[[nodiscard]] FileRef reference_to(ByteView file);

/// Writes a file below `data_folder`/<region>/ under its hash; no region is the whole country. Throws Failure.
[[nodiscard]] FileRef write_hashed(const std::filesystem::path& data_folder, Region region, FileKind kind,
                                   const Bytes& bytes);

}  // namespace balise

#endif
