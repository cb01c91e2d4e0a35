#include "generator/ingest/ingest.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "generator/ingest/json_repair.hpp"
#include "generator/ingest/non_diffusible.hpp"
#include "generator/ingest/row.hpp"
#include "generator/ingest/source_catalogue.hpp"
#include "generator/ingest/source_france_travail.hpp"
#include "generator/ingest/source_lba_v3.hpp"
#include "generator/ingest/source_recruteurs_lba.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/input/json_objects.hpp"

namespace balise {

namespace {

/// Large enough that handing over costs nothing, small enough that a few of them per worker are no memory.
constexpr std::size_t batch_bytes = 1U << 20U;

/// Records of one source entry, one after the other.
struct Batch {
  std::size_t entry = 0;
  std::uint64_t first_number = 1;  ///< of the first record in its source, for messages
  std::string text;
  std::vector<std::size_t> ends;  ///< in `text`, one per record
};

using Mapper = std::optional<Refusal> (*)(const JsonValue&, const MapContext&, Row&);

Mapper mapper_of(Format format) {
  switch (format) {
    case Format::catalogue:
      return map_catalogue;
    case Format::france_travail:
      return map_france_travail;
    case Format::lba_v3:
      return map_lba_v3;
    case Format::recruteurs_lba:
      break;
  }
  return map_recruteurs_lba;
}

/// Turns batches into records; one per thread.
class Worker {
 public:
  Worker(unsigned number, const Config& config, const Reference& reference, Date as_of, const Report& blank,
         const RecordSink& sink)
      : m_number(number), m_config(config), m_reference(reference), m_as_of(as_of), m_report(blank), m_sink(sink) {}

  void work(const Batch& batch) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < batch.ends.size(); ++i) {
      take(batch.entry, batch.first_number + i, std::string_view(batch.text).substr(begin, batch.ends[i] - begin));
      begin = batch.ends[i];
    }
  }

  [[nodiscard]] const Report& report() const { return m_report; }

 private:
  void take(std::size_t entry, std::uint64_t number, std::string_view text) {
    m_report.count_read(entry);
    Row row;
    std::optional<Refusal> refusal = map(entry, text, row);
    // Before the filters, which then see the place that is published.
    if (!refusal && !m_config.non_diffusibles.empty())
      hide_non_diffusible(row, m_config.non_diffusibles, m_reference);
    if (!refusal)
      refusal = check(row.record);
    const auto name = [&row, number] { return row.record.id.empty() ? '#' + std::to_string(number) : row.record.id; };
    if (refusal) {
      m_report.add(entry, refusal->fate, refusal->reason, name(), refusal->detail);
      return;
    }
    row.finish_notes();
    for (const Row::Note& note : row.notes)
      m_report.add(entry, Fate::noted, note.reason, name(), note.detail);
    m_report.count_kept(entry);
    m_sink(m_number, entry, std::move(row.record));
  }

  std::optional<Refusal> map(std::size_t entry, std::string_view text, Row& row) {
    if (!m_document.parse(text)) {
      m_repaired = repair_json(text);
      if (!m_document.parse(m_repaired))
        return rejected("invalid_json");
      row.note("repaired_json");
    }
    const JsonValue& object = m_document.root();
    if (!object.is_object())
      return rejected("invalid_json", "no object");
    const SourceEntry& source = m_config.sources[entry];
    return mapper_of(source.format)(object, MapContext{m_reference, m_as_of, source.source}, row);
  }

  /// What the config and the day leave out.
  std::optional<Refusal> check(const Record& record) const {
    if (m_config.excluded_ids.contains(record.id))
      return left_out("excluded", "id");
    // The body in charge of a formation stands on its card and in its details as the school does.
    for (const std::string* siret : {&record.id, &detail(record, Field::siret), &detail(record, Field::head_siret)})
      if (m_config.excluded_sirets.contains(*siret))
        return left_out("excluded", "siret");
    if (record.expires != date_unknown && record.expires < m_as_of)
      return left_out("expired", to_string_date(record.expires));
    if (const std::string_view list = stopped_by(record, m_config.filter); !list.empty())
      return left_out("filtered", std::string(list));
    return std::nullopt;
  }

  unsigned m_number;
  const Config& m_config;
  const Reference& m_reference;
  Date m_as_of;
  Report m_report;
  const RecordSink& m_sink;
  JsonDocument m_document;
  std::string m_repaired;  ///< what the document was parsed from, where the text itself is no JSON
};

/// A few batches between the reader and the workers. After stop() nothing waits any more.
class BatchQueue {
 public:
  explicit BatchQueue(std::size_t capacity) : m_capacity(capacity) {}

  /// False when the work has been stopped.
  bool push(Batch&& batch) {
    std::unique_lock lock(m_mutex);
    m_room.wait(lock, [this] { return m_stopped || m_batches.size() < m_capacity; });
    if (m_stopped)
      return false;
    m_batches.push_back(std::move(batch));
    m_work.notify_one();
    return true;
  }

