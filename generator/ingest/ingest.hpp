#ifndef BALISE_GENERATOR_INGEST_INGEST_HPP
#define BALISE_GENERATOR_INGEST_INGEST_HPP

#include <cstddef>
#include <filesystem>
#include <functional>

#include "generator/config.hpp"
#include "generator/failure.hpp"
#include "generator/ingest/reference.hpp"
#include "generator/progress.hpp"
#include "generator/record.hpp"
#include "generator/report.hpp"

namespace balise {

/// The tables that a config names, those of `assets` in the place of the others. Throws Failure as Reference::load().
[[nodiscard]] Reference load_reference(const Config& config, const std::filesystem::path& assets);

/// Takes one usable record. Called from several threads at once; `worker` (0 to jobs - 1) tells them apart and is never
/// used by two threads at the same time, so that a sink can keep one place to write per worker. `entry` is the number
/// of the source entry in the config. Duplicates are still in: the writer joins them.
using RecordSink = std::function<void(unsigned worker, std::size_t entry, Record&& record)>;

/// A source that cannot be read: which one, by its number in the config.
class SourceFailure : public Failure {
 public:
  SourceFailure(std::size_t entry, const Failure& failure) : Failure(failure), m_entry(entry) {}
  [[nodiscard]] std::size_t entry() const { return m_entry; }

 private:
  std::size_t m_entry;
};

/// Reads every source of the config, maps, normalises, assigns commune, departement and region, applies `filter` and
/// `exclude`, leaves out what expired before `as_of`, and hands the rest to `sink`. The set of records and the report
/// do not depend on `jobs` (at least 1) or on the order of rows. Throws SourceFailure as input_stream.hpp and
/// json_objects.hpp say; exceptions of `sink` pass through.
void ingest(const Config& config, const Reference& reference, Date as_of, unsigned jobs, Progress& progress,
            Report& report, const RecordSink& sink);

}  // namespace balise

#endif
