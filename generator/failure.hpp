#ifndef BALISE_GENERATOR_FAILURE_HPP
#define BALISE_GENERATOR_FAILURE_HPP

#include <stdexcept>
#include <string>

namespace balise {

/// Exit codes of every command (interface, section 2). 5 and 6 belong to `balise api`, 75 (EX_TEMPFAIL) to publishing.
enum class Exit : int {
  done = 0,
  failed = 1,
  usage = 2,
  data_refused = 3,
  verification_failed = 4,
  client_error = 5,
  server_error = 6,
  busy = 75  ///< another run is at work there
};

/// "Cannot go on", thrown by the generator and caught once, in main(). The message is one sentence in English that says
/// what, where (file, and byte or record if known) and what to try; no final line break.
class Failure : public std::runtime_error {
 public:
  Failure(Exit exit, const std::string& message) : std::runtime_error(message), m_exit(exit) {}
  [[nodiscard]] Exit exit() const { return m_exit; }

 private:
  Exit m_exit;
};

}  // namespace balise

#endif
