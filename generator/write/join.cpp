#include "generator/write/join.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "generator/parallel.hpp"

namespace balise {

namespace {

struct Found {
  SpillPlace place;
  SpilledRecord spilled;
  Bytes content;
  bool left_out = false;
  bool changed = false;
};

using Groups = std::map<std::string, std::vector<Found*>>;

void add_romes(Record& record, const Record& other) {
  std::vector<RomeCode> all;
  std::set_union(record.romes.begin(), record.romes.end(), other.romes.begin(), other.romes.end(),
                 std::back_inserter(all));
  record.romes = std::move(all);
}

void join_groups(Groups& groups, const std::function<bool(const Found&, const Found&)>& better,
                 const std::function<bool(const Record&)>& joins_romes, Report& report) {
  for (auto& [key, members] : groups) {
    if (members.size() < 2)
      continue;
    std::sort(members.begin(), members.end(), [&](const Found* a, const Found* b) { return better(*a, *b); });
    Found& winner = *members.front();
    for (Found* loser : std::vector<Found*>(members.begin() + 1, members.end())) {
      if (joins_romes(winner.spilled.record)) {
        add_romes(winner.spilled.record, loser->spilled.record);
        winner.changed = true;
      }
      loser->left_out = true;
      report.uncount_kept(loser->spilled.entry);
      report.add(loser->spilled.entry, Fate::left_out, "duplicate", loser->spilled.record.id,
                 "same as " + winner.spilled.record.id);
    }
  }
}

}  // namespace

Joined join_duplicates(Spill& spill, unsigned jobs, Report& report) {
  // Equal hashes only: the few records that they name are read again, and compared by the keys themselves.
  std::vector<std::vector<SpillPlace>> suspects_of(Spill::key_parts);
  in_parallel(Spill::key_parts, jobs, [&](std::size_t part) {
    std::vector<Spill::Key> keys = spill.take_keys(part);
    std::sort(keys.begin(), keys.end(), [](const Spill::Key& a, const Spill::Key& b) { return a.hash < b.hash; });
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i].hash == keys[i - 1].hash) {
        suspects_of[part].push_back(keys[i].place);
        suspects_of[part].push_back(keys[i - 1].place);
      }
    }
  });
  std::vector<SpillPlace> suspects;
  for (const std::vector<SpillPlace>& of_part : suspects_of)
    suspects.insert(suspects.end(), of_part.begin(), of_part.end());
  std::sort(suspects.begin(), suspects.end());
  suspects.erase(std::unique(suspects.begin(), suspects.end()), suspects.end());

  std::vector<Found> found;
  found.reserve(suspects.size());
  spill.read(suspects, [&found](const SpillPlace& place, SpilledRecord&& spilled) {
    Bytes content;
    put_record(content, spilled.record);
    found.push_back({place, std::move(spilled), std::move(content)});
  });

  Groups by_identity;
  for (Found& item : found)
    by_identity[identity_key(item.spilled.record)].push_back(&item);
  join_groups(
      by_identity,
      [](const Found& a, const Found& b) {
        const Record& left = a.spilled.record;
        const Record& right = b.spilled.record;
        const std::string& left_updated = detail(left, Field::updated);
        const std::string& right_updated = detail(right, Field::updated);
        return std::tie(a.spilled.entry, right_updated, right.created, a.content) <
               std::tie(b.spilled.entry, left_updated, left.created, b.content);
      },
      [](const Record& record) { return record.source == Source::lba; }, report);

  Groups by_formation;
  for (Found& item : found)
    if (const auto key = formation_key(item.spilled.record); key && !item.left_out)
      by_formation[*key].push_back(&item);
  join_groups(
      by_formation, [](const Found& a, const Found& b) { return a.spilled.record.id < b.spilled.record.id; },
      [](const Record&) { return true; }, report);

  Joined joined;
  for (Found& item : found) {
    if (item.left_out)
      joined.emplace(item.place, std::nullopt);
    else if (item.changed)
      joined.emplace(item.place, std::move(item.spilled.record));
  }
  return joined;
}

}  // namespace balise
