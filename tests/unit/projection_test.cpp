#include "generator/ingest/projection.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "generator/ingest/csv.hpp"
#include "generator/ingest/normalise.hpp"
#include "generator/input/input_stream.hpp"
#include "generator/input/json_objects.hpp"

using balise::from_sirene;
using balise::LatLon;

namespace {

constexpr double radian = 3.14159265358979323846 / 180;

double metres_apart(LatLon a, LatLon b) {
  const double dy = (a.lat_deg - b.lat_deg) * 111132;
  const double dx = (a.lon_deg - b.lon_deg) * 111320 * std::cos(a.lat_deg * radian);
  return std::hypot(dx, dy);
}

void check_within_a_metre(double x_m, double y_m, const char* postal_code, LatLon expected) {
  const auto found = from_sirene(x_m, y_m, postal_code);
  INFO(postal_code << ' ' << x_m << ' ' << y_m);
  REQUIRE(found);
  INFO(found->lat_deg << ' ' << found->lon_deg);
  CHECK(metres_apart(*found, expected) <= 1);
}

// The forward projections, from the textbook and independent of Boost: GRS 80.
constexpr double axis_m = 6378137;
constexpr double flattening = 1 / 298.257222101;
const double eccentricity = std::sqrt(flattening * (2 - flattening));

struct Plane {
  double x_m, y_m;
};

/// Lambert's conformal conic with two standard parallels, closed form.
Plane lambert_93(LatLon place) {
  const auto m = [](double lat) { return std::cos(lat) / std::sqrt(1 - std::pow(eccentricity * std::sin(lat), 2)); };
  const auto t = [](double lat) {
    const double es = eccentricity * std::sin(lat);
    return std::tan(45 * radian - lat / 2) / std::pow((1 - es) / (1 + es), eccentricity / 2);
  };
  const double south = 44 * radian, north = 49 * radian;
  const double n = (std::log(m(south)) - std::log(m(north))) / (std::log(t(south)) - std::log(t(north)));
  const double f = m(south) / (n * std::pow(t(south), n));
  const double r = axis_m * f * std::pow(t(place.lat_deg * radian), n);
  const double r0 = axis_m * f * std::pow(t(46.5 * radian), n);
  const double theta = n * (place.lon_deg - 3) * radian;
  return {700000 + r * std::sin(theta), 6600000 + r0 - r * std::cos(theta)};
}

/// Transverse Mercator by Krueger's series to the fourth order: below a millimetre in a zone.
Plane utm(LatLon place, int zone) {
  const double n = flattening / (2 - flattening);
  const double a = axis_m / (1 + n) * (1 + n * n / 4 + std::pow(n, 4) / 64);
  const double alpha[] = {n / 2 - 2 * n * n / 3 + 5 * std::pow(n, 3) / 16 + 41 * std::pow(n, 4) / 180,
                          13 * n * n / 48 - 3 * std::pow(n, 3) / 5 + 557 * std::pow(n, 4) / 1440,
                          61 * std::pow(n, 3) / 240 - 103 * std::pow(n, 4) / 140, 49561 * std::pow(n, 4) / 161280};
  const double lat = place.lat_deg * radian, lon = (place.lon_deg - (6 * zone - 183)) * radian;
  const double s = std::sin(lat);
  const double t = std::sinh(std::atanh(s) - eccentricity * std::atanh(eccentricity * s));
  const double xi = std::atan2(t, std::cos(lon)), eta = std::asinh(std::sin(lon) / std::hypot(t, std::cos(lon)));
  double x = eta, y = xi;
  for (int k = 1; k <= 4; ++k) {
    x += alpha[k - 1] * std::cos(2 * k * xi) * std::sinh(2 * k * eta);
    y += alpha[k - 1] * std::sin(2 * k * xi) * std::cosh(2 * k * eta);
  }
  return {500000 + 0.9996 * a * x, 0.9996 * a * y + (place.lat_deg < 0 ? 10000000 : 0)};
}

}  // namespace

TEST_CASE("Published points come back within a metre") {
  // The origin of Lambert 93, by its definition.
  check_within_a_metre(700000, 6600000, "", {46.5, 3});
  // Points that the national address base publishes both ways (x, y and longitude, latitude).
  check_within_a_metre(609475.22, 7003841.74, "80132", {50.126294, 1.735361});    // Cahon
  check_within_a_metre(575764.32, 6374412.68, "46000", {44.45771, 1.438407});     // Cahors
  check_within_a_metre(809947.64, 6708048.70, "21150", {47.46365, 4.459547});     // Marigny-le-Cahouet
  check_within_a_metre(724098.76, 6324721.13, "12230", {44.021079, 3.300572});    // Nant
  check_within_a_metre(355581.00, 6692055.78, "44000", {47.239367, -1.555335});   // Nantes
  check_within_a_metre(641521.28, 6866628.01, "92000", {48.897, 2.20237});        // Nanterre
  check_within_a_metre(900580.80, 6564966.65, "01130", {46.154802, 5.5995});      // Nantua
  check_within_a_metre(540322.27, 6482351.45, "24800", {45.422006, 0.95801});     // Nantheuil
  check_within_a_metre(481620.48, 6917869.64, "14640", {49.32302, -0.003876});    // Villers-sur-Mer
  check_within_a_metre(630891.77, 1787333.09, "97125", {16.162802, -61.775699});  // Bouillante
  check_within_a_metre(708397.73, 1615430.45, "97200", {14.604142, -61.065388});  // Fort-de-France
  check_within_a_metre(349508.73, 7646629.44, "97430", {-21.275868, 55.54941});   // Le Tampon
  check_within_a_metre(348880.15, 7636673.10, "97429", {-21.365745, 55.542465});  // Petite-Ile
  // A point of the tests of proj4php.
  check_within_a_metre(652709.401, 6859290.946, "75013", {48.831938, 2.355781});
}

