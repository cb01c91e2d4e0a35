#include "generator/write/work_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/sha256.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"

namespace balise {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::size_t head_bytes = 4;  ///< of a record in the file of a part
constexpr std::size_t most_record_bytes = 64U << 20U;

// Each part is hashed as a chain, block by block: no machine has to hold it.
constexpr std::size_t block_bytes = 4U << 20U;

class ChainHash {
 public:
  void add(ByteView block) {
    Bytes linked(m_hash.begin(), m_hash.end());
    linked.insert(linked.end(), block.begin(), block.end());
    m_hash = sha256(linked);
  }
  [[nodiscard]] std::string hex() const { return to_hex(m_hash); }

 private:
  std::array<std::uint8_t, 32> m_hash{};
};

std::string hash_of(ByteView bytes) {
  return to_hex(sha256(bytes));
}

/// Every file below a folder with its size; shards are named by their hashes already.
std::string hash_of_tree(const fs::path& folder) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      lines.push_back(entry.path().lexically_relative(folder).generic_string() + ' ' +
                      std::to_string(entry.file_size()) + '\n');
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines)
    all += line;
  return hash_of({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()});
}

/// The order of entries depends on nothing but the job; still each file is hashed as it is.
std::string hash_of_contents(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  ChainHash hash;
  for (const fs::path& file : files)
    hash.add(read_file(file));
  return hash.hex();
}

Json json_of(const FileRef& ref) {
  return {to_hex(ref.hash), ref.size_bytes};
}

FileRef ref_of(const Json& json) {
  FileRef ref;
  const auto hex = json.at(0).get<std::string>();
  if (hex.size() != 2 * ref.hash.size())
    throw std::invalid_argument("no hash");
  for (std::size_t i = 0; i < ref.hash.size(); ++i)
    ref.hash[i] = static_cast<std::uint8_t>(std::stoul(hex.substr(2 * i, 2), nullptr, 16));
  ref.size_bytes = json.at(1).get<std::uint32_t>();
  return ref;
}

Json json_of(const CountsByDomain& counts) {
  Json json = Json::array();
  for (const auto& [domain, of_domain] : counts)
    json.push_back({domain.value, of_domain});
  return json;
}

CountsByDomain counts_of(const Json& json) {
  CountsByDomain counts;
  for (const Json& item : json)
    counts[{item.at(0).get<std::uint16_t>()}] = item.at(1).get<SourceCounts>();
  return counts;
}

Json json_of(const WrittenRegion& written, TrainingFacts& facts) {
  Json json;
  json["region"] = written.ref.region.index;
  json["counts"] = written.ref.counts;
  json["page_lists"] = Json::array();
  for (const FileRef& ref : written.page_lists)
    json["page_lists"].push_back(json_of(ref));
  json["domains"] = Json::array();
  for (const auto& [domain, of_domain] : written.domains) {
    Json shards = Json::array(), chunks = Json::array();
    for (const ShardRef& shard : of_domain.shards) {
      const Box& box = shard.box;
      shards.push_back(
          {box.min_lat_e5, box.min_lon_e5, box.max_lat_e5, box.max_lon_e5, shard.counts, json_of(shard.index)});
    }
    for (const TitleRef& chunk : of_domain.titles.chunks)
      chunks.push_back({chunk.first_prefix, chunk.count, json_of(chunk.titles)});
    json["domains"].push_back({domain.value, std::move(shards), of_domain.titles.counts, std::move(chunks)});
  }
  json["facts"] = facts.to_json();
  const ListingPart& listings = written.listings;
  Json departements = Json::array(), files = Json::array();
  for (const auto& [departement, counts] : listings.departements)
    departements.push_back({departement.index, json_of(counts)});
  for (const WrittenFile& file : listings.files)
    files.push_back({file.path, file.bytes, file.sha256});
  json["listings"] = {json_of(listings.counts), std::move(departements), std::move(files), listings.addresses};
  return json;
}

