#include "generator/write/listing_write.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/query.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "generator/failure.hpp"
#include "generator/files.hpp"
#include "generator/prefectures.hpp"
#include "generator/write/compress.hpp"
#include "generator/write/html.hpp"

namespace balise {

namespace fs = std::filesystem;

namespace {

// Sources are ASCII: French letters of the pages stand here as entities, or as bytes where no page is meant.

constexpr std::size_t max_sitemap_addresses = 50'000;
constexpr std::size_t max_description_bytes = 120;

constexpr std::array<std::size_t, section_count> ideal_shares{20, 15, 15};
static_assert(ideal_shares[0] + ideal_shares[1] + ideal_shares[2] == max_listed);

constexpr std::string_view section_ids[section_count] = {"offres", "formations", "entreprises"};
constexpr std::string_view section_titles[section_count] = {
    "Offres d'emploi en alternance", "Formations en apprentissage", "Entreprises &agrave; contacter"};

// As on the cards of the search page (site/i18n/fr.js).
constexpr std::string_view kinds[source_count] = {"Formation", "Offre d'emploi", "Offre directe",
                                                  "Candidature spontan\xC3\xA9"
                                                  "e"};
constexpr std::string_view types[source_count] = {"training", "peJob", "matcha", "lba"};
constexpr std::string_view levels[] = {
    "", "", "", "CAP, BEP", "Bac, bac pro", "BTS, bac&#8239;+2", "Licence, BUT", "Master, bac&#8239;+5"};

template <typename... Parts>
void add(std::string& out, const Parts&... parts) {
  (out.append(parts), ...);
}

/// "12&#8239;345"
std::string number_of(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, "&#8239;");
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return number_of(number) + "&nbsp;" + std::string(number < 2 ? one : many);
}

std::string time_of(Date date) {
  return "<time datetime=\"" + to_string_date(date) + "\">" + french_day(date) + "</time>";
}

/// As the search page writes distances.
std::string length_of(std::uint32_t metres) {
  if (metres == 0)
    return "sur place";
  if (metres < 1000)
    return std::to_string(metres) + "\xC2\xA0m";
  const std::uint32_t tenths = (metres + 50) / 100;
  if (metres >= 100'000)
    return number_of((tenths + 5) / 10) + "\xC2\xA0km";
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "," + std::to_string(tenths % 10)) + "\xC2\xA0km";
}

/// "de Rennes", "d'Arras", "du Mans", "de La Rochelle"
std::string from(std::string_view town) {
  if (town.starts_with("Le "))
    return "du " + html_of(town.substr(3));
  const std::string first = fold(town).substr(0, 1);
  const bool is_vowel = !first.empty() && std::string_view("aeiou").find(first) != std::string_view::npos;
  return (is_vowel ? "d'" : "de ") + html_of(town);
}

std::string slug(std::string_view text) {
  std::string folded = fold(text);
  std::replace(folded.begin(), folded.end(), ' ', '-');
  return folded;
}

std::uint64_t sum(const SourceCounts& counts) {
  std::uint64_t total = 0;
  for (const auto count : counts)
    total += count;
  return total;
}

std::array<std::uint64_t, section_count> by_section(const SourceCounts& counts) {
  std::array<std::uint64_t, section_count> sections{};
  for (const Source source : all_sources)
    sections[static_cast<std::size_t>(section_of(source))] += counts[static_cast<std::size_t>(source)];
  return sections;
}

void add_counts(SourceCounts& to, const SourceCounts& counts) {
  for (std::size_t i = 0; i < source_count; ++i)
    to[i] += counts[i];
}

std::string hint_of(std::uint64_t number) {
  return "<span class=\"hint\">" + number_of(number) + "</span>";
}

/// "12 offres d'emploi, 34 formations et 210 entreprises a contacter"
std::string counts_text(const SourceCounts& counts) {
  constexpr std::string_view words[section_count][2] = {
      {"offre d'emploi", "offres d'emploi"},
      {"formation", "formations"},
      {"entreprise &agrave; contacter", "entreprises &agrave; contacter"}};
  const auto sections = by_section(counts);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < section_count; ++i)
    if (sections[i] > 0)
      parts.push_back(counted(sections[i], words[i][0], words[i][1]));
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    add(text, i == 0 ? "" : i + 1 == parts.size() ? " et " : ", ", parts[i]);
  return text;
}

std::size_t departements_of(Region region) {
  return static_cast<std::size_t>(std::count_if(departements().begin(), departements().end(),
                                                [&](const DepartementInfo& item) { return item.region == region; }));
}

