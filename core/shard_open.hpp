#ifndef BALISE_CORE_SHARD_OPEN_HPP
#define BALISE_CORE_SHARD_OPEN_HPP

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/inflate.hpp"
#include "core/shard.hpp"
#include "shard_generated.h"

/// What the readers of all kinds of files begin with. Only for core/shard.cpp and core/lookup_files.cpp.
namespace balise::opening {

/// Whether a buffer is one FlatBuffer of a type of table.
using Verify = bool (*)(flatbuffers::Verifier&);

/// Depth and table limits for the verifier: a directory of a large region holds some hundred groups, a page of details
/// some hundred items.
inline bool verified(ByteView bytes, const char* identifier, Verify verify) {
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

constexpr Flaw no_flat_buffer{"no valid FlatBuffer of this kind"};

/// Unpacks and verifies a file: its content is then a FlatBuffer. Its length stands before the deflate stream, in four
/// bytes, lowest first. A deflate stream grows at most 1,032 times: more is a lie, and must not reserve memory.
inline Flaw unpack(ByteView bytes, const FileRef& ref, const char* identifier, Verify verify, Bytes& content) {
  if (bytes.size() != ref.size_bytes)
    return {ErrorCode::wrong_length, "not as long as its reference says"};
  if (file_hash(bytes) != ref.hash)
    return {ErrorCode::wrong_hash, "the content is not what the name promises"};
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4 && i < bytes.size(); ++i)
    size |= std::size_t{bytes[i]} << (8 * i);
  if (bytes.size() < 4 || size / 1032 > bytes.size())
    return "no packed content";
  auto unpacked = inflate(bytes.subspan(4), size);
  if (!unpacked)
    return "no packed content";
  content = std::move(*unpacked);
  return verified(content, identifier, verify) ? Flaw() : no_flat_buffer;
}

/// Fills a file from the root of its FlatBuffer.
using Read = Flaw (*)(const std::uint8_t* content, void* file);
template <auto read, typename Table, typename File>
Flaw read_root(Flaw (*)(const Table&, File&), const std::uint8_t* content, void* file) {
  return read(*flatbuffers::GetRoot<Table>(content), *static_cast<File*>(file));
}
template <typename Table, typename File>
Verify verify_of(Flaw (*)(const Table&, File&)) {
  return verify_as<Table>;
}

inline Flaw open_any(ByteView bytes, const FileRef& ref, const char* identifier, Verify verify, Read read, void* file) {
  Bytes content;
  const Flaw flaw = unpack(bytes, ref, identifier, verify, content);
  return flaw ? flaw : read(content.data(), file);
}

/// Opens a file of one table by a function `read` of that table and the file.
template <auto read, typename File>
Flaw open_with(ByteView bytes, const FileRef& ref, const char* identifier, File& file) {
  return open_any(
      bytes, ref, identifier, verify_of(read),
      [](const std::uint8_t* content, void* to) { return read_root<read>(read, content, to); }, &file);
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

/// False when they lie at an odd place.
inline bool read_refs(const flatbuffers::Vector<const fb::FileRef*>* refs, List<FileRef>& out) {
  if (refs == nullptr)
    return true;
  if (!aligned(*refs))
    return false;
  out.reserve(refs->size());
  for (const auto* ref : *refs)
    out.push_back(ref_of(*ref));
  return true;
}

}  // namespace balise::opening

#endif
