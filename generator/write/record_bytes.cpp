#include "generator/write/record_bytes.hpp"

#include <algorithm>

namespace balise {

namespace {

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  out.insert(out.end(), text.begin(), text.end());
}

std::string_view get_text(PackedReader& reader) {
  return reader.text(reader.varint());
}

/// Coordinates and dates are small numbers of either sign.
void put_signed(Bytes& out, std::int64_t value) {
  put_varint(out, folded_sign(value));
}

std::int32_t get_signed(PackedReader& reader) {
  return static_cast<std::int32_t>(unfolded_sign(reader.varint()));
}

}  // namespace

void put_record(Bytes& out, const Record& record) {
  out.push_back(static_cast<std::uint8_t>(record.source));
  put_text(out, record.id);
  put_text(out, record.title);
  put_text(out, record.company);
  out.push_back(record.position ? 1 : 0);
  if (record.position) {
    put_signed(out, record.position->lat_e5);
    put_signed(out, record.position->lon_e5);
  }
  put_text(out, record.address);
  put_text(out, record.postal_code);
  put_text(out, record.city);
  put_text(out, record.insee);
  out.push_back(record.departement.index);
  put_varint(out, record.romes.size());
  for (const RomeCode code : record.romes)
    put_varint(out, code.value);
  out.push_back(record.level);
  out.push_back(static_cast<std::uint8_t>(record.opco));
  put_signed(out, record.created);
  put_signed(out, record.expires);
  put_varint(out, record.details.size());
  for (const Detail& detail : record.details) {
    out.push_back(static_cast<std::uint8_t>(detail.field));
    put_text(out, detail.value);
  }
}

bool RecordView::look_at(ByteView bytes) {
  PackedReader reader(bytes);
  // Each of a list takes a byte at least: a count beyond that is damage.
  const auto count_of = [&] {
    return static_cast<std::size_t>(std::min<std::uint64_t>(reader.varint(), bytes.size()));
  };
  source = static_cast<Source>(reader.byte());
  id = get_text(reader);
  title = get_text(reader);
  company = get_text(reader);
  position.reset();
  if (reader.byte() != 0) {
    const std::int32_t lat = get_signed(reader);
    position = Position{lat, get_signed(reader)};
  }
  address = get_text(reader);
  postal_code = get_text(reader);
  city = get_text(reader);
  insee = get_text(reader);
  departement = {reader.byte()};
  romes.resize(count_of());
  for (RomeCode& code : romes)
    code.value = static_cast<std::uint32_t>(reader.varint());
  level = reader.byte();
  opco = static_cast<Opco>(reader.byte());
  created = get_signed(reader);
  expires = get_signed(reader);
  details.resize(count_of());
  for (Detail& detail : details) {
    detail.field = static_cast<Field>(reader.byte());
    detail.value = get_text(reader);
  }
  return reader.ok_and_at_end();
}

Record record_of(const RecordView& view) {
  Record record;
  record.source = view.source;
  record.id = view.id;
  record.title = view.title;
  record.company = view.company;
  record.position = view.position;
  record.address = view.address;
  record.postal_code = view.postal_code;
  record.city = view.city;
  record.insee = view.insee;
  record.departement = view.departement;
  record.romes = view.romes;
  record.level = view.level;
  record.opco = view.opco;
  record.created = view.created;
  record.expires = view.expires;
  for (const RecordView::Detail& detail : view.details)
    record.details.push_back({detail.field, std::string(detail.value)});
  return record;
}

std::string_view detail(const RecordView& record, Field field) {
  for (const RecordView::Detail& detail : record.details)
    if (detail.field == field)
      return detail.value;
  return {};
}

}  // namespace balise
