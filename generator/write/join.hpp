#ifndef BALISE_GENERATOR_WRITE_JOIN_HPP
#define BALISE_GENERATOR_WRITE_JOIN_HPP

#include <filesystem>

#include "generator/report.hpp"
#include "generator/write/spill.hpp"

namespace balise {

/// Joins the records of a spill that are the same one, before anything is limited (interface, section 6):
/// - the same id in one source: the entry named first in the config wins, then the newest, then the least by content;
///   companies also get the ROMEs of the others;
/// - formations equal by reference section 3.3: the least id wins and gets the ROMEs of the others, so that a search
///   finds it by any of them.
/// The outcome depends on the records alone, not on their order. Counts each one left out as "duplicate" in `report`.
/// Files in `scratch` take what does not fit into `memory_bytes`.
void join_duplicates(Spill& spill, const std::filesystem::path& scratch, std::size_t memory_bytes, unsigned jobs,
                     Report& report);

}  // namespace balise

#endif
