// The C ABI of the WebAssembly module over core/: an adapter, no logic. wasm/exports.d.ts is its twin for JavaScript.
//
// Memory: the caller writes arguments into blocks of balise_alloc(); results are in one block that belongs to the
// module and is valid until the next call. Every function that can fail returns an ErrorCode (0 = ok) and leaves a
// message in the result block, an empty one when the bytes that it was given are wrong. Requests, that is searches,
// completions and calls of the API, are numbered from 1; 0 is none.
//
// Five modules are made of this file. Three are for the pages of a site: search.wasm, which answers the first search;
// form.wasm, which also completes what is typed; item.wasm, which reads records. Two are for developers, and say more
// of a query: balise.wasm, which searches and completes; balise-api.wasm, which does all of it and answers the V1 API.
// wasm/CMakeLists.txt defines BALISE_FOR_PAGES or BALISE_FOR_DEVELOPERS, and BALISE_WITH_… for each function that a
// module has and another has not.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/answer.hpp"
#include "core/area.hpp"
#include "core/id_search.hpp"
#include "core/list.hpp"
#include "core/lookup.hpp"
#include "core/search.hpp"
#include "core/store.hpp"
#include "core/text.hpp"
#include "core/v1/api.hpp"
#include "core/v1/route.hpp"

#define BALISE_EXPORT extern "C" __attribute__((used, visibility("default")))

namespace {

using balise::ErrorCode;
using balise::v1::Route;

#ifdef BALISE_FOR_DEVELOPERS
constexpr bool is_for_developers = true;
#else
constexpr bool is_for_developers = false;
#endif

/// A search or a completion of a page, in the same steps as a route of the API.
template <typename Work>
class PageRequest : public Route {
 public:
  template <typename... Arguments>
  explicit PageRequest(Arguments&&... arguments) : m_work(std::forward<Arguments>(arguments)...) {}
  balise::Result<balise::List<balise::FileId>> advance() override { return m_work.advance(); }
  balise::v1::Answer answer() const override {
    if constexpr (std::is_same_v<Work, balise::Search>)
      return {200, balise::answer_of(m_work, is_for_developers)};
    else
      return {200, balise::answer_of(m_work)};
  }

 private:
  Work m_work;
};

struct Module {
  balise::Store store;
  struct Request {
    std::uint32_t number;
    std::unique_ptr<Route> route;
  };
  balise::List<Request> requests;
  std::uint32_t last_request = 0;
  std::string result;

