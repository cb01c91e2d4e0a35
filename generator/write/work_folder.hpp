#ifndef BALISE_GENERATOR_WRITE_WORK_FOLDER_HPP
#define BALISE_GENERATOR_WRITE_WORK_FOLDER_HPP

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/territory.hpp"
#include "generator/write/region_write.hpp"
#include "generator/write/site_source.hpp"

namespace balise {

/// The folder of a build that is cut into jobs, for machines that share it: a plan, the records of each part, and what
/// the job of each part made of them. A job may run anywhere, at any time and more than once.
///
///   plan.json            what there is to do; written last by WorkFolder::write()
///   parts/N              the records of part N
///   done/N/site/…        the files of the site that job N wrote
///   done/N/ids/…         where its ids are
///   done/N/result.json   the rest of what the country needs to know of it
///   done/N/receipt.json  one line: hashes of all that; a job is done when its folder is there, which comes whole
class WorkFolder {
 public:
  struct Part {
    Region region;
    std::uint64_t records = 0;
    std::string hash;  ///< of its file
  };
  struct Plan {
    std::filesystem::path config;
    std::string config_sha256;
    Date as_of = date_unknown;
    std::vector<SiteSource> sources;
    std::vector<Part> parts;
    std::string night;  ///< what merge has to know of the night, JSON
  };

  /// Reads the plan of a folder. Throws Failure: Exit::usage when there is none, Exit::data_refused when the config is
  /// no longer the one that it was made with.
  explicit WorkFolder(std::filesystem::path folder);
  /// Makes a plan of regions, a part each: `read` gives the records of one. The folder must be absent, empty or one of
  /// these, whose plan and results are then taken away; `night` is JSON. Throws Failure.
  static void write(const std::filesystem::path& folder, const std::filesystem::path& config, Date as_of,
                    const std::vector<SiteSource>& sources, const std::string& night,
                    const std::vector<Region>& regions, const std::function<void(Region, const TakeRecord&)>& read);

  [[nodiscard]] const Plan& plan() const { return m_plan; }
  /// Gives the records of a part. Throws Failure(Exit::data_refused) when they are not those of the plan; by then some
  /// were given.
  void read(std::size_t number, const TakeRecord& take) const;

  /// Makes the result of a job known: `made` has site/ and ids/, `facts` those of its records. Returns the receipt. A
  /// job that was done before with the same outcome stays as it is. Throws Failure(Exit::data_refused) when it had
  /// another one.
  std::string finish(std::size_t number, const std::filesystem::path& made, const WrittenRegion& written,
                     TrainingFacts& facts) const;

  /// Checks the receipt of a job and all that it names, gives what the job wrote, and adds to the facts. Throws
  /// Failure(Exit::data_refused) for one that is missing, damaged or of other records.
  [[nodiscard]] WrittenRegion result(std::size_t number, TrainingFacts& facts) const;
  [[nodiscard]] std::filesystem::path done(std::size_t number) const;

 private:
  std::filesystem::path m_folder;
  Plan m_plan;
};

}  // namespace balise

#endif
