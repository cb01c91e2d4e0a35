#include "generator/publish/publisher.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/write/shard_encode.hpp"
#include "generator/write/site_write.hpp"
#include "generator/write/verify.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

constexpr Time day_s = 86400;
constexpr Time first_day = 20000 * day_s;

std::string text_at(const fs::path& path) {
  const Bytes bytes = read_file(path);
  return {bytes.begin(), bytes.end()};
}

/// A site of shards and one page, another one for each seed.
void write_small_site(const fs::path& site, std::uint64_t seed) {
  fs::remove_all(site);
  const Root root = write_regions_of(made_up_records(40, seed), site / "data");
  const std::string page = "page " + std::to_string(seed);
  write_file(site / "index.html", page);
  const auto hash_of = [](const std::string& text) {
    return sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  const std::string files =
      nlohmann::json{{"files", {{{"path", "index.html"}, {"bytes", page.size()}, {"sha256", to_hex(hash_of(page))}}}}}
          .dump();
  const std::string name = "files-" + to_hex(hash_of(files)).substr(0, 24) + ".json";
  write_file(site / "data" / name, files);
  nlohmann::json manifest{{"format", format_version}, {"files", name}, {"root", base64_of(encode_root(root))}};
  for (const Source source : all_sources)
    manifest["counts"][std::string(name_of(source))] = total_counts(root)[static_cast<std::size_t>(source)];
  write_file(site / "data" / "manifest.json", manifest.dump() + "\n");
}

Exit exit_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.exit();
  }
  return Exit::done;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// A folder to publish in, a key, and sites by seed.
struct Night {
  TemporaryFolder folder;
  fs::path to = folder.path() / "www";
  SecretKey key = SecretKey::create(folder.path() / "key");
  Progress progress{Progress::Mode::never};

  static PublishOptions options_on(int day) {
    PublishOptions options;
    options.now = first_day + day * day_s;
    return options;
  }
  Publication publish(std::uint64_t seed, int day) {
    const fs::path site = folder.path() / "site";
    write_small_site(site, seed);
    return Publisher(to).publish(site, key, options_on(day), 1, progress);
  }
  Publication roll_back(std::optional<std::uint64_t> version, int day) {
    return Publisher(to).roll_back(version, key, options_on(day));
  }
  std::string page() { return text_at(to / "current" / "index.html"); }
  std::uint64_t version() {
    return nlohmann::json::parse(text_at(to / "current" / "data" / "manifest.json"))["version"].get<std::uint64_t>();
  }
  /// All of the current release, and that whatever the releases of its time need can be had from it.
  void check_current(const std::vector<std::uint64_t>& versions) {
    CHECK_NOTHROW(static_cast<void>(verify_site(to / "current", 1, progress, {key.public_key()})));
    for (const std::uint64_t version : versions) {
      const std::string list = text_at(to / "objects" / (std::to_string(version) + ".txt"));
      for (std::size_t begin = 0, end; (end = list.find('\n', begin)) != std::string::npos; begin = end + 1)
        if (!fs::exists(to / "current" / "data" / list.substr(begin, end - begin)))
          FAIL(list.substr(begin, end - begin) << " of version " << version << " is gone");
    }
  }
};

}  // namespace

TEST_CASE("releases follow each other, and old ones go when their time is over") {
  Night night;
  CHECK(night.publish(1, 0).version == 1);
  CHECK(night.page() == "page 1");
  const Publication second = night.publish(2, 1);
  CHECK(second.version == 2);
  CHECK(second.carried > 0);
  CHECK(second.removed.empty());
  night.check_current({1, 2});
  CHECK(night.publish(3, 2).removed.empty());
  CHECK(night.publish(4, 20).removed.empty());
  night.check_current({1, 2, 3, 4});
  const Publication fifth = night.publish(5, 33);
  CHECK(fifth.removed == std::vector<std::uint64_t>{1, 2});
  night.check_current({3, 4, 5});
  CHECK(names_in(night.to / "releases") == std::vector<std::string>{"3", "4", "5"});
  CHECK(names_in(night.to / "objects") == std::vector<std::string>{"3.txt", "4.txt", "5.txt"});
  CHECK(names_in(night.to) == std::vector<std::string>{".lock", "current", "history.jsonl", "objects", "releases"});
  // What did not change is the same file, not a copy, and never one of the built site.
  const Publication again = night.publish(5, 34);
  CHECK(again.linked + again.carried + 1 == again.files);
  CHECK(fs::hard_link_count(night.folder.path() / "site" / "index.html") == 1);
}

