#include "generator/config.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/unit/input_support.hpp"

namespace balise {
namespace {

namespace fs = std::filesystem;
using test::failure_of;
using test::holds;
using test::TemporaryFolder;

constexpr std::string_view sources = R"("sources": {"lba": [{"url": "x.json", "format": "recruteurs-lba"}]})";

/// A folder with a source in it, and configs that are written beside.
class ConfigFolder {
 public:
  ConfigFolder() { m_folder.write("x.json", "[]"); }
  Config load(std::string_view json) const { return load_config(m_folder.write("balise.json", json)); }
  /// The config with good sources and something more.
  Config load_with(std::string_view more) const {
    return load("{" + std::string(sources) + ", " + std::string(more) + "}");
  }
  [[nodiscard]] const TemporaryFolder& folder() const { return m_folder; }

  void check_refused(std::string_view json, Exit exit, const std::vector<std::string>& parts) const {
    const auto failure = failure_of([&] { static_cast<void>(load(json)); });
    CAPTURE(json);
    REQUIRE(failure);
    CHECK(failure->exit() == exit);
    const std::string message = failure->what();
    CHECK(holds(message, m_folder.path().string()));
    CHECK(message.find('\n') == std::string::npos);
    for (const std::string& part : parts) {
      CAPTURE(message, part);
      CHECK(holds(message, part));
    }
  }
  void check_refused_with(std::string_view more, const std::vector<std::string>& parts, Exit exit = Exit::usage) const {
    check_refused("{" + std::string(sources) + ", " + std::string(more) + "}", exit, parts);
  }

