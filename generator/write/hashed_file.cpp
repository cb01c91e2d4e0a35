#include "generator/write/hashed_file.hpp"

#include "generator/files.hpp"

namespace balise {

FileRef reference_to(ByteView file) {
  return {file_hash(file), static_cast<std::uint32_t>(file.size())};
}

FileRef write_hashed(const std::filesystem::path& data_folder, Region region, FileKind kind, const Bytes& bytes) {
  const FileRef ref = reference_to(bytes);
  write_file(data_folder / path_of({region, kind, ref}), bytes);
  return ref;
}

}  // namespace balise
