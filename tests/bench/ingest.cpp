// Seconds of reading every source of a config, each alone and on one thread, up to the records on disk.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <ctime>
#include <exception>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/config.hpp"
#include "generator/files.hpp"
#include "generator/ingest/ingest.hpp"
#include "generator/write/data_write.hpp"
#include "generator/write/join.hpp"
#include "generator/write/spill.hpp"

namespace balise::bench {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Of all cores together: what other programs do to the time on the wall does not count.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// One build's reading half.
Json read(const Config& config, const Reference& reference, Date as_of, unsigned jobs, const fs::path& out) {
  const ScratchFolder scratch(out);
  Progress progress(Progress::Mode::never);
  Report report;
  Spill spill(scratch.path() / "spill", jobs);
  const auto begin = Clock::now();
  const double cpu_begin_s = cpu_seconds();
  ingest(config, reference, as_of, jobs, progress, report,
         [&](unsigned worker, std::size_t entry, Record&& record) { spill.add(worker, entry, record); });
  const double read_s = seconds_since(begin);
  const double read_cpu_s = cpu_seconds() - cpu_begin_s;
  join_duplicates(spill, scratch.path(), sort_memory_bytes, jobs, report);
  const double joined_s = seconds_since(begin) - read_s;
  std::uint64_t records = 0;
  for (const Report::Entry& entry : report.entries())
    records += entry.read;
  return {{"records", records},
          {"read_s", read_s},
          {"read_cpu_s", read_cpu_s},
          {"joined_s", joined_s},
          {"records_per_s", static_cast<double>(records) / read_s},
          {"records_per_cpu_s", static_cast<double>(records) / read_cpu_s}};
}

int run(const fs::path& config_file, const fs::path& out, const std::string& as_of_text, unsigned jobs) {
  const Config config = load_config(config_file);
  const fs::path tables = fs::path(BALISE_SOURCE_DIR) / "data" / "reference";
  const Reference reference = Reference::load(config.communes.value_or(tables / "communes.json.gz"),
                                              config.romes.value_or(tables / "romes.csv"));
  const Date as_of = parse_date(as_of_text).value_or(date_unknown);
  Json results = Json::object();
  for (const SourceEntry& source : config.sources) {
    Config one = config;
    one.sources = {source};
    results[source.path.filename().string()] = read(one, reference, as_of, 1, out);
  }
  results["all"] = read(config, reference, as_of, jobs, out);
  std::cout << results.dump(2) << '\n';
  return 0;
}

}  // namespace

}  // namespace balise::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  CLI::App app("Times the reading half of a build");
  fs::path config, out;
  std::string as_of = "2026-11-20";
  unsigned jobs = 2;
  app.add_option("--config", config, "The config")->required();
  app.add_option("--out", out, "A folder is made beside this path, and removed")->required();
  app.add_option("--as-of", as_of, "The day of the build, YYYY-MM-DD");
  app.add_option("--jobs", jobs, "Threads of the reading of all sources together");
  CLI11_PARSE(app, argc, argv);
  try {
    return balise::bench::run(config, out, as_of, jobs);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
