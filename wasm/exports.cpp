// The C ABI of the WebAssembly module over core/: an adapter, no logic. wasm/exports.d.ts is its twin for JavaScript.
//
// Memory: the caller writes arguments into blocks of balise_alloc(); results are in one block that belongs to the
// module and is valid until the next call. Every function that can fail returns an ErrorCode (0 = ok) and leaves a
// message in the result block. Searches are numbered from 1; 0 is none.

#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "core/answer.hpp"
#include "core/search.hpp"
#include "core/store.hpp"

#define BALISE_EXPORT extern "C" __attribute__((used, visibility("default")))

namespace {

using balise::ErrorCode;

struct Module {
  balise::Store store;
  std::map<std::uint32_t, balise::Search> searches;
  std::uint32_t last_search = 0;
  std::string result;
};

Module& module() {
  static Module instance;
  return instance;
}

std::uint32_t fail(const balise::Error& error) {
  module().result = error.what;
  return static_cast<std::uint32_t>(error.code);
}

std::uint32_t no_such_search() {
  return fail({ErrorCode::not_open, "no search of that number"});
}

std::string_view text_at(const char* data, std::uint32_t size) {
  return {data, size};
}
balise::ByteView bytes_at(const std::uint8_t* data, std::uint32_t size) {
  return {data, size};
}

}  // namespace

/// A block of `size` bytes; null when memory is short.
BALISE_EXPORT void* balise_alloc(std::uint32_t size) {
  return std::malloc(size == 0 ? 1 : size);
}
BALISE_EXPORT void balise_free(void* block) {
  std::free(block);
}

BALISE_EXPORT const char* balise_result_data() {
  return module().result.data();
}
BALISE_EXPORT std::uint32_t balise_result_size() {
  return static_cast<std::uint32_t>(module().result.size());
}

/// The highest version of the format that this module reads.
BALISE_EXPORT std::uint32_t balise_format_version() {
  return balise::format_version;
}

/// Takes the root of a manifest; ends all searches and forgets all files.
BALISE_EXPORT std::uint32_t balise_open(const std::uint8_t* root, std::uint32_t size) {
  module().searches.clear();
  const auto opened = module().store.open(bytes_at(root, size));
  return opened ? 0 : fail(opened.error());
}

/// Begins a search from a query string (core/query.hpp). The number of the search, or 0: then the result block holds
/// the message, and the error is wrong_query or, before balise_open(), not_open.
BALISE_EXPORT std::uint32_t balise_search(const char* query, std::uint32_t size) {
  auto parsed = balise::parse_query(text_at(query, size));
  if (!module().store.is_open()) {
    fail({ErrorCode::not_open, "no manifest was opened"});
    return 0;
  }
  if (!parsed) {
    fail(parsed.error());
    return 0;
  }
  const std::uint32_t number = ++module().last_search;
  module().searches.try_emplace(number, module().store, std::move(*parsed));
  return number;
}

/// Goes on with a search. The result block then lists the files that are missing, a line each: path below data/, a
/// space, length in bytes; an empty block: done.
BALISE_EXPORT std::uint32_t balise_advance(std::uint32_t search) {
  const auto place = module().searches.find(search);
  if (place == module().searches.end())
    return no_such_search();
  const auto missing = place->second.advance();
  if (!missing)
    return fail(missing.error());
  std::string lines;
  for (const balise::FileId& file : *missing)
    lines += balise::path_of(file) + ' ' + std::to_string(file.ref.size_bytes) + '\n';
  module().result = std::move(lines);
  return 0;
}

/// Hands over a file that balise_advance() asked for. The bytes may be freed afterwards.
BALISE_EXPORT std::uint32_t balise_put(const char* path, std::uint32_t path_size, const std::uint8_t* bytes,
                                       std::uint32_t size) {
  const auto put = module().store.put(text_at(path, path_size), bytes_at(bytes, size));
  return put ? 0 : fail(put.error());
}

/// The answer of a search that is done, as JSON (core/answer.hpp), in the result block.
BALISE_EXPORT std::uint32_t balise_answer(std::uint32_t search) {
  const auto place = module().searches.find(search);
  if (place == module().searches.end())
    return no_such_search();
  module().result = balise::answer_of(place->second);
  return 0;
}

/// Forgets a search; its files stay.
BALISE_EXPORT void balise_close(std::uint32_t search) {
  module().searches.erase(search);
}
