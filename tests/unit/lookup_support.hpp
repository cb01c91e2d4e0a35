#ifndef BALISE_TESTS_UNIT_LOOKUP_SUPPORT_HPP
#define BALISE_TESTS_UNIT_LOOKUP_SUPPORT_HPP

#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "core/lookup.hpp"
#include "generator/files.hpp"
#include "generator/write/lookup_write.hpp"
#include "generator/write/shard_encode.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

/// The look-up files of the built-in tables and of a few formations, and what a browser does with them.
class LookupSite {
 public:
  LookupSite();

  /// A store that has read nothing but the root.
  [[nodiscard]] Store fresh_store() const;

  struct Cost {
    std::size_t rounds = 0, files = 0, bytes = 0;
  };
  /// Runs anything with advance() to its end, reading what it asks for.
  template <typename Lookup>
  Cost run(Store& store, Lookup& lookup) const {
    Cost cost;
    for (;;) {
      const auto missing = lookup.advance();
      REQUIRE(missing);
      if (missing->empty())
        return cost;
      ++cost.rounds;
      REQUIRE(cost.rounds < 10);
      for (const FileId& file : *missing) {
        const Bytes bytes = read_file(m_folder.path() / path_of(file));
        REQUIRE(store.put(path_of(file), bytes));
        ++cost.files;
        cost.bytes += bytes.size();
      }
    }
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder.path(); }
  [[nodiscard]] const Root& root() const { return m_root; }

 private:
  TemporaryFolder m_folder;
  Root m_root;
};

/// Written once, for all tests of the program.
[[nodiscard]] const LookupSite& built_in_site();

/// Formations as the catalogue gives them, with CFD, school and RNCP.
[[nodiscard]] std::vector<Record> sample_formations();

}  // namespace balise

#endif
