#include "generator/fetch/fetch.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/input/json_objects.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::json;

constexpr std::uint64_t max_page_bytes = 64U << 20U;
constexpr std::uint64_t max_token_bytes = 1U << 20U;
constexpr std::uint64_t max_header_bytes = 64U << 10U;
constexpr unsigned max_pages = 100'000;
constexpr unsigned max_redirects = 5;

/// One request that failed.
struct Trouble {
  std::string what;
  bool may_pass = true;  ///< worth another try
  double wait_s = 0;     ///< that the server asks for
};

[[noreturn]] void give_up(std::string what) {
  throw Trouble{std::move(what), false, 0};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](char c) { return lower(c); });
  return low;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  return text;
}

/// The value of a variable that the config names.
std::string secret_of(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    throw FetchFailure("the environment variable " + name + ", which the config names, is not set");
  const std::string secret(trimmed(value));
  if (std::any_of(secret.begin(), secret.end(), [](char c) { return c <= ' ' || c > '~'; }))
    throw FetchFailure("the environment variable " + name + " holds characters that no token has");
  return secret;
}

// ---------------------------------------------------------------------------------------------------------- addresses

struct CurlFree {
  void operator()(char* text) const { curl_free(text); }
};

class Url {
 public:
  explicit Url(const std::string& text) : m_url(curl_url(), curl_url_cleanup) {
    if (!m_url)
      throw std::bad_alloc();
    if (curl_url_set(m_url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK)
      give_up("an address that cannot be read");
  }
  /// Follows a relative or absolute reference.
  void follow(const std::string& reference) {
    if (curl_url_set(m_url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK)
      give_up("the server names an address that cannot be read");
  }
  void append_query(const std::string& part) {
    if (curl_url_set(m_url.get(), CURLUPART_QUERY, part.c_str(), CURLU_APPENDQUERY) != CURLUE_OK)
      throw std::bad_alloc();
  }
  [[nodiscard]] std::string text() const { return part(CURLUPART_URL, 0); }
  [[nodiscard]] std::string scheme() const { return lower(part(CURLUPART_SCHEME, 0)); }
  [[nodiscard]] std::string host() const { return lower(part(CURLUPART_HOST, 0)); }
  [[nodiscard]] std::string port() const { return part(CURLUPART_PORT, CURLU_DEFAULT_PORT); }
  [[nodiscard]] bool names_user() const { return !part(CURLUPART_USER, 0).empty(); }

 private:
  [[nodiscard]] std::string part(CURLUPart which, unsigned flags) const {
    char* text = nullptr;
    if (curl_url_get(m_url.get(), which, &text, flags) != CURLUE_OK)
      return {};
    const std::unique_ptr<char, CurlFree> owned(text);
    return text;
  }
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> m_url;
};

/// The same host and port; http may become https on the usual ports, never the other way round.
void check_stays(const Url& from, const Url& to) {
  const bool is_same = from.scheme() == to.scheme() && from.port() == to.port();
  const bool is_upgrade =
      from.scheme() == "http" && to.scheme() == "https" && from.port() == "80" && to.port() == "443";
  if (from.host() != to.host() || to.names_user() || !(is_same || is_upgrade))
    give_up("the server leads to another place (" + to.scheme() + "://" + to.host() + ":" + to.port() +
            "); name that address in the config if it is right");
}

// ------------------------------------------------------------------------------------------------------- one request

struct Answer {
  long status = 0;
  std::string etag, last_modified, content_type, content_range, content_encoding, link, location;
  double retry_after_s = 0;
};

struct Request {
  std::string url;
  std::vector<std::string> headers;
  std::optional<std::string> form;  ///< a POST
  /// Takes the body, once the head of the answer is known. False ends the transfer.
  std::function<bool(const Answer&, std::string_view)> take;
};

/// The body is worth nothing unless the status is one of these.
bool has_content(long status) {
  return status == 200 || status == 206;
}

class Connection {
 public:
  Connection(const FetchRules& rules, Clock::time_point deadline)
      : m_rules(rules), m_deadline(deadline), m_curl(curl_easy_init(), curl_easy_cleanup) {
    if (!m_curl)
      throw std::bad_alloc();
  }

  /// Throws Trouble where no whole answer came; what `take` was given until then stays with it. An answer of any status
  /// is returned.
  Answer perform(const Request& request) {
    CURL* const curl = m_curl.get();
    curl_easy_reset(curl);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_deadline - Clock::now()).count();
    if (left <= 0)
      give_up("it took longer than fetch.total_seconds");
    Running running{request, {}, 0, Clock::now(), m_rules.stall_seconds, {}};
    curl_slist* list = nullptr;
    for (const std::string& header : request.headers)
      list = curl_slist_append(list, header.c_str());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(list, curl_slist_free_all);
    char reason[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "balise");
    // As the curl program does; the library by itself knows the certificates of the system only.
    for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"})
      if (const char* file = std::getenv(name); file != nullptr && *file != '\0') {
        curl_easy_setopt(curl, CURLOPT_CAINFO, file);
        break;
      }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(m_rules.connect_seconds * 1000));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(left));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &Connection::on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &running);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Connection::on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &running);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Connection::on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
    if (request.form) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form->size()));
      curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.form->c_str());
    }
    const CURLcode code = curl_easy_perform(curl);
    if (running.failure)
      std::rethrow_exception(running.failure);
    if (code == CURLE_OK)
      return running.answer;
    // libcurl's own words may quote what the server sent: only the kind of error is told.
    if (code == CURLE_ABORTED_BY_CALLBACK)
      throw Trouble{"nothing came for fetch.stall_seconds", true, 0};
    if (code == CURLE_OPERATION_TIMEDOUT && Clock::now() >= m_deadline)
      give_up("it took longer than fetch.total_seconds");
    if (code == CURLE_OPERATION_TIMEDOUT)
      throw Trouble{"no connection within fetch.connect_seconds", true, 0};
    if (code == CURLE_PARTIAL_FILE)
      throw Trouble{"the body is cut short", true, 0};
    if (code == CURLE_GOT_NOTHING)
      throw Trouble{"the server closed the connection without an answer", true, 0};
    throw Trouble{std::string("the transfer failed (") + curl_easy_strerror(code) + ")", true, 0};
  }

 private:
  struct Running {
    const Request& request;
    Answer answer;
    std::uint64_t header_bytes;
    Clock::time_point last_byte;
    double stall_s;
    std::exception_ptr failure;
    curl_off_t seen = 0;
  };

  static int on_progress(void* data, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) {
    auto& running = *static_cast<Running*>(data);
    if (received + sent != running.seen) {
      running.seen = received + sent;
      running.last_byte = Clock::now();
    }
    return std::chrono::duration<double>(Clock::now() - running.last_byte).count() > running.stall_s ? 1 : 0;
  }

  static std::size_t on_header(char* text, std::size_t, std::size_t size, void* data) {
    auto& running = *static_cast<Running*>(data);
    running.last_byte = Clock::now();
    running.header_bytes += size;
    if (running.header_bytes > max_header_bytes)
      return 0;
    const std::string_view line = trimmed({text, size});
    Answer& answer = running.answer;
    if (line.starts_with("HTTP/")) {
      // Of several heads (100 Continue) the last one counts.
      answer = Answer{};
      if (const std::size_t space = line.find(' '); space != std::string_view::npos)
        answer.status = std::strtol(std::string(line.substr(space + 1, 3)).c_str(), nullptr, 10);
      return size;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
      return size;
    const std::string name = lower(line.substr(0, colon));
    const std::string value(trimmed(line.substr(colon + 1)));
    if (name == "etag")
      answer.etag = value;
    else if (name == "last-modified")
      answer.last_modified = value;
    else if (name == "content-type")
      answer.content_type = lower(value);
    else if (name == "content-range")
      answer.content_range = value;
    else if (name == "content-encoding")
      answer.content_encoding = lower(value);
    else if (name == "link")
      answer.link += (answer.link.empty() ? "" : ", ") + value;
    else if (name == "location")
      answer.location = value;
    else if (name == "retry-after")
      answer.retry_after_s = seconds_of(value);
    return size;
  }

  /// Seconds, or a date.
  static double seconds_of(const std::string& value) {
    constexpr double longest = 1e6;
    char* end = nullptr;
    const double seconds = std::strtod(value.c_str(), &end);
    if (end != value.c_str() && *end == '\0')
      return std::clamp(seconds, 0.0, longest);
    const std::time_t date = curl_getdate(value.c_str(), nullptr);
    if (date < 0)
      return 0;
    return std::clamp(std::difftime(date, std::time(nullptr)), 0.0, longest);
  }

  static std::size_t on_body(char* text, std::size_t, std::size_t size, void* data) {
    auto& running = *static_cast<Running*>(data);
    running.last_byte = Clock::now();
    if (!has_content(running.answer.status))
      return size;
    try {
      return running.request.take(running.answer, {text, size}) ? size : 0;
    } catch (...) {
      running.failure = std::current_exception();
      return 0;
    }
  }

  const FetchRules& m_rules;
  Clock::time_point m_deadline;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> m_curl;
};

