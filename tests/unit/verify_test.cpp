#include "generator/write/verify.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/lookup_files.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/write/hashed_file.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/shard_encode.hpp"
#include "generator/write/site_write.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

/// A site of shards alone: no pages.
void write_manifest(const std::filesystem::path& site, const Root& root) {
  const std::string files = R"({"files":[]})";
  const std::string name =
      "files-" + to_hex(file_hash({reinterpret_cast<const std::uint8_t*>(files.data()), files.size()})) + ".json";
  write_file(site / "data" / name, files);
  nlohmann::json manifest{{"format", format_version}, {"files", name}, {"root", base64_of(encode_root(root))}};
  for (const Source source : all_sources)
    manifest["counts"][std::string(name_of(source))] = total_counts(root)[static_cast<std::size_t>(source)];
  write_file(site / "data" / "manifest.json", manifest.dump());
}

/// The message of verify_site(); empty when the site is whole.
std::string complaint_about(const std::filesystem::path& site) {
  Progress progress(Progress::Mode::never);
  try {
    static_cast<void>(verify_site(site, 1, progress));
  } catch (const Failure& failure) {
    CHECK(failure.exit() == Exit::verification_failed);
    return failure.what();
  }
  return {};
}

}  // namespace

TEST_CASE("verifying finds chunks of titles that are well made and say other things than the cards") {
  const TemporaryFolder folder;
  const std::filesystem::path data = folder.path() / "data";
  const Root root = write_regions_of(made_up_records(1'500, 31), data);
  write_manifest(folder.path(), root);
  REQUIRE(complaint_about(folder.path()).empty());

  const auto path_to = [&](Region region, FileKind kind, const FileRef& ref) {
    return data / path_of({region, kind, ref});
  };
  const FileRef& directory_ref = root.domains.front().directory;
  const Directory directory =
      *open_as<Directory>(read_file(path_to({}, FileKind::directory, directory_ref)), directory_ref);
  const TitleDirectory titles_of =
      *open_as<TitleDirectory>(read_file(path_to({}, FileKind::title_directory, directory.titles)), directory.titles);
  // Puts another chunk in the place of the first one of the group of all, under a name and directories that fit.
  const auto complaint_with = [&](const std::function<void(std::vector<Entry>&)>& change) {
    TitleDirectory changed_titles = titles_of;
    TitleGroup& group = changed_titles.groups.front();
    TitleRef& ref = group.chunks.front();
    const TitleChunk chunk =
        *open_as<TitleChunk>(read_file(path_to(group.region, FileKind::titles, ref.titles)), ref.titles);
    std::vector<Entry> entries;
    for (const Source source : all_sources)
      for (std::uint32_t i = chunk.counts[static_cast<std::size_t>(source)]; i > 0; --i) {
        const std::size_t at = entries.size();
        entries.push_back({source, 0, 0, chunk.departements[at], chunk.profiles[chunk.profile_numbers[at]],
                           chunk.pages[at], chunk.slots[at], chunk.prefixes[at]});
      }
    REQUIRE(entries.size() > 20);
    change(entries);
    const Bytes titles = encode_titles(group.region, directory.domain, entries);
    ref.titles = reference_to(titles);
    write_file(path_to(group.region, FileKind::titles, ref.titles), titles);
    Directory changed = directory;
    const Bytes title_file = encode_title_directory(changed_titles);
    changed.titles = reference_to(title_file);
    write_file(path_to({}, FileKind::title_directory, changed.titles), title_file);
    const Bytes file = encode_directory(changed);
    Root with = root;
    with.domains.front().directory = reference_to(file);
    write_file(path_to({}, FileKind::directory, reference_to(file)), file);
    write_manifest(folder.path(), with);
    std::string complaint = complaint_about(folder.path());
    const bool names_it = complaint.find(path_of({group.region, FileKind::titles, ref.titles})) != std::string::npos;
    return names_it ? complaint.substr(complaint.find(".bin") + 6) : complaint;
  };
  CHECK(complaint_with([](std::vector<Entry>&) {}).empty());
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          const auto pair = std::adjacent_find(entries.begin() + 1, entries.end(), [](const Entry& a, const Entry& b) {
            return a.source == b.source && a.title_prefix == b.title_prefix;
          });
          REQUIRE(pair != entries.end());
          std::swap(pair[0], pair[1]);
        }).find("is out of order") != std::string::npos);
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          entries[4] = entries[5];
        }).starts_with("entry 4 is out of order"));
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          entries[0].title_prefix -= std::uint64_t{1} << 25U;
        }).starts_with("entry 0 has another title than its card"));
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          entries.pop_back();
        }).starts_with("is not the chunk that the directory names"));
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          entries[5].page += 1'000'000;
        }).starts_with("entry 5 has no card"));
  CHECK(
      complaint_with([](std::vector<Entry>& entries) { entries[5].slot = 60'000; }).starts_with("entry 5 has no card"));
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          entries[5].profile.level = static_cast<Level>(entries[5].profile.level == 3 ? 4 : 3);
        }).starts_with("entry 5 says other things than its card"));
  CHECK(complaint_with([](std::vector<Entry>& entries) {
          const auto before_step = std::adjacent_find(
              entries.begin() + 1, entries.end(),
              [](const Entry& a, const Entry& b) { return a.source == b.source && a.title_prefix < b.title_prefix; });
          REQUIRE(before_step != entries.end());
          before_step->title_prefix += std::uint64_t{1} << 25U;
        }).find("has another title than its card") != std::string::npos);
}

