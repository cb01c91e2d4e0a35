#include "generator/write/id_write.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "generator/write/hashed_file.hpp"
#include "generator/write/shard_encode.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

/// A hash, a region and a page, in a file of the build.
constexpr std::size_t entry_bytes = 9;

fs::path file_of(const fs::path& scratch, std::size_t part) {
  return scratch / ("ids-" + std::to_string(part));
}

void put(Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
}

std::uint64_t get(const Bytes& bytes, std::size_t at, unsigned count) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < count; ++i)
    value |= std::uint64_t{bytes[at + i]} << (8U * i);
  return value;
}

bool before(const IdEntry& a, const IdEntry& b) {
  return std::tie(a.hash, a.region.index, a.page) < std::tie(b.hash, b.region.index, b.page);
}

}  // namespace

IdWriter::IdWriter(const fs::path& scratch) : m_scratch(scratch) {
  for (std::size_t part = 0; part < m_parts.size(); ++part)
    m_parts[part] = std::make_unique<FileAppender>(file_of(scratch, part));
}

void IdWriter::add(std::span<const IdEntry> entries) {
  const std::scoped_lock lock(m_mutex);
  Bytes bytes;
  for (const IdEntry& entry : entries) {
    bytes.clear();
    put(bytes, entry.hash, 4);
    put(bytes, entry.region.index, 1);
    put(bytes, entry.page, 4);
    m_parts[static_cast<std::size_t>(entry.hash >> (id_hash_bits - part_bits))]->append(bytes);
  }
  m_count += entries.size();
}

/// The entries of some parts, in order, each once.
std::vector<IdEntry> IdWriter::entries_of(std::size_t first_part, std::size_t parts) const {
  std::vector<IdEntry> entries;
  for (std::size_t part = first_part; part < first_part + parts; ++part) {
    const Bytes bytes = read_file(file_of(m_scratch, part));
    for (std::size_t at = 0; at + entry_bytes <= bytes.size(); at += entry_bytes)
      entries.push_back({static_cast<IdHash>(get(bytes, at, 4)), Region{bytes[at + 4]},
                         static_cast<std::uint32_t>(get(bytes, at + 5, 4))});
  }
  std::sort(entries.begin(), entries.end(), before);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  return entries;
}

void IdWriter::add_from(const fs::path& scratch) {
  for (std::size_t part = 0; part < m_parts.size(); ++part) {
    const Bytes bytes = read_file(file_of(scratch, part));
    m_parts[part]->append(bytes);
    m_count += bytes.size() / entry_bytes;
  }
}

void IdWriter::close() {
  for (const auto& part : m_parts)
    part->close();
}

std::optional<FileRef> IdWriter::write(const fs::path& data_folder) {
  close();
  if (m_count == 0)
    return std::nullopt;
  unsigned bits = 0;
  while (m_count > std::uint64_t{max_id_entries} << bits)
    ++bits;
  IdDirectory directory;
  // A part holds some shards, or a shard some parts.
  const unsigned inner_bits = bits > part_bits ? bits - part_bits : 0;
  const std::size_t parts = std::size_t{1} << (bits < part_bits ? part_bits - bits : 0);
  for (std::size_t part = 0; part < m_parts.size(); part += parts) {
    const std::vector<IdEntry> entries = entries_of(part, parts);
    std::size_t begin = 0;
    for (std::uint64_t inner = 0; inner < std::uint64_t{1} << inner_bits; ++inner) {
      const std::uint64_t prefix = std::uint64_t{part} << inner_bits | inner;
      std::size_t end = begin;
      while (end < entries.size() && (inner_bits == 0 || entries[end].hash >> (id_hash_bits - bits) == prefix))
        ++end;
      directory.shards.push_back(
          write_hashed(data_folder, {}, FileKind::ids, encode_ids(std::span(entries).subspan(begin, end - begin))));
      begin = end;
    }
  }
  return write_hashed(data_folder, {}, FileKind::id_directory, encode_id_directory(directory));
}

}  // namespace balise