bool is_web_address(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

/// "https://candidat.francetravail.fr/x" is of "candidat.francetravail.fr".
std::string_view host_of(std::string_view url) {
  url.remove_prefix(url.find("//") + 2);
  return url.substr(0, url.find_first_of("/?#:"));
}

bool is_job(Source source) {
  return section_of(source) == Section::jobs;
}

/// Where to read on: the offer where it was published, as that needs no script, else its own view in the search.
std::string link_of(const ListedRecord& record, std::string_view root) {
  if (is_job(record.source) && is_web_address(record.url))
    return record.url;
  std::string link(root);
  add(link, "recherche-apprentissage?type=", types[static_cast<std::size_t>(record.source)], "&itemId=");
  append_url_part(link, record.id);
  return link;
}

std::string_view school_or_company(const RecordView& record) {
  if (!record.company.empty())
    return record.company;
  if (const std::string_view name = detail(record, Field::legal_name); !name.empty())
    return name;
  return detail(record, Field::head_name);
}

std::string description_of(const RecordView& record) {
  std::string_view description = detail(record, Field::description);
  if (description.empty())
    description = detail(record, is_job(record.source) ? Field::company_description : Field::objective);
  if (description.empty())
    description = detail(record, Field::long_title);
  if (description.empty())
    description = record.title;
  return shortened(description, max_description_bytes);
}

void append_card(std::string& html, const ListedRecord& record, std::uint32_t distance_m, std::string_view root) {
  const auto source = static_cast<std::size_t>(record.source);
  const std::string link = link_of(record, root);
  add(html, "<li class=\"card\"><p class=\"card-head\"><span class=\"tag ", name_of(record.source), "\">",
      kinds[source], "</span>");
  if (distance_m != ListingChoice::unknown_distance)
    add(html, " <span class=\"distance\">", length_of(distance_m), "</span>");
  add(html, "</p><h3><a href=\"");
  append_html(html, link);
  add(html, "\">");
  append_html(html, record.title);
  add(html, "</a></h3>");
  const std::string_view company = record.company;
  if (!company.empty() && company != record.title) {
    add(html, "<p class=\"company\">");
    append_html(html, company);
    add(html, "</p>");
  } else if (company.empty() && is_job(record.source)) {
    add(html, "<p class=\"company\">Entreprise anonyme</p>");
  }
  if (!record.address.empty() || !record.postal_code.empty() || !record.city.empty()) {
    add(html, "<address>");
    append_html(html, record.address);
    if (!record.address.empty() && (!record.postal_code.empty() || !record.city.empty()))
      add(html, ", ");
    append_html(html, record.postal_code);
    if (!record.postal_code.empty() && !record.city.empty())
      add(html, " ");
    append_html(html, record.city);
    add(html, "</address>");
  }
  std::string facts;
  if (record.level < std::size(levels) && !levels[record.level].empty())
    add(facts, "<span>", levels[record.level], "</span>");
  if (is_job(record.source)) {
    if (record.created != date_unknown)
      add(facts,
          "<span>Publi\xC3\xA9"
          "e le ",
          time_of(record.created), "</span>");
    if (record.expires != date_unknown)
      add(facts, "<span>jusqu'au ", time_of(record.expires), "</span>");
    if (is_web_address(link)) {
      add(facts, "<span>sur ");
      append_html(facts, host_of(link));
      add(facts, "</span>");
    }
  }
  if (!facts.empty())
    add(html, "<p class=\"facts\">", facts, "</p>");
  add(html, "</li>\n");
}

/// {"@type":"Place", ...} of schema.org.
void append_place(std::string& json, const ListedRecord& record) {
  add(json, R"({"@type":"Place","address":{"@type":"PostalAddress")");
  const auto field = [&](std::string_view name, std::string_view value) {
    if (value.empty())
      return;
    add(json, ",\"", name, "\":");
    append_script_json(json, value);
  };
  field("streetAddress", record.address);
  field("postalCode", record.postal_code);
  field("addressLocality", record.city);
  field("addressRegion", name_of(info(record.departement).region));
  add(json, R"(,"addressCountry":"FR"}})");
}

/// JobPosting or Course; companies that published nothing are neither.
void append_item(std::string& json, const ListedRecord& record) {
  const auto field = [&](std::string_view name, std::string_view value) {
    add(json, ",\"", name, "\":");
    append_script_json(json, value);
  };
  const auto organization = [&](std::string_view name) {
    add(json, R"({"@type":"Organization","name":)");
    append_script_json(json, name);
    add(json, "}");
  };
  const std::string_view company = record.company;
  if (is_job(record.source)) {
    add(json, R"({"@type":"JobPosting","title":)");
    append_script_json(json, record.title);
    field("description", record.description);
    if (record.created != date_unknown)
      add(json, R"(,"datePosted":")", to_string_date(record.created), "\"");
    if (record.expires != date_unknown)
      add(json, R"(,"validThrough":")", to_string_date(record.expires), "\"");
    add(json, R"(,"employmentType":"OTHER","directApply":false,"hiringOrganization":)");
    organization(company.empty() ? "Entreprise anonyme" : company);
    add(json, R"(,"jobLocation":)");
    append_place(json, record);
  } else {
    add(json, R"({"@type":"Course","name":)");
    append_script_json(json, record.title);
    field("description", record.description);
    add(json, R"(,"provider":)");
    organization(company.empty() ? record.title : company);
    add(json, R"(,"hasCourseInstance":{"@type":"CourseInstance","courseMode":")",
        record.is_remote_only ? "Online" : "Onsite", R"(","location":)");
    append_place(json, record);
    add(json, "}");
  }
  // A formation has no page but its view in the search, which needs a script.
  if (is_job(record.source) && is_web_address(record.url))
    field("url", record.url);
  add(json, "}");
}

}  // namespace

