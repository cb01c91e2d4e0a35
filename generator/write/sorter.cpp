#include "generator/write/sorter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include "generator/failure.hpp"

namespace balise {

namespace {

constexpr std::size_t block_bytes = 1U << 20U;
/// For what is read of a piece at a time: seldom, and no memory even for hundreds of pieces.
constexpr std::size_t least_buffer_bytes = 16U << 10U, most_buffer_bytes = 256U << 10U;
/// Before each item: how long key and value are.
constexpr std::size_t head_bytes = 8;

std::uint32_t number_at(const std::uint8_t* at) {
  std::uint32_t number = 0;
  std::memcpy(&number, at, sizeof number);
  return number;
}

Sorter::Item item_at(const std::uint8_t* at) {
  const std::uint32_t key_size = number_at(at), value_size = number_at(at + 4);
  return {{at + head_bytes, key_size}, {at + head_bytes + key_size, value_size}};
}

std::size_t size_of(const Sorter::Item& item) {
  return head_bytes + item.key.size() + item.value.size();
}

std::uint64_t prefix_of(ByteView key) {
  std::uint64_t prefix = 0;
  if (!key.empty())
    std::memcpy(&prefix, key.data(), std::min(key.size(), sizeof prefix));
  if constexpr (std::endian::native == std::endian::little)
    prefix = __builtin_bswap64(prefix);
  return prefix;
}

int compare(ByteView a, ByteView b) {
  const std::size_t both = std::min(a.size(), b.size());
  const int order = both == 0 ? 0 : std::memcmp(a.data(), b.data(), both);
  return order != 0 ? order : a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

bool is_item_before(const Sorter::Item& a, const Sorter::Item& b) {
  const int order = compare(a.key, b.key);
  return order != 0 ? order < 0 : compare(a.value, b.value) < 0;
}

}  // namespace

/// A sorted piece of the file, or what is in memory.
class Sorter::Run {
 public:
  Run(const Sorter& sorter, std::uint64_t begin, std::uint64_t end, std::size_t buffer_bytes)
      : m_sorter(sorter), m_at_in_file(begin), m_end_in_file(end), m_buffer(buffer_bytes) {}

  [[nodiscard]] const Item& item() const { return m_item; }
  [[nodiscard]] std::uint64_t prefix() const { return m_prefix; }

  /// False after the last item.
  bool advance() {
    if (!has(head_bytes))
      return false;
    const std::size_t size = size_of(item_at(m_buffer.data() + m_begin));
    if (!has(size))
      throw Failure(Exit::failed, "a file in " + m_sorter.m_folder.string() + " ends too early; run it again");
    m_item = item_at(m_buffer.data() + m_begin);
    m_prefix = prefix_of(m_item.key);
    m_begin += size;
    return true;
  }

 private:
  /// Whether so many bytes follow; then they are in the buffer.
  bool has(std::size_t count) {
    if (m_end - m_begin >= count)
      return true;
    std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
    m_end -= m_begin;
    m_begin = 0;
    if (m_buffer.size() < count)
      m_buffer.resize(count);
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(m_buffer.size() - m_end, m_end_in_file - m_at_in_file));
    for (const std::size_t end = m_end + wanted; m_end < end;) {
      const ssize_t got =
          ::pread(m_sorter.m_file, m_buffer.data() + m_end, end - m_end, static_cast<off_t>(m_at_in_file));
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        throw Failure(Exit::failed, "cannot read a file in " + m_sorter.m_folder.string() + "; run it again");
      m_at_in_file += static_cast<std::size_t>(got);
      m_end += static_cast<std::size_t>(got);
    }
    return m_end >= count;
  }

  const Sorter& m_sorter;
  std::uint64_t m_at_in_file, m_end_in_file;
  Bytes m_buffer;
  std::size_t m_begin = 0, m_end = 0;
  Item m_item;
  std::uint64_t m_prefix = 0;
};

Sorter::Sorter(std::filesystem::path folder, std::size_t most_bytes)
    : m_folder(std::move(folder)), m_most_bytes(most_bytes) {}

Sorter::~Sorter() {
  clear();
}

void Sorter::clear() {
  m_runs.clear();
  m_places = {};
  m_blocks.clear();
  m_large.clear();
  m_block = m_block_used = m_bytes = m_next = 0;
  m_is_reading = true;
  if (m_file >= 0)
    ::close(m_file);
  m_file = -1;
}

bool Sorter::is_before(const Place& a, const Place& b) {
  return a.prefix != b.prefix ? a.prefix < b.prefix : is_item_before(item_at(a.at), item_at(b.at));
}

std::uint8_t* Sorter::room_for(std::size_t size) {
  if (size > block_bytes) {
    m_large.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(size));
    return m_large.back().get();
  }
  if (m_blocks.empty() || m_block_used + size > block_bytes) {
    if (!m_blocks.empty())
      ++m_block;
    if (m_block == m_blocks.size())
      m_blocks.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(block_bytes));
    m_block_used = 0;
  }
  std::uint8_t* const room = m_blocks[m_block].get() + m_block_used;
  m_block_used += size;
  return room;
}