  /// nullptr when there is none.
  Route* find(std::uint32_t number) {
    for (Request& request : requests)
      if (request.number == number)
        return request.route.get();
    return nullptr;
  }
};

Module& module() {
  // It lives as long as the module does.
  static Module& instance = *new Module;
  return instance;
}

std::uint32_t fail(const balise::Error& error) {
  module().result = error.what;
  return static_cast<std::uint32_t>(error.code);
}

std::uint32_t no_such_request() {
  return fail({ErrorCode::not_open, "no request of that number"});
}

/// Whether a request can begin; if not, the message is in the result block.
bool can_begin() {
  if (!module().store.is_open())
    fail({ErrorCode::not_open, "no manifest was opened"});
  return module().store.is_open();
}

/// Its number.
std::uint32_t begin(std::unique_ptr<Route> request) {
  const std::uint32_t number = ++module().last_request;
  module().requests.push_back({number, std::move(request)});
  return number;
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

/// Takes the root of a manifest; ends all requests and forgets all files.
BALISE_EXPORT std::uint32_t balise_open(const std::uint8_t* root, std::uint32_t size) {
  module().requests.clear();
  const auto opened = module().store.open(bytes_at(root, size));
  return opened ? 0 : fail(opened.error());
}

#ifdef BALISE_WITH_SEARCH
/// Begins a search from a query string (core/query.hpp). The number of the search, or 0: then the result block holds
/// the message, and the error is wrong_query or, before balise_open(), not_open.
BALISE_EXPORT std::uint32_t balise_search(const char* query, std::uint32_t size) {
  if (!can_begin())
    return 0;
  auto parsed = balise::parse_query(text_at(query, size), is_for_developers);
  if (!parsed) {
    fail(parsed.error());
    return 0;
  }
  return begin(std::make_unique<PageRequest<balise::Search>>(module().store, std::move(*parsed)));
}
#endif

#ifdef BALISE_WITH_COMPLETE
/// Begins the completion of what somebody typed into the form, UTF-8: kind 0 are places (PlaceSearch), 1 are
/// occupations and diplomas (MetierSearch), `limit` of each, at most 100. What balise_answer() then gives, best first,
/// is said at answer_of() in core/lookup.hpp. The number of the request, or 0 as of balise_search().
BALISE_EXPORT std::uint32_t balise_complete(std::uint32_t kind, const char* text, std::uint32_t size,
                                            std::uint32_t limit) {
  constexpr std::uint32_t most = 100;
  if (!can_begin())
    return 0;
  limit = std::min(limit, most);
  if (kind == 0)
    return begin(std::make_unique<PageRequest<balise::PlaceSearch>>(module().store, text_at(text, size), limit));
  if (kind == 1)
    return begin(std::make_unique<PageRequest<balise::MetierSearch>>(module().store, text_at(text, size),
                                                                     balise::MetierOptions{.limit = limit}));
  fail({ErrorCode::wrong_query, "no such kind of completion"});
  return 0;
}
#endif

#ifdef BALISE_WITH_ITEM
/// Begins to read one record, all of it, by its source (its number in core/ids.hpp) and, in `text`, the `page` of the
/// result that a search gave of it, or nothing, a line break, and its id: see answer_of(ItemSearch) in core/answer.hpp.
/// The number of the request, or 0 as of balise_search().
BALISE_EXPORT std::uint32_t balise_item(std::uint32_t source, const char* text, std::uint32_t size) {
  if (!can_begin())
    return 0;
  if (source >= balise::source_count) {
    fail({ErrorCode::wrong_query, "no such source"});
    return 0;
  }
  std::string_view id = text_at(text, size);
  const auto seen_on = balise::parse_card_page(balise::cut(id, '\n'));
  return begin(std::make_unique<PageRequest<balise::ItemSearch>>(module().store, balise::all_sources[source],
                                                                 std::string(id), seen_on));
}
#endif

#ifdef BALISE_WITH_REQUEST
/// Begins a call of the API (core/v1/api.hpp): method, path and query, and whether a page of the site itself asks. The
/// number of the request, or 0 before balise_open().
BALISE_EXPORT std::uint32_t balise_request(const char* method, std::uint32_t method_size, const char* url,
                                           std::uint32_t url_size, std::uint32_t is_own) {
  if (!can_begin())
    return 0;
  return begin(
      balise::v1::route_of(module().store, {text_at(method, method_size), text_at(url, url_size), is_own != 0}));
}
#endif

#ifdef BALISE_WITH_AREA
/// Begins to list the files that searches within an area need (core/area.hpp), from a query string that holds lat, lon
/// and radius, or region or departement; `whole` is 0 for an estimate. The number of the request, or 0 as of
/// balise_search().
BALISE_EXPORT std::uint32_t balise_area(const char* query, std::uint32_t size, std::uint32_t whole) {
  if (!can_begin())
    return 0;
  auto parsed = balise::parse_query(text_at(query, size), is_for_developers);
  if (!parsed) {
    fail(parsed.error());
    return 0;
  }
  return begin(std::make_unique<PageRequest<balise::AreaSearch>>(module().store, std::move(*parsed), whole != 0));
}
#endif

/// Goes on with a request. The result block then lists the files that are missing, by their paths below data/, a line
/// each; an empty block: done.
BALISE_EXPORT std::uint32_t balise_advance(std::uint32_t request) {
  Route* const route = module().find(request);
  if (route == nullptr)
    return no_such_request();
  const auto missing = route->advance();
  if (!missing)
    return fail(missing.error());
  std::string& lines = module().result;
  lines.clear();
  for (const balise::FileId& file : *missing) {
    lines += balise::path_of(file);
    lines += '\n';
  }
  return 0;
}

/// Hands over a file that balise_advance() asked for. The bytes may be freed afterwards.
BALISE_EXPORT std::uint32_t balise_put(const char* path, std::uint32_t path_size, const std::uint8_t* bytes,
                                       std::uint32_t size) {
  const auto put = module().store.put(text_at(path, path_size), bytes_at(bytes, size));
  return put ? 0 : fail(put.error());
}

/// The answer of a request that is done, as JSON, in the result block, and its HTTP status; 0 when there is no such
/// request. Of a search (core/answer.hpp) the status is 200.
BALISE_EXPORT std::uint32_t balise_answer(std::uint32_t request) {
  const Route* const route = module().find(request);
  if (route == nullptr) {
    no_such_request();
    return 0;
  }
  balise::v1::Answer answer = route->answer();
  module().result = std::move(answer.body);
  return static_cast<std::uint32_t>(answer.status);
}

/// Forgets a request; its files stay.
BALISE_EXPORT void balise_close(std::uint32_t request) {
  for (Module::Request& item : module().requests) {
    if (item.number == request) {
      std::swap(item, module().requests.back());
      module().requests.pop_back();
      return;
    }
  }
}