 private:
  TemporaryFolder m_folder;
};

TEST_CASE("The address of the site") {
  const ConfigFolder configs;
  CHECK(configs.load_with(R"("title": "x")").url.empty());
  CHECK(configs.load_with(R"("url": "https://example.org")").url == "https://example.org/");
  CHECK(configs.load_with(R"("url": "http://localhost:8080/a/b/")").url == "http://localhost:8080/a/b/");
  for (const std::string wrong : {"example.org", "ftp://example.org/", "https://", "https:///x", "https://a/?q",
                                  "https://a/#b", "https://a b/", "https://a/'", "https://u@a/", "https://a/<b>"})
    configs.check_refused_with(R"("url": ")" + wrong + "\"", {"url", "https://example.org/"});
}

TEST_CASE("A config with everything in it") {
  const ConfigFolder configs;
  const TemporaryFolder& folder = configs.folder();
  for (const char* name : {"f.json", "o.json.gz", "v.json", "communes.csv", "rome.csv", "metiers.json", "a b.json"})
    folder.write(name, "");
  folder.write("sirets.txt", "\xEF\xBB\xBF# opt-out\r\n\r\n 123 456 789 01234 \r\n98765432101234\n12345678901234");
  folder.write("ids.txt", "a|b\n# c\n\n  d e\t\n");
  const Config config = configs.load(R"({
    "title": "Ma région", "url": "https://example.org/a",
    "sources": {
      "lba": [{"url": "./x.json", "format": "recruteurs-lba"}],
      "matcha": [{"url": "file:v.json", "format": "lba-v3"}],
      "formations": [{"format": "catalogue", "url": "f.json"}],
      "offres": [{"url": "o.json.gz", "format": "france-travail"},
                 {"url": "file://)" + (folder.path() / "a%20b.json").string() +
                                     R"(", "format": "lba-v3"}]},
    "reference": {"communes": "communes.csv", "romes": "rome.csv", "metiers": "metiers.json"},
    "filter": {"regions": ["84", "bretagne", "84"], "departements": ["2a", "974"], "romes": ["f1702"],
               "rome_domains": ["f", "F17"], "sources": ["lba", "offres"], "opcos": ["OPCO2I"],
               "near": {"lat": 48.85, "lon": 2, "radius": 30.5}},
    "exclude": {"sirets": "sirets.txt", "ids": "ids.txt"},
    "limits": {"max_drop_percent": 0, "max_rejected_percent": 100}})");
  CHECK(config.file == folder.path() / "balise.json");
  CHECK(config.title ==
        "Ma r\xC3\xA9"
        "gion");
  CHECK(config.url == "https://example.org/a/");
  // In the order of the sources, whatever the order in the file.
  REQUIRE(config.sources.size() == 5);
  CHECK(config.sources[0].source == Source::formations);
  CHECK(config.sources[0].format == Format::catalogue);
  CHECK(config.sources[0].path == folder.path() / "f.json");
  CHECK(config.sources[1].source == Source::offres);
  CHECK(config.sources[1].format == Format::france_travail);
  CHECK(config.sources[2].format == Format::lba_v3);
  CHECK(config.sources[2].path == folder.path() / "a b.json");
  CHECK(config.sources[3].source == Source::matcha);
  CHECK(config.sources[3].path == folder.path() / "v.json");
  CHECK(config.sources[3].url == "file:v.json");
  CHECK(config.sources[4].source == Source::lba);
  CHECK(config.sources[4].path == folder.path() / "x.json");
  CHECK(config.communes == folder.path() / "communes.csv");
  CHECK(config.romes == folder.path() / "rome.csv");
  CHECK(config.metiers == folder.path() / "metiers.json");
  CHECK((config.filter.regions == std::vector{*parse_region("84"), *parse_region("53")}));
  CHECK((config.filter.departements == std::vector{*parse_departement("2A"), *parse_departement("974")}));
  CHECK((config.filter.romes == std::vector{*parse_rome("F1702")}));
  CHECK((config.filter.rome_domains == std::vector<std::string>{"F", "F17"}));
  CHECK((config.filter.sources == std::vector{Source::lba, Source::offres}));
  CHECK((config.filter.opcos == std::vector{Opco::opco2i}));
  REQUIRE(config.filter.near);
  CHECK(config.filter.near->lat_deg == 48.85);
  CHECK(config.filter.near->lon_deg == 2);
  CHECK(config.filter.near->radius_km == 30.5);
  CHECK((config.excluded_sirets == std::unordered_set<std::string>{"12345678901234", "98765432101234"}));
  CHECK((config.excluded_ids == std::unordered_set<std::string>{"a|b", "d e"}));
  CHECK(config.limits.max_drop_percent == 0);
  CHECK(config.limits.max_rejected_percent == 100);
}

TEST_CASE("What a config leaves out has a default") {
  const ConfigFolder configs;
  const Config config = configs.load("{" + std::string(sources) + "}");
  CHECK(config.title == "Balise");
  CHECK(config.url.empty());
  CHECK_FALSE(config.communes);
  CHECK_FALSE(config.romes);
  CHECK_FALSE(config.metiers);
  CHECK(config.filter.regions.empty());
  CHECK_FALSE(config.filter.near);
  CHECK(config.excluded_sirets.empty());
  CHECK(config.limits.max_drop_percent == 20);
  CHECK(config.limits.max_rejected_percent == 10);
  CHECK(configs.load("\xEF\xBB\xBF{" + std::string(sources) + "}").sources.size() == 1);
}

TEST_CASE("Sources on the network") {
  const ConfigFolder configs;
  const auto source = [](std::string_view more) {
    return R"({"sources": {"offres": [{"url": "https://example.org/o.json", "format": "france-travail")" +
           std::string(more) + "}]}}";
  };
  const Config plain = configs.load(source(""));
  REQUIRE(plain.sources[0].remote);
  CHECK(plain.sources[0].path.empty());
  CHECK(plain.sources[0].remote->auth.is_none());
  CHECK(plain.sources[0].remote->paging == Paging::none);
  CHECK(plain.state == configs.folder().path() / "balise.state");
  const Config full = configs.load(source(R"(, "pages": "range", "page_size": 50, "max_mb": 0.5,
    "auth": {"token_url": "https://id.example.org/t?realm=x", "client_id_env": "A_1", "client_secret_env": "_B",
             "scope": "a b"})"));
  const Remote& remote = *full.sources[0].remote;
  CHECK(remote.paging == Paging::range);
  CHECK(remote.page_size == 50);
  CHECK(remote.max_bytes == 1U << 19U);
  CHECK(remote.auth.client_id_env == "A_1");
  CHECK(remote.auth.scope == "a b");
  CHECK(configs.load(source(R"(, "auth": {"bearer_env": "T"}, "pages": "next")")).sources[0].remote->auth.bearer_env ==
        "T");

  const std::vector<std::pair<std::string, std::string>> wrong{
      {R"(, "pages": "all")", "sources.offres[0].pages"},
      {R"(, "page_size": 5)", "sources.offres[0].page_size"},
      {R"(, "pages": "range", "page_size": 0)", "sources.offres[0].page_size"},
      {R"(, "max_mb": -1)", "sources.offres[0].max_mb"},
      {R"(, "auth": {})", "token_url"},
      {R"(, "auth": {"bearer_env": "lower"})", "bearer_env"},
      {R"(, "auth": {"bearer_env": "A", "scope": "x"})", "bearer_env"},
      {R"(, "auth": {"token_url": "http://a/t", "client_id_env": "A", "client_secret_env": "B"})", "https://"},
      {R"(, "auth": {"token_url": "https://a/t", "client_id_env": "A"})", "client_secret_env"},
      {R"(, "token": "x")", "unknown key sources.offres[0].token"}};
  for (const auto& [more, part] : wrong)
    configs.check_refused(source(more), Exit::usage, {part});
  configs.check_refused(R"({"sources": {"lba": [{"url": "https://a/x", "format": "recruteurs-lba"},
                           {"url": "https://a/x", "format": "recruteurs-lba"}]}})",
                        Exit::usage, {"twice"});
}

TEST_CASE("The state folder, the rules of fetching and all limits") {
  const ConfigFolder configs;
  CHECK_FALSE(configs.load_with(R"("title": "x")").state);
  CHECK(configs.load_with(R"("state": "nights/a")").state == configs.folder().path() / "nights/a");
  configs.check_refused_with(R"("state": "x.json")", {"state", "file"}, Exit::failed);
  configs.check_refused_with(R"("state": "")", {"state"});
  const Config config = configs.load_with(R"("fetch": {"retries": 0, "stall_seconds": 0.5},
    "limits": {"max_shrink_percent": 40, "max_kept_days": 3, "max_unknown_rome_points": 0.5})");
  CHECK(config.fetch.retries == 0);
  CHECK(config.fetch.stall_seconds == 0.5);
  CHECK(config.limits.max_shrink_percent == 40);
  CHECK(config.limits.max_kept_days == 3);
  CHECK(config.limits.max_unknown_rome_points == 0.5);
  CHECK(config.limits.max_growth_percent == 100);
  configs.check_refused_with(R"("fetch": {"retry": 1})", {"unknown key fetch.retry", "retries"});
  configs.check_refused_with(R"("fetch": {"retries": "3"})", {"fetch.retries"});
  configs.check_refused_with(R"("limits": {"max_shrink": 1})", {"unknown key limits.max_shrink", "max_kept_days"});
  configs.check_refused_with(R"("limits": {"max_shrink_percent": 101})", {"limits.max_shrink_percent", "100"});
}

TEST_CASE("The list of those that are not to be shown") {
  const ConfigFolder configs;
  configs.folder().write("nd.txt", "123 456 789\n12345678901234\n# x\n");
  CHECK((configs.load_with(R"("exclude": {"non_diffusibles": "nd.txt"})").non_diffusibles ==
         std::unordered_set<std::string>{"123456789", "12345678901234"}));
  for (const char* line : {"12345678", "1234567890", "12345678A"}) {
    configs.folder().write("nd.txt", line);
    configs.check_refused_with(R"("exclude": {"non_diffusibles": "nd.txt"})", {"nd.txt, line 1", "9 or 14"});
  }
  configs.folder().write("s.txt", "123456789");
  configs.check_refused_with(R"("exclude": {"sirets": "s.txt"})", {"s.txt, line 1", "14 digits"});
}

TEST_CASE("JSON that does not parse is shown with its line and column") {
  const ConfigFolder configs;
  configs.check_refused("", Exit::usage, {"line 1, column 1", "no valid JSON"});
  configs.check_refused("{]", Exit::usage, {"line 1, column 2"});
  configs.check_refused("{\n  \"title\": \"x\",\n  \"a\" 1\n}", Exit::usage, {"line 3, column 7"});
  configs.check_refused("{\"title\": \"x\"", Exit::usage, {"line 1, column 14"});
  configs.check_refused("{\"title\": \"x\"}\n}", Exit::usage, {"line 2, column 1"});
  configs.check_refused("{\n\"title\": nul\n}", Exit::usage, {"line 2, column 1"});
  configs.check_refused("# comment", Exit::usage, {"line 1, column 1"});
}

TEST_CASE("An unknown key is named with its path and the keys that exist") {
  const ConfigFolder configs;
  const auto source = [](std::string_view key) {
    return R"({"sources": {"lba": [{"url": "x.json", "format": "recruteurs-lba"},)"
           R"({"url": "x.json", "format": "recruteurs-lba", ")" +
           std::string(key) + R"(": 1}]}})";
  };
  configs.check_refused(source("formatt"), Exit::usage, {"unknown key sources.lba[1].formatt", "url, format"});
  configs.check_refused_with(
      R"("titel": "x")", {"unknown key titel", "title, url, theme, logo, offline, keys, sources, reference, filter"});
  configs.check_refused(R"({"sources": {"entreprises": []}})", Exit::usage,
                        {"unknown key sources.entreprises", "formations, offres, matcha, lba"});
  configs.check_refused_with(R"("reference": {"commune": "x.json"})", {"unknown key reference.commune", "communes"});
  configs.check_refused_with(R"("filter": {"region": []})", {"unknown key filter.region", "regions, departements"});
  configs.check_refused_with(R"("filter": {"near": {"lat": 1, "lon": 1, "radius": 1, "km": 1}})",
                             {"unknown key filter.near.km", "lat, lon, radius"});
  configs.check_refused_with(R"("exclude": {"siret": "x.json"})",
                             {"unknown key exclude.siret", "sirets, ids, non_diffusibles"});
  configs.check_refused_with(R"("limits": {"max": 1})", {"unknown key limits.max", "max_drop_percent"});
}

