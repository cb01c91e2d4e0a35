#include "generator/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace balise {

namespace {

std::string seconds_text(std::chrono::steady_clock::duration time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace

Progress::Progress(Mode mode) : m_terminal(::isatty(STDERR_FILENO) == 1) {
  m_active = mode == Mode::always || (mode == Mode::automatic && m_terminal);
}

Progress::~Progress() {
  // An exception left the line open: the message must not begin on it.
  if (m_active && m_terminal && !m_phase.empty())
    std::cerr << '\n';
}

void Progress::phase(std::string_view what) {
  const std::lock_guard lock(m_mutex);
  m_phase = what;
  m_start = std::chrono::steady_clock::now();
  m_last = m_start;
  if (m_active)
    draw(m_phase + " ...", false);
}

void Progress::update(double share, std::uint64_t count, std::string_view unit) {
  if (!m_active)
    return;
  const std::lock_guard lock(m_mutex);
  const auto now = std::chrono::steady_clock::now();
  const auto pause = m_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000);
  if (now - m_last < pause)
    return;
  m_last = now;
  std::string text = m_phase;
  if (share >= 0)
    text += " " + std::to_string(static_cast<int>(share * 100)) + " %";
  text += ", " + std::to_string(count) + " " + std::string(unit) + ", " + seconds_text(now - m_start);
  draw(text, false);
}

void Progress::done(std::string_view what) {
  const std::lock_guard lock(m_mutex);
  if (m_active)
    draw(std::string(what) + " in " + seconds_text(std::chrono::steady_clock::now() - m_start), true);
  m_phase.clear();
}

void Progress::draw(std::string_view text, bool final) {
  if (!m_terminal)
    std::cerr << text << '\n';
  else
    std::cerr << "\r\x1B[K" << text << (final ? "\n" : "") << std::flush;
}

}  // namespace balise
