#include "generator/write/join.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "generator/failure.hpp"
#include "generator/parallel.hpp"
#include "generator/write/sorter.hpp"

namespace balise {

namespace {

/// A record that has others of its key.
struct Found {
  SpillPlace place;
  std::uint32_t entry = 0;
  Bytes content;  ///< what `view` looks at
  RecordView view;
};

void put_text(Bytes& key, std::string_view text) {
  key.insert(key.end(), text.begin(), text.end());
  key.push_back(0);
}

/// By key, with place and entry before the record.
void add_to(Sorter& sorter, const Bytes& key, const SpillPlace& place, std::uint32_t entry, ByteView record) {
  Bytes value(sizeof place + sizeof entry);
  std::memcpy(value.data(), &place, sizeof place);
  std::memcpy(value.data() + sizeof place, &entry, sizeof entry);
  value.insert(value.end(), record.begin(), record.end());
  sorter.add(key, value);
}

Found found_in(ByteView value) {
  Found found;
  std::memcpy(&found.place, value.data(), sizeof found.place);
  std::memcpy(&found.entry, value.data() + sizeof found.place, sizeof found.entry);
  const ByteView content = value.subspan(sizeof found.place + sizeof found.entry);
  found.content.assign(content.begin(), content.end());
  return found;
}

void look_at(Found& found) {
  if (!found.view.look_at(found.content))
    throw Failure(Exit::failed, "a record was changed on disk during the build; run it again");
}

void add_romes(Record& record, const std::vector<RomeCode>& others) {
  std::vector<RomeCode> all;
  std::set_union(record.romes.begin(), record.romes.end(), others.begin(), others.end(), std::back_inserter(all));
  record.romes = std::move(all);
}

/// Leaves the best of each group of one key, with the ROMEs of all where that is wanted, and gives it to `keep`.
void join_groups(Sorter& sorter, Spill& spill, const std::function<bool(const Found&, const Found&)>& is_better,
                 const std::function<bool(const RecordView&)>& joins_romes,
                 const std::function<void(const Found&)>& keep, Report& report) {
  Bytes key;
  std::vector<Found> group;
  const auto join = [&] {
    for (Found& member : group)
      look_at(member);
    std::sort(group.begin(), group.end(), is_better);
    const Found& winner = group.front();
    if (group.size() > 1) {
      Record joined = record_of(winner.view);
      for (std::size_t i = 1; i < group.size(); ++i) {
        const Found& loser = group[i];
        if (joins_romes(winner.view))
          add_romes(joined, loser.view.romes);
        spill.leave_out(loser.place);
        report.uncount_kept(loser.entry);
        report.add(loser.entry, Fate::left_out, "duplicate", loser.view.id, "same as " + joined.id);
      }
      if (joined.romes != winner.view.romes)
        spill.replace({&winner.place, 1}, winner.entry, joined);
    }
    keep(winner);
    group.clear();
  };
  while (const auto item = sorter.next()) {
    if (!group.empty() && !std::equal(key.begin(), key.end(), item->key.begin(), item->key.end()))
      join();
    key.assign(item->key.begin(), item->key.end());
    group.push_back(found_in(item->value));
  }
  if (!group.empty())
    join();
}

}  // namespace

void join_duplicates(Spill& spill, const std::filesystem::path& scratch, std::size_t memory_bytes, unsigned jobs,
                     Report& report) {
  // Equal hashes only: the few records that they name are read again, and compared by the keys themselves.
  PlaceSet suspects = spill.no_places();
  std::mutex mutex;
  in_parallel(Spill::key_parts, jobs, [&](std::size_t part) {
    std::vector<Spill::Key> keys = spill.take_keys(part);
    std::sort(keys.begin(), keys.end(), [](const Spill::Key& a, const Spill::Key& b) { return a.hash < b.hash; });
    const std::lock_guard lock(mutex);
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i].hash == keys[i - 1].hash) {
        suspects.add(keys[i].place);
        suspects.add(keys[i - 1].place);
      }
    }
  });
  if (suspects.is_empty())
    return;

  Sorter by_identity(scratch, memory_bytes / 2), by_formation(scratch, memory_bytes / 2);
  spill.read(suspects, jobs, [&](const SpillPlace& place, std::uint32_t entry, ByteView record) {
    Found found{place, entry, {record.begin(), record.end()}, {}};
    look_at(found);
    Bytes key;
    key.push_back(static_cast<std::uint8_t>(found.view.source));
    put_text(key, found.view.id);
    const std::lock_guard lock(mutex);
    add_to(by_identity, key, place, entry, record);
  });
  join_groups(
      by_identity, spill,
      [](const Found& a, const Found& b) {
        const std::string_view a_updated = detail(a.view, Field::updated), b_updated = detail(b.view, Field::updated);
        return std::tie(a.entry, b_updated, b.view.created, a.content) <
               std::tie(b.entry, a_updated, a.view.created, b.content);
      },
      [](const RecordView& record) { return record.source == Source::lba; },
      [&](const Found& kept) {
        if (kept.view.source != Source::formations)
          return;
        Bytes key;
        for (const std::string_view part : formation_parts(kept.view))
          put_text(key, part);
        add_to(by_formation, key, kept.place, kept.entry, kept.content);
      },
      report);
  by_identity.clear();
  join_groups(
      by_formation, spill, [](const Found& a, const Found& b) { return a.view.id < b.view.id; },
      [](const RecordView&) { return true; }, [](const Found&) {}, report);
}

}  // namespace balise