TEST_CASE("The projections undo the textbook's formulas") {
  for (double lat = 41.4; lat <= 51.1; lat += 0.4)
    for (double lon = -5.1; lon <= 9.6; lon += 0.7) {
      const Plane plane = lambert_93({lat, lon});
      const auto found = from_sirene(plane.x_m, plane.y_m, "57000");
      REQUIRE(found);
      CHECK(metres_apart(*found, {lat, lon}) < 0.001);
    }
  struct Zone {
    const char* postal_code;
    int zone;
    LatLon corner;  ///< south-west of a square of half a degree
  };
  const Zone zones[] = {{"97110", 20, {15.9, -61.7}},  {"97200", 20, {14.4, -61.2}}, {"97300", 22, {4.7, -52.6}},
                        {"97320", 22, {5.1, -54.2}},   {"97340", 22, {2.2, -54.3}},  {"97400", 40, {-21.4, 55.2}},
                        {"97600", 38, {-13.0, 44.95}}, {"97150", 20, {17.8, -63.2}}};
  for (const Zone& zone : zones)
    for (double step = 0; step <= 0.5; step += 0.1) {
      const LatLon place{zone.corner.lat_deg + step, zone.corner.lon_deg + step};
      const Plane plane = utm(place, zone.zone);
      INFO(zone.postal_code << ' ' << place.lat_deg << ' ' << place.lon_deg);
      const auto found = from_sirene(plane.x_m, plane.y_m, zone.postal_code);
      REQUIRE(found);
      CHECK(metres_apart(*found, place) < 0.01);
    }
  // Cayenne lies north of the equator: y is about 545 km, not 10,000 km less the distance.
  const Plane cayenne = utm({4.9372, -52.326}, 22);
  CHECK(cayenne.y_m == Approx(545900).margin(500));
}

TEST_CASE("What is no position gives none") {
  const double infinite = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(from_sirene(0, 0, "57000"));
  CHECK_FALSE(from_sirene(652709, 0, "75013"));
  CHECK_FALSE(from_sirene(0, 6859290, "75013"));
  CHECK_FALSE(from_sirene(infinite, 6859290, "75013"));
  CHECK_FALSE(from_sirene(nan, nan, ""));
  CHECK_FALSE(from_sirene(1e300, -1e300, "57000"));
  // Degrees where metres should be, and an overseas point under a code of the mainland.
  CHECK_FALSE(from_sirene(2.35, 48.85, "75001"));
  CHECK_FALSE(from_sirene(349508.73, 7646629.44, "75001"));
  // A point of the mainland under an overseas code.
  CHECK_FALSE(from_sirene(652709.401, 6859290.946, "97430"));
}

TEST_CASE("Without a code Lambert 93 is assumed, wherever in France it leads") {
  const Plane martinique = lambert_93({14.68, -60.94});
  const auto found = from_sirene(martinique.x_m, martinique.y_m, "");
  REQUIRE(found);
  CHECK(metres_apart(*found, {14.68, -60.94}) < 1);
  CHECK_FALSE(from_sirene(martinique.x_m, martinique.y_m, "57000"));
}

TEST_CASE("Real companies: metres of the register against degrees of the same establishments") {
  const std::filesystem::path shared = std::filesystem::path(BALISE_SOURCE_DIR) / ".." / "shared" / "data";
  if (!std::filesystem::exists(shared)) {
    std::cout << "skipped: ../shared is absent\n";
    return;
  }
  std::unordered_map<std::string, LatLon> degrees;
  const std::string text = balise::read_all(shared / "entreprises" / "entreprises_toutes.csv.gz", 1U << 28U);
  balise::CsvReader rows(text);
  while (rows.next()) {
    const auto lat = balise::parse_number(rows.field(*rows.column("lat")));
    const auto lon = balise::parse_number(rows.field(*rows.column("lon")));
    if (lat && lon)
      degrees[rows.field(*rows.column("siret"))] = {*lat, *lon};
  }
  const auto input = balise::open_input(shared / "sources" / "entreprises.recruteurs-lba.ndjson.gz");
  balise::JsonObjects objects(*input, "companies");
  std::size_t compared = 0, overseas = 0;
  while (const auto record = objects.next()) {
    const auto company = nlohmann::json::parse(*record);
    const auto known = degrees.find(company["siret"].get<std::string>());
    if (known == degrees.end() || !company["coordonneeLambertAbscisseEtablissement"].is_number())
      continue;
    const std::string postal_code = company["zip_code"].is_string() ? company["zip_code"].get<std::string>() : "";
    const auto found = from_sirene(company["coordonneeLambertAbscisseEtablissement"].get<double>(),
                                   company["coordonneeLambertOrdonneeEtablissement"].get<double>(), postal_code);
    if (!found)
      continue;
    ++compared;
    overseas += postal_code.starts_with("97") ? 1U : 0U;
    if (metres_apart(*found, known->second) > 1)
      FAIL(company["siret"] << ' ' << postal_code << ' ' << found->lat_deg << ' ' << found->lon_deg);
  }
  CHECK(compared > 33000);
  CHECK(overseas > 250);
}
