#include "generator/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace balise {

namespace {

/// Whole seconds from ten on, tenths below.
std::string seconds_of(std::chrono::steady_clock::duration time) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
  return std::to_string(tenths / 10) + (tenths < 100 ? "." + std::to_string(tenths % 10) : "") + " s";
}

/// "12,345"
std::string grouped(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t end = text.size(); end > 3; end -= 3)
    text.insert(end - 3, 1, ',');
  return text;
}

/// What fits on one line of the terminal: a longer one would leave a copy behind with every rewrite.
std::string_view fitting(std::string_view text) {
  winsize size{};
  std::size_t columns = 80;
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
    columns = size.ws_col;
  std::size_t end = std::min(text.size(), columns - 1);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end);
}

}  // namespace

Progress::Progress(Mode mode) : m_terminal(::isatty(STDERR_FILENO) == 1), m_start(Clock::now()) {
  m_active = mode == Mode::always || (mode == Mode::automatic && m_terminal);
}

Progress::~Progress() {
  // An error message must not continue the line.
  if (m_on_line)
    std::fputs("\n", stderr);
}

void Progress::phase(std::string_view what) {
  if (!m_active)
    return;
  const std::lock_guard lock(m_mutex);
  m_phase = what;
  m_start = Clock::now();
  m_next = 0;
  if (m_terminal)
    write(m_phase, /*stays=*/false);
}

void Progress::update(double share, std::uint64_t count, std::string_view unit) {
  if (!m_active)
    return;
  const Clock::time_point now = Clock::now();
  if (now.time_since_epoch().count() < m_next.load(std::memory_order_relaxed))
    return;
  const std::unique_lock lock(m_mutex, std::try_to_lock);
  // Another thread is drawing.
  if (!lock)
    return;
  const Clock::duration pause = m_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000);
  m_next = (now + pause).time_since_epoch().count();
  std::string text = m_phase;
  if (share >= 0)
    text += ' ' + std::to_string(static_cast<int>(std::min(share, 1.0) * 100)) + " %";
  text += (share >= 0 ? ", " : ": ") + grouped(count) + ' ' + std::string(unit) + ", " + seconds_of(now - m_start);
  write(text, /*stays=*/!m_terminal);
}

void Progress::done(std::string_view what) {
  if (!m_active)
    return;
  const std::lock_guard lock(m_mutex);
  write(std::string(what) + " in " + seconds_of(Clock::now() - m_start), /*stays=*/true);
}

void Progress::write(std::string_view text, bool stays) {
  std::string line;
  // Back to the first column, and clear what stood there.
  if (m_terminal)
    line = "\r\x1B[K";
  line += m_terminal && !stays ? fitting(text) : text;
  if (stays)
    line += '\n';
  m_on_line = !stays;
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

}  // namespace balise