void Sorter::add(ByteView key, ByteView value) {
  const std::size_t size = head_bytes + key.size() + value.size();
  if (!m_places.empty() && m_bytes + size + sizeof(Place) > m_most_bytes)
    write_run();
  std::uint8_t* const at = room_for(size);
  const auto key_size = static_cast<std::uint32_t>(key.size()), value_size = static_cast<std::uint32_t>(value.size());
  std::memcpy(at, &key_size, sizeof key_size);
  std::memcpy(at + 4, &value_size, sizeof value_size);
  std::copy(key.begin(), key.end(), at + head_bytes);
  std::copy(value.begin(), value.end(), at + head_bytes + key.size());
  m_places.push_back({prefix_of(key), at});
  m_bytes += size + sizeof(Place);
}

void Sorter::sort_places() {
  std::sort(m_places.begin(), m_places.end(), is_before);
}

void Sorter::write_run() {
  if (m_file < 0) {
    std::string name = (m_folder / "sort-XXXXXX").string();
    m_file = ::mkostemp(name.data(), O_CLOEXEC);
    if (m_file < 0)
      fail_to_write();
    // It is gone when nobody has it open.
    ::unlink(name.c_str());
  }
  sort_places();
  m_run_begins.push_back(m_file_bytes);
  Bytes buffer;
  const auto flush = [&] {
    for (std::size_t at = 0; at < buffer.size();) {
      const ssize_t written = ::write(m_file, buffer.data() + at, buffer.size() - at);
      if (written < 0 && errno != EINTR)
        fail_to_write();
      at += static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    }
    m_file_bytes += buffer.size();
    buffer.clear();
  };
  for (const Place& place : m_places) {
    buffer.insert(buffer.end(), place.at, place.at + size_of(item_at(place.at)));
    if (buffer.size() >= most_buffer_bytes)
      flush();
  }
  flush();
  m_places.clear();
  m_large.clear();
  m_block = m_block_used = m_bytes = 0;
}

void Sorter::fail_to_write() const {
  const int error = errno;
  throw Failure(Exit::failed, "cannot write a file in " + m_folder.string() + ": " + std::strerror(error) +
                                  "; free some space there or choose another folder");
}

void Sorter::begin_reading() {
  m_is_reading = true;
  m_next = 0;
  if (m_file < 0) {
    sort_places();
    return;
  }
  // All memory is for the merge now.
  if (!m_places.empty())
    write_run();
  m_places = {};
  m_blocks.clear();
  m_runs.clear();
  const std::size_t buffer_bytes =
      std::clamp(m_most_bytes / m_run_begins.size(), least_buffer_bytes, most_buffer_bytes);
  for (std::size_t i = 0; i < m_run_begins.size(); ++i) {
    const std::uint64_t end = i + 1 < m_run_begins.size() ? m_run_begins[i + 1] : m_file_bytes;
    auto run = std::make_unique<Run>(*this, m_run_begins[i], end, buffer_bytes);
    if (run->advance())
      m_runs.push_back(std::move(run));
  }
  for (std::size_t i = m_runs.size(); i-- > 0;)
    sift_down(i);
}

void Sorter::sift_down(std::size_t at) {
  const auto is_run_before = [this](std::size_t a, std::size_t b) {
    const Run &left = *m_runs[a], &right = *m_runs[b];
    return left.prefix() != right.prefix() ? left.prefix() < right.prefix() : is_item_before(left.item(), right.item());
  };
  for (;;) {
    std::size_t least = at;
    for (const std::size_t child : {2 * at + 1, 2 * at + 2})
      if (child < m_runs.size() && is_run_before(child, least))
        least = child;
    if (least == at)
      return;
    std::swap(m_runs[at], m_runs[least]);
    at = least;
  }
}

std::optional<Sorter::Item> Sorter::next() {
  if (!m_is_reading) {
    begin_reading();
  } else if (!m_runs.empty()) {
    // What the last call gave is used up.
    if (!m_runs.front()->advance()) {
      std::swap(m_runs.front(), m_runs.back());
      m_runs.pop_back();
    }
    sift_down(0);
  }
  if (m_file >= 0)
    return m_runs.empty() ? std::nullopt : std::optional(m_runs.front()->item());
  if (m_next == m_places.size())
    return std::nullopt;
  return item_at(m_places[m_next++].at);
}

}  // namespace balise
