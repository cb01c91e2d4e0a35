#include "generator/night/night_page.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "core/territory.hpp"
#include "generator/write/html.hpp"
#include "generator/write/site_source.hpp"

namespace balise {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_changes = 12;
constexpr std::size_t most_nights = 60;  ///< in the plots

constexpr std::string_view style = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5a6270;--paper:#fff;--line:#d5d9e0;--mark:#0b6650;--was:#9aa3af;
--good:#0b6650;--warn:#8a5300;--bad:#a4161a}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a9b1bd;--paper:#15181c;--line:#3a414b;--mark:#5cc9a7;
--was:#6f7885;--good:#5cc9a7;--warn:#e8b04a;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
p{margin:.25rem 0}
.outcome{border:2px solid;border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0;overflow-wrap:anywhere}
.outcome strong{font-size:1.15rem}
.published,.ok,.accepted{color:var(--good)}
.degraded,.kept,.warned{color:var(--warn)}
.refused,.failed{color:var(--bad)}
.outcome p{color:var(--ink)}
.soft{color:var(--soft)}
.wide{overflow-x:auto}
.wide:focus-visible{outline:2px solid var(--mark)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.bar{width:45%;min-width:6rem}
tbody th{min-width:9rem;overflow-wrap:break-word}
td.text{min-width:8rem;overflow-wrap:break-word}
td.text code{overflow-wrap:anywhere}
svg{display:block;width:100%}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1rem}
figure{margin:0}
figcaption{font-size:.9rem}
figure svg{height:6rem;border-bottom:1px solid var(--line)}
.ends{display:flex;justify-content:space-between;font-size:.8rem;color:var(--soft)}
ul{padding-left:1.2rem}
li{overflow-wrap:anywhere}
summary{margin-top:1rem;cursor:pointer}
code{font-family:ui-monospace,monospace;font-size:.9em}
)";

std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::uint64_t>() : 0;
}

/// What tells two addresses apart: the last part of the path.
std::string file_of(std::string url) {
  url = url.substr(0, url.find('?'));
  return url.substr(url.rfind('/') + 1);
}

/// With narrow no-break spaces between thousands.
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, "&#8239;");
  }
  return digits;
}

/// "+1 234", "-5", "=".
std::string difference(std::uint64_t before, std::uint64_t after) {
  if (before == after)
    return "=";
  return after > before ? "+" + grouped(after - before) : "&minus;" + grouped(before - after);
}

std::string tenths(double number) {
  const auto count = static_cast<std::uint64_t>(number * 10 + 0.5);
  return grouped(count / 10) + "," + std::to_string(count % 10);
}

std::string size_text(std::uint64_t bytes) {
  return bytes < 1'000'000 ? tenths(static_cast<double>(bytes) / 1e3) + "&nbsp;ko"
                           : tenths(static_cast<double>(bytes) / 1e6) + "&nbsp;Mo";
}

std::string time_text(std::uint64_t duration_ms) {
  return tenths(static_cast<double>(duration_ms) / 1e3) + "&nbsp;s";
}

std::string label_of(std::string_view source) {
  return source == "formations" ? "Formations"
         : source == "offres"   ? "Offres d&rsquo;emploi"
         : source == "matcha"   ? "Offres directes"
                                : "Entreprises";
}

std::string outcome_text(std::string_view outcome) {
  return outcome == "published"  ? "Publi&eacute;"
         : outcome == "degraded" ? "Publi&eacute;, avec des donn&eacute;es d&rsquo;une nuit pr&eacute;c&eacute;dente"
         : outcome == "refused"  ? "Refus&eacute;&nbsp;: le site publi&eacute; reste tel qu&rsquo;il est"
                                 : "&Eacute;chec&nbsp;: le site publi&eacute; reste tel qu&rsquo;il est";
}

std::string result_text(std::string_view result) {
  return result == "warned" ? "Alerte" : result == "accepted" ? "Accept&eacute;" : "Refus&eacute;";
}

std::string step_text(std::string_view step) {
  return step == "fetch"     ? "T&eacute;l&eacute;chargement"
         : step == "read"    ? "Lecture"
         : step == "join"    ? "Doublons"
         : step == "write"   ? "&Eacute;criture des donn&eacute;es"
         : step == "pages"   ? "Pages et variantes compress&eacute;es"
         : step == "publish" ? "Mise en place"
         : step == "total"   ? "Total"
                             : html_of(step);
}

