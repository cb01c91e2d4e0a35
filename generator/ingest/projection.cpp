#include "generator/ingest/projection.hpp"

#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/srs/projection.hpp>
#include <cmath>

#include "generator/ingest/boxes.hpp"

namespace balise {

namespace {

namespace srs = boost::geometry::srs;
namespace spar = boost::geometry::srs::spar;

using Degrees = boost::geometry::model::point<double, 2, boost::geometry::cs::geographic<boost::geometry::degree>>;
using Metres = boost::geometry::model::point<double, 2, boost::geometry::cs::cartesian>;

// Static parameters compile the two projections that are needed and none of the other hundred.
using LambertParameters = spar::parameters<spar::proj_lcc, spar::ellps_grs80, spar::lat_1<>, spar::lat_2<>,
                                           spar::lat_0<>, spar::lon_0<>, spar::x_0<>, spar::y_0<>>;
template <int number>
using UtmNorth = spar::parameters<spar::proj_utm, spar::ellps_grs80, spar::zone<number>>;
template <int number>
using UtmSouth = spar::parameters<spar::proj_utm, spar::ellps_grs80, spar::zone<number>, spar::south>;

LambertParameters lambert_93() {
  return LambertParameters(spar::proj_lcc(), spar::ellps_grs80(), spar::lat_1<>(49), spar::lat_2<>(44),
                           spar::lat_0<>(46.5), spar::lon_0<>(3), spar::x_0<>(700000), spar::y_0<>(6600000));
}

template <typename Projection>
std::optional<LatLon> inverse(const Projection& projection, double x_m, double y_m) {
  Degrees degrees;
  // The register counts in the French frames (RGF93 and its overseas kin), which agree with WGS84 within centimetres:
  // no datum shift. inverse() itself catches what the projection throws and returns false.
  if (!projection.inverse(Metres(x_m, y_m), degrees))
    return std::nullopt;
  const LatLon result{boost::geometry::get<1>(degrees), boost::geometry::get<0>(degrees)};
  if (!std::isfinite(result.lat_deg) || !std::isfinite(result.lon_deg))
    return std::nullopt;
  return result;
}

std::optional<LatLon> inverse_of(Territory territory, double x_m, double y_m) {
  switch (territory) {
    case Territory::guadeloupe:
    case Territory::martinique:
    case Territory::elsewhere: {
      static const srs::projection<UtmNorth<20>> projection{UtmNorth<20>()};  // EPSG 5490
      return inverse(projection, x_m, y_m);
    }
    case Territory::guyane: {
      static const srs::projection<UtmNorth<22>> projection{UtmNorth<22>()};  // EPSG 2972
      return inverse(projection, x_m, y_m);
    }
    case Territory::reunion: {
      static const srs::projection<UtmSouth<40>> projection{UtmSouth<40>()};  // EPSG 2975
      return inverse(projection, x_m, y_m);
    }
    case Territory::mayotte: {
      static const srs::projection<UtmSouth<38>> projection{UtmSouth<38>()};  // EPSG 4471
      return inverse(projection, x_m, y_m);
    }
    case Territory::mainland:
      break;
  }
  static const srs::projection<LambertParameters> projection{lambert_93()};  // EPSG 2154
  return inverse(projection, x_m, y_m);
}

Territory territory_of(std::string_view postal_code) {
  const std::string_view prefix = postal_code.substr(0, 3);
  if (prefix == "971")
    return Territory::guadeloupe;
  if (prefix == "972")
    return Territory::martinique;
  if (prefix == "973")
    return Territory::guyane;
  if (prefix == "974")
    return Territory::reunion;
  if (prefix == "976")
    return Territory::mayotte;
  if (prefix == "977" || prefix == "978")
    return Territory::elsewhere;
  return Territory::mainland;
}

}  // namespace

std::optional<LatLon> from_sirene(double x_m, double y_m, std::string_view postal_code) {
  // One coordinate of 0 is as good as none: no false origin lies on land.
  if (!std::isfinite(x_m) || !std::isfinite(y_m) || x_m == 0 || y_m == 0)
    return std::nullopt;
  const Territory territory = territory_of(postal_code);
  const std::optional<LatLon> result = inverse_of(territory, x_m, y_m);
  if (!result)
    return std::nullopt;
  const TerritoryBox* box = box_of(result->lat_deg, result->lon_deg);
  if (box == nullptr)
    return std::nullopt;
  // Saint-Martin and Saint-Barthelemy had, and partly have, postal codes in 971. Without a code nothing but Lambert 93
  // can be assumed, and files are met where that was used to project overseas places as well.
  const bool at_home = box->territory == territory || postal_code.empty() ||
                       (territory == Territory::guadeloupe && box->territory == Territory::elsewhere);
  return at_home ? result : std::nullopt;
}

}  // namespace balise