TEST_CASE("a roll-back is a later version of what was there, and the next one goes further back") {
  Night night;
  for (int day = 0; day < 3; ++day)
    static_cast<void>(night.publish(static_cast<std::uint64_t>(day) + 1, day));
  CHECK(night.roll_back(std::nullopt, 3).version == 4);
  CHECK(night.page() == "page 2");
  night.check_current({1, 2, 3});
  CHECK(night.roll_back(std::nullopt, 3).version == 5);
  CHECK(night.page() == "page 1");
  CHECK(exit_of([&] { static_cast<void>(night.roll_back(std::nullopt, 3)); }) == Exit::usage);
  CHECK(exit_of([&] { static_cast<void>(night.roll_back(99, 3)); }) == Exit::usage);
  CHECK(night.roll_back(3, 4).version == 6);
  CHECK(night.page() == "page 3");
  CHECK(night.publish(4, 5).version == 7);
  CHECK(night.page() == "page 4");
  night.check_current({1, 2, 3, 4, 5, 6, 7});
  // A release that was changed since is not taken.
  write_file(night.to / "releases" / "2" / "data" / "manifest.json", std::string_view("{}"));
  CHECK(exit_of([&] { static_cast<void>(night.roll_back(2, 5)); }) == Exit::verification_failed);
  CHECK(night.version() == 7);
}

TEST_CASE("the next run clears what a killed one left, and tells the history of a switch that it missed") {
  Night night;
  static_cast<void>(night.publish(1, 0));
  static_cast<void>(night.publish(2, 1));
  const std::string history = text_at(night.to / "history.jsonl");
  // Killed between the switch and the history, with half a line written.
  const std::size_t first_line = history.find('\n') + 1;
  write_file(night.to / "history.jsonl", history.substr(0, first_line + 20));
  // Further left-overs of every kind.
  write_file(night.to / "releases" / ".new-9" / "file", std::string_view("x"));
  write_file(night.to / "releases" / ".old-1" / "file", std::string_view("x"));
  write_file(night.to / "releases" / "3" / "index.html", std::string_view("never current"));
  write_file(night.to / "objects" / "3.txt", std::string_view("a\n"));
  write_file(night.to / "objects" / "3.content", std::string_view("1"));
  fs::create_symlink("releases/3", night.to / ".current.new");
  const Publication third = night.publish(3, 2);
  CHECK(third.version == 3);
  CHECK(text_at(night.to / "history.jsonl").starts_with(history));
  CHECK(names_in(night.to) == std::vector<std::string>{".lock", "current", "history.jsonl", "objects", "releases"});
  CHECK(names_in(night.to / "releases") == std::vector<std::string>{"1", "2", "3"});
  CHECK(names_in(night.to / "objects") == std::vector<std::string>{"1.txt", "2.txt", "3.txt"});
  night.check_current({1, 2, 3});
}

TEST_CASE("what is damaged or strange is refused, and what was current stays") {
  Night night;
  static_cast<void>(night.publish(1, 0));
  const fs::path site = night.folder.path() / "site";
  const auto refused = [&](Exit exit) {
    CHECK(exit_of([&] {
            static_cast<void>(Publisher(night.to).publish(site, night.key, Night::options_on(1), 1, night.progress));
          }) == exit);
    CHECK(night.version() == 1);
    night.check_current({1});
    CHECK(names_in(night.to / "releases") == std::vector<std::string>{"1"});
  };
  write_small_site(site, 2);
  write_file(site / "index.html", std::string_view("page 3"));
  refused(Exit::verification_failed);
  write_small_site(site, 2);
  fs::create_symlink("/etc", site / "etc");
  refused(Exit::failed);
  fs::remove_all(site);
  refused(Exit::failed);
  // Pages that trust another key would refuse their own data.
  write_small_site(site, 2);
  auto manifest = nlohmann::json::parse(text_at(site / "data" / "manifest.json"));
  manifest["keys"] = {text_of(SecretKey::create(night.folder.path() / "other").public_key())};
  write_file(site / "data" / "manifest.json", manifest.dump());
  refused(Exit::usage);
  manifest["keys"].push_back(text_of(night.key.public_key()));
  write_file(site / "data" / "manifest.json", manifest.dump());
  CHECK(Publisher(night.to).publish(site, night.key, Night::options_on(1), 1, night.progress).version == 2);

  {
    const Publisher at_work(night.to);
    CHECK(exit_of([&] { static_cast<void>(night.publish(4, 2)); }) == Exit::busy);
  }
  const fs::path strange = night.folder.path() / "strange";
  write_file(strange / "notes.txt", std::string_view("mine"));
  CHECK(exit_of([&] { const Publisher publisher(strange); }) == Exit::failed);
  CHECK(names_in(strange) == std::vector<std::string>{"notes.txt"});
  // A folder that begins anew must not begin at 1 when pages have seen more.
  night.to = night.folder.path() / "elsewhere";
  PublishOptions options = Night::options_on(3);
  options.after = 41;
  CHECK(Publisher(night.to).publish(site, night.key, options, 1, night.progress).version == 42);
}

TEST_CASE("a dry run says what would be done and does none of it") {
  Night night;
  static_cast<void>(night.publish(1, 0));
  const fs::path site = night.folder.path() / "site";
  write_small_site(site, 2);
  PublishOptions options = Night::options_on(1);
  options.is_dry_run = true;
  const Publication would = Publisher(night.to).publish(site, night.key, options, 1, night.progress);
  CHECK(night.version() == 1);
  CHECK(names_in(night.to / "releases") == std::vector<std::string>{"1"});
  options.is_dry_run = false;
  const Publication done = Publisher(night.to).publish(site, night.key, options, 1, night.progress);
  CHECK(would.version == done.version);
  CHECK(would.files == done.files);
  CHECK(would.carried == done.carried);
}

}  // namespace balise