Section section_of(Source source) {
  switch (source) {
    case Source::formations:
      return Section::trainings;
    case Source::lba:
      return Section::companies;
    case Source::offres:
    case Source::matcha:
      break;
  }
  return Section::jobs;
}

std::array<std::size_t, section_count> shares_of(const std::array<std::size_t, section_count>& available) {
  std::array<std::size_t, section_count> shares{};
  std::size_t left = max_listed;
  for (std::size_t i = 0; i < section_count; ++i) {
    shares[i] = std::min(available[i], ideal_shares[i]);
    left -= shares[i];
  }
  for (std::size_t i = 0; i < section_count; ++i) {
    const std::size_t more = std::min(available[i] - shares[i], left);
    shares[i] += more;
    left -= more;
  }
  return shares;
}

// ---------------------------------------------------------------------------------------------------------------
// choosing

const std::shared_ptr<const ListedRecord>& Listable::listed() {
  if (!m_listed) {
    const RecordView& record = m_record;
    const bool is_company = section_of(record.source) == Section::companies;
    m_listed = std::make_shared<const ListedRecord>(ListedRecord{
        std::string(order()), record.source, std::string(record.id), std::string(record.title),
        std::string(school_or_company(record)), std::string(record.address), std::string(record.postal_code),
        std::string(record.city), is_job(record.source) ? std::string(detail(record, Field::url)) : std::string(),
        is_company ? std::string() : description_of(record), record.departement, record.level, record.created,
        record.expires, detail(record, Field::is_remote_only) == "true"});
  }
  return m_listed;
}

namespace {

bool is_nearer(const ListingChoice::Listed& a, const ListingChoice::Listed& b) {
  return a.distance_m != b.distance_m ? a.distance_m < b.distance_m : a.record->order < b.record->order;
}

}  // namespace

void ListingChoice::add(Listable& listable, RomeDomain domain, std::uint32_t distance_m) {
  const RecordView& record = listable.record();
  ++m_counts[static_cast<std::size_t>(record.source)];
  for (const RomeCode code : record.romes)
    if (domain_of(code) == domain)
      ++m_romes[code.value % 100];
  const Section section = section_of(record.source);
  std::vector<Listed>& nearest = m_nearest[static_cast<std::size_t>(section)];
  const auto drop = [](std::vector<Listed>& some, std::size_t most) {
    while (some.size() > most) {
      std::pop_heap(some.begin(), some.end(), is_nearer);
      some.pop_back();
    }
  };
  const std::size_t most = most_of(section);
  if (nearest.size() >= most) {
    const Listed& farthest = nearest.front();
    if (distance_m > farthest.distance_m ||
        (distance_m == farthest.distance_m && listable.order() > farthest.record->order))
      return;
    drop(nearest, most - 1);
  }
  nearest.push_back({distance_m, listable.listed()});
  std::push_heap(nearest.begin(), nearest.end(), is_nearer);
  // One more here may be one less there.
  for (std::size_t i = 0; i < section_count; ++i)
    if (i != static_cast<std::size_t>(section))
      drop(m_nearest[i], most_of(static_cast<Section>(i)));
}

std::size_t ListingChoice::most_of(Section section) const {
  const auto counts = by_section(m_counts);
  std::array<std::size_t, section_count> available{};
  for (std::size_t i = 0; i < section_count; ++i)
    available[i] = static_cast<std::size_t>(std::min<std::uint64_t>(counts[i], max_listed));
  available[static_cast<std::size_t>(section)] = max_listed;
  return shares_of(available)[static_cast<std::size_t>(section)];
}

std::array<std::vector<ListingChoice::Listed>, section_count> ListingChoice::chosen() const {
  std::array<std::size_t, section_count> available{};
  const auto counts = by_section(m_counts);
  for (std::size_t i = 0; i < section_count; ++i)
    available[i] = static_cast<std::size_t>(std::min<std::uint64_t>(counts[i], max_listed));
  const auto shares = shares_of(available);
  std::array<std::vector<Listed>, section_count> chosen = m_nearest;
  for (std::size_t i = 0; i < section_count; ++i) {
    std::sort_heap(chosen[i].begin(), chosen[i].end(), is_nearer);
    chosen[i].resize(shares[i]);
  }
  return chosen;
}