TEST_CASE("Public keys are one or two, and whole") {
  const std::string key = text_of(PublicKey{1, 2, 3});
  CHECK(keys_of_config({key}, "x") == std::vector<PublicKey>{PublicKey{1, 2, 3}});
  CHECK(keys_of_config({key, key}, "x").size() == 2);
  const ConfigFolder configs;
  configs.check_refused_with(R"("keys": "x")", {"keys must be a list"});
  configs.check_refused_with(R"("keys": [])", {"keys must be a list"});
  configs.check_refused_with(R"("keys": ["AQID"])", {"keys[0] is \"AQID\"", "no public key", "balise key FILE"});
  configs.check_refused_with(R"("keys": [1])", {"keys[0] must be a text"});
  const std::string quoted = '"' + key + '"';
  configs.check_refused_with("\"keys\": [" + quoted + "," + quoted + "," + quoted + "]", {"one public key, or of two"});
}

TEST_CASE("A key that stands twice is refused") {
  const ConfigFolder configs;
  configs.check_refused_with(R"("title": "a", "title": "b")", {"key title stands twice"});
  configs.check_refused_with(R"("limits": {"max_drop_percent": 1, "max_drop_percent": 2})",
                             {"key limits.max_drop_percent stands twice"});
  configs.check_refused(R"({"sources": {"lba": [{}, {"url": "a", "url": "b"}]}})", Exit::usage,
                        {"key sources.lba[1].url stands twice"});
  configs.check_refused_with(R"("filter": {"near": {"lat": 1, "lat": 1}})", {"key filter.near.lat stands twice"});
}