/// A number a night, as a line over the nights; nights on an earlier copy have a hollow mark.
struct Point {
  Date night = date_unknown;
  double value = 0;
  bool is_kept = false;
};

std::string plot(const std::string& title, std::vector<Point> points, const std::string& last,
                 const std::string& most) {
  if (points.size() > most_nights)
    points.erase(points.begin(), points.end() - static_cast<std::ptrdiff_t>(most_nights));
  double top = 0;
  for (const Point& point : points)
    top = std::max(top, point.value);
  const double days = points.empty() ? 0 : points.back().night - points.front().night;
  // In whole hundredths: no locale writes a comma into them.
  const auto x_of = [&](const Point& point) {
    return days > 0 ? static_cast<int>(1000 * (point.night - points.front().night) / days) : 500;
  };
  const auto y_of = [top](const Point& point) { return top > 0 ? static_cast<int>(95 - 90 * point.value / top) : 95; };
  std::string line, marks;
  for (const Point& point : points) {
    line += (line.empty() ? "" : " ") + std::to_string(x_of(point)) + "," + std::to_string(y_of(point));
    // A line of no length with round ends is a dot, whatever the picture is stretched to.
    const std::string at = std::to_string(x_of(point)) + " " + std::to_string(y_of(point));
    marks += "<path d=\"M" + at + "h0\" stroke=\"" + (point.is_kept ? "var(--warn)" : "var(--mark)") +
             "\" stroke-width=\"7\" stroke-linecap=\"round\" vector-effect=\"non-scaling-stroke\"/>";
  }
  std::string html =
      "<figure><figcaption>" + title + "&nbsp;: <strong>" + last + "</strong> <span class=\"soft\">(maximum " + most +
      ")</span></figcaption><svg viewBox=\"-15 0 " +
      "1030 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><polyline points=\"" + line +
      "\" fill=\"none\" stroke=\"var(--mark)\" stroke-width=\"2\" vector-effect=\"non-scaling-stroke\"/>" + marks +
      "</svg>";
  if (!points.empty())
    html += "<div class=\"ends\"><span>" + to_string_date(points.front().night) + "</span><span>" +
            to_string_date(points.back().night) + "</span></div>";
  return html + "</figure>";
}

std::string bar(std::uint64_t value, std::uint64_t before, std::uint64_t most) {
  const auto part = [most](std::uint64_t count) { return std::to_string(most == 0 ? 0 : 1000 * count / most); };
  return "<svg viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" height=\"16\" aria-hidden=\"true\">"
         "<rect width=\"" +
         part(value) + "\" height=\"9\" fill=\"var(--mark)\"/><rect y=\"11\" width=\"" + part(before) +
         "\" height=\"4\" fill=\"var(--was)\"/></svg>";
}

std::string table(const std::string& name, const std::string& head, const std::string& rows) {
  return "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + name + "\"><table><thead><tr>" + head +
         "</tr></thead><tbody>" + rows + "</tbody></table></div>";
}

std::string sources_table(const Json& report) {
  std::string rows;
  std::size_t i = 0;
  for (const Json& source : report.at("sources")) {
    const auto total = [&source](const char* key) {
      std::uint64_t sum = 0;
      for (const auto& [reason, count] : source.at(key).items())
        sum += number_of(count, "count");
      return sum;
    };
    std::string before = "&ndash;", change = "&ndash;";
    if (const auto changes = report.find("changes"); changes != report.end())
      if (const Json& entry = changes->at("sources").at(i); entry.at("before").is_number()) {
        before = grouped(number_of(entry, "before"));
        change = difference(number_of(entry, "before"), number_of(entry, "after"));
      }
    const bool is_kept = text_of(source, "state") == "kept";
    std::string state = is_kept ? text_of(source, "reason") == "refused"
                                      ? "gard&eacute;e&nbsp;: donn&eacute;es refus&eacute;es"
                                      : "gard&eacute;e&nbsp;: la source ne r&eacute;pond pas"
                                : "&agrave; jour";
    if (is_kept)
      state += "<br><span class=\"soft\" lang=\"en\">" + html_of(text_of(source, "why")) + "</span>";
    rows += "<tr><th scope=\"row\">" + label_of(text_of(source, "source")) + "<br><span class=\"soft\">" +
            html_of(text_of(source, "format")) + ", " + html_of(file_of(text_of(source, "url"))) +
            "</span></th><td class=\"text " + (is_kept ? "kept" : "ok") + "\">" + state + "</td><td class=\"n\">" +
            html_of(text_of(source, "as_of")) + "</td><td class=\"n\">" + grouped(number_of(source, "read")) +
            "</td><td class=\"n\">" + grouped(number_of(source, "kept")) + "</td><td class=\"n\">" + before +
            "</td><td class=\"n\">" + change + "</td><td class=\"n\">" + grouped(total("left_out")) +
            "</td><td class=\"n\">" + grouped(total("rejected")) + "</td></tr>\n";
    ++i;
  }
  return table("Sources",
               "<th scope=\"col\">Source</th><th scope=\"col\">&Eacute;tat</th><th scope=\"col\" class=\"n\">"
               "Donn&eacute;es du</th><th scope=\"col\" class=\"n\">Lues</th><th scope=\"col\" class=\"n\">"
               "Retenues</th><th scope=\"col\" class=\"n\">Nuit d&rsquo;avant</th><th scope=\"col\" class=\"n\">"
               "&Eacute;cart</th><th scope=\"col\" class=\"n\">&Eacute;cart&eacute;es</th><th scope=\"col\" "
               "class=\"n\">Rejet&eacute;es</th>",
               rows);
}

