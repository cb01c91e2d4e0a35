#ifndef BALISE_GENERATOR_WRITE_ENCODE_HPP
#define BALISE_GENERATOR_WRITE_ENCODE_HPP

#include <span>
#include <string_view>
#include <vector>

#include "core/packed.hpp"
#include "core/shard.hpp"
#include "generator/write/pack.hpp"
#include "shard_generated.h"

/// What the writers of shards and of look-ups have in common.
namespace balise {

using Builder = flatbuffers::FlatBufferBuilder;

/// The packed file of a table.
template <typename Table>
[[nodiscard]] Bytes finished(Builder& builder, flatbuffers::Offset<Table> root, const char* identifier,
                             PackEffort effort = PackEffort::most) {
  builder.Finish(root, identifier);
  return pack({builder.GetBufferPointer(), builder.GetSize()}, effort);
}

[[nodiscard]] inline fb::FileRef ref_of(const FileRef& ref) {
  return {flatbuffers::make_span(ref.hash), ref.size_bytes};
}

[[nodiscard]] inline auto ref_list(Builder& builder, std::span<const FileRef> refs) {
  std::vector<fb::FileRef> list;
  for (const FileRef& ref : refs)
    list.push_back(ref_of(ref));
  return builder.CreateVectorOfStructs(list);
}

/// A line of a column of texts. Tabs stay; any other control character would end the line early or hide in it.
inline void put_line(Bytes& out, std::string_view text) {
  for (const char c : text)
    out.push_back(static_cast<unsigned char>(c) < 0x20 && c != '\t' ? std::uint8_t{' '} : static_cast<std::uint8_t>(c));
  out.push_back('\n');
}

}  // namespace balise

#endif