// -------------------------------------------------------------------------------------------------------- a source

/// A page in memory, for JsonObjects.
class TextStream final : public InputStream {
 public:
  explicit TextStream(std::string_view text) : m_text(text) {}
  std::size_t read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), m_text.size() - m_at);
    std::memcpy(buffer.data(), m_text.data() + m_at, count);
    m_at += count;
    return count;
  }
  [[nodiscard]] std::uint64_t position_bytes() const override { return m_at; }
  [[nodiscard]] std::uint64_t size_bytes() const override { return m_text.size(); }

 private:
  std::string_view m_text;
  std::size_t m_at = 0;
};

/// "bytes 100-199/200", "offres 0-149/12114"; total is nullopt for "*".
struct ContentRange {
  std::uint64_t first = 0, last = 0;
  std::optional<std::uint64_t> total;
};

std::optional<std::uint64_t> number_of(std::string_view text) {
  constexpr std::size_t most_digits = 15;
  if (text.empty() || text.size() > most_digits)
    return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
  const std::size_t space = text.find(' '), slash = text.find('/');
  if (space == std::string_view::npos || slash == std::string_view::npos || slash < space)
    return std::nullopt;
  const std::string_view range = trimmed(text.substr(space, slash - space));
  const std::string_view total = trimmed(text.substr(slash + 1));
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos)
    return std::nullopt;
  const auto first = number_of(range.substr(0, dash)), last = number_of(range.substr(dash + 1));
  if (!first || !last || *last < *first || (total != "*" && !number_of(total)))
    return std::nullopt;
  return ContentRange{*first, *last, number_of(total)};
}