std::string gates_list(const Json& report) {
  std::string items;
  for (const Json& gate : report.at("gates")) {
    const std::string result = text_of(gate, "result"), flag = text_of(gate, "accept");
    items += "<li><strong class=\"" + html_of(result) + "\">" + result_text(result) + "</strong>, " +
             label_of(text_of(gate, "source")) + " (" + html_of(text_of(gate, "format")) + "), <code>" +
             html_of(text_of(gate, "gate")) + "</code>&nbsp;: <span lang=\"en\">" + html_of(text_of(gate, "message")) +
             "</span>";
    if (result == "refused" && !flag.empty())
      items += "<br>Pour l&rsquo;accepter&nbsp;: <code>--accept " + html_of(flag) + "</code>";
    items += "</li>\n";
  }
  return items.empty() ? "<p>Tous les contr&ocirc;les sont pass&eacute;s, sans alerte.</p>" : "<ul>" + items + "</ul>";
}

std::string plots(const std::vector<NightFacts>& nights) {
  std::map<std::string, std::vector<Point>> by_source;
  std::vector<Point> sizes, durations;
  for (const NightFacts& night : nights) {
    std::map<std::string, Point> sums;
    for (const EntryFacts& entry : night.entries) {
      Point& point = sums[entry.source];
      point.night = night.as_of;
      point.value += static_cast<double>(entry.records);
      point.is_kept = point.is_kept || entry.is_kept;
    }
    for (const auto& [source, point] : sums)
      by_source[source].push_back(point);
    sizes.push_back({night.as_of, static_cast<double>(night.bytes), false});
    durations.push_back({night.as_of, static_cast<double>(night.duration_ms), false});
  }
  if (nights.empty())
    return "<p>Aucune nuit publi&eacute;e pour le moment.</p>";
  const auto most_of = [](const std::vector<Point>& points) {
    double most = 0;
    for (const Point& point : points)
      most = std::max(most, point.value);
    return static_cast<std::uint64_t>(most);
  };
  const auto last_of = [](const std::vector<Point>& points) { return static_cast<std::uint64_t>(points.back().value); };
  std::string html = "<div class=\"plots\">";
  for (const char* source : {"formations", "offres", "matcha", "lba"})
    if (const auto found = by_source.find(source); found != by_source.end())
      html += plot(label_of(source), found->second, grouped(last_of(found->second)), grouped(most_of(found->second)));
  html += plot("Taille du site", sizes, size_text(last_of(sizes)), size_text(most_of(sizes)));
  html += plot("Dur&eacute;e", durations, time_text(last_of(durations)), time_text(most_of(durations)));
  return html +
         "</div><p class=\"soft\">Un point par nuit publi&eacute;e&nbsp;; d&rsquo;une autre couleur quand une "
         "partie des donn&eacute;es vient d&rsquo;une nuit pr&eacute;c&eacute;dente.</p>";
}

std::map<std::string, std::uint64_t> regions_of(const NightFacts& night) {
  std::map<std::string, std::uint64_t> sums;
  for (const EntryFacts& entry : night.entries)
    for (const auto& [code, count] : entry.departements)
      if (const auto departement = parse_departement(code))
        sums[std::string(name_of(info(*departement).region))] += count;
  return sums;
}

