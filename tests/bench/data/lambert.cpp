#include "tests/bench/data/lambert.hpp"

#include <boost/geometry/core/cs.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/srs/projection.hpp>

namespace balise::bench {

namespace {

namespace srs = boost::geometry::srs;
namespace spar = boost::geometry::srs::spar;

using Degrees = boost::geometry::model::point<double, 2, boost::geometry::cs::geographic<boost::geometry::degree>>;
using Metres = boost::geometry::model::point<double, 2, boost::geometry::cs::cartesian>;
using Lambert = spar::parameters<spar::proj_lcc, spar::ellps_grs80, spar::lat_1<>, spar::lat_2<>, spar::lat_0<>,
                                 spar::lon_0<>, spar::x_0<>, spar::y_0<>>;
template <int number>
using North = spar::parameters<spar::proj_utm, spar::ellps_grs80, spar::zone<number>>;
template <int number>
using South = spar::parameters<spar::proj_utm, spar::ellps_grs80, spar::zone<number>, spar::south>;

template <typename Projection>
std::pair<double, double> forward(const Projection& projection, double lat_deg, double lon_deg) {
  Metres metres;
  projection.forward(Degrees(lon_deg, lat_deg), metres);
  return {boost::geometry::get<0>(metres), boost::geometry::get<1>(metres)};
}

}  // namespace

std::pair<double, double> to_sirene(double lat_deg, double lon_deg, std::string_view postal_code) {
  const std::string_view prefix = postal_code.substr(0, 3);
  if (prefix == "971" || prefix == "972") {
    static const srs::projection<North<20>> projection{North<20>()};
    return forward(projection, lat_deg, lon_deg);
  }
  if (prefix == "973") {
    static const srs::projection<North<22>> projection{North<22>()};
    return forward(projection, lat_deg, lon_deg);
  }
  if (prefix == "974") {
    static const srs::projection<South<40>> projection{South<40>()};
    return forward(projection, lat_deg, lon_deg);
  }
  if (prefix == "976") {
    static const srs::projection<South<38>> projection{South<38>()};
    return forward(projection, lat_deg, lon_deg);
  }
  static const srs::projection<Lambert> projection{Lambert(spar::proj_lcc(), spar::ellps_grs80(), spar::lat_1<>(49),
                                                           spar::lat_2<>(44), spar::lat_0<>(46.5), spar::lon_0<>(3),
                                                           spar::x_0<>(700000), spar::y_0<>(6600000))};
  return forward(projection, lat_deg, lon_deg);
}

}  // namespace balise::bench
