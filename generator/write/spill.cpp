#include "generator/write/spill.hpp"

#include <array>
#include <cstdio>

#include "generator/failure.hpp"

namespace balise {

namespace {

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

std::string get_text(PackedReader& reader) {
  return std::string(reader.text(reader.varint()));
}

/// Coordinates and dates are small numbers of either sign.
void put_signed(Bytes& out, std::int64_t value) {
  put_varint(out, static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63U));
}

std::int32_t get_signed(PackedReader& reader) {
  const std::uint64_t coded = reader.varint();
  return static_cast<std::int32_t>(static_cast<std::int64_t>(coded >> 1U) ^ -static_cast<std::int64_t>(coded & 1U));
}

Record get_record(PackedReader& reader) {
  Record record;
  record.source = static_cast<Source>(reader.byte());
  record.id = get_text(reader);
  record.title = get_text(reader);
  record.company = get_text(reader);
  if (reader.byte() != 0) {
    const std::int32_t lat = get_signed(reader);
    record.position = Position{lat, get_signed(reader)};
  }
  record.address = get_text(reader);
  record.postal_code = get_text(reader);
  record.city = get_text(reader);
  record.insee = get_text(reader);
  record.departement = {reader.byte()};
  record.romes.resize(static_cast<std::size_t>(reader.varint()));
  for (RomeCode& code : record.romes)
    code.value = static_cast<std::uint32_t>(reader.varint());
  record.level = reader.byte();
  record.opco = static_cast<Opco>(reader.byte());
  record.created = get_signed(reader);
  record.expires = get_signed(reader);
  record.details.resize(static_cast<std::size_t>(reader.varint()));
  for (Detail& detail : record.details) {
    detail.field = static_cast<Field>(reader.byte());
    detail.value = get_text(reader);
  }
  return record;
}

/// A buffered reader of one spill file: frames of a four-byte length and a payload.
class FrameReader {
 public:
  explicit FrameReader(std::filesystem::path path) : m_path(std::move(path)), m_file(std::fopen(m_path.c_str(), "rb")) {
    if (m_file == nullptr)
      throw Failure(Exit::failed, "cannot read " + m_path.string() + "; run the build again");
  }
  ~FrameReader() { std::fclose(m_file); }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// False at the end.
  bool next(Bytes& frame) {
    std::array<std::uint8_t, 4> head{};
    const std::size_t count = std::fread(head.data(), 1, head.size(), m_file);
    if (count == 0)
      return false;
    const std::size_t size = head[0] | static_cast<std::size_t>(head[1]) << 8U |
                             static_cast<std::size_t>(head[2]) << 16U | static_cast<std::size_t>(head[3]) << 24U;
    frame.resize(size);
    if (count != head.size() || std::fread(frame.data(), 1, size, m_file) != size)
      throw Failure(Exit::failed, m_path.string() + " ends too early; run the build again");
    return true;
  }

 private:
  std::filesystem::path m_path;
  std::FILE* m_file;
};

}  // namespace

void put_record(Bytes& out, const Record& record) {
  out.push_back(static_cast<std::uint8_t>(record.source));
  put_text(out, record.id);
  put_text(out, record.title);
  put_text(out, record.company);
  out.push_back(record.position ? 1 : 0);
  if (record.position) {
    put_signed(out, record.position->lat_e5);
    put_signed(out, record.position->lon_e5);
  }
  put_text(out, record.address);
  put_text(out, record.postal_code);
  put_text(out, record.city);
  put_text(out, record.insee);
  out.push_back(record.departement.index);
  put_varint(out, record.romes.size());
  for (const RomeCode code : record.romes)
    put_varint(out, code.value);
  out.push_back(record.level);
  out.push_back(static_cast<std::uint8_t>(record.opco));
  put_signed(out, record.created);
  put_signed(out, record.expires);
  put_varint(out, record.details.size());
  for (const Detail& detail : record.details) {
    out.push_back(static_cast<std::uint8_t>(detail.field));
    put_text(out, detail.value);
  }
}

std::string identity_key(const Record& record) {
  std::string key(name_of(record.source));
  key += '\0';
  key += record.id;
  return key;
}

std::optional<std::string> formation_key(const Record& record) {
  if (record.source != Source::formations)
    return std::nullopt;
  std::string key = "formation";
  for (const std::string* part :
       {&detail(record, Field::long_title), &detail(record, Field::short_title), &detail(record, Field::siret),
        &detail(record, Field::diploma), &record.postal_code}) {
    key += '\0';
    key += *part;
  }
  return key;
}

Spill::Spill(std::filesystem::path folder, unsigned workers) : m_folder(std::move(folder)), m_workers(workers) {
  make_folder(m_folder);
}

std::filesystem::path Spill::file(Region region, std::size_t worker) const {
  return m_folder / (std::string(info(region).code) + "-" + std::to_string(worker));
}

void Spill::add(unsigned worker_number, std::size_t entry, const Record& record) {
  Worker& worker = m_workers.at(worker_number);
  const Region region = info(record.departement).region;
  auto& appender = worker.files[region];
  if (!appender)
    appender = std::make_unique<FileAppender>(file(region, worker_number));
  Bytes& frame = worker.frame;
  frame.assign(4, 0);
  put_varint(frame, entry);
  put_record(frame, record);
  const std::size_t size = frame.size() - 4;
  for (std::size_t i = 0; i < 4; ++i)
    frame[i] = static_cast<std::uint8_t>(size >> (8 * i));
  appender->append(frame);
  const SpillPlace place{region, worker_number, worker.counts[region]++};
  worker.keys.push_back({std::hash<std::string>{}(identity_key(record)), place});
  if (const auto key = formation_key(record))
    worker.keys.push_back({std::hash<std::string>{}(*key), place});
}

void Spill::close() {
  for (Worker& worker : m_workers) {
    for (auto& [region, appender] : worker.files)
      appender->close();
    worker.files.clear();
  }
}

std::uint64_t Spill::count(Region region) const {
  std::uint64_t total = 0;
  for (const Worker& worker : m_workers)
    if (const auto place = worker.counts.find(region); place != worker.counts.end())
      total += place->second;
  return total;
}

std::vector<Spill::Key> Spill::take_keys() {
  std::vector<Key> keys;
  for (Worker& worker : m_workers) {
    keys.insert(keys.end(), worker.keys.begin(), worker.keys.end());
    std::vector<Key>().swap(worker.keys);
  }
  return keys;
}

void Spill::read(Region region, const std::function<void(const SpillPlace&, SpilledRecord&&)>& take) const {
  Bytes frame;
  for (std::size_t worker = 0; worker < m_workers.size(); ++worker) {
    if (!m_workers[worker].counts.contains(region))
      continue;
    FrameReader frames(file(region, worker));
    for (std::uint32_t number = 0; frames.next(frame); ++number) {
      PackedReader reader(frame);
      SpilledRecord spilled;
      spilled.entry = static_cast<std::uint32_t>(reader.varint());
      spilled.record = get_record(reader);
      if (!reader.ok_and_at_end())
        throw Failure(Exit::failed, file(region, worker).string() + " was changed during the build; run it again");
      take({region, static_cast<std::uint32_t>(worker), number}, std::move(spilled));
    }
  }
}

void Spill::remove(Region region) const {
  for (std::size_t worker = 0; worker < m_workers.size(); ++worker) {
    std::error_code ignored;
    std::filesystem::remove(file(region, worker), ignored);
  }
}

}  // namespace balise