std::string regions_table(const std::vector<NightFacts>& nights) {
  if (nights.empty())
    return {};
  const auto now = regions_of(nights.back());
  const auto before = nights.size() > 1 ? regions_of(nights[nights.size() - 2]) : now;
  std::uint64_t most = 0;
  for (const auto& [name, count] : now)
    most = std::max(most, count);
  for (const auto& [name, count] : before)
    most = std::max(most, count);
  std::string rows;
  for (const auto& [name, count] : now) {
    const auto found = before.find(name);
    const std::uint64_t was = found == before.end() ? 0 : found->second;
    rows += "<tr><th scope=\"row\">" + html_of(name) + "</th><td class=\"n\">" + grouped(count) +
            "</td><td class=\"n\">" + difference(was, count) + "</td><td class=\"bar\">" + bar(count, was, most) +
            "</td></tr>\n";
  }
  return "<h2>Par r&eacute;gion</h2><p class=\"soft\">Derni&egrave;re nuit publi&eacute;e, avant la fusion des doublons"
         "&nbsp;; en gris la nuit d&rsquo;avant.</p>" +
         table("R\xC3\xA9gions",
               "<th scope=\"col\">R&eacute;gion</th><th scope=\"col\" class=\"n\">Annonces</th><th scope=\"col\" "
               "class=\"n\">&Eacute;cart</th><th scope=\"col\"><span class=\"soft\">&nbsp;</span></th>",
               rows);
}

std::string changes_table(const Json& report) {
  const auto changes = report.find("changes");
  if (changes == report.end())
    return {};
  struct Change {
    std::string source, code;
    std::uint64_t before, after;
    [[nodiscard]] std::uint64_t size() const { return before > after ? before - after : after - before; }
  };
  std::vector<Change> all;
  for (const Json& entry : changes->at("sources"))
    for (const auto& [code, both] : entry.at("departements").items())
      all.push_back({text_of(entry, "source"), code, both.at(0).get<std::uint64_t>(), both.at(1).get<std::uint64_t>()});
  std::stable_sort(all.begin(), all.end(), [](const Change& a, const Change& b) { return a.size() > b.size(); });
  std::string html = "<h2>Ce qui a chang&eacute; depuis le " + html_of(text_of(*changes, "since")) + "</h2>";
  if (all.empty())
    return html + "<p>Rien&nbsp;: les m&ecirc;mes nombres dans chaque d&eacute;partement.</p>";
  std::string rows;
  for (std::size_t i = 0; i < std::min(all.size(), most_changes); ++i) {
    const auto departement = parse_departement(all[i].code);
    rows += "<tr><th scope=\"row\">" + html_of(all[i].code) +
            (departement ? " " + html_of(name_of(*departement)) : std::string()) + "</th><td>" +
            label_of(all[i].source) + "</td><td class=\"n\">" + grouped(all[i].before) + "</td><td class=\"n\">" +
            grouped(all[i].after) + "</td><td class=\"n\">" + difference(all[i].before, all[i].after) + "</td></tr>\n";
  }
  return html + "<p class=\"soft\">Les plus grands &eacute;carts par d&eacute;partement, " +
         std::to_string(std::min(all.size(), most_changes)) + " sur " + std::to_string(all.size()) + ".</p>" +
         table(
             "Changements",
             "<th scope=\"col\">D&eacute;partement</th><th scope=\"col\">Source</th><th scope=\"col\" class=\"n\">"
             "Avant</th><th scope=\"col\" class=\"n\">Apr&egrave;s</th><th scope=\"col\" class=\"n\">&Eacute;cart</th>",
             rows);
}

using Kinds = std::vector<std::pair<const char*, const char*>>;

