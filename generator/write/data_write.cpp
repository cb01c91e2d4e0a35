#include "generator/write/data_write.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "generator/files.hpp"
#include "generator/parallel.hpp"
#include "generator/write/id_write.hpp"

namespace balise {

Root write_country(std::vector<WrittenRegion> written, TrainingFacts& facts, IdWriter& ids,
                   LookupDirectory reference_lookups, Date as_of, const std::filesystem::path& data_folder,
                   ListingWriter& listings) {
  Root root;
  root.as_of = as_of;
  // A region all of whose records were duplicates of another one's, or were filtered, has nothing to say.
  std::erase_if(written, [](const WrittenRegion& region) { return region.ref.counts == SourceCounts{}; });
  std::sort(written.begin(), written.end(),
            [](const WrittenRegion& a, const WrittenRegion& b) { return a.ref.region < b.ref.region; });
  for (WrittenRegion& region : written)
    listings.take(std::move(region.listings));
  write_directories(written, data_folder, root);
  root.ids = ids.write(data_folder);
  root.lookups = write_lookups(std::move(reference_lookups), facts, data_folder);
  return root;
}

Root write_data(const DataSource& source, Date as_of, const std::filesystem::path& data_folder,
                const std::filesystem::path& scratch, ListingWriter& listings, unsigned jobs, Progress& progress,
                std::size_t memory) {
  progress.phase("Writing shards");
  make_folder(data_folder);
  make_folder(scratch / "ids");
  make_folder(scratch / "sort");
  IdWriter ids(scratch / "ids");
  TrainingFacts facts(scratch / "sort");
  const RegionTarget target{data_folder, scratch / "sort", memory / jobs, ids, facts, &listings};
  std::vector<WrittenRegion> written(source.regions.size());
  std::atomic<std::uint64_t> done{0};
  in_parallel(source.regions.size(), jobs, [&](std::size_t i) {
    const Region region = source.regions[i];
    written[i] = write_region(
        region, [&](const TakeRecord& take) { source.read(region, take); }, target);
    for (const std::uint32_t count : written[i].ref.counts)
      done += count;
    progress.update(-1, done, "records");
  });
  Root root = write_country(std::move(written), facts, ids, source.reference_lookups(data_folder), as_of, data_folder,
                            listings);
  progress.done("Wrote shards of " + std::to_string(root.regions.size()) + " regions");
  return root;
}

}  // namespace balise
