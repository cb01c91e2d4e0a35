#include "tests/bench/data/lambert.hpp"
#include "tests/bench/data/make.hpp"

namespace balise::bench {

void make_company(std::string& out, const World& world, std::uint64_t index, unsigned version) {
  const Company company = world.company(index);
  Random random(world.seed, Stream::offer, index, 1000 + version);
  const Naf& naf = *company.naf;
  const auto [x_m, y_m] = to_sirene(company.place.lat_deg, company.place.lon_deg, company.place.postal_code);

  out += R"({"siret":")" + company.siret + R"(","enseigne":")" + (random.chance(0.6) ? company.name : std::string()) +
         R"(","raison_sociale":")" + company.legal_name + R"(","activitePrincipaleEtablissement":")" + naf.code +
         R"(","labelActivitePrincipaleEtablissement":")" + naf.label + R"(","naf_code":")" + naf.code +
         R"(","naf_label":")" + naf.label + R"(","street_number":")" + company.street_number + R"(","street_name":")" +
         register_case(company.street) + R"(","insee_city_code":")" + company.place.commune->insee +
         R"(","zip_code":")" + company.place.postal_code + R"(","libelleCommuneEtablissement":")" +
         register_case(company.place.commune->name) + R"(","email":)";
  if (random.chance(0.3))
    out += R"("contact@)" + company.siret.substr(0, 9) + R"(.example.org")";
  else
    out += "null";
  out += R"(,"phone":null,"company_size":")" + company.size + R"(","site_web":)";
  if (random.chance(0.25))
    out += R"("https://)" + company.siret.substr(0, 9) + R"(.example.com/")";
  else
    out += "null";
  out += R"(,"opco":")" + world.words.opcos[naf.opco] + R"(","coordonneeLambertAbscisseEtablissement":)" +
         fixed(x_m, 2) + R"(,"coordonneeLambertOrdonneeEtablissement":)" + fixed(y_m, 2) + R"(,"rome_codes":[)";

  // Most companies of a trade are thought to hire for its usual occupations, some for one of the others.
  const std::size_t usual = 1 + random.below(static_cast<std::uint32_t>(naf.romes.size()));
  double score = 0.05 + 0.9 * random.unit();
  bool first = true;
  for (std::size_t i = 0; i < naf.romes.size(); ++i) {
    const bool keeps = i < usual ? i == 0 || !random.chance(0.1) : random.chance(0.03);
    if (!keeps)
      continue;
    out += (first ? R"({"rome_code":")" : R"(,{"rome_code":")") + naf.romes[i] + R"(","normalized_score":)" +
           fixed(score, 4) + '}';
    score *= 0.9;
    first = false;
  }
  out += "]}\n";
}

}  // namespace balise::bench
