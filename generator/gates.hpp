#ifndef BALISE_GENERATOR_GATES_HPP
#define BALISE_GENERATOR_GATES_HPP

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/shard.hpp"
#include "generator/config.hpp"
#include "generator/night/facts.hpp"

namespace balise {

/// What one gate says of one source entry.
struct Verdict {
  enum class Result { warned, accepted, refused };
  std::string gate;  ///< "shrink", "growth", "departements", "missing_name" ...
  std::string source, format;
  std::optional<std::size_t> entry;  ///< number in the config, of a gate that looks at one entry
  Result result = Result::refused;
  std::string message;  ///< one clause: what was found, and the limit with its name in the config
  std::string flag;     ///< what --accept takes to let it pass
};
[[nodiscard]] std::string_view name_of(Verdict::Result result);

/// What `--accept` takes: "baseline", and SOURCE:GATE for each source and gate. Throws Failure(Exit::usage) with the
/// names for anything else.
void check_accepted(const std::set<std::string>& accepted);

/// Whether what a gate found is let pass: completes a verdict whose gate and source are set.
[[nodiscard]] Verdict settled(Verdict verdict, const std::set<std::string>& accepted);

/// Judges a night against the ones before (`history`, ascending, published ones only): records by entry and by
/// departement against the last night that has the entry, shares against the median of the last 28 days. An entry that
/// no night knows fails the gate "baseline". Entries that stand on an earlier copy were judged when that was fresh;
/// only their age is looked at. Gates that found nothing are not mentioned.
[[nodiscard]] std::vector<Verdict> judge(const NightFacts& tonight, const std::vector<NightFacts>& history,
                                         const Limits& limits, const std::set<std::string>& accepted);

/// What a site would lose of each source, more than the limit, against the one that stands at `out`.
[[nodiscard]] std::vector<Verdict> judge_drop(const std::filesystem::path& out, const SourceCounts& now,
                                              const Limits& limits, const std::set<std::string>& accepted);

}  // namespace balise

#endif
