#include "generator/compare/comparison_text.hpp"

#include <cstddef>
#include <string_view>

#include "generator/compare/known.hpp"

namespace balise::compare {

namespace {

using OrderedJson = nlohmann::ordered_json;

/// One line of at most so many bytes; cut between characters.
std::string shortened(const Json& value) {
  constexpr std::size_t most = 90;
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() <= most)
    return text;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "...";
}

std::string plural(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::string_view path_or_answer(const Difference& difference) {
  return difference.path.empty() ? std::string_view("(the answer)") : std::string_view(difference.path);
}

/// What was recorded there may say who to write to.
bool is_private(const Difference& difference) {
  return difference.path.find("contact") != std::string::npos;
}

std::string line_of(const Difference& difference) {
  std::string line = "  " + difference.route + "  " + std::string(path_or_answer(difference)) + "  " +
                     std::string(name_of(difference.kind));
  if (!difference.detail.empty())
    line += " (" + difference.detail + ")";
  return line + ": " + std::to_string(difference.count) + "\n";
}

std::string examples_of(const Difference& difference) {
  if (is_private(difference))
    return {};
  std::string text;
  for (const Example& example : difference.examples) {
    text += "      ";
    switch (difference.kind) {
      case Kind::missing_key:
      case Kind::only_recorded:
        text += "recorded " + shortened(example.recorded);
        break;
      case Kind::added_key:
      case Kind::only_here:
        text += "here " + shortened(example.here);
        break;
      case Kind::order:
        text += shortened(example.here) + " of " + shortened(example.recorded) + " in both stand at another rank";
        break;
      case Kind::status:
      case Kind::type:
      case Kind::value:
        text += "recorded " + shortened(example.recorded) + ", here " + shortened(example.here);
        break;
    }
    if (!example.item.empty())
      text += "  [" + example.item + "]";
    if (!example.url.empty())
      text += "  " + example.url;
    text += '\n';
  }
  return text;
}

OrderedJson json_of(const std::vector<Difference>& differences) {
  OrderedJson list = OrderedJson::array();
  for (const Difference& difference : differences) {
    OrderedJson entry{{"route", difference.route},
                      {"path", difference.path},
                      {"kind", name_of(difference.kind)},
                      {"detail", difference.detail},
                      {"count", difference.count}};
    if (!difference.reason.empty())
      entry["reason"] = difference.reason;
    entry["examples"] = OrderedJson::array();
    if (!is_private(difference))
      for (const Example& example : difference.examples)
        entry["examples"].push_back({{"url", example.url},
                                     {"item", example.item},
                                     {"recorded", OrderedJson(example.recorded)},
                                     {"here", OrderedJson(example.here)}});
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

std::string text_of(const Comparison& comparison, const Recording& recording) {
  const std::uint64_t equal = comparison.answers() - comparison.different() - comparison.known_only();
  std::string text = plural(comparison.answers(), "answer", "answers") + " compared: " + std::to_string(equal) +
                     " equal, " + std::to_string(comparison.known_only()) + " with known differences only, " +
                     std::to_string(comparison.different()) + " with others\n";
  if (recording.other_requests + recording.without_answer > 0)
    text += "left out: " + plural(recording.other_requests, "request", "requests") + " of something else, " +
            plural(recording.without_answer, "answer", "answers") + " that were not kept or are no JSON\n";
  if (!comparison.lists().empty())
    text += "\nitems of lists:\n";
  for (const auto& [key, tally] : comparison.lists())
    text += "  " + key.first + "  " + key.second + ": " + std::to_string(tally.both) + " in both, " +
            std::to_string(tally.only_recorded) + " only recorded, " + std::to_string(tally.only_here) +
            " only here, " + std::to_string(tally.moved) + " at another rank\n";
  const auto differences = comparison.differences(), known = comparison.known();
  text += differences.empty() ? "\nno difference that is not known\n" : "\ndifferences:\n";
  for (const Difference& difference : differences)
    text += line_of(difference) + examples_of(difference);
  if (known.empty())
    return text;
  text += "\nknown differences (" + std::string(known_differences_page) + "):\n";
  for (const Difference& difference : known)
    text += line_of(difference) + "      " + std::string(difference.reason) + "\n";
  return text;
}

std::string json_of(const Comparison& comparison, const Recording& recording) {
  OrderedJson json;
  json["answers"] = comparison.answers();
  json["equal"] = comparison.answers() - comparison.different() - comparison.known_only();
  json["known_only"] = comparison.known_only();
  json["different"] = comparison.different();
  json["left_out"] = {{"other_requests", recording.other_requests}, {"without_answer", recording.without_answer}};
  json["lists"] = OrderedJson::array();
  for (const auto& [key, tally] : comparison.lists())
    json["lists"].push_back({{"route", key.first},
                             {"path", key.second},
                             {"both", tally.both},
                             {"only_recorded", tally.only_recorded},
                             {"only_here", tally.only_here},
                             {"moved", tally.moved}});
  json["differences"] = json_of(comparison.differences());
  json["known"] = json_of(comparison.known());
  json["see"] = known_differences_page;
  return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace balise::compare
