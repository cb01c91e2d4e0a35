#ifndef BALISE_GENERATOR_PROGRESS_HPP
#define BALISE_GENERATOR_PROGRESS_HPP

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace balise {

/// One line on stderr that is rewritten in place; silent unless asked for. Thread-safe.
class Progress {
 public:
  enum class Mode { automatic, never, always };
  /// automatic: only when stderr is a terminal. always: a new line every second when it is none.
  explicit Progress(Mode mode);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Begins a phase: "Reading formations.ndjson.gz".
  void phase(std::string_view what);
  /// How far it is, 0 to 1 (below 0: unknown), and a count with its unit ("records"). Cheap to call often.
  void update(double share, std::uint64_t count, std::string_view unit);
  /// Ends the phase, leaving a line with what was done and the time that it took.
  void done(std::string_view what);

 private:
  using Clock = std::chrono::steady_clock;

  void write(std::string_view text, bool stays);
  bool m_active = false;
  bool m_terminal = false;
  bool m_on_line = false;  ///< a line stands on the terminal that will be rewritten
  std::mutex m_mutex;
  std::string m_phase;
  Clock::time_point m_start;
  std::atomic<Clock::rep> m_next{0};  ///< when update() draws again, read without the mutex
};

}  // namespace balise

#endif
