#include "generator/write/listing_write.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "generator/files.hpp"
#include "generator/prefectures.hpp"
#include "generator/write/html.hpp"
#include "generator/write/region_write.hpp"
#include "tests/unit/made_up_records.hpp"

namespace balise {

namespace {

namespace fs = std::filesystem;

constexpr Date as_of = 20'778;

std::string escaped(std::string_view text) {
  std::string html;
  append_html(html, text);
  return html;
}

std::string script_json(std::string_view text) {
  std::string json;
  append_script_json(json, text);
  return json;
}

/// Rennes, and a town 20 km north of it.
std::vector<Commune> communes() {
  const Departement here = *parse_departement("35");
  return {{"35100", "Nordville", {"35100"}, here, 500'000, Position{4'829'730, -167'780}},
          {"35238", "Rennes", {"35000"}, here, 220'000, Position{4'811'730, -167'780}}};
}

constexpr std::string_view shell =
    "<!doctype html>\n  <title>{{title}}</title>\n<meta name=\"description\" content=\"{{description}}\">"
    "{{canonical}}<link href=\"{{root}}x.css\">{{data}}\n<main>{{main}}</main>"
    "{{as_of}}";

ListingFacts facts(std::string url = {}) {
  DomainLabels labels;
  labels.families['F'] = "B\xC3\xA2timent";
  labels.domains[*parse_rome_domain("F17")] = "Gros \xC5\x93uvre & <travaux>";
  return {std::move(url), as_of, std::move(labels), std::string(shell)};
}

