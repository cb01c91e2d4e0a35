#ifndef BALISE_GENERATOR_WRITE_VERIFY_HPP
#define BALISE_GENERATOR_WRITE_VERIFY_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "generator/progress.hpp"
#include "generator/publish/signature.hpp"

namespace balise {

struct Verified {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t records = 0;
  std::string signature;  ///< what to say of it, in words; empty = there is none
};

/// Re-reads every file of a site from its manifest on: length, hash, structure and bounds of each; that counts, boxes
/// and cells are those of the content; that every entry of an index has its card and every card its entries and
/// details; that the compressed variants hold the same bytes; that the pages, scripts and the module are those that
/// were written. Throws Failure: Exit::verification_failed naming the first file that is damaged or missing. One of
/// `keys` must have signed the manifest; none: one of those that the manifest itself names, if it is signed.
[[nodiscard]] Verified verify_site(const std::filesystem::path& folder, unsigned jobs, Progress& progress,
                                   const std::vector<PublicKey>& keys = {});

}  // namespace balise

#endif