TEST_CASE("A value of another type is refused") {
  const ConfigFolder configs;
  configs.check_refused("[]", Exit::usage, {"the config must be an object"});
  configs.check_refused("null", Exit::usage, {"the config must be an object"});
  configs.check_refused(R"({"sources": []})", Exit::usage, {"sources must be an object"});
  configs.check_refused(R"({"sources": {"lba": {}}})", Exit::usage, {"sources.lba must be a list"});
  configs.check_refused(R"({"sources": {"lba": ["x.json"]}})", Exit::usage,
                        {"sources.lba[0] must be an object", "x.json"});
  configs.check_refused(R"({"sources": {"lba": [{"url": 1, "format": "recruteurs-lba"}]}})", Exit::usage,
                        {"sources.lba[0].url must be a text"});
  configs.check_refused(R"({"sources": {"lba": [{"url": "x.json", "format": null}]}})", Exit::usage,
                        {"sources.lba[0].format must be a text"});
  configs.check_refused_with(R"("title": 3)", {"title must be a text", "3"});
  configs.check_refused_with(R"("title": " ")", {"title is empty"});
  configs.check_refused_with(R"("title": "a\u0000b")", {"title holds a NUL"});
  for (const char* url : {"example.org", "https://", "https:///a", "ftp://example.org", "https://example.org/\\\"><b>",
                          "https://example.org/?a", "https://example.org/a b", "javascript:alert(1)"})
    configs.check_refused_with(R"("url": ")" + std::string(url) + '"',
                               {"url is ", "the address of the published site"});
  configs.check_refused_with(R"("reference": "x.json")", {"reference must be an object"});
  configs.check_refused_with(R"("reference": {"romes": ["x.json"]})", {"reference.romes must be a text"});
  configs.check_refused_with(R"("filter": [])", {"filter must be an object"});
  configs.check_refused_with(R"("filter": {"regions": "84"})", {"filter.regions must be a list"});
  configs.check_refused_with(R"("filter": {"departements": ["01", 2]})", {"filter.departements[1] must be a text"});
  configs.check_refused_with(R"("exclude": "x.json")", {"exclude must be an object"});
  configs.check_refused_with(R"("exclude": {"ids": ["a"]})", {"exclude.ids must be a text"});
  configs.check_refused_with(R"("limits": 20)", {"limits must be an object"});
  configs.check_refused_with(R"("limits": {"max_drop_percent": "20"})", {"limits.max_drop_percent must be a number"});
}

