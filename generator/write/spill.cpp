#include "generator/write/spill.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "generator/failure.hpp"
#include "generator/parallel.hpp"

namespace balise {

namespace {

constexpr std::size_t head_bytes = 4;  ///< of a frame

/// The frames of one departement and worker: those of a file, then those of `rest`.
class FrameReader {
 public:
  /// An empty path is no file.
  FrameReader(std::filesystem::path path, ByteView rest) : m_path(std::move(path)), m_rest(rest) {
    if (m_path.empty())
      return;
    m_file = std::fopen(m_path.c_str(), "rb");
    if (m_file == nullptr)
      throw Failure(Exit::failed, "cannot read " + m_path.string() + "; run the build again");
    // Blocks are large as it is.
    static_cast<void>(std::setvbuf(m_file, nullptr, _IONBF, 0));
    m_buffer.resize(block_bytes);
  }
  ~FrameReader() {
    if (m_file != nullptr)
      std::fclose(m_file);
  }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// The next frame, valid until the next call; nullopt at the end.
  std::optional<ByteView> next() {
    if (!has(head_bytes)) {
      if (m_end != m_at)
        fail_early();
      if (m_rest.empty())
        return std::nullopt;
      const ByteView frame = m_rest.subspan(head_bytes, size_of(m_rest));
      m_rest = m_rest.subspan(head_bytes + frame.size());
      return frame;
    }
    const std::size_t size = size_of(ByteView(m_buffer).subspan(m_at));
    m_at += head_bytes;
    if (!has(size))
      fail_early();
    m_at += size;
    return ByteView(m_buffer).subspan(m_at - size, size);
  }

 private:
  static constexpr std::size_t block_bytes = 256U << 10U;

  static std::size_t size_of(ByteView frame) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < head_bytes; ++i)
      size |= static_cast<std::size_t>(frame[i]) << (8 * i);
    return size;
  }

  /// Whether so many bytes follow in the file; then they are in the buffer.
  bool has(std::size_t count) {
    if (m_file == nullptr)
      return false;
    while (m_end - m_at < count) {
      std::copy(m_buffer.begin() + static_cast<std::ptrdiff_t>(m_at),
                m_buffer.begin() + static_cast<std::ptrdiff_t>(m_end), m_buffer.begin());
      m_end -= m_at;
      m_at = 0;
      if (m_buffer.size() < count)
        m_buffer.resize(count);
      const std::size_t got = std::fread(m_buffer.data() + m_end, 1, m_buffer.size() - m_end, m_file);
      if (got == 0)
        return false;
      m_end += got;
    }
    return true;
  }
  [[noreturn]] void fail_early() const {
    throw Failure(Exit::failed, m_path.string() + " ends too early; run the build again");
  }

  std::filesystem::path m_path;
  std::FILE* m_file = nullptr;
  ByteView m_rest;
  Bytes m_buffer;
  std::size_t m_at = 0, m_end = 0;
};

/// Equal for equal lists of texts.
std::uint64_t hash_of(std::span<const std::string_view> texts) {
  std::uint64_t hash = 0;
  for (const std::string_view text : texts) {
    hash = (hash ^ std::hash<std::string_view>{}(text)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32U;
  }
  // The highest bits tell the part.
  return hash * 0x9E3779B97F4A7C15U;
}

}  // namespace

void PlaceSet::add(const SpillPlace& place) {
  std::vector<bool>& file = m_files[file_of(place)];
  if (file.size() <= place.number)
    file.resize(std::max<std::size_t>(place.number + std::size_t{1}, 2 * file.size()));
  file[place.number] = true;
  m_is_empty = false;
}

bool PlaceSet::contains(const SpillPlace& place) const {
  const std::vector<bool>& file = m_files[file_of(place)];
  return place.number < file.size() && file[place.number];
}

Spill::Spill(std::filesystem::path folder, unsigned workers, std::size_t max_keys)
    : m_folder(std::move(folder)), m_max_keys(max_keys), m_workers(workers + std::size_t{1}), m_left_out(workers + 1) {
  // Large enough that a file is seldom opened, small enough that all of them together are no memory.
  constexpr std::size_t all_bytes = 32U << 20U, least_bytes = 4U << 10U, most_bytes = 128U << 10U;
  m_max_frame_bytes = std::clamp(all_bytes / departements().size() / std::max(workers, 1U), least_bytes, most_bytes);
  make_folder(m_folder);
}

std::filesystem::path Spill::file(Departement departement, std::size_t worker) const {
  return m_folder / (std::string(info(departement).code) + "-" + std::to_string(worker));
}

std::filesystem::path Spill::key_file(std::size_t part, std::size_t worker) const {
  return m_folder / ("keys-" + std::to_string(part) + "-" + std::to_string(worker));
}

void Spill::append(std::size_t worker_number, std::size_t entry, const Record& record) {
  PerDepartement& mine = m_workers.at(worker_number).departements[record.departement.index];
  Bytes& frames = mine.frames;
  const std::size_t begin = frames.size();
  frames.resize(begin + head_bytes);
  put_varint(frames, entry);
  put_record(frames, record);
  const std::size_t size = frames.size() - begin - head_bytes;
  for (std::size_t i = 0; i < head_bytes; ++i)
    frames[begin + i] = static_cast<std::uint8_t>(size >> (8 * i));
  if (frames.size() >= m_max_frame_bytes) {
    append_file(file(record.departement, worker_number), frames);
    mine.has_file = true;
    frames.clear();
  }
  ++mine.count;
}

