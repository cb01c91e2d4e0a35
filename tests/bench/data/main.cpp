// Writes a made-up national set in the four source formats, a config for it, and searches to ask. The same arguments
// give the same bytes. Memory does not grow with the scale.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/files.hpp"
#include "tests/bench/data/make.hpp"

namespace balise::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t flush_bytes = 1U << 20U;

struct Written {
  std::uint64_t records = 0, bytes = 0;
};

template <typename Make>
Written write_set(const fs::path& file, const Plan& plan, Kind kind, std::uint64_t count, const Make& make) {
  std::error_code ignored;
  fs::remove(file, ignored);
  FileAppender output(file);
  Written written;
  std::string text;
  const auto flush = [&] {
    output.append({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    written.bytes += text.size();
    text.clear();
  };
  for (std::uint64_t index = 0, end = with_new_ones(plan, count); index < end; ++index) {
    const Fate fate = fate_of(plan, static_cast<std::uint64_t>(kind), index, count);
    if (fate.gone)
      continue;
    make(text, index, fate.version);
    ++written.records;
    if (text.size() >= flush_bytes)
      flush();
  }
  flush();
  output.close();
  return written;
}

int make_all(const fs::path& out, const Plan& plan, std::size_t searches) {
  const auto begin = std::chrono::steady_clock::now();
  const World world(plan.seed);
  make_folder(out);
  const std::uint64_t companies = plan.of(companies_at_scale_1);
  // An offer keeps its company, whatever the nights do to the list of companies.
  const std::uint64_t employers = std::max<std::uint64_t>(companies, 1);
  nlohmann::json counts;
  Written total;
  const auto add = [&](const char* name, Kind kind, std::uint64_t at_scale_1, const auto& make) {
    const Written written = write_set(out / name, plan, kind, plan.of(at_scale_1), make);
    counts[name] = {{"records", written.records}, {"bytes", written.bytes}};
    total.records += written.records;
    total.bytes += written.bytes;
  };
  add("formations.ndjson", Kind::formation, formations_at_scale_1,
      [&](std::string& text, std::uint64_t i, unsigned version) { make_formation(text, world, i, version); });
  add("offres-france-travail.ndjson", Kind::france_travail, france_travail_at_scale_1,
      [&](std::string& text, std::uint64_t i, unsigned version) {
        make_france_travail(text, world, employers, i, version);
      });
  add("offres-lba.ndjson", Kind::lba, lba_at_scale_1, [&](std::string& text, std::uint64_t i, unsigned version) {
    make_lba_v3(text, world, employers, i, version, Kind::lba);
  });
  add("matcha.ndjson", Kind::matcha, matcha_at_scale_1, [&](std::string& text, std::uint64_t i, unsigned version) {
    make_lba_v3(text, world, employers, i, version, Kind::matcha);
  });
  add("entreprises.ndjson", Kind::company, companies_at_scale_1,
      [&](std::string& text, std::uint64_t i, unsigned version) { make_company(text, world, i, version); });

  const nlohmann::json config{{"title", "Balise: benchmark"},
                              {"sources",
                               {{"formations", {{{"url", "formations.ndjson"}, {"format", "catalogue"}}}},
                                {"offres",
                                 {{{"url", "offres-france-travail.ndjson"}, {"format", "france-travail"}},
                                  {{"url", "offres-lba.ndjson"}, {"format", "lba-v3"}}}},
                                {"matcha", {{{"url", "matcha.ndjson"}, {"format", "lba-v3"}}}},
                                {"lba", {{{"url", "entreprises.ndjson"}, {"format", "recruteurs-lba"}}}}}}};
  write_file(out / "config.json", config.dump(2) + "\n");
  write_file(out / "searches.json", make_searches(world, searches));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::cout << nlohmann::json{{"seed", plan.seed},          {"scale", plan.scale},
                              {"night", plan.night},        {"as_of", as_of},
                              {"records", total.records},   {"bytes", total.bytes},
                              {"seconds", seconds.count()}, {"files", counts}}
                   .dump(2)
            << '\n';
  return 0;
}

}  // namespace

}  // namespace balise::bench

int main(int argc, char** argv) {
  CLI::App app("Writes a made-up national set of sources, its config and searches to ask");
  std::filesystem::path out;
  balise::bench::Plan plan;
  std::size_t searches = 200;
  app.add_option("--out", out, "Folder to write into")->required();
  app.add_option("--seed", plan.seed, "Another seed, another set")->capture_default_str();
  app.add_option("--scale", plan.scale, "1 is 810,000 records, 37 is 30 million")->capture_default_str();
  app.add_option("--night", plan.night, "How many nights went over it; each changes 2 % of the records")
      ->capture_default_str();
  app.add_option("--searches", searches, "How many searches to write")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return balise::bench::make_all(out, plan, searches);
  } catch (const std::exception& error) {
    std::cerr << "balise_bench_data: " << error.what() << '\n';
    return 1;
  }
}
