#include "generator/cli/serve.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "core/sha256.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

// ---------------------------------------------------------------------------------------------------------- request

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// nullopt for a '%' that is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// The names of a path below the site; empty names ("a//b") are passed over. nullopt for what no published file is
/// called: names that begin with a dot (".." among them) or hold a slash, backslash or NUL once decoded.
std::optional<std::string> relative_path(std::string_view path) {
  std::string relative;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const auto name = percent_decoded(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
    if (!name || name->starts_with('.') || name->find_first_of(std::string_view("/\\\0", 3)) != std::string::npos)
      return std::nullopt;
    if (!name->empty())
      relative += (relative.empty() ? "" : "/") + *name;
  }
  return relative;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// Calls visit(item) for each item of a comma-separated header.
template <typename Visit>
void for_each_item(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (const std::string_view item = trimmed(list.substr(0, end)); !item.empty())
      visit(item);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == y; });
}

/// "1", "0.5", "0.250" in thousandths; nullopt for what is no quality value (RFC 9110, 12.4.2).
std::optional<int> quality(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int value = (text[0] - '0') * 1000;
  int unit = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value <= 1000 ? std::optional(value) : std::nullopt;
}

/// How welcome a content coding is, in thousandths; 0 = not at all. `coding` is in lower case.
int welcome(std::string_view accept_encoding, std::string_view coding) {
  std::optional<int> named, any;
  for_each_item(accept_encoding, [&](std::string_view item) {
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = trimmed(item.substr(0, semicolon));
    int value = 1000;
    if (semicolon < item.size()) {
      const std::string_view parameter = trimmed(item.substr(semicolon + 1));
      value = parameter.size() > 2 && equal_ignoring_case(parameter.substr(0, 2), "q=")
                  ? quality(parameter.substr(2)).value_or(0)
                  : 0;
    }
    if (equal_ignoring_case(name, coding) || (coding == "gzip" && equal_ignoring_case(name, "x-gzip")))
      named = value;
    else if (name == "*")
      any = value;
  });
  return named.value_or(any.value_or(0));
}

/// Weak comparison, as If-None-Match asks for.
bool lists_tag(std::string_view list, std::string_view etag) {
  bool found = false;
  for_each_item(list, [&](std::string_view item) {
    found = found || item == "*" || item == etag || (item.starts_with("W/") && item.substr(2) == etag);
  });
  return found;
}

struct ByteRange {
  std::uint64_t first, last;  ///< inclusive
};

enum class RangeKind { none, one, unsatisfiable };

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(value)
                                                                                   : std::nullopt;
}

/// One range of bytes. Several ranges are as if nothing had been asked for, which RFC 9110, 14.2 leaves to the server;
/// httplib itself refuses headers that it cannot read with 416.
RangeKind parse_range(std::string_view header, std::uint64_t size_bytes, ByteRange& range) {
  header = trimmed(header);
  if (header.size() < 6 || !equal_ignoring_case(header.substr(0, 6), "bytes="))
    return RangeKind::none;
  header = trimmed(header.substr(6));
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos)
    return RangeKind::none;
  const std::string_view left = header.substr(0, dash), right = header.substr(dash + 1);
  const auto first = number(left), last = number(right);
  if (left.empty()) {
    if (!last)
      return RangeKind::none;
    if (*last == 0 || size_bytes == 0)
      return RangeKind::unsatisfiable;
    range = {size_bytes - std::min(*last, size_bytes), size_bytes - 1};
    return RangeKind::one;
  }
  if (!first || (!right.empty() && (!last || *last < *first)))
    return RangeKind::none;
  if (*first >= size_bytes)
    return RangeKind::unsatisfiable;
  range = {*first, std::min(last.value_or(size_bytes - 1), size_bytes - 1)};
  return RangeKind::one;
}

// ------------------------------------------------------------------------------------------------------------- files

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : m_number(number) {}
  Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(m_number, other.m_number);
    return *this;
  }
  ~Descriptor() {
    if (m_number >= 0)
      ::close(m_number);
  }
  [[nodiscard]] int get() const { return m_number; }
  explicit operator bool() const { return m_number >= 0; }

 private:
  int m_number;
};

/// Where an open file really stands, every symbolic link followed.
std::string real_path(const Descriptor& file) {
  std::error_code error;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(file.get()), error).string();
}

struct File {
  Descriptor descriptor;
  std::uint64_t size_bytes = 0;
  std::string etag;  ///< with its quotes
};