WrittenRegion written_region_of(const Json& json, TrainingFacts& facts) {
  WrittenRegion written;
  written.ref = {Region{json.at("region").get<std::uint8_t>()}, json.at("counts").get<SourceCounts>()};
  for (const Json& ref : json.at("page_lists"))
    written.page_lists.push_back(ref_of(ref));
  for (const Json& item : json.at("domains")) {
    WrittenRegion::OfDomain& of_domain = written.domains[{item.at(0).get<std::uint16_t>()}];
    for (const Json& shard : item.at(1))
      of_domain.shards.push_back({{shard.at(0).get<std::int32_t>(), shard.at(1).get<std::int32_t>(),
                                   shard.at(2).get<std::int32_t>(), shard.at(3).get<std::int32_t>()},
                                  shard.at(4).get<SourceCounts>(),
                                  ref_of(shard.at(5))});
    of_domain.titles.region = written.ref.region;
    of_domain.titles.counts = item.at(2).get<SourceCounts>();
    for (const Json& chunk : item.at(3))
      of_domain.titles.chunks.push_back(
          {chunk.at(0).get<std::uint64_t>(), chunk.at(1).get<std::uint32_t>(), ref_of(chunk.at(2))});
  }
  facts.add_json(json.at("facts"));
  const Json& listings = json.at("listings");
  written.listings.region = written.ref.region;
  written.listings.counts = counts_of(listings.at(0));
  for (const Json& item : listings.at(1))
    written.listings.departements[Departement{item.at(0).get<std::uint8_t>()}] = counts_of(item.at(1));
  for (const Json& file : listings.at(2))
    written.listings.files.push_back(
        {file.at(0).get<std::string>(), file.at(1).get<std::uint64_t>(), file.at(2).get<std::string>()});
  written.listings.addresses = listings.at(3).get<std::vector<std::string>>();
  return written;
}

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw Failure(Exit::data_refused, path.string() + ": " + what);
}

fs::path part_file(const fs::path& folder, std::size_t number) {
  return folder / "parts" / std::to_string(number);
}

/// One line: what the plan said, and hashes of what there is.
std::string receipt_of(std::size_t number, const WorkFolder::Part& part, const fs::path& made, const Json& counts) {
  nlohmann::ordered_json receipt;
  receipt["part"] = number;
  receipt["region"] = info(part.region).code;
  receipt["input"] = part.hash;
  receipt["objects"] = hash_of_tree(made / "site");
  receipt["ids"] = hash_of_contents(made / "ids");
  receipt["result"] = hash_of(read_file(made / "result.json"));
  receipt["counts"] = counts;
  return receipt.dump() + "\n";
}

}  // namespace

WorkFolder::WorkFolder(fs::path folder) : m_folder(std::move(folder)) {
  const fs::path path = m_folder / "plan.json";
  if (!fs::exists(path))
    throw Failure(Exit::usage,
                  m_folder.string() + " holds no plan; run 'balise partition --work " + m_folder.string() + "' first");
  // Durations stand in the order of steps.
  const auto json = nlohmann::ordered_json::parse(read_file(path), nullptr, false);
  try {
    m_plan.night = json.at("night").dump();
    m_plan.config = json.at("config").get<std::string>();
    m_plan.config_sha256 = json.at("config_sha256").get<std::string>();
    m_plan.as_of = parse_date(json.at("as_of").get<std::string>()).value();
    m_plan.sources = site_sources_of(Json{{"sources", Json(json.at("sources"))}}, (m_folder / "plan.json").string());
    for (const auto& item : json.at("parts"))
      m_plan.parts.push_back({parse_region(item.at("region").get<std::string>()).value(),
                              item.at("records").get<std::uint64_t>(), item.at("hash").get<std::string>()});
  } catch (const std::exception&) {
    refuse(path, "is damaged; run 'balise partition' again");
  }
  if (hash_of(read_file(m_plan.config)) != m_plan.config_sha256)
    refuse(m_plan.config, "was changed since the build was cut into parts; run 'balise partition' again");
}

void WorkFolder::write(const fs::path& folder, const fs::path& config, Date as_of,
                       const std::vector<SiteSource>& sources, const std::string& night,
                       const std::vector<Region>& regions, const std::function<void(Region, const TakeRecord&)>& read) {
  std::error_code ignored;
  fs::remove(folder / "plan.json", ignored);
  fs::remove_all(folder / "done", ignored);
  fs::remove_all(folder / "parts", ignored);
  make_folder(folder / "parts");
  make_folder(folder / "done");
  nlohmann::ordered_json plan;
  plan["config"] = fs::absolute(config).lexically_normal().string();
  plan["config_sha256"] = hash_of(read_file(config));
  plan["as_of"] = to_string_date(as_of);
  plan["sources"] = balise::json_of(sources);
  plan["night"] = nlohmann::ordered_json::parse(night);
  plan["parts"] = nlohmann::ordered_json::array();
  for (const Region region : regions) {
    FileAppender file(part_file(folder, plan["parts"].size()));
    ChainHash hash;
    Bytes block;
    std::uint64_t records = 0;
    const auto flush = [&] {
      hash.add(block);
      file.append(block);
      block.clear();
    };
    read(region, [&](ByteView record) {
      for (std::size_t i = 0; i < head_bytes; ++i)
        block.push_back(static_cast<std::uint8_t>(record.size() >> (8 * i)));
      block.insert(block.end(), record.begin(), record.end());
      ++records;
      if (block.size() >= block_bytes)
        flush();
    });
    flush();
    file.close();
    plan["parts"].push_back({{"region", info(region).code}, {"records", records}, {"hash", hash.hex()}});
  }
  write_file(folder / "plan.json.new", plan.dump(1) + "\n");
  fs::rename(folder / "plan.json.new", folder / "plan.json");
}