TEST_CASE("Sources need a file, and a format that may stand there") {
  const ConfigFolder configs;
  configs.check_refused("{}", Exit::usage, {"the config has no \"sources\""});
  configs.check_refused(R"({"sources": {}})", Exit::usage, {"sources names no file at all"});
  configs.check_refused(R"({"sources": {"lba": [], "offres": []}})", Exit::usage, {"sources names no file at all"});
  configs.check_refused(R"({"sources": {"lba": [{"format": "recruteurs-lba"}]}})", Exit::usage,
                        {"sources.lba[0] has no \"url\""});
  configs.check_refused(R"({"sources": {"lba": [{"url": "x.json"}]}})", Exit::usage,
                        {"sources.lba[0] has no \"format\""});
  const std::pair<std::string, std::string> bad[] = {{"formations", "lba-v3"},
                                                     {"formations", "recruteurs-lba"},
                                                     {"offres", "catalogue"},
                                                     {"offres", "recruteurs-lba"},
                                                     {"matcha", "france-travail"},
                                                     {"matcha", "catalogue"},
                                                     {"lba", "lba-v3"},
                                                     {"lba", "france-travail"},
                                                     {"lba", "csv"},
                                                     {"offres", "LBA-V3"}};
  for (const auto& [source, format] : bad)
    configs.check_refused(R"({"sources": {")" + source + R"(": [{"url": "x.json", "format": ")" + format + R"("}]}})",
                          Exit::usage, {"sources." + source + "[0].format is \"" + format + '"', "takes "});
  const std::pair<std::string, std::string> good[] = {{"formations", "catalogue"},
                                                      {"offres", "france-travail"},
                                                      {"offres", "lba-v3"},
                                                      {"matcha", "lba-v3"},
                                                      {"lba", "recruteurs-lba"}};
  for (const auto& [source, format] : good) {
    const Config config =
        configs.load(R"({"sources": {")" + source + R"(": [{"url": "x.json", "format": ")" + format + R"("}]}})");
    CHECK(name_of(config.sources.at(0).format) == format);
    CHECK(name_of(config.sources.at(0).source) == source);
  }
}