std::string rows_table(const Json& report, const Kinds& kinds) {
  std::string rows;
  for (const auto& [kind, word] : kinds)
    for (const Json& source : report.at("sources"))
      for (const auto& [reason, count] : source.at(kind).items()) {
        // Somebody who asked not to be shown is not shown here either.
        const bool is_private = reason == "excluded" || reason == "non_diffusible";
        std::string examples;
        for (const Json& example : count.at("examples"))
          if (!is_private && examples.size() < 600)
            examples += (examples.empty() ? "" : "<br>") + ("<code>" + html_of(text_of(example, "id")) + "</code> ") +
                        html_of(text_of(example, "detail"));
        rows += "<tr><td>" + std::string(word) + "</td><th scope=\"row\"><code>" + html_of(reason) +
                "</code></th><td>" + label_of(text_of(source, "source")) + "</td><td class=\"n\">" +
                grouped(number_of(count, "count")) + "</td><td class=\"text\">" + examples + "</td></tr>\n";
      }
  if (rows.empty())
    return "<p>Aucune.</p>";
  return table("Lignes",
               "<th scope=\"col\">Ligne</th><th scope=\"col\">Raison</th><th scope=\"col\">Source</th><th "
               "scope=\"col\" class=\"n\">Nombre</th><th scope=\"col\">Exemples</th>",
               rows);
}

std::string sizes_table(const Json& report) {
  std::string rows;
  if (const auto site = report.find("site"); site != report.end())
    rows += "<tr><th scope=\"row\">Site</th><td class=\"n\">" + size_text(number_of(*site, "bytes")) +
            "</td><td class=\"n\">" + grouped(number_of(*site, "files")) + " fichiers</td></tr>\n";
  for (const Json& source : report.at("sources"))
    if (const auto fetched = source.find("fetched"); fetched != source.end())
      rows += "<tr><th scope=\"row\">" + label_of(text_of(source, "source")) + " (" +
              html_of(text_of(source, "format")) + "), re&ccedil;u</th><td class=\"n\">" +
              size_text(number_of(*fetched, "bytes")) + "</td><td class=\"n\">" +
              grouped(number_of(*fetched, "requests")) + " requ&ecirc;tes</td></tr>\n";
  for (const auto& [step, duration_ms] : report.at("run").at("durations_ms").items())
    rows += "<tr><th scope=\"row\">" + step_text(step) + "</th><td class=\"n\">" +
            time_text(duration_ms.get<std::uint64_t>()) + "</td><td></td></tr>\n";
  return rows.empty() ? std::string()
                      : "<h2>Tailles et dur&eacute;es</h2>" +
                            table(
                                "Tailles et dur\xC3\xA9"
                                "es",
                                "<th scope=\"col\">Quoi</th><th scope=\"col\" class=\"n\">Combien</th><th "
                                "scope=\"col\"><span class=\"soft\">&nbsp;</span></th>",
                                rows);
}

/// A value in quotes, as the text format of Prometheus wants it.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"')
      out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