void WorkFolder::read(std::size_t number, const TakeRecord& take) const {
  const fs::path path = part_file(m_folder, number);
  const std::string damage = "is not what the plan was made with; run 'balise partition' again";
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    refuse(path, "is missing; run 'balise partition' again");
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> closer(file, std::fclose);
  // Blocks end with a record, as they were written.
  ChainHash hash;
  Bytes block;
  for (bool is_last = false; !is_last;) {
    block.clear();
    while (block.size() < block_bytes && !is_last) {
      std::uint8_t head[head_bytes];
      const std::size_t got = std::fread(head, 1, head_bytes, file);
      is_last = got == 0;
      if (is_last)
        break;
      std::size_t size = 0;
      for (std::size_t i = 0; i < head_bytes; ++i)
        size |= static_cast<std::size_t>(head[i]) << (8 * i);
      const std::size_t begin = block.size();
      if (got != head_bytes || size > most_record_bytes)
        refuse(path, damage);
      block.resize(begin + head_bytes + size);
      std::copy(std::begin(head), std::end(head), block.begin() + static_cast<std::ptrdiff_t>(begin));
      if (std::fread(block.data() + begin + head_bytes, 1, size, file) != size)
        refuse(path, damage);
      take(ByteView(block).subspan(begin + head_bytes, size));
    }
    hash.add(block);
  }
  if (hash.hex() != m_plan.parts[number].hash)
    refuse(path, damage);
}

std::string WorkFolder::finish(std::size_t number, const fs::path& made, const WrittenRegion& written,
                               TrainingFacts& facts) const {
  write_file(made / "result.json", json_of(written, facts).dump());
  const std::string receipt = receipt_of(number, m_plan.parts[number], made, written.ref.counts);
  write_file(made / "receipt.json", receipt);
  const fs::path target = done(number);
  if (std::rename(made.c_str(), target.c_str()) != 0) {
    if (!fs::exists(target / "receipt.json"))
      throw Failure(Exit::failed, "cannot rename " + made.string() + " to " + target.string() + ": " +
                                      std::strerror(errno) + "; check that the folder may be written");
    const Bytes before = read_file(target / "receipt.json");
    if (std::string(before.begin(), before.end()) != receipt)
      refuse(target, "the same job had another outcome before; remove that folder, and run the job again");
  }
  return receipt;
}

fs::path WorkFolder::done(std::size_t number) const {
  return m_folder / "done" / std::to_string(number);
}

WrittenRegion WorkFolder::result(std::size_t number, TrainingFacts& facts) const {
  const fs::path folder = done(number), path = folder / "receipt.json";
  const std::string advice =
      "; remove " + folder.string() + " and run 'balise job --number " + std::to_string(number) + "' again";
  if (!fs::exists(path))
    throw Failure(Exit::data_refused, path.string() + " is missing: run 'balise job --work " + m_folder.string() +
                                          " --number " + std::to_string(number) + "' first");
  const Bytes bytes = read_file(path);
  const Json receipt = Json::parse(bytes, nullptr, false);
  const Part& part = m_plan.parts[number];
  if (!receipt.is_object() || !receipt.contains("counts") || receipt.value("part", Json()) != number ||
      receipt.value("region", "") != info(part.region).code)
    refuse(path, "is no receipt of this part" + advice);
  if (receipt.value("input", "") != part.hash)
    refuse(path, "is of other records than those of the plan" + advice);
  if (!fs::exists(folder / "result.json") || !fs::is_directory(folder / "site") || !fs::is_directory(folder / "ids") ||
      std::string(bytes.begin(), bytes.end()) != receipt_of(number, part, folder, receipt["counts"]))
    refuse(folder, "does not hold what its receipt says" + advice);
  try {
    WrittenRegion written = written_region_of(Json::parse(read_file(folder / "result.json")), facts);
    std::uint64_t records = 0;
    for (const std::uint32_t count : written.ref.counts)
      records += count;
    if (!(written.ref.region == part.region) || Json(written.ref.counts) != receipt["counts"] ||
        records != part.records)
      refuse(path, "counts other records than the plan" + advice);
    return written;
  } catch (const Failure&) {
    throw;
  } catch (const std::exception&) {
    refuse(folder / "result.json", "is damaged" + advice);
  }
}

}  // namespace balise