/// ETags of file contents. A file that is the same by device, number, size and times has the same content.
class Tags {
 public:
  /// nullopt when the file cannot be read.
  std::optional<std::string> of(const Descriptor& file, const struct stat& state) {
    const Key key{state.st_dev,          state.st_ino,         state.st_size,        state.st_mtim.tv_sec,
                  state.st_mtim.tv_nsec, state.st_ctim.tv_sec, state.st_ctim.tv_nsec};
    {
      const std::lock_guard lock(m_mutex);
      if (const auto known = m_tags.find(key); known != m_tags.end())
        return known->second;
    }
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(state.st_size));
    for (std::size_t at = 0; at < bytes.size();) {
      const ssize_t count = ::pread(file.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0)
        return std::nullopt;
      at += static_cast<std::size_t>(count);
    }
    std::string tag = '"' + to_hex(file_hash(bytes)) + '"';
    const std::lock_guard lock(m_mutex);
    // A site that is built again and again must not fill the memory with tags of files that are gone.
    constexpr std::size_t max_tags = 1U << 16U;
    if (m_tags.size() >= max_tags)
      m_tags.clear();
    m_tags[key] = tag;
    return tag;
  }

 private:
  using Key = std::tuple<dev_t, ino_t, off_t, time_t, long, time_t, long>;
  std::mutex m_mutex;
  std::map<Key, std::string> m_tags;
};

/// One site folder, as it stood when the request came: a build may exchange it meanwhile.
class Folder {
 public:
  Folder(const fs::path& site, Tags& tags)
      : m_folder(::open(site.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)), m_tags(tags) {
    if (m_folder)
      m_real_path = real_path(m_folder);
  }

  explicit operator bool() const { return static_cast<bool>(m_folder); }