Record record_of(Source source, const std::string& id, std::int32_t north_e5 = 0) {
  Record record;
  record.source = source;
  record.id = id;
  record.title = "Titre " + id;
  record.company = "Maison " + id;
  record.position = Position{4'811'730 + north_e5, -167'780};
  record.city = "Rennes";
  record.postal_code = "35000";
  record.departement = *parse_departement("35");
  record.romes = {*parse_rome("F1702")};
  return record;
}

/// Orders records as they are given.
Bytes order_of(std::size_t i) {
  return {static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
}

/// The listings of records of one region.
class Listings {
 public:
  explicit Listings(const std::vector<Record>& records, const std::string& url = {}) {
    ListingWriter writer(facts(url), communes(), m_folder.path());
    RegionListings listings(writer, info(records.front().departement).region);
    for (std::size_t i = 0; i < records.size(); ++i)
      listings.add(view_of(records[i]), order_of(i));
    writer.take(listings.finish());
    m_files = writer.finish();
  }
  [[nodiscard]] std::string text(const std::string& path) const {
    const Bytes bytes = read_file(m_folder.path() / path);
    return {bytes.begin(), bytes.end()};
  }
  [[nodiscard]] nlohmann::json data(const std::string& path) const {
    const std::string html = text(path), open = R"(<script type="application/ld+json">)";
    const std::size_t begin = html.find(open) + open.size();
    return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
  }
  [[nodiscard]] const std::vector<WrittenFile>& files() const { return m_files; }
  [[nodiscard]] bool has(const std::string& path) const { return fs::exists(m_folder.path() / path); }

 private:
  TemporaryFolder m_folder;
  std::vector<WrittenFile> m_files;
};

const std::string listing = "apprentissage/ille-et-vilaine-35/f17-gros-oeuvre-travaux/index.html";

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("text in a page is text") {
  CHECK(escaped("a<b>&\"'c") == "a&lt;b&gt;&amp;&quot;&#39;c");
  CHECK(escaped(std::string_view("a\0b\x1f\x7f\nc", 7)) == "ab c");
  CHECK(escaped("d\xC3\xA9j\xC3\xA0") == "d\xC3\xA9j\xC3\xA0");
  std::string part;
  append_url_part(part, "a b&c=d/#\xC3\xA9'\"<");
  CHECK(part == "a%20b%26c%3Dd%2F%23%C3%A9%27%22%3C");
  CHECK(shortened("un deux trois quatre", 12) == "un deux\xE2\x80\xA6");
  CHECK(shortened("\xC3\xA9\xC3\xA9\xC3\xA9", 5) == "\xC3\xA9\xC3\xA9\xE2\x80\xA6");
  CHECK(shortened("court", 5) == "court");
}

TEST_CASE("JSON in a script neither ends it nor breaks a line, and says the same") {
  for (const std::string text :
       {"</script><script>alert(1)</script>", "<!--<script>", "]]>&amp;", "\"\\/\b\f\n\r\t\x01\x7f", "'",
        "\xE2\x80\xA8\xE2\x80\xA9", "\xF0\x9F\x98\x80 \xC3\xA9"}) {
    const std::string json = script_json(text);
    CAPTURE(json);
    CHECK(nlohmann::json::parse(json).get<std::string>() == text);
    for (const char* unwanted : {"<", ">", "&", "\n", "\xE2\x80\xA8", "\xE2\x80\xA9"})
      CHECK(json.find(unwanted) == std::string::npos);
  }
  for (const std::string text : {"\xFF", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x80"}) {
    CAPTURE(text);
    CHECK(nlohmann::json::parse(script_json("a" + text + "z")).get<std::string>().starts_with("a\xEF\xBF\xBD"));
  }
}

TEST_CASE("every territory has its prefecture") {
  for (std::uint8_t i = 0; i < departement_count; ++i)
    CHECK(departement_of_insee(prefecture_of(Departement{i})) == Departement{i});
  for (std::uint8_t i = 0; i < region_count; ++i)
    CHECK(info(*departement_of_insee(prefecture_of(Region{i}))).region == Region{i});
}

TEST_CASE("sections share fifty places, jobs first") {
  using Sizes = std::array<std::size_t, section_count>;
  CHECK(shares_of(Sizes{50, 50, 50}) == Sizes{20, 15, 15});
  CHECK(shares_of(Sizes{0, 0, 50}) == Sizes{0, 0, 50});
  CHECK(shares_of(Sizes{50, 3, 50}) == Sizes{32, 3, 15});
  CHECK(shares_of(Sizes{2, 20, 50}) == Sizes{2, 20, 28});
  CHECK(shares_of(Sizes{1, 2, 3}) == Sizes{1, 2, 3});
  CHECK(shares_of(Sizes{}) == Sizes{});
}

TEST_CASE("a listing has the nearest, and of equals those that come first") {
  const RomeDomain domain = *parse_rome_domain("F17");
  ListingChoice choice;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> all;
  for (std::uint32_t i = 0; i < 400; ++i) {
    const std::uint32_t distance_m = i % 50 == 7 ? ListingChoice::unknown_distance : (i * 7919U) % 61 * 1000;
    all.emplace_back(distance_m, i);
  }
  // In any order.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> mixed = all;
  std::shuffle(mixed.begin(), mixed.end(), std::mt19937(3));
  for (const auto& [distance_m, i] : mixed) {
    const Record record = record_of(Source::lba, std::to_string(i));
    const RecordView view = view_of(record);
    const Bytes order = order_of(i);
    Listable listable(view, order);
    choice.add(listable, domain, distance_m);
  }
  std::sort(all.begin(), all.end());
  const auto chosen = choice.chosen()[static_cast<std::size_t>(Section::companies)];
  REQUIRE(chosen.size() == max_listed);
  for (std::size_t i = 0; i < chosen.size(); ++i)
    CHECK(std::pair(chosen[i].distance_m, chosen[i].record->id) ==
          std::pair(all[i].first, std::to_string(all[i].second)));
  CHECK(choice.counts() == SourceCounts{0, 0, 0, 400});
  CHECK(choice.romes(domain) == std::vector<RomeCode>{*parse_rome("F1702")});
}

TEST_CASE("a listing that drops records early has those that it would have with all of them") {
  const RomeDomain domain = *parse_rome_domain("F17");
  std::mt19937 random(17);
  for (int round = 0; round < 60; ++round) {
    // From none of a source to many.
    std::vector<Source> sources;
    for (const Source source : all_sources)
      sources.insert(sources.end(), random() % 3 == 0 ? random() % 120 : random() % 25, source);
    std::shuffle(sources.begin(), sources.end(), random);
    ListingChoice choice;
    std::array<std::vector<std::pair<std::uint32_t, std::uint32_t>>, section_count> all;
    for (std::uint32_t i = 0; i < sources.size(); ++i) {
      const auto distance_m = static_cast<std::uint32_t>(random() % 20);
      const Record record = record_of(sources[i], std::to_string(i));
      const RecordView view = view_of(record);
      const Bytes order = order_of(i);
      Listable listable(view, order);
      choice.add(listable, domain, distance_m);
      all[static_cast<std::size_t>(section_of(sources[i]))].emplace_back(distance_m, i);
    }
    std::array<std::size_t, section_count> available{};
    for (std::size_t i = 0; i < section_count; ++i)
      available[i] = std::min(all[i].size(), max_listed);
    const auto shares = shares_of(available);
    const auto chosen = choice.chosen();
    for (std::size_t i = 0; i < section_count; ++i) {
      std::sort(all[i].begin(), all[i].end());
      REQUIRE(chosen[i].size() == shares[i]);
      for (std::size_t n = 0; n < shares[i]; ++n)
        CHECK(std::pair(chosen[i][n].distance_m, chosen[i][n].record->id) ==
              std::pair(all[i][n].first, std::to_string(all[i][n].second)));
    }
  }
}

TEST_CASE("a search takes the twenty codes that most records have") {
  const RomeDomain domain = *parse_rome_domain("F17");
  ListingChoice choice;
  for (std::uint32_t i = 1; i <= 30; ++i)
    for (std::uint32_t n = 0; n < i; ++n) {
      Record record = record_of(Source::lba, "x");
      record.romes = {{50'000 + 1'600 + 1}, {50'000 + 1'700 + i}};
      const RecordView view = view_of(record);
      Listable listable(view, {});
      choice.add(listable, domain, 0);
    }
  const std::vector<RomeCode> romes = choice.romes(domain);
  REQUIRE(romes.size() == 20);
  CHECK(to_string(romes.front()) == "F1711");
  CHECK(to_string(romes.back()) == "F1730");
}

TEST_CASE("a listing leaves out what has expired, and says until when the rest is valid") {
  Record gone = record_of(Source::matcha, "gone"), last_day = record_of(Source::matcha, "last"),
         open = record_of(Source::offres, "open", 1'000);
  gone.expires = as_of - 1;
  last_day.expires = as_of;
  last_day.created = as_of - 3;
  set_detail(open, Field::url, "https://offres.example.org/detail/1?a=1&b=2");
  const Listings listings({gone, last_day, open});
  const std::string html = listings.text(listing);
  CHECK(html.find("gone") == std::string::npos);
  const nlohmann::json graph = listings.data(listing)["@graph"], items = graph[1]["itemListElement"];
  REQUIRE(items.size() == 2);
  CHECK(graph[0]["@type"] == "BreadcrumbList");
  CHECK(graph[0]["itemListElement"].size() == 4);
  const nlohmann::json first = items[0]["item"], second = items[1]["item"];
  CHECK(first["@type"] == "JobPosting");
  CHECK(first["validThrough"] == to_string_date(as_of));
  CHECK(first["datePosted"] == to_string_date(as_of - 3));
  CHECK(first["directApply"] == false);
  CHECK(first["hiringOrganization"]["name"] == "Maison last");
  CHECK(first["jobLocation"]["address"]["addressLocality"] == "Rennes");
  CHECK_FALSE(second.contains("validThrough"));
  CHECK(second["url"] == "https://offres.example.org/detail/1?a=1&b=2");
  CHECK(html.find("href=\"https://offres.example.org/detail/1?a=1&amp;b=2\"") != std::string::npos);
  CHECK(html.find("1,1\xC2\xA0km") != std::string::npos);
}

TEST_CASE("formations are courses, and companies that published nothing are no postings") {
  const Listings listings({record_of(Source::formations, "f#1"), record_of(Source::lba, "20890317900066")});
  const nlohmann::json items = listings.data(listing)["@graph"][1]["itemListElement"];
  REQUIRE(items.size() == 1);
  CHECK(items[0]["item"]["@type"] == "Course");
  CHECK(items[0]["item"]["provider"]["name"] == "Maison f#1");
  CHECK(items[0]["item"]["hasCourseInstance"]["location"]["address"]["postalCode"] == "35000");
  const std::string html = listings.text(listing);
  CHECK(html.find("type=training&amp;itemId=f%231") != std::string::npos);
  CHECK(html.find("type=lba&amp;itemId=20890317900066") != std::string::npos);
  CHECK(html.find("romes=F1702&amp;departement=35") != std::string::npos);
}

TEST_CASE("records without a domain give no page") {
  Record record = record_of(Source::lba, "1");
  record.romes.clear();
  const Listings listings({record});
  CHECK(listings.files().size() == 1);
  CHECK(listings.files().front().path == "apprentissage/index.html");
}

TEST_CASE("hostile values stay text in every field") {
  for (const std::string hostile : {"</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
                                    "' onmouseover='alert(1)", "javascript:alert(1)", "<!--", "]]>", "&lt;script&gt;",
                                    "\xE2\x80\xA8\xE2\x80\xA9", "\\\"}]}", "{{main}}", "a\r\nb\tc", "\xC3"}) {
    CAPTURE(hostile);
    std::vector<Record> records;
    for (const Source source : all_sources) {
      Record record = record_of(source, hostile);
      record.title = record.company = record.address = record.postal_code = record.city = hostile;
      for (const Field field : {Field::description, Field::url, Field::legal_name, Field::long_title})
        set_detail(record, field, hostile);
      records.push_back(record);
    }
    const Listings listings(records);
    const std::string html = listings.text(listing);
    const nlohmann::json items = listings.data(listing)["@graph"][1]["itemListElement"];
    REQUIRE(items.size() == 3);
    CHECK(items[0]["item"].value("url", "") == "");
    if (hostile != "\xC3")
      CHECK(items[0]["item"]["title"] == hostile);
    CHECK(count_of(html, "<script") == 1);
    CHECK(count_of(html, "</script") == 1);
    CHECK(html.find("<img") == std::string::npos);
    CHECK(html.find("<!--") == std::string::npos);
    CHECK(html.find("href=\"javascript") == std::string::npos);
    // Text of a record holds neither kind of quote: what is left of them is ours.
    const std::string main = html.substr(html.find("<main>"));
    CHECK(main.find("onmouseover='") == std::string::npos);
    CHECK(count_of(main, "<main>") == 1);
  }
}

TEST_CASE("a site that knows its address says it, and has a sitemap") {
  const std::string url = "https://example.org/balise/";
  const Listings listings({record_of(Source::lba, "1")}, url);
  CHECK(listings.text(listing).find("<link rel=\"canonical\" href=\"" + url +
                                    "apprentissage/ille-et-vilaine-35/f17-gros-oeuvre-travaux/\" />") !=
        std::string::npos);
  const std::string sitemap = listings.text("sitemap-1.xml");
  CHECK(count_of(sitemap, "<loc>") == 4 + 6);  // the search pages; France, a domain, two territories, two listings
  CHECK(count_of(sitemap, "<lastmod>" + to_string_date(as_of) + "</lastmod>") == 10);
  CHECK(listings.text("sitemap.xml").find("<loc>" + url + "sitemap-1.xml</loc>") != std::string::npos);
  CHECK(listings.text("robots.txt").find("\nSitemap: " + url + "sitemap.xml\n") != std::string::npos);
  const Listings unknown({record_of(Source::lba, "1")});
  CHECK_FALSE(unknown.has("sitemap.xml"));
  CHECK_FALSE(unknown.has("robots.txt"));
  CHECK(unknown.text(listing).find("canonical") == std::string::npos);
}

TEST_CASE("a departement that is a region of its own names the pages of the region") {
  Record record = record_of(Source::lba, "1");
  record.departement = *parse_departement("974");
  const Listings listings({record}, "https://example.org/");
  CHECK(listings.text("apprentissage/la-reunion-974/index.html")
            .find("href=\"https://example.org/apprentissage/la-"
                  "reunion/\"") != std::string::npos);
  CHECK(count_of(listings.text("sitemap-1.xml"), "la-reunion-974") == 0);
}

TEST_CASE("listings depend on the records, not on their order") {
  std::vector<Record> records = made_up_records(2'000, 77);
  std::erase_if(records, [](const Record& record) { return !(record.departement == *parse_departement("35")); });
  const auto written = [](const std::vector<Record>& from) {
    const TemporaryFolder folder, ids_folder;
    IdWriter ids(ids_folder.path());
    TrainingFacts trainings(ids_folder.path());
    ListingWriter writer(facts(), communes(), folder.path());
    const RegionTarget target{folder.path() / "data", ids_folder.path(), ample_memory_bytes, ids, trainings, &writer};
    writer.take(write_region_of(from, target).listings);
    std::string all;
    for (const WrittenFile& file : writer.finish()) {
      const Bytes bytes = read_file(folder.path() / file.path);
      CHECK(bytes.size() == file.bytes);
      CHECK(to_hex(sha256(bytes)) == file.sha256);
      all += file.path + " " + file.sha256 + "\n";
    }
    return all;
  };
  const std::string forwards = written(records);
  CHECK(count_of(forwards, "\n") > 10);
  std::reverse(records.begin(), records.end());
  CHECK(written(records) == forwards);
}

}  // namespace balise