void Spill::add(unsigned worker_number, std::size_t entry, const Record& record) {
  Worker& worker = m_workers.at(worker_number);
  const SpillPlace place{worker.departements[record.departement.index].count, static_cast<std::uint16_t>(worker_number),
                         record.departement};
  append(worker_number, entry, record);
  add_key(worker, {hash_of(std::array<std::string_view, 2>{name_of(record.source), record.id}), place});
  if (record.source == Source::formations)
    add_key(worker, {hash_of(formation_parts(record)), place});
  if (worker.key_count >= m_max_keys)
    flush_keys(worker_number);
}

void Spill::replace(std::span<const SpillPlace> places, std::size_t entry, const Record& record) {
  for (const SpillPlace& place : places)
    leave_out(place);
  append(m_workers.size() - 1, entry, record);
}

void Spill::add_key(Worker& worker, const Key& key) {
  worker.keys[key.hash >> (64U - key_part_bits)].push_back(key);
  ++worker.key_count;
}

void Spill::flush_keys(std::size_t worker_number) {
  Worker& worker = m_workers[worker_number];
  for (std::size_t part = 0; part < key_parts; ++part) {
    std::vector<Key>& keys = worker.keys[part];
    append_file(key_file(part, worker_number),
                {reinterpret_cast<const std::uint8_t*>(keys.data()), keys.size() * sizeof(Key)});
    keys.clear();
  }
  worker.key_count = 0;
  worker.has_key_files = true;
}

std::uint64_t Spill::count(Region region) const {
  std::uint64_t total = 0;
  for (const Worker& worker : m_workers)
    for (std::uint8_t i = 0; i < departements().size(); ++i)
      if (info(Departement{i}).region == region)
        total += worker.departements[i].count;
  return total;
}

std::vector<Region> Spill::regions() const {
  std::vector<Region> order;
  for (std::uint8_t i = 0; i < balise::regions().size(); ++i)
    if (count(Region{i}) > 0)
      order.push_back(Region{i});
  std::sort(order.begin(), order.end(),
            [&](Region a, Region b) { return std::pair(count(b), a.index) < std::pair(count(a), b.index); });
  return order;
}

std::vector<Spill::Key> Spill::take_keys(std::size_t part) {
  std::vector<Key> keys;
  for (std::size_t number = 0; number < m_workers.size(); ++number) {
    Worker& worker = m_workers[number];
    keys.insert(keys.end(), worker.keys[part].begin(), worker.keys[part].end());
    std::vector<Key>().swap(worker.keys[part]);
    if (!worker.has_key_files)
      continue;
    const std::filesystem::path path = key_file(part, number);
    const Bytes bytes = read_file(path);
    const std::size_t before = keys.size();
    keys.resize(before + bytes.size() / sizeof(Key));
    if (!bytes.empty())
      std::memcpy(keys.data() + before, bytes.data(), (keys.size() - before) * sizeof(Key));
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  return keys;
}

template <typename Wants>
void Spill::read_file_of(Departement departement, std::size_t worker, const Wants& wants, const Take& take) const {
  const PerDepartement& mine = m_workers[worker].departements[departement.index];
  FrameReader frames(mine.has_file ? file(departement, worker) : std::filesystem::path(), mine.frames);
  SpillPlace place{0, static_cast<std::uint16_t>(worker), departement};
  for (std::optional<ByteView> frame = frames.next(); frame; frame = frames.next(), ++place.number) {
    if (!wants(place))
      continue;
    std::size_t entry_size = 1;
    while (entry_size < frame->size() && (*frame)[entry_size - 1] >= 0x80)
      ++entry_size;
    PackedReader reader(frame->first(std::min(entry_size, frame->size())));
    const auto entry = static_cast<std::uint32_t>(reader.varint());
    if (!reader.ok_and_at_end())
      throw Failure(Exit::failed, file(departement, worker).string() + " was changed during the build; run it again");
    take(place, entry, frame->subspan(entry_size));
  }
}

void Spill::read(Region region, const Take& take) const {
  const auto wants = [this](const SpillPlace& place) { return !m_left_out.contains(place); };
  for (std::uint8_t i = 0; i < departements().size(); ++i)
    if (info(Departement{i}).region == region)
      for (std::size_t worker = 0; worker < m_workers.size(); ++worker)
        read_file_of(Departement{i}, worker, wants, take);
}

void Spill::read(const PlaceSet& places, unsigned jobs, const Take& take) const {
  const auto wants = [&places](const SpillPlace& place) { return places.contains(place); };
  in_parallel(departements().size() * m_workers.size(), jobs, [&](std::size_t i) {
    read_file_of(Departement{static_cast<std::uint8_t>(i / m_workers.size())}, i % m_workers.size(), wants, take);
  });
}

void Spill::hand_over(Region region, const std::function<void(ByteView)>& take) {
  read(region, [&](const SpillPlace&, std::uint32_t, ByteView record) { take(record); });
  for (std::uint8_t i = 0; i < departements().size(); ++i) {
    if (!(info(Departement{i}).region == region))
      continue;
    for (std::size_t worker = 0; worker < m_workers.size(); ++worker) {
      Bytes().swap(m_workers[worker].departements[i].frames);
      std::error_code ignored;
      std::filesystem::remove(file(Departement{i}, worker), ignored);
    }
  }
}

}  // namespace balise