std::string metrics_of(const Json& status, const Json& report) {
  std::string out;
  const auto head = [&out](const char* name, const char* help) {
    out += std::string("# HELP ") + name + ' ' + help + "\n# TYPE " + name + " gauge\n";
  };
  const auto seconds_of = [](const std::string& time) -> std::string {
    // "2026-11-21T02:00:00Z"
    const auto day = time.size() == 20 ? parse_date(time.substr(0, 10)) : std::nullopt;
    if (!day)
      return "0";
    const auto two = [&time](std::size_t at) { return (time[at] - '0') * 10 + (time[at + 1] - '0'); };
    return std::to_string(std::int64_t{*day} * 86400 + two(11) * 3600 + two(14) * 60 + two(17));
  };
  head("balise_run_outcome", "1 for how the last run ended");
  for (const std::string outcome : {"published", "degraded", "refused", "failed"})
    out += "balise_run_outcome{outcome=" + quoted(outcome) + "} " +
           (text_of(status, "outcome") == outcome ? "1" : "0") + "\n";
  head("balise_run_end_timestamp_seconds", "When the last run ended");
  out += "balise_run_end_timestamp_seconds " + seconds_of(text_of(status, "ended")) + "\n";
  head("balise_published_timestamp_seconds", "When a run last published, 0 for never");
  out += "balise_published_timestamp_seconds " + seconds_of(text_of(status, "last_published")) + "\n";
  head("balise_run_duration_seconds", "How long the steps of the last run took");
  for (const auto& [step, duration_ms] : report.at("run").at("durations_ms").items()) {
    const auto ms = duration_ms.get<std::uint64_t>();
    std::string fraction = std::to_string(ms % 1000);
    fraction.insert(0, 3 - fraction.size(), '0');
    out +=
        "balise_run_duration_seconds{step=" + quoted(step) + "} " + std::to_string(ms / 1000) + "." + fraction + "\n";
  }
  // Several entries may share source and format: their place among the entries tells them apart.
  const auto labels = [&report](std::size_t i) {
    const Json& source = report.at("sources").at(i);
    return "{source=" + quoted(text_of(source, "source")) + ",format=" + quoted(text_of(source, "format")) +
           ",entry=\"" + std::to_string(i) + "\"} ";
  };
  const std::size_t entries = report.at("sources").size();
  const auto each = [&](const char* name, const char* help, const auto& value) {
    head(name, help);
    for (std::size_t i = 0; i < entries; ++i)
      out += name + labels(i) + std::to_string(value(report.at("sources").at(i))) + "\n";
  };
  const auto total = [](const Json& source, const char* key) {
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : source.at(key).items())
      sum += number_of(count, "count");
    return sum;
  };
  each("balise_source_rows", "Rows read", [](const Json& source) { return number_of(source, "read"); });
  each("balise_source_records", "Records kept", [](const Json& source) { return number_of(source, "kept"); });
  each("balise_source_rejected_rows", "Rows that could not be used",
       [&](const Json& source) { return total(source, "rejected"); });
  each("balise_source_kept", "1 when the source stands on an earlier night's copy",
       [](const Json& source) { return text_of(source, "state") == "kept" ? 1 : 0; });
  const Date today = parse_date(text_of(status, "as_of")).value_or(date_unknown);
  each("balise_source_age_days", "Days since the data of the source were current",
       [today](const Json& source) { return today - parse_date(text_of(source, "as_of")).value_or(today); });
  head("balise_gate_findings", "What the gates found");
  for (const std::string result : {"warned", "accepted", "refused"}) {
    const auto count = std::count_if(report.at("gates").begin(), report.at("gates").end(),
                                     [&result](const Json& gate) { return text_of(gate, "result") == result; });
    out += "balise_gate_findings{result=" + quoted(result) + "} " + std::to_string(count) + "\n";
  }
  if (const auto site = report.find("site"); site != report.end()) {
    head("balise_site_bytes", "Size of the site");
    out += "balise_site_bytes " + std::to_string(number_of(*site, "bytes")) + "\n";
    head("balise_site_files", "Files of the site");
    out += "balise_site_files " + std::to_string(number_of(*site, "files")) + "\n";
  }
  return out;
}

std::string page_of(const std::string& title, const Json& status, const Json& report,
                    const std::vector<NightFacts>& nights) {
  const std::string outcome = text_of(status, "outcome"), as_of = text_of(status, "as_of");
  std::string html =
      "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"robots\" "
      "content=\"noindex\">\n<title>Nuit du " +
      html_of(as_of) + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n<main>\n";
  const auto day = parse_date(as_of);
  html += "<h1>Nuit du " + html_of(day ? day_in_french(*day) : as_of) + ", " + html_of(title) +
          "</h1>\n<div class=\"outcome " + html_of(outcome) + "\"><strong>" + outcome_text(outcome) + "</strong>";
  if (const std::string message = text_of(status, "message"); !message.empty())
    html += "<p lang=\"en\">" + html_of(message) + "</p>";
  html += "<p class=\"soft\">De " + html_of(text_of(status, "started")) + " &agrave; " +
          html_of(text_of(status, "ended")) + ", code de sortie " + std::to_string(number_of(status, "exit")) + ". ";
  const std::string last = text_of(status, "last_published");
  html += last.empty() ? "Rien n&rsquo;a encore &eacute;t&eacute; publi&eacute;."
                       : "Derni&egrave;re publication&nbsp;: " + html_of(last) + ".";
  html += "</p></div>\n<h2>Sources</h2>\n" + sources_table(report) + "\n<h2>Contr&ocirc;les</h2>\n" +
          gates_list(report) + "\n<h2>Nuit apr&egrave;s nuit</h2>\n" + plots(nights) + "\n" + changes_table(report) +
          "\n" + regions_table(nights) + "\n<h2>Lignes rejet&eacute;es et &eacute;cart&eacute;es</h2>\n" +
          rows_table(report, {{"rejected", "rejet&eacute;e"}, {"left_out", "&eacute;cart&eacute;e"}}) +
          "\n<details><summary>Lignes retenues o&ugrave; quelque chose a &eacute;t&eacute; r&eacute;par&eacute; ou "
          "reste douteux</summary>" +
          rows_table(report, {{"noted", "not&eacute;e"}}) + "</details>\n" + sizes_table(report) +
          "\n</main>\n</body>\n</html>\n";
  return html;
}

}  // namespace balise