TEST_CASE("Addresses that no file has are refused") {
  const ConfigFolder configs;
  const auto source = [](std::string_view url) {
    return R"({"sources": {"lba": [{"url": ")" + std::string(url) + R"(", "format": "recruteurs-lba"}]}})";
  };
  for (const char* url : {"https://", "https:///x", "https://a b/", "https://a/#x"})
    configs.check_refused(source(url), Exit::usage, {"sources.lba[0].url"});
  configs.check_refused_with(R"("reference": {"romes": "https://exemple.fr/x"})", {"reference.romes", "download"});
  configs.check_refused(source("ftp://exemple.fr/x"), Exit::usage, {"sources.lba[0].url", "only paths"});
  configs.check_refused(source("file://x.json"), Exit::usage, {"sources.lba[0].url", "three slashes"});
  configs.check_refused(source("file:x%2.json"), Exit::usage, {"sources.lba[0].url", "two hexadecimal digits"});
  configs.check_refused(source("file:x%00.json"), Exit::usage, {"sources.lba[0].url", "two hexadecimal digits"});
  configs.check_refused(source("absent.json"), Exit::failed,
                        {"sources.lba[0].url", (configs.folder().path() / "absent.json").string(), "not there"});
  configs.check_refused(source("."), Exit::failed, {"sources.lba[0].url", "folder"});
  configs.check_refused_with(R"("reference": {"communes": "absent.csv"})", {"reference.communes", "absent.csv"},
                             Exit::failed);
  configs.check_refused_with(R"("exclude": {"sirets": "absent.txt"})", {"exclude.sirets", "absent.txt"}, Exit::failed);
  configs.check_refused_with(R"("exclude": {"ids": "https://exemple.fr/ids"})", {"exclude.ids", "download"});
  const auto failure = failure_of([&] { static_cast<void>(load_config(configs.folder().path() / "absent.json")); });
  REQUIRE(failure);
  CHECK(failure->exit() == Exit::failed);
  CHECK(holds(failure->what(), "absent.json"));
}

TEST_CASE("Values of the filter are checked") {
  const ConfigFolder configs;
  configs.check_refused_with(R"("filter": {"regions": ["84", "Gascogne"]})",
                             {"filter.regions[1] is \"Gascogne\"", "84 Auvergne", "53 Bretagne"});
  configs.check_refused_with(R"("filter": {"departements": ["1"]})", {"filter.departements[0] is \"1\"", "2A"});
  configs.check_refused_with(R"("filter": {"departements": ["20"]})", {"filter.departements[0]"});
  configs.check_refused_with(R"("filter": {"romes": ["F17"]})", {"filter.romes[0] is \"F17\"", "F1702"});
  configs.check_refused_with(R"("filter": {"rome_domains": ["F1"]})", {"filter.rome_domains[0] is \"F1\"", "F17"});
  configs.check_refused_with(R"("filter": {"rome_domains": ["1"]})", {"filter.rome_domains[0]"});
  configs.check_refused_with(R"("filter": {"sources": ["entreprises"]})", {"filter.sources[0]", "formations, offres"});
  configs.check_refused_with(R"("filter": {"opcos": ["OPCO"]})", {"filter.opcos[0] is \"OPCO\"", "AFDAS"});
  configs.check_refused_with(R"("filter": {"opcos": [""]})", {"filter.opcos[0]"});
  // A long value is cut between two characters.
  std::string accents;
  for (int i = 0; i < 100; ++i)
    accents += "\xC3\xA9";
  configs.check_refused_with(R"("filter": {"romes": ["x)" + accents + R"("]})", {"\xC3\xA9...", "filter.romes[0]"});
}

TEST_CASE("A place and a radius in both forms") {
  const ConfigFolder configs;
  const auto near = [&](const std::string& value) {
    return configs.load_with(R"("filter": {"near": )" + value + "}").filter.near;
  };
  for (const char* value :
       {R"("48.85,2.35,30")", R"(" 48.85 , 2.35 , 30 ")", R"({"lat": 48.85, "lon": 2.35, "radius": 30})"}) {
    CAPTURE(value);
    const auto filter = near(value);
    REQUIRE(filter);
    CHECK(filter->lat_deg == 48.85);
    CHECK(filter->lon_deg == 2.35);
    CHECK(filter->radius_km == 30);
  }
  CHECK(near(R"("-21.1,55.5,0.5")")->lat_deg == -21.1);
  CHECK_FALSE(near("null"));
  for (const char* value : {R"("48.85,2.35")", R"("48.85,2.35,30,1")", R"("48.85,2.35,30,")", R"("48,85")",
                            R"("a,b,c")", R"(",,")", R"("48.85;2.35;30")", R"("48.85,2.35,30km")"}) {
    CAPTURE(value);
    configs.check_refused_with(std::string(R"("filter": {"near": )") + value + "}", {"filter.near is", "LAT,LON,KM"});
  }
  const auto check = [&](const std::string& value, const std::vector<std::string>& parts) {
    configs.check_refused_with(R"("filter": {"near": )" + value + "}", parts);
  };
  check("[48.85, 2.35, 30]", {"filter.near must be an object"});
  check("3", {"filter.near must be an object"});
  check(R"({"lat": 1, "lon": 2})", {"filter.near has no \"radius\""});
  check(R"({"lon": 1, "radius": 2})", {"filter.near has no \"lat\""});
  check(R"({"lat": 90.1, "lon": 2, "radius": 3})", {"filter.near.lat must be from -90 to 90", "90.1"});
  check(R"({"lat": 1, "lon": -181, "radius": 3})", {"filter.near.lon must be from -180 to 180"});
  check(R"({"lat": 1, "lon": 2, "radius": -1})", {"filter.near.radius must be from 0"});
  check(R"({"lat": 1, "lon": 2, "radius": 0})", {"filter.near.radius is 0 km"});
  check(R"({"lat": "1", "lon": 2, "radius": 3})", {"filter.near.lat must be a number"});
  check(R"("91,2,3")", {"filter.near.lat must be from -90 to 90"});
  check(R"("1,2,20001")", {"filter.near.radius"});
}

TEST_CASE("Limits are percentages") {
  const ConfigFolder configs;
  for (const char* key : {"max_drop_percent", "max_rejected_percent"})
    for (const char* value : {"-1", "-0.001", "100.5", "1e9"}) {
      CAPTURE(key, value);
      configs.check_refused_with(R"("limits": {")" + std::string(key) + R"(": )" + value + "}",
                                 {"limits." + std::string(key) + " must be from 0 to 100"});
    }
  CHECK(configs.load_with(R"("limits": {"max_drop_percent": 12.5})").limits.max_drop_percent == 12.5);
  CHECK(configs.load_with(R"("limits": {"max_drop_percent": 12.5})").limits.max_rejected_percent == 10);
}

TEST_CASE("A list of exclusions that is misread would publish somebody") {
  const ConfigFolder configs;
  for (const char* line : {"1234567890123", "123456789012345", "1234567890123x", "FR12345678901234", "siret"}) {
    CAPTURE(line);
    configs.folder().write("sirets.txt", "# comment\n12345678901234\n\n" + std::string(line) + "\n");
    configs.check_refused_with(R"("exclude": {"sirets": "sirets.txt"})", {"sirets.txt, line 4", line, "14 digits"});
  }
  configs.folder().write("sirets.txt", "");
  CHECK(configs.load_with(R"("exclude": {"sirets": "sirets.txt"})").excluded_sirets.empty());
}

}  // namespace
}  // namespace balise
