#include "generator/record.hpp"

#include <algorithm>

namespace balise {

namespace {

auto lower_bound(std::vector<Detail>& details, Field field) {
  return std::lower_bound(details.begin(), details.end(), field,
                          [](const Detail& detail, Field wanted) { return detail.field < wanted; });
}

}  // namespace

void set_detail(Record& record, Field field, std::string value) {
  const auto place = lower_bound(record.details, field);
  const bool present = place != record.details.end() && place->field == field;
  if (value.empty()) {
    if (present)
      record.details.erase(place);
  } else if (present) {
    place->value = std::move(value);
  } else {
    record.details.insert(place, Detail{field, std::move(value)});
  }
}

const std::string& detail(const Record& record, Field field) {
  static const std::string none;
  for (const Detail& detail : record.details)
    if (detail.field == field)
      return detail.value;
  return none;
}

}  // namespace balise
