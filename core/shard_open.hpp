#ifndef BALISE_CORE_SHARD_OPEN_HPP
#define BALISE_CORE_SHARD_OPEN_HPP

#include <algorithm>
#include <string>
#include <string_view>

#include "core/shard.hpp"
#include "shard_generated.h"

/// What the readers of all kinds of files begin with. Only for core/shard.cpp and core/lookup_files.cpp.
namespace balise::opening {

inline Error malformed(std::string_view kind, std::string_view what) {
  return {ErrorCode::malformed, std::string(kind) + ": " + std::string(what)};
}

/// Depth and table limits for the verifier: a directory of a large region holds some hundred groups, a page of details
/// some hundred items.
inline bool verified(ByteView bytes, const char* identifier, bool (*verify)(flatbuffers::Verifier&)) {
  // The verifier reads the identifier without checking that there is room for it.
  if (bytes.size() < 8 || !flatbuffers::BufferHasIdentifier(bytes.data(), identifier))
    return false;
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), /*max_depth=*/8, /*max_tables=*/1'000'000);
  return verify(verifier);
}

template <typename Table>
bool verify_as(flatbuffers::Verifier& verifier) {
  return verifier.VerifyBuffer<Table>(nullptr);
}

inline Result<bool> check_file(ByteView bytes, const FileRef& ref, FileKind kind) {
  if (bytes.size() != ref.size_bytes)
    return Error{ErrorCode::wrong_length, std::string(name_of(kind)) + ": " + std::to_string(bytes.size()) +
                                              " bytes instead of " + std::to_string(ref.size_bytes)};
  if (file_hash(bytes) != ref.hash)
    return Error{ErrorCode::wrong_hash, std::string(name_of(kind)) + ": the content is not what the name promises"};
  return true;
}

template <typename Table>
Result<const Table*> open_file(ByteView bytes, const FileRef& ref, FileKind kind, const char* identifier) {
  if (auto checked = check_file(bytes, ref, kind); !checked)
    return checked.error();
  if (!verified(bytes, identifier, verify_as<Table>))
    return malformed(name_of(kind), "no valid FlatBuffer of this kind");
  return flatbuffers::GetRoot<Table>(bytes.data());
}

inline ByteView view_of(const flatbuffers::Vector<std::uint8_t>* bytes) {
  return bytes == nullptr ? ByteView{} : ByteView{bytes->data(), bytes->size()};
}

inline std::string_view view_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text->data(), text->size()};
}

inline FileRef ref_of(const fb::FileRef& ref) {
  FileRef result;
  std::copy_n(ref.hash()->data(), result.hash.size(), result.hash.begin());
  result.size_bytes = ref.size_bytes();
  return result;
}

/// Whether the structs of a vector lie where they can be read: the verifier checks the bounds of a vector of structs,
/// and not that its first item is aligned for the widest of its members.
template <class Struct>
bool aligned(const flatbuffers::Vector<const Struct*>& items) {
  return items.size() == 0 || reinterpret_cast<std::uintptr_t>(items.Data()) % alignof(Struct) == 0;
}

}  // namespace balise::opening

#endif