std::vector<RomeCode> ListingChoice::romes(RomeDomain domain) const {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
  for (std::uint32_t suffix = 0; suffix < m_romes.size(); ++suffix)
    if (m_romes[suffix] > 0)
      found.emplace_back(m_romes[suffix], suffix);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return std::pair(b.first, a.second) < std::pair(a.first, b.second); });
  if (found.size() > max_romes)
    found.resize(max_romes);
  std::vector<RomeCode> romes;
  for (const auto& [count, suffix] : found)
    romes.push_back({(domain.value - 1U) / 100 * 10'000 + (domain.value - 1U) % 100 * 100 + suffix});
  std::sort(romes.begin(), romes.end());
  return romes;
}

// ----------------------------------------------------------------------------------------------------------------
// writing

/// A region or a departement.
struct ListingWriter::Territory {
  std::string name;   ///< "Ille-et-Vilaine (35)"
  std::string path;   ///< "apprentissage/ille-et-vilaine-35/"
  std::string query;  ///< "departement=35"
  std::string short_name;
  Departement departement;  ///< none for a region
  std::string twin;  ///< of a departement that is a region of its own: the path of that one, whose pages are the same
  const Centre* centre = nullptr;
  std::map<RomeDomain, ListingChoice> domains = {};
};

/// What fills the shell; texts are HTML already.
struct ListingWriter::Page {
  struct Crumb {
    std::string name;  ///< plain text
    std::string path;
  };
  std::string path;  ///< ends in a slash, as the address does
  std::string canonical;
  std::string title, description, main;
  std::vector<Crumb> crumbs;  ///< from the page of France down to this one
  std::string items;          ///< JSON of the elements of an ItemList, or empty
};

ListingFacts load_listing_facts(const fs::path& assets, std::string url, Date as_of, const Logo& logo,
                                std::string_view title, const std::vector<SiteSource>& sources) {
  const Bytes shell = read_file(assets / "site" / "list.html");
  return {std::move(url), as_of, load_domain_labels(assets / "reference" / "domaines.csv"),
          with_logo({shell.begin(), shell.end()}, logo, "{{root}}", title), kept_lines(sources)};
}

ListingWriter::ListingWriter(ListingFacts facts, std::span<const Commune> communes, fs::path folder)
    : m_facts(std::move(facts)), m_folder(std::move(folder)) {
  // A table of communes that has not the prefecture, or not where it is, gives its largest town instead.
  std::array<const Commune*, departement_count> largest{};
  const auto find = [&](std::string_view insee) -> const Commune* {
    const auto at =
        std::lower_bound(communes.begin(), communes.end(), insee,
                         [](const Commune& commune, std::string_view code) { return commune.insee < code; });
    return at != communes.end() && at->insee == insee && at->centre ? &*at : nullptr;
  };
  for (const Commune& commune : communes)
    if (!commune.departement.is_none() && commune.centre) {
      const Commune*& best = largest[commune.departement.index];
      if (best == nullptr || commune.population > best->population)
        best = &commune;
    }
  const auto set = [](Centre& centre, const Commune* commune) {
    if (commune != nullptr)
      centre = {commune->name, commune->centre};
  };
  for (std::uint8_t i = 0; i < departement_count; ++i) {
    const Commune* prefecture = find(prefecture_of(Departement{i}));
    set(m_departement_centres[i], prefecture != nullptr ? prefecture : largest[i]);
  }
  for (std::uint8_t i = 0; i < region_count; ++i) {
    const std::string_view insee = prefecture_of(Region{i});
    const Commune* prefecture = find(insee);
    set(m_region_centres[i], prefecture != nullptr ? prefecture : largest[departement_of_insee(insee)->index]);
  }

  const std::string shell = on_one_line(m_facts.shell);
  std::string_view rest = shell;
  for (;;) {
    const std::size_t open = rest.find("{{"), close = rest.find("}}");
    if (open == std::string_view::npos)
      break;
    m_shell.emplace_back(rest.substr(0, open));
    m_shell.emplace_back(rest.substr(open + 2, close - open - 2));
    rest.remove_prefix(close + 2);
  }
  m_shell.emplace_back(rest);
}

std::string ListingWriter::label_of(RomeDomain domain) const {
  const auto label = m_facts.labels.domains.find(domain);
  return label == m_facts.labels.domains.end() ? "Domaine " + to_string(domain) : label->second;
}

std::string ListingWriter::slug_of(RomeDomain domain) const {
  const auto label = m_facts.labels.domains.find(domain);
  const std::string code = ascii_lower(to_string(domain));
  return label == m_facts.labels.domains.end() ? code : code + "-" + slug(label->second);
}

RegionListings::RegionListings(const ListingWriter& writer, Region region) : m_writer(writer), m_region(region) {
  const std::string region_name(name_of(region));
  const std::string root(listing_folder);
  m_territories.push_back({region_name,
                           root + "/" + slug(region_name) + "/",
                           "region=" + std::string(info(region).code),
                           region_name,
                           {},
                           "",
                           &writer.m_region_centres[region.index]});
  for (std::uint8_t i = 0; i < departement_count; ++i) {
    const DepartementInfo& departement = departements()[i];
    if (!(departement.region == region))
      continue;
    m_numbers[i] = m_territories.size();
    const std::string name(name_of(Departement{i})), code(departement.code);
    m_territories.push_back({name + " (" + code + ")", root + "/" + slug(name + " " + code) + "/",
                             "departement=" + code, name, Departement{i},
                             departements_of(region) == 1 ? m_territories.front().path : "",
                             &writer.m_departement_centres[i]});
  }
  for (const ListingWriter::Territory& territory : m_territories)
    m_centres.push_back(sphere_point(territory.centre->position.value_or(Position{})));
}

RegionListings::~RegionListings() = default;

void RegionListings::add(const RecordView& record, ByteView order) {
  if (record.expires != date_unknown && record.expires < m_writer.m_facts.as_of)
    return;
  Listable listable(record, order);
  const SpherePoint at = sphere_point(record.position.value_or(Position{}));
  for (const std::size_t t : {std::size_t{0}, m_numbers[record.departement.index]}) {
    ListingWriter::Territory& territory = m_territories[t];
    std::uint32_t distance_m = ListingChoice::unknown_distance;
    if (record.position && territory.centre->position)
      distance_m = metres_of(arc_um(m_centres[t], at));
    RomeDomain last;
    for (const RomeCode code : record.romes) {
      if (!(domain_of(code) == last))
        territory.domains[domain_of(code)].add(listable, domain_of(code), distance_m);
      last = domain_of(code);
    }
  }
}

ListingPart RegionListings::finish() {
  // Those that have records, in the order of their codes.
  std::erase_if(m_territories, [](const ListingWriter::Territory& territory) { return territory.domains.empty(); });
  return m_writer.write_region(m_region, m_territories);
}

ListingPart ListingWriter::write_region(Region region, std::span<const Territory> territories) const {
  ListingPart part;
  part.region = region;
  for (const Territory& territory : territories) {
    CountsByDomain& counts =
        &territory == &territories.front() ? part.counts : part.departements[territory.departement];
    write_territory(territory, territories, part);
    for (const auto& [domain, choice] : territory.domains) {
      write_listing(territory, domain, choice, territories, part);
      counts[domain] = choice.counts();
    }
  }
  return part;
}

void ListingWriter::take(ListingPart part) {
  if (!part.counts.empty())
    m_regions[part.region] = std::move(part.counts);
  m_departements.merge(part.departements);
  std::move(part.files.begin(), part.files.end(), std::back_inserter(m_country.files));
  std::move(part.addresses.begin(), part.addresses.end(), std::back_inserter(m_country.addresses));
}

void ListingWriter::write_listing(const Territory& territory, RomeDomain domain, const ListingChoice& choice,
                                  std::span<const Territory> neighbours, ListingPart& part) const {
  const std::string label = label_of(domain), name = slug_of(domain) + "/";
  const std::string root = "../../../";
  const Territory& region = neighbours.front();
  const bool is_region = &territory == &region;
  Page page;
  page.path = territory.path + name;
  page.canonical = territory.twin.empty() ? page.path : territory.twin + name;
  page.title = html_of(label) + " en alternance, " + html_of(territory.name);
  page.crumbs.push_back({"France", std::string(listing_folder) + "/"});
  page.crumbs.push_back({region.name, region.path});
  if (!is_region)
    page.crumbs.push_back({territory.name, territory.path});
  page.crumbs.push_back({label, page.path});

  const auto chosen = choice.chosen();
  std::size_t shown = 0;
  for (const auto& section : chosen)
    shown += section.size();
  const std::uint64_t total = sum(choice.counts());
  const std::string counts = counts_text(choice.counts());
  const std::string centre = territory.centre->position ? from(territory.centre->name) : "";
  page.description = counts + " en alternance&nbsp;: " + html_of(label) + ", " + html_of(territory.name) + ", au " +
                     french_day(m_facts.as_of) + ".";

  std::string& html = page.main;
  add(html, "<h1>", html_of(label), " en alternance <span class=\"where\">", html_of(territory.name), "</span></h1>\n");
  add(html, "<p class=\"lead\">", counts, ". ");
  if (shown < total)
    add(html, "Voici les ", number_of(shown), centre.empty() ? " premiers" : " plus proches ", centre, ".");
  else if (total > 1 && !centre.empty())
    add(html, "Du plus proche au plus &eacute;loign&eacute; ", centre, ".");
  add(html, "</p>\n<p class=\"actions\"><a class=\"quiet\" href=\"", root, "recherche-apprentissage?romes=");
  const std::vector<RomeCode> romes = choice.romes(domain);
  for (std::size_t i = 0; i < romes.size(); ++i)
    add(html, i == 0 ? "" : ",", to_string(romes[i]));
  add(html, "&amp;", territory.query, "&amp;job_name=");
  append_url_part(html, label);
  add(html, "&amp;address=");
  append_url_part(html, territory.short_name);
  add(html, "\">Chercher et filtrer</a></p>\n");

  std::size_t position = 0;
  for (std::size_t i = 0; i < section_count; ++i) {
    if (chosen[i].empty())
      continue;
    const std::uint64_t all = by_section(choice.counts())[i];
    add(html, "<section aria-labelledby=\"", section_ids[i], "\"><h2 id=\"", section_ids[i], "\">", section_titles[i],
        " <span class=\"hint\">", number_of(chosen[i].size()));
    if (chosen[i].size() < all)
      add(html, " sur ", number_of(all));
    add(html, "</span></h2>\n<ol class=\"cards\">\n");
    for (const auto& [distance_m, record] : chosen[i]) {
      append_card(html, *record, distance_m, root);
      if (static_cast<Section>(i) == Section::companies)
        continue;
      ++position;
      add(page.items, position == 1 ? "" : ",", R"({"@type":"ListItem","position":)", std::to_string(position),
          ",\"item\":");
      append_item(page.items, *record);
      add(page.items, "}");
    }
    add(html, "</ol></section>\n");
  }

  const auto links = [&](std::string_view title, const std::vector<std::pair<std::string, std::string>>& items) {
    if (items.empty())
      return;
    add(html, "<nav class=\"more\" aria-label=\"", title, "\"><h2>", title, "</h2><ul class=\"links\">");
    for (const auto& [text, path] : items)
      add(html, "<li><a href=\"", path, "\">", html_of(text), "</a></li>\n");
    add(html, "</ul></nav>\n");
  };
  std::vector<std::pair<std::string, std::string>> elsewhere, others;
  for (const Territory& other : neighbours)
    if (&other != &territory && other.domains.contains(domain) && other.twin.empty())
      elsewhere.emplace_back(other.name, root + other.path + name);
  elsewhere.emplace_back("Toute la France", root + std::string(listing_folder) + "/" + name);
  for (const auto& [other, its_choice] : territory.domains)
    if (!(other == domain) && to_string(other)[0] == to_string(domain)[0])
      others.emplace_back(label_of(other), "../" + slug_of(other) + "/");
  others.emplace_back("Tous les m\xc3\xa9tiers", "../");
  links(html_of(label) + ", ailleurs", elsewhere);
  links("D&#39;autres m&eacute;tiers, " + html_of(territory.name), others);
  write_page(page, part);
}

/// Links to listings, by the letter of their domain.
void ListingWriter::append_domains(std::string& html, const CountsByDomain& domains) const {
  add(html, "<section aria-labelledby=\"metiers\"><h2 id=\"metiers\">Par m&eacute;tier</h2><div class=\"families\">\n");
  char family = '\0';
  for (const auto& [domain, counts] : domains) {
    if (const char letter = to_string(domain)[0]; letter != family) {
      add(html, family == '\0' ? "" : "</ul></div>\n", "<div class=\"family\"><h3>");
      const auto label = m_facts.labels.families.find(letter);
      append_html(html, label == m_facts.labels.families.end() ? std::string(1, letter) : label->second);
      add(html, "</h3><ul class=\"links\">");
      family = letter;
    }
    add(html, "<li><a href=\"", slug_of(domain), "/\">", html_of(label_of(domain)), "</a> ", hint_of(sum(counts)),
        "</li>\n");
  }
  add(html, family == '\0' ? "" : "</ul></div>\n", "</div></section>\n");
}

/// Links to regions and their departements, by name, those overseas together. `link` gives that of a territory by its
/// name, its address and what it holds.
template <typename Link>
void ListingWriter::append_territories(std::string& html, const Link& link) const {
  std::map<std::string, Region> by_name;
  for (const auto& [region, domains] : m_regions)
    by_name.emplace(slug(name_of(region)), region);
  add(html, "<section aria-labelledby=\"regions\"><h2 id=\"regions\">Par r&eacute;gion</h2><div class=\"families\">\n");
  std::string overseas;
  for (const auto& [address, region] : by_name) {
    const std::string of_region = link(name_of(region), address, m_regions.at(region));
    if (of_region.empty())
      continue;
    if (departements_of(region) == 1) {
      add(overseas, "<li>", of_region, "</li>\n");
      continue;
    }
    add(html, "<div class=\"family\"><h3>", of_region, "</h3><ul class=\"links\">");
    for (const auto& [departement, domains] : m_departements) {
      const DepartementInfo& item = info(departement);
      if (!(item.region == region))
        continue;
      const std::string name(name_of(departement)), code(item.code);
      if (const std::string of_departement = link(name + " (" + code + ")", slug(name + " " + code), domains);
          !of_departement.empty())
        add(html, "<li>", of_departement, "</li>\n");
    }
    add(html, "</ul></div>\n");
  }
  if (!overseas.empty())
    add(html, "<div class=\"family\"><h3>Outre-mer</h3><ul class=\"links\">", overseas, "</ul></div>\n");
  add(html, "</div></section>\n");
}

void ListingWriter::write_territory(const Territory& territory, std::span<const Territory> neighbours,
                                    ListingPart& part) const {
  const std::string root = "../../";
  const Territory& region = neighbours.front();
  const bool is_region = &territory == &region;
  Page page;
  page.path = territory.path;
  page.canonical = territory.twin.empty() ? page.path : territory.twin;
  page.title = "Alternance, " + html_of(territory.name);
  page.crumbs.push_back({"France", std::string(listing_folder) + "/"});
  page.crumbs.push_back({region.name, region.path});
  if (!is_region)
    page.crumbs.push_back({territory.name, territory.path});
  CountsByDomain counts;
  for (const auto& [domain, choice] : territory.domains)
    counts[domain] = choice.counts();
  page.description =
      "Offres d'emploi, formations et entreprises &agrave; contacter en alternance par m&eacute;tier&nbsp;: " +
      html_of(territory.name) + ", au " + french_day(m_facts.as_of) + ".";

  std::string& html = page.main;
  add(html, "<h1>Alternance <span class=\"where\">", html_of(territory.name), "</span></h1>\n",
      "<p class=\"lead\">Choisissez un m&eacute;tier&nbsp;: offres d'emploi, formations et entreprises &agrave; "
      "contacter");
  if (territory.centre->position)
    add(html, ", les plus proches ", from(territory.centre->name), " d'abord");
  add(html, ".</p>\n<p class=\"actions\"><a class=\"quiet\" href=\"", root, "recherche-apprentissage?", territory.query,
      "&amp;address=");
  append_url_part(html, territory.short_name);
  add(html, "\">Chercher et filtrer</a></p>\n");
  std::string near;
  for (const Territory& other : neighbours)
    if (&other != &territory && other.twin.empty())
      add(near, "<li><a href=\"", root, other.path, "\">", html_of(other.name), "</a></li>\n");
  if (!near.empty() && is_region)
    add(html,
        "<nav aria-labelledby=\"departements\"><h2 id=\"departements\">Par d&eacute;partement</h2><ul class=\"links\">",
        near, "</ul></nav>\n");
  append_domains(html, counts);
  if (!near.empty() && !is_region)
    add(html,
        "<nav class=\"more\" aria-label=\"Ailleurs dans la r&eacute;gion\"><h2>Ailleurs dans la r&eacute;gion</h2><ul "
        "class=\"links\">",
        near, "</ul></nav>\n");
  write_page(page, part);
}

void ListingWriter::write_domain(RomeDomain domain) {
  const std::string label = label_of(domain), name = slug_of(domain) + "/";
  Page page;
  page.path = std::string(listing_folder) + "/" + name;
  page.canonical = page.path;
  page.title = html_of(label) + " en alternance, par d&eacute;partement";
  page.crumbs.push_back({"France", std::string(listing_folder) + "/"});
  page.crumbs.push_back({label, page.path});
  SourceCounts total{};
  for (const auto& [region, domains] : m_regions)
    if (const auto counts = domains.find(domain); counts != domains.end())
      add_counts(total, counts->second);
  std::string lists;
  append_territories(lists, [&](std::string_view text, const std::string& address, const CountsByDomain& domains) {
    const auto counts = domains.find(domain);
    if (counts == domains.end())
      return std::string();
    return "<a href=\"../" + address + "/" + name + "\">" + html_of(text) + "</a> " + hint_of(sum(counts->second));
  });
  const std::string counts = counts_text(total);
  page.description = counts + " en alternance&nbsp;: " + html_of(label) +
                     ", par r&eacute;gion et d&eacute;partement, au " + french_day(m_facts.as_of) + ".";
  add(page.main, "<h1>", html_of(label), " en alternance <span class=\"where\">France</span></h1>\n<p class=\"lead\">",
      counts, ". Choisissez une r&eacute;gion ou un d&eacute;partement.</p>\n", lists);
  write_page(page, m_country);
}

void ListingWriter::write_france() {
  Page page;
  page.path = std::string(listing_folder) + "/";
  page.canonical = page.path;
  page.title = "Alternance par r&eacute;gion et par m&eacute;tier";
  page.description =
      "Offres d'emploi, formations et entreprises &agrave; contacter en alternance, par r&eacute;gion, "
      "d&eacute;partement et m&eacute;tier, au " +
      french_day(m_facts.as_of) + ".";
  page.crumbs.push_back({"France", page.path});
  std::string& html = page.main;
  add(html,
      "<h1>L'alternance par r&eacute;gion et par m&eacute;tier</h1>\n<p class=\"lead\">Offres d'emploi, formations et "
      "entreprises &agrave; contacter, sur des pages qui se lisent partout. Choisissez un lieu ou un "
      "m&eacute;tier.</p>\n<p class=\"actions\"><a class=\"quiet\" href=\"../recherche-apprentissage\">"
      "Chercher et filtrer</a><a class=\"quiet\" href=\"#metiers\">Choisir un m&eacute;tier</a></p>\n");
  append_territories(html, [](std::string_view text, const std::string& address, const CountsByDomain& ignored) {
    static_cast<void>(ignored);
    return "<a href=\"" + address + "/\">" + html_of(text) + "</a>";
  });
  CountsByDomain domains;
  for (const auto& [region, its_domains] : m_regions)
    for (const auto& [domain, counts] : its_domains)
      add_counts(domains[domain], counts);
  append_domains(html, domains);
  write_page(page, m_country);
  for (const auto& [domain, ignored] : domains)
    write_domain(domain);
}

void ListingWriter::write_page(const Page& page, ListingPart& part) const {
  std::string root;
  for (const char c : page.path)
    if (c == '/')
      root += "../";
  const auto address_of = [&](const std::string& path) {
    return m_facts.url.empty() ? root + path : m_facts.url + path;
  };

  std::string crumbs =
      "<nav class=\"crumbs\" aria-label=\"Fil d'Ariane\"><ol><li><a href=\"" + root + "\">Accueil</a></li>";
  std::string data = R"(<script type="application/ld+json">{"@context":"https://schema.org","@graph":[)"
                     R"({"@type":"BreadcrumbList","itemListElement":[)";
  for (std::size_t i = 0; i < page.crumbs.size(); ++i) {
    const auto& [name, path] = page.crumbs[i];
    // The page itself is named by its heading.
    if (i + 1 < page.crumbs.size())
      add(crumbs, "<li><a href=\"", root, path, "\">", html_of(name), "</a></li>");
    add(data, i == 0 ? "" : ",", R"({"@type":"ListItem","position":)", std::to_string(i + 1), R"(,"name":)");
    append_script_json(data, name);
    add(data, R"(,"item":)");
    append_script_json(data, address_of(path));
    add(data, "}");
  }
  add(crumbs, "</ol></nav>\n");
  add(data, "]}");
  if (!page.items.empty())
    add(data, R"(,{"@type":"ItemList","itemListElement":[)", page.items, "]}");
  add(data, "]}</script>");

  // A relative one means nothing to search engines.
  std::string canonical;
  if (!m_facts.url.empty())
    canonical = "<link rel=\"canonical\" href=\"" + html_of(m_facts.url + page.canonical) + "\" />";

  std::string text;
  for (std::size_t i = 0; i < m_shell.size(); ++i) {
    const std::string& piece = m_shell[i];
    if (i % 2 == 0)
      add(text, piece);
    else if (piece == "root")
      add(text, root);
    else if (piece == "title")
      add(text, page.title);
    else if (piece == "description")
      add(text, page.description);
    else if (piece == "canonical")
      add(text, canonical);
    else if (piece == "data")
      add(text, data);
    else if (piece == "main")
      add(text, crumbs, page.main);
    else if (piece == "as_of")
      add(text, time_of(m_facts.as_of));
    else if (piece == "kept")
      add(text, m_facts.kept);
    else
      throw Failure(Exit::failed,
                    "the template list.html has the unknown placeholder " + piece + "; build the assets again");
  }
  write(page.path + "index.html", text, part);
  if (page.canonical == page.path)
    part.addresses.push_back(page.path);
}

/// The file and its variant. There are tens of thousands of them: brotli would cost more than it saves (docs/PAGES.md
/// has the figures).
void ListingWriter::write(std::string path, const std::string& text, ListingPart& part) const {
  const ByteView bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  const fs::path file = m_folder / path;
  make_folder(file.parent_path());
  const auto put = [&](const char* ending, ByteView content) {
    FileAppender appender(fs::path(file).concat(ending));
    appender.append(content);
    appender.close();
  };
  put("", bytes);
  if (const Bytes variant = fast_gzip_of(bytes); is_worth_keeping(variant, bytes))
    put(".gz", variant);
  part.files.push_back({std::move(path), bytes.size(), to_hex(sha256(bytes))});
}

void ListingWriter::write_sitemaps() {
  if (m_facts.url.empty())
    return;
  for (const char* page : {"", "recherche-apprentissage", "recherche-emploi", "recherche-apprentissage-formation"})
    m_country.addresses.emplace_back(page);
  std::sort(m_country.addresses.begin(), m_country.addresses.end());
  const std::string day = to_string_date(m_facts.as_of);
  constexpr std::string_view head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                             space = " xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  const auto entry = [&](std::string& out, std::string_view tag, std::string_view path) {
    add(out, "<", tag, "><loc>");
    append_html(out, m_facts.url);
    append_html(out, path);
    add(out, "</loc><lastmod>", day, "</lastmod></", tag, ">\n");
  };
  std::string index(head);
  add(index, "<sitemapindex", space);
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < m_country.addresses.size(); begin += max_sitemap_addresses) {
    std::string part(head);
    add(part, "<urlset", space);
    for (std::size_t i = begin; i < m_country.addresses.size() && i < begin + max_sitemap_addresses; ++i)
      entry(part, "url", m_country.addresses[i]);
    add(part, "</urlset>\n");
    const std::string name = "sitemap-" + std::to_string(++number) + ".xml";
    write(name, part, m_country);
    entry(index, "sitemap", name);
  }
  add(index, "</sitemapindex>\n");
  write("sitemap.xml", index, m_country);
  write("robots.txt", "User-agent: *\nAllow: /\n\nSitemap: " + m_facts.url + "sitemap.xml\n", m_country);
}

std::vector<WrittenFile> ListingWriter::finish() {
  write_france();
  write_sitemaps();
  std::sort(m_country.files.begin(), m_country.files.end(),
            [](const WrittenFile& a, const WrittenFile& b) { return a.path < b.path; });
  return std::move(m_country.files);
}

}  // namespace balise