  /// nullopt when there will be no more.
  std::optional<Batch> pop() {
    std::unique_lock lock(m_mutex);
    m_work.wait(lock, [this] { return m_stopped || m_closed || !m_batches.empty(); });
    if (m_stopped || m_batches.empty())
      return std::nullopt;
    Batch batch = std::move(m_batches.front());
    m_batches.pop_front();
    m_room.notify_one();
    return batch;
  }

  /// No more batches will come; those that wait are still worked on.
  void close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_work.notify_all();
  }

  /// Ends everything; the first failure given is kept.
  void stop(std::exception_ptr failure) {
    const std::lock_guard lock(m_mutex);
    if (!m_failure)
      m_failure = std::move(failure);
    m_stopped = true;
    m_work.notify_all();
    m_room.notify_all();
  }

  /// Call when no thread uses the queue any more.
  void rethrow_failure() const {
    if (m_failure)
      std::rethrow_exception(m_failure);
  }

 private:
  const std::size_t m_capacity;
  std::mutex m_mutex;
  std::condition_variable m_work, m_room;
  std::deque<Batch> m_batches;
  bool m_closed = false, m_stopped = false;
  std::exception_ptr m_failure;
};

/// Calls read(), and says of a failure which source it is of.
template <typename Read>
auto of_entry(std::size_t entry, const Read& read) {
  try {
    return read();
  } catch (const Failure& failure) {
    throw SourceFailure(entry, failure);
  }
}

/// Cuts every source into batches and gives them to `take`, until it returns false.
template <typename Take>
void read_sources(const Config& config, Progress& progress, const Take& take) {
  for (std::size_t entry = 0; entry < config.sources.size(); ++entry) {
    const SourceEntry& source = config.sources[entry];
    // A fetched source has the name of its copy, which says nothing: its address does.
    const std::string shown = source.remote ? source.url : source.path.string();
    const std::string name = source.remote ? source.url : source.path.filename().string();
    progress.phase("Reading " + name);
    const std::unique_ptr<InputStream> input = of_entry(entry, [&] { return open_input(source.path); });
    JsonObjects objects(*input, shown);
    Batch batch;
    const auto hand_over = [&] {
      const double share = input->size_bytes() == 0 ? -1.0
                                                    : static_cast<double>(input->position_bytes()) /
                                                          static_cast<double>(input->size_bytes());
      progress.update(share, objects.count(), "records");
      const bool wanted = batch.ends.empty() || take(std::move(batch));
      batch = Batch{entry, objects.count() + 1, {}, {}};
      return wanted;
    };
    batch.entry = entry;
    while (const auto text = of_entry(entry, [&objects] { return objects.next(); })) {
      batch.text += *text;
      batch.ends.push_back(batch.text.size());
      if (batch.text.size() >= batch_bytes && !hand_over())
        return;
    }
    if (!hand_over())
      return;
    progress.done("Read " + std::to_string(objects.count()) + " records of " + name);
  }
}

void ingest_in_threads(const Config& config, std::vector<Worker>& workers, Progress& progress) {
  BatchQueue queue(2 * workers.size());
  std::vector<std::thread> threads;
  const auto join = [&threads] {
    for (std::thread& thread : threads)
      thread.join();
  };
  try {
    for (Worker& worker : workers) {
      threads.emplace_back([&queue, &worker] {
        try {
          while (const std::optional<Batch> batch = queue.pop())
            worker.work(*batch);
        } catch (...) {
          queue.stop(std::current_exception());
        }
      });
    }
    read_sources(config, progress, [&queue](Batch&& batch) { return queue.push(std::move(batch)); });
    queue.close();
  } catch (...) {
    queue.stop(std::current_exception());
  }
  join();
  queue.rethrow_failure();
}

}  // namespace

Reference load_reference(const Config& config, const std::filesystem::path& assets) {
  return Reference::load(config.communes.value_or(assets / "reference" / "communes.json.gz"),
                         config.romes.value_or(assets / "reference" / "romes.csv"));
}

void ingest(const Config& config, const Reference& reference, Date as_of, unsigned jobs, Progress& progress,
            Report& report, const RecordSink& sink) {
  if (report.entries().empty())
    for (const SourceEntry& source : config.sources)
      report.add_entry(source.source, name_of(source.format), source.url);
  Report blank;
  for (const SourceEntry& source : config.sources)
    blank.add_entry(source.source, name_of(source.format), source.url);

  std::vector<Worker> workers;
  workers.reserve(std::max(jobs, 1U));
  for (unsigned number = 0; number < std::max(jobs, 1U); ++number)
    workers.emplace_back(number, config, reference, as_of, blank, sink);
  if (workers.size() == 1) {
    read_sources(config, progress, [&workers](Batch&& batch) {
      workers.front().work(batch);
      return true;
    });
  } else {
    ingest_in_threads(config, workers, progress);
  }
  for (const Worker& worker : workers)
    report.merge(worker.report());
}

}  // namespace balise