TEST_CASE("verifying finds keys of tables in files that are not theirs") {
  const TemporaryFolder folder;
  const std::filesystem::path data = folder.path() / "data";
  Root root = write_regions_of(made_up_records(20, 3), data);
  std::vector<TableItem> items;
  for (const char* key : {"A1101", "B1101", "C1101", "D1101", "E1101", "F1101", "G1101", "H1101", "I1101"})
    items.push_back({key, {RomeCode{100}}, 0});
  std::sort(items.begin(), items.end(),
            [](const TableItem& a, const TableItem& b) { return key_hash(a.key) < key_hash(b.key); });

  // Three files of three keys each.
  const auto complaint_with = [&](const std::vector<TableItem>& stored) {
    LookupFiles part;
    part.part = LookupPart::rome_levels;
    for (std::size_t begin = 0; begin < items.size(); begin += 3) {
      part.first_keys += key_hash(items[begin].key) + '\n';
      std::vector<TableItem> file(stored.begin() + static_cast<std::ptrdiff_t>(begin),
                                  stored.begin() + static_cast<std::ptrdiff_t>(begin) + 3);
      std::sort(file.begin(), file.end(), [](const TableItem& a, const TableItem& b) { return a.key < b.key; });
      const Bytes table = encode_table(file);
      part.files.push_back(reference_to(table));
      write_file(data / path_of({{}, FileKind::table, reference_to(table)}), table);
    }
    LookupDirectory directory;
    directory.parts.push_back(std::move(part));
    const Bytes lookups = encode_lookups(directory);
    root.lookups = reference_to(lookups);
    write_file(data / path_of({{}, FileKind::lookups, *root.lookups}), lookups);
    write_manifest(folder.path(), root);
    return complaint_about(folder.path());
  };
  CHECK(complaint_with(items).empty());
  // Of two files beside each other, in both directions, and of the first and the last one.
  for (const auto& [a, b] : {std::pair{2, 3}, {3, 5}, {5, 6}, {0, 8}}) {
    auto swapped = items;
    std::swap(swapped[static_cast<std::size_t>(a)], swapped[static_cast<std::size_t>(b)]);
    INFO(a << " and " << b);
    CHECK((complaint_with(swapped).find("belongs to another file") != std::string::npos) == (a / 3 != b / 3));
  }
}

}  // namespace balise