/// The address of rel="next" in a Link header (RFC 8288), or empty.
std::string next_of_link(std::string_view link) {
  while (!link.empty()) {
    const std::size_t open = link.find('<'), close = link.find('>');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
      return {};
    const std::string address(link.substr(open + 1, close - open - 1));
    link.remove_prefix(close + 1);
    const std::string parameters = lower(link.substr(0, link.find('<')));
    if (parameters.find("rel=\"next\"") != std::string::npos || parameters.find("rel=next") != std::string::npos)
      return address;
  }
  return {};
}

bool is_strong(const std::string& etag) {
  return etag.size() >= 2 && etag.front() == '"';
}

bool begins_as_html(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

class Source {
 public:
  Source(const std::string& url, const Remote& remote, const FetchRules& rules)
      : m_url(url),
        m_remote(remote),
        m_rules(rules),
        m_deadline(Clock::now() +
                   std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(rules.total_seconds))),
        m_connection(rules, m_deadline),
        m_random(std::random_device{}()) {
    if (!remote.auth.bearer_env.empty())
      m_token = secret_of(remote.auth.bearer_env);
  }

  Fetched fetch_whole(const Validators& known, const fs::path& file) {
    std::uint64_t have = 0;  // bytes of the body in `file`
    Validators part;         // of those
    const Answer answer = with_retries([&] {
      std::vector<std::string> headers{"Accept: application/json, */*;q=0.5"};
      const std::string same = is_strong(part.etag) ? part.etag : part.last_modified;
      const bool resumes = have > 0 && !same.empty();
      if (resumes) {
        headers.push_back("Range: bytes=" + std::to_string(have) + "-");
        headers.push_back("If-Range: " + same);
      } else {
        have = 0;
        part = {};
        if (!known.etag.empty())
          headers.push_back("If-None-Match: " + known.etag);
        if (!known.last_modified.empty())
          headers.push_back("If-Modified-Since: " + known.last_modified);
      }
      std::optional<FileAppender> out;
      bool is_over = false, is_other_part = false;
      std::optional<std::uint64_t> total;
      const auto take = [&](const Answer& head, std::string_view bytes) {
        if (!out) {
          const auto range = parse_content_range(head.content_range);
          if (head.status == 206 && (!resumes || !range || range->first != have)) {
            is_other_part = true;
            return false;
          }
          if (head.status == 206) {
            total = range->total;
            out.emplace(file, FileAppender::Mode::append);
          } else {
            have = 0;
            part = {head.etag, head.last_modified};
            out.emplace(file);
          }
        }
        if (have + bytes.size() > m_remote.max_bytes) {
          is_over = true;
          return false;
        }
        have += bytes.size();
        m_fetched.bytes += bytes.size();
        out->append({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        return true;
      };
      Answer got;
      try {
        got = request(m_url, headers, take);
      } catch (const Trouble&) {
        if (out)
          out->close();
        if (is_over)
          give_up_over_size();
        if (is_other_part) {
          have = 0;
          throw Trouble{"the server sent another part than was asked for", true, 0};
        }
        throw;
      }
      if (out)
        out->close();
      if (got.status == 416) {
        have = 0;
        throw Trouble{"the server does not resume the transfer", true, 0};
      }
      if (got.status == 304 && !known.is_none() && !resumes)
        return got;
      if (!has_content(got.status))
        fail_status(got);
      try {
        if (total && *total != have)
          throw Trouble{"the body is cut short", true, 0};
        check_body(got, have, file);
      } catch (const Trouble&) {
        have = 0;
        throw;
      }
      return got;
    });
    m_fetched.is_unchanged = answer.status == 304;
    m_fetched.validators = m_fetched.is_unchanged ? known : part;
    return m_fetched;
  }

  Fetched fetch_pages(const fs::path& file) {
    FileAppender out(file);
    std::set<std::string> seen;
    std::uint64_t first = 0, kept_bytes = 0;
    std::string url = m_url;
    bool has_more = true;
    unsigned page = 0;
    for (; has_more; ++page) {
      if (page == max_pages || !seen.insert(url).second)
        throw FetchFailure("the pages never end: the server names one twice, or too many of them");
      Url asked(url);
      const std::uint64_t last = first + m_remote.page_size - 1;
      if (m_remote.paging == Paging::range) {
        asked.append_query("range=" + std::to_string(first) + "-" + std::to_string(last));
        seen.clear();
      }
      std::string body, lines, next;
      const Answer answer = with_retries([&] {
        body.clear();
        bool is_over = false;
        Answer got;
        try {
          got = request(asked.text(), {"Accept: application/json", "Accept-Encoding: identity"},
                        [&](const Answer&, std::string_view bytes) {
                          is_over = body.size() + bytes.size() > max_page_bytes ||
                                    kept_bytes + body.size() + bytes.size() > m_remote.max_bytes;
                          if (!is_over)
                            body += bytes;
                          m_fetched.bytes += bytes.size();
                          return !is_over;
                        });
        } catch (const Trouble&) {
          if (is_over)
            give_up_over_size();
          throw;
        }
        if (got.status == 204 && page > 0)
          return got;
        if (got.status != 204 && !has_content(got.status))
          fail_status(got);
        check_page(got, body);
        if (m_remote.paging == Paging::range && got.status == 206) {
          const auto range = parse_content_range(got.content_range);
          if (!range || range->first != first || range->last > last)
            throw Trouble{"a page has no Content-Range, or not the one that was asked for", true, 0};
        }
        if (m_remote.paging == Paging::range && got.status == 200 && page > 0)
          throw Trouble{"a page is the whole source, not the range that was asked for", true, 0};
        lines.clear();
        if (m_remote.paging == Paging::range)
          add_records(body, lines);
        else
          next = add_list(body, lines);
        return got;
      });
      kept_bytes += body.size();
      if (answer.status == 204)
        break;
      out.append({reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()});
      if (m_remote.paging == Paging::range) {
        const auto range = parse_content_range(answer.content_range);
        has_more = answer.status == 206 && (range->total ? *range->total > range->last + 1 : range->last == last);
        first = range ? range->last + 1 : 0;
      } else {
        const std::string link = next.empty() ? next_of_link(answer.link) : next;
        has_more = !link.empty();
        if (has_more) {
          try {
            Url to(url);
            to.follow(link);
            check_stays(Url(m_url), to);
            url = to.text();
          } catch (const Trouble& trouble) {
            throw FetchFailure(trouble.what);
          }
        }
      }
    }
    out.close();
    if (fs::file_size(file) == 0)
      throw FetchFailure("its pages hold no record");
    return m_fetched;
  }

 private:
  /// Calls once() until it succeeds, or fails for good.
  template <typename Once>
  Answer with_retries(const Once& once) {
    bool has_new_token = false;
    for (unsigned turn = 0;; ++turn) {
      try {
        if (!m_remote.auth.token_url.empty() && Clock::now() >= m_token_end)
          take_token();
        Answer answer = once();
        if (answer.status != 401)
          return answer;
        throw Trouble{"the server answers 401", false, 0};
      } catch (const Trouble& trouble) {
        // A token may end before its time.
        if (!m_remote.auth.token_url.empty() && trouble.what.ends_with(" 401") && !has_new_token) {
          has_new_token = true;
          m_token_end = {};
          continue;
        }
        const bool is_last = turn == m_rules.retries;
        if (!trouble.may_pass || trouble.wait_s > m_rules.max_wait_seconds || is_last)
          throw FetchFailure(trouble.what + (trouble.wait_s > m_rules.max_wait_seconds
                                                 ? ", and asks for a longer wait than fetch.max_wait_seconds"
                                             : turn > 0 ? ", after " + std::to_string(turn + 1) + " tries"
                                                        : std::string()));
        wait(turn, trouble.wait_s);
      }
    }
  }

  void wait(unsigned turn, double asked_s) {
    const double share = std::uniform_real_distribution<double>(0.5, 1.5)(m_random);
    const double backoff_s = m_rules.backoff_seconds * static_cast<double>(1U << std::min(turn, 10U)) * share;
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                                        std::max(asked_s, std::min(backoff_s, m_rules.max_wait_seconds))));
    if (end >= m_deadline)
      throw FetchFailure("it would take longer than fetch.total_seconds");
    std::this_thread::sleep_until(end);
  }

  /// One request with its redirects.
  Answer request(const std::string& url, std::vector<std::string> headers,
                 const std::function<bool(const Answer&, std::string_view)>& take) {
    if (!m_token.empty())
      headers.push_back("Authorization: Bearer " + m_token);
    Url to(url);
    for (unsigned turn = 0; turn <= max_redirects; ++turn) {
      ++m_fetched.requests;
      Answer answer = m_connection.perform({to.text(), headers, std::nullopt, take});
      const bool is_redirect = answer.status >= 301 && answer.status <= 308 && answer.status != 304 &&
                               answer.status != 305 && answer.status != 306;
      if (!is_redirect)
        return answer;
      to.follow(answer.location);
      check_stays(Url(url), to);
    }
    give_up("the server redirects more than " + std::to_string(max_redirects) + " times");
  }

  [[noreturn]] static void fail_status(const Answer& answer) {
    const bool may_pass = answer.status >= 500 || answer.status == 429 || answer.status == 408;
    throw Trouble{"the server answers " + std::to_string(answer.status), may_pass, answer.retry_after_s};
  }

  [[noreturn]] void give_up_over_size() const {
    give_up("it is larger than its max_mb (" + std::to_string(m_remote.max_bytes >> 20U) +
            ") allows, or one page of it larger than 64 MB");
  }

  static void check_page(const Answer& answer, std::string_view body) {
    if (answer.content_type.starts_with("text/html") || begins_as_html(body))
      throw Trouble{"the answer is an HTML page", true, 0};
    if (body.find_first_not_of(" \t\r\n") == std::string_view::npos)
      throw Trouble{"the answer is empty", true, 0};
  }

  static void check_body(const Answer& answer, std::uint64_t bytes, const fs::path& file) {
    if (bytes == 0)
      throw Trouble{"the answer is empty", true, 0};
    if (!answer.content_encoding.empty() && answer.content_encoding != "identity" &&
        answer.content_encoding != "gzip" && answer.content_encoding != "zstd")
      give_up("the answer has an encoding that was not asked for");
    std::string head(4096, '\0');
    try {
      head.resize(open_input(file)->read(head));
    } catch (const Failure&) {
      throw Trouble{"the answer is damaged", true, 0};
    }
    check_page(answer, head);
  }

  /// The records of a page, one a line.
  static void add_records(std::string_view body, std::string& lines) {
    TextStream stream(body);
    try {
      JsonObjects objects(stream, "page");
      while (const auto text = objects.next())
        lines.append(*text) += '\n';
    } catch (const Failure&) {
      throw Trouble{"a page is no JSON, or cut short", true, 0};
    }
  }

  /// The same of a page that is a list, or an object with one list; gives the address of its `next`, or nothing.
  static std::string add_list(const std::string& body, std::string& lines) {
    const Json page = Json::parse(body, nullptr, false);
    const Json* list = page.is_array() ? &page : nullptr;
    std::string next;
    if (page.is_object()) {
      unsigned lists = 0;
      for (const auto& [key, value] : page.items()) {
        if (value.is_array()) {
          ++lists;
          list = &value;
        }
      }
      if (lists > 1)
        list = page.contains("resultats") ? &page["resultats"] : nullptr;
      if (const auto found = page.find("next"); found != page.end() && found->is_string())
        next = found->get<std::string>();
    }
    if (list == nullptr || !list->is_array())
      throw Trouble{"a page is no JSON, is cut short, or does not hold exactly one list", true, 0};
    for (const Json& element : *list)
      lines.append(element.dump(-1, ' ', false, Json::error_handler_t::replace)) += '\n';
    return next;
  }

  void take_token() {
    const Auth& auth = m_remote.auth;
    const auto escaped = [](const std::string& text) {
      const std::unique_ptr<char, CurlFree> owned(
          curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())));
      return std::string(owned.get());
    };
    std::string form = "grant_type=client_credentials&client_id=" + escaped(secret_of(auth.client_id_env)) +
                       "&client_secret=" + escaped(secret_of(auth.client_secret_env));
    if (!auth.scope.empty())
      form += "&scope=" + escaped(auth.scope);
    std::string body;
    Answer answer;
    try {
      answer = m_connection.perform({auth.token_url,
                                     {"Content-Type: application/x-www-form-urlencoded", "Accept: application/json"},
                                     form,
                                     [&body](const Answer&, std::string_view bytes) {
                                       body += bytes;
                                       return body.size() <= max_token_bytes;
                                     }});
    } catch (const Trouble& trouble) {
      throw Trouble{"the token server: " + trouble.what, trouble.may_pass, 0};
    }
    if (answer.status != 200)
      throw Trouble{"the token server answers with status " + std::to_string(answer.status),
                    answer.status >= 500 || answer.status == 429, answer.retry_after_s};
    const Json json = Json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("access_token") || !json["access_token"].is_string())
      give_up("the token server gives no access_token");
    m_token = json["access_token"].get<std::string>();
    if (m_token.empty() || std::any_of(m_token.begin(), m_token.end(), [](char c) { return c <= ' ' || c > '~'; }))
      give_up("the token server gives no usable access_token");
    double life_s = 600;
    if (const auto found = json.find("expires_in"); found != json.end() && found->is_number())
      life_s = std::clamp(found->get<double>(), 1.0, 86400.0);
    m_token_end =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(life_s * 0.9));
  }

  std::string m_url;
  const Remote& m_remote;
  const FetchRules& m_rules;
  Clock::time_point m_deadline;
  Connection m_connection;
  std::mt19937 m_random;
  std::string m_token;
  Clock::time_point m_token_end{};
  Fetched m_fetched;
};

}  // namespace

std::string host_of(const std::string& url) {
  try {
    return Url(url).host();
  } catch (const Trouble&) {
    return {};
  }
}

Fetched fetch(const std::string& url, const Remote& remote, const FetchRules& rules, const Validators& known,
              const fs::path& file) {
  static const bool is_ready = [] {
    // A server that closes while it is written to would end the program.
    std::signal(SIGPIPE, SIG_IGN);
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  }();
  if (!is_ready)
    throw FetchFailure("libcurl cannot be started");
  Source source(url, remote, rules);
  return remote.paging == Paging::none ? source.fetch_whole(known, file) : source.fetch_pages(file);
}

}  // namespace balise