  /// nullopt when there is no such regular file inside the folder.
  [[nodiscard]] std::optional<File> open(const std::string& relative) const {
    // Without O_NONBLOCK a named pipe in the folder would hold this thread for ever.
    Descriptor file(::openat(m_folder.get(), relative.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat state {};
    if (!file || ::fstat(file.get(), &state) != 0 || !S_ISREG(state.st_mode))
      return std::nullopt;
    if (!real_path(file).starts_with(m_real_path == "/" ? m_real_path : m_real_path + '/'))
      return std::nullopt;
    auto tag = m_tags.of(file, state);
    if (!tag)
      return std::nullopt;
    return File{std::move(file), static_cast<std::uint64_t>(state.st_size), std::move(*tag)};
  }

 private:
  Descriptor m_folder;
  std::string m_real_path;
  Tags& m_tags;
};

std::string_view content_type(std::string_view path) {
  constexpr std::pair<std::string_view, std::string_view> types[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".wasm", "application/wasm"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/vnd.microsoft.icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".md", "text/markdown; charset=utf-8"},
      {".xml", "application/xml"},
  };
  for (const auto& [ending, type] : types)
    if (path.ends_with(ending))
      return type;
  return "application/octet-stream";
}

/// "11/index-0123456789abcdef01234567.bin": the name says the content, so the content never changes.
bool has_hash_in_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  const std::size_t dot = path.find('.');
  constexpr std::size_t hash_digits = 2 * sizeof(FileHash);
  if (dot == std::string_view::npos || dot < hash_digits + 1 || path[dot - hash_digits - 1] != '-')
    return false;
  return path.substr(dot - hash_digits, hash_digits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string_view cache_control(std::string_view path) {
  if ((path.starts_with("data/") || path.starts_with("logo-")) && has_hash_in_name(path))
    return "public, max-age=31536000, immutable";
  if (path == "data/manifest.json")
    return "public, max-age=0, s-maxage=60, stale-if-error=604800";
  if (path.ends_with(".html"))
    return "public, max-age=300, stale-while-revalidate=86400";
  // Scripts, styles and the module belong together and have no hash in their names: a browser asks each time, and gets
  // 304. That includes sw.js, which must never be kept.
  return "no-cache";
}

bool is_for_every_origin(std::string_view path) {
  return path.starts_with("data/") || path.ends_with(".js") || path.ends_with(".wasm") || path == "openapi.json";
}

// ---------------------------------------------------------------------------------------------------------- answers

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

void say(httplib::Response& response, int status, std::string_view text, std::string_view type = plain_text) {
  response.status = status;
  response.set_header("Cache-Control", "no-store");
  response.set_content(std::string(text), std::string(type));
}

/// Streams bytes first to last of the file. Nothing of httplib's own compresses a body that comes from a provider.
void send(httplib::Response& response, File file, ByteRange range, std::string_view type) {
  const std::uint64_t size_bytes = range.last - range.first + 1;
  const auto shared = std::make_shared<Descriptor>(std::move(file.descriptor));
  response.set_content_provider(
      size_bytes, std::string(type),
      [shared, first = range.first](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        std::array<char, 65536> block;
        const ssize_t count =
            ::pread(shared->get(), block.data(), std::min(block.size(), length), static_cast<off_t>(first + offset));
        // The file has been cut short since its size was read: the connection is closed before the promised length.
        return count > 0 && sink.write(block.data(), static_cast<std::size_t>(count));
      });
}

/// The file that a path without query stands for, and the name that it was found under.
std::optional<std::pair<std::string, File>> find(const Folder& folder, const std::string& relative,
                                                 bool ends_in_slash) {
  std::vector<std::string> names;
  if (relative.empty())
    names = {"index.html"};
  else if (ends_in_slash)
    names = {relative + "/index.html"};
  else
    names = {relative, relative + ".html", relative + "/index.html"};
  for (std::string& name : names)
    if (auto file = folder.open(name))
      return std::pair(std::move(name), std::move(*file));
  return std::nullopt;
}

void answer_file(const httplib::Request& request, httplib::Response& response, const Folder& folder,
                 const std::string& name, File file) {
  const std::string_view type = content_type(name);
  response.set_header("Cache-Control", std::string(cache_control(name)));
  response.set_header("Vary", "Accept-Encoding");
  response.set_header("Accept-Ranges", "bytes");
  if (is_for_every_origin(name))
    response.set_header("Access-Control-Allow-Origin", "*");

  ByteRange range{0, file.size_bytes - 1};
  RangeKind kind = RangeKind::none;
  if (request.has_header("Range") &&
      (!request.has_header("If-Range") || request.get_header_value("If-Range") == file.etag))
    kind = parse_range(request.get_header_value("Range"), file.size_bytes, range);

  // Offsets of a range are those of the file itself, so a range is never taken from a compressed variant.
  if (kind == RangeKind::none) {
    const std::string accepted = request.get_header_value("Accept-Encoding");
    const int br = welcome(accepted, "br"), gzip = welcome(accepted, "gzip");
    std::vector<std::pair<const char*, const char*>> wanted;
    if (br > 0)
      wanted.emplace_back(".br", "br");
    if (gzip > 0)
      wanted.insert(gzip > br ? wanted.begin() : wanted.end(), {".gz", "gzip"});
    for (const auto& [ending, coding] : wanted)
      if (auto variant = folder.open(name + ending)) {
        file = std::move(*variant);
        response.set_header("Content-Encoding", coding);
        break;
      }
    range = {0, file.size_bytes - 1};
  }

  response.set_header("ETag", file.etag);
  if (lists_tag(request.get_header_value("If-None-Match"), file.etag)) {
    response.status = 304;
    response.set_header("Content-Length", std::to_string(file.size_bytes));
    return;
  }
  if (kind == RangeKind::unsatisfiable) {
    response.set_header("Content-Range", "bytes */" + std::to_string(file.size_bytes));
    response.headers.erase("Cache-Control");
    return say(response, 416, "Plage d'octets hors du fichier.\n");
  }
  response.status = kind == RangeKind::one ? 206 : 200;
  if (kind == RangeKind::one)
    response.set_header("Content-Range", "bytes " + std::to_string(range.first) + '-' + std::to_string(range.last) +
                                             '/' + std::to_string(file.size_bytes));
  if (file.size_bytes == 0)
    response.set_content("", std::string(type));
  else
    send(response, std::move(file), range, type);
}

class Responder {
 public:
  explicit Responder(const ServeOptions& options) : m_options(options) {}

  void answer(const httplib::Request& request, httplib::Response& response) {
    response.set_header("X-Content-Type-Options", "nosniff");
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find_first_of("?#"));
    if (m_options.api && path.starts_with("/api/"))
      return answer_api(request, target.substr(0, target.find('#')), response);
    if (request.method != "GET" && request.method != "HEAD") {
      response.set_header("Allow", "GET, HEAD");
      // A body that came along is not read, so the next request would begin in the middle of it.
      response.set_header("Connection", "close");
      return say(response, 405,
                 "M\xC3\xA9thode non accept\xC3\xA9"
                 "e : ce site se lit avec GET ou HEAD.\n");
    }
    const Folder folder(m_options.site, m_tags);
    if (!folder)
      return say(response, 503, "Le dossier du site a disparu : publiez-le de nouveau.\n");
    if (path.starts_with('/'))
      if (const auto relative = relative_path(path))
        if (auto found = find(folder, *relative, path.ends_with('/')))
          return answer_file(request, response, folder, found->first, std::move(found->second));
    say(response, 404, "Cette page n'existe pas. L'accueil est \xC3\xA0 l'adresse /.\n");
  }

 private:
  void answer_api(const httplib::Request& request, std::string_view target, httplib::Response& response) const {
    response.set_header("Access-Control-Allow-Origin", "*");
    if (request.method != "GET" && request.method != "HEAD")
      response.set_header("Connection", "close");
    if (request.method == "OPTIONS") {
      response.status = 204;
      response.set_header("Allow", "GET, HEAD");
      response.set_header("Access-Control-Allow-Methods", "GET, HEAD");
      response.set_header("Access-Control-Allow-Headers", "*");
      return;
    }
    const std::string own = "http://" + request.get_header_value("Host") + "/";
    const ApiAnswer answer =
        m_options.api(request.method, target, request.get_header_value("Referer").starts_with(own));
    say(response, answer.status, answer.body, "application/json; charset=utf-8");
  }

  const ServeOptions& m_options;
  Tags m_tags;
};

// ---------------------------------------------------------------------------------------------------------- process

/// Stops the server when SIGINT or SIGTERM comes.
class Stopper {
 public:
  /// From here on the two signals reach only this object, whichever thread they are sent to.
  Stopper() {
    ::sigemptyset(&m_signals);
    ::sigaddset(&m_signals, SIGINT);
    ::sigaddset(&m_signals, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
  }

  void watch(httplib::Server& server) {
    m_thread = std::thread([this, &server] {
      int signal = 0;
      ::sigwait(&m_signals, &signal);
      // stop() does nothing before the server runs, and the server waits for connections that a browser keeps open for
      // its next request: after a moment that is enough for answers under way, the process ends without them.
      constexpr int turns = 50;
      for (int turn = 0; turn < turns && !m_ended; ++turn) {
        server.stop();
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      if (!m_ended)
        std::_Exit(static_cast<int>(Exit::done));
    });
  }

  ~Stopper() {
    m_ended = true;
    if (m_thread.joinable()) {
      ::pthread_kill(m_thread.native_handle(), SIGINT);
      m_thread.join();
    }
  }

 private:
  sigset_t m_signals{};
  std::atomic<bool> m_ended{false};
  std::thread m_thread;
};

int bind(httplib::Server& server, const ServeOptions& options) {
  errno = 0;
  const int port = options.port == 0                                 ? server.bind_to_any_port(options.host)
                   : server.bind_to_port(options.host, options.port) ? int{options.port}
                                                                     : -1;
  if (port > 0)
    return port;
  const int error = errno;
  const std::string where = options.host + " port " + std::to_string(options.port);
  if (error == EADDRINUSE)
    throw Failure(Exit::failed, "another program listens on " + where +
                                    " already: choose another --port, or --port 0 for any free one");
  if (error == EACCES)
    throw Failure(Exit::failed, "not allowed to listen on " + where + ": choose a --port above 1023");
  throw Failure(Exit::failed, "cannot listen on " + where + ": check that --host is an address of this machine");
}

}  // namespace

Exit serve(const ServeOptions& options) {
  if (const fs::path manifest = options.site / "data" / "manifest.json"; !fs::exists(manifest))
    throw Failure(Exit::failed, options.site.string() + " holds no site: " + manifest.string() +
                                    " is missing; name the folder that 'balise build --out' wrote");
  Responder responder(options);
  httplib::Server server;
  // The default is SO_REUSEPORT, with which two servers share a port silently.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  // A browser keeps six connections, each of which holds a thread while it is open.
  constexpr std::size_t threads = 32;
  server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
  server.set_keep_alive_max_count(1000);
  server.set_tcp_nodelay(true);
  server.set_pre_routing_handler([&responder](const httplib::Request& request, httplib::Response& response) {
    // httplib would cut what we answer to the ranges a second time. The object behind the reference is not const.
    const_cast<httplib::Request&>(request).ranges.clear();
    responder.answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  const int port = bind(server, options);
  Stopper stopper;
  stopper.watch(server);
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  std::cout << "http://" << (is_ipv6 ? "[" + options.host + "]" : options.host) << ':' << port << "/" << std::endl;
  if (!server.listen_after_bind())
    throw Failure(Exit::failed, "the server stopped listening on port " + std::to_string(port) + ": start it again");
  return Exit::done;
}

}  // namespace balise
