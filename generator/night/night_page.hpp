#ifndef BALISE_GENERATOR_NIGHT_NIGHT_PAGE_HPP
#define BALISE_GENERATOR_NIGHT_NIGHT_PAGE_HPP

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "generator/night/facts.hpp"

namespace balise {

/// The text format of Prometheus, from what Night::tell() and Night::report_of() have put together.
[[nodiscard]] std::string metrics_of(const nlohmann::ordered_json& status, const nlohmann::ordered_json& report);

/// report.html: one page in French, without scripts and without anything from elsewhere. `nights` ascend.
[[nodiscard]] std::string page_of(const std::string& title, const nlohmann::ordered_json& status,
                                  const nlohmann::ordered_json& report, const std::vector<NightFacts>& nights);

}  // namespace balise

#endif
