#ifndef BALISE_GENERATOR_WRITE_RECORD_BYTES_HPP
#define BALISE_GENERATOR_WRITE_RECORD_BYTES_HPP

#include <optional>
#include <string_view>
#include <vector>

#include "core/packed.hpp"
#include "core/place_key.hpp"
#include "generator/record.hpp"

namespace balise {

/// A record as bytes, the same for the same content: what waits on disk between reading and writing. Appends to `out`.
void put_record(Bytes& out, const Record& record);

/// A record whose texts stand in bytes that somebody else keeps; the members are those of Record. One object can look
/// at one record after the other without asking for memory.
struct RecordView {
  struct Detail {
    Field field;
    std::string_view value;
  };
  Source source = Source::formations;
  std::string_view id, title, company;
  std::optional<Position> position;
  std::string_view address, postal_code, city, insee;
  Departement departement;
  std::vector<RomeCode> romes;
  Level level = level_unknown;
  Opco opco = Opco::unknown;
  Date created = date_unknown;
  Date expires = date_unknown;
  std::vector<Detail> details;

  /// Looks at what put_record() wrote; false when the bytes are not that.
  [[nodiscard]] bool look_at(ByteView bytes);
  [[nodiscard]] PlaceKey key() const { return position ? place_key_of(*position) : no_place; }
};

/// A record of its own.
[[nodiscard]] Record record_of(const RecordView& view);

/// The value of a field, or nothing.
[[nodiscard]] std::string_view detail(const RecordView& record, Field field);

}  // namespace balise

#endif
