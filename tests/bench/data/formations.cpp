#include <array>
#include <cmath>

#include "tests/bench/data/make.hpp"

namespace balise::bench {

namespace {

/// Schools come in blocks of fifty that share a thousand formations by Zipf's law: 222 at the largest, 4 at the least.
constexpr std::size_t schools_a_block = 50, formations_a_block = 1000;

struct Seat {
  std::uint64_t school;
  std::uint32_t number;  ///< of the formation at its school
};

Seat seat_of(std::uint64_t index) {
  static const std::array<std::uint32_t, schools_a_block + 1> firsts = [] {
    std::array<std::uint32_t, schools_a_block + 1> ends{};
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < schools_a_block; ++i)
      total += 1 / static_cast<double>(i + 1);
    for (std::size_t i = 0; i < schools_a_block; ++i) {
      sum += 1 / static_cast<double>(i + 1);
      ends[i + 1] = static_cast<std::uint32_t>(std::lround(formations_a_block * sum / total));
    }
    return ends;
  }();
  const auto within = static_cast<std::uint32_t>(index % formations_a_block);
  std::size_t school = 0;
  while (firsts[school + 1] <= within)
    ++school;
  return {index / formations_a_block * schools_a_block + school, within - firsts[school]};
}

}  // namespace

void make_formation(std::string& out, const World& world, std::uint64_t index, unsigned version) {
  const Seat seat = seat_of(index);
  Random about_school(world.seed, Stream::school, seat.school);
  Company school;
  school.place = world.draw_place(about_school);
  school.name =
      about_school.pick(world.words.schools) + ' ' +
      (about_school.chance(0.5) ? register_case(school.place.commune->name) : register_case(world.brand(about_school)));
  school.siret = siret_of(seat.school, true);
  school.street_number = std::to_string(1 + about_school.below(180));
  school.street = world.street(about_school);
  const std::size_t first_rome = world.draw_rome(about_school);
  const std::size_t first_diploma = about_school.below(static_cast<std::uint32_t>(world.words.diplomas.size()));
  const Commune& head = world.populated_commune(about_school);
  const std::string head_postal_code = about_school.pick(head.postal_codes);
  const std::string uai =
      "0" + fixed(100'000 + about_school.below(890'000), 0) + static_cast<char>('A' + about_school.below(26));

  // Four diplomas an occupation, occupation by occupation: no two formations of a school are the same.
  const std::size_t rome = (first_rome + seat.number / 4) % world.romes.size();
  const Diploma& diploma = world.words.diplomas[(first_diploma + seat.number % 4) % world.words.diplomas.size()];
  Random random(world.seed, Stream::formation, index);
  Random text(world.seed, Stream::formation_text, index, version);
  // Workshops of a school stand apart now and then.
  if (random.chance(0.1)) {
    school.place.lat_deg += 0.004;
    school.place.lon_deg += 0.003;
  }
  const std::string title = register_case(world.romes[rome].label) + " (" + diploma.short_name + ")";
  const std::string lower_title = world.romes[rome].label;
  const std::string number = std::to_string(100'000 + index);
  const int days = static_cast<int>(random.below(400));
  Writer writer(world, text, school, rome, diploma);

  out += R"({"cle_ministere_educatif":")" + number + "P0" + school.siret.substr(0, 3) + school.siret + '-' +
         school.place.commune->insee + R"(#L01","id_rco_formation":"24_)" + number + "|24_1" + number + '|' + number +
         R"(","published":true,"cfd":")" + std::to_string(10'000'000 + random.below(60'000'000)) +
         R"(","rncp_code":"RNCP)" + std::to_string(30'000 + rome * 7 + diploma.short_name.size()) +
         R"(","rncp_intitule":")" + lower_title + R"(","rncp_eligible_apprentissage":true,"intitule_long":")" + title +
         R"(","intitule_court":")" + lower_title + R"(","intitule_rco":")" + lower_title + R"(","diplome":")" +
         diploma.name + R"(","niveau":")" + diploma.level + R"(","rome_codes":[)";
  const auto [domain_first, domain_end] = world.domain_of(rome);
  const std::size_t more = random.below(4);
  out += '"' + world.romes[rome].code + '"';
  for (std::size_t i = 1; i <= more && rome + i < domain_end; ++i)
    out += ",\"" + world.romes[rome + i].code + '"';
  if (more == 3 && rome > domain_first)
    out += ",\"" + world.romes[rome - 1].code + '"';
  out += R"(],"capacite":")" + std::to_string(text.between(8, 48)) + R"(","duree":")" +
         std::to_string(random.between(1, 3)) + R"(","periode":["2027-09"],"date_debut":["2027-09-0)" +
         std::to_string(random.between(1, 9)) + R"(T00:00:00.000Z"],"date_fin":["2029-06-)" +
         std::to_string(random.between(10, 30)) + R"(T00:00:00.000Z"],"entierement_a_distance":false,"objectif":")";
  writer.write(out, world.words.objectives);
  out += R"(","contenu":")";
  writer.write(out, world.words.contents);
  for (std::uint32_t i = text.below(3); i > 0; --i) {
    out += "\\n";
    writer.write(out, world.words.contents);
    out += ' ';
    writer.write(out, world.words.free);
  }
  out += R"(","email":")" + (random.chance(0.7) ? "contact@" + uai + ".example.org" : std::string()) +
         R"(","num_tel":null,"lieu_formation_adresse":")" + school.street_number + ' ' + school.street +
         R"(","code_postal":")" + school.place.postal_code + R"(","code_commune_insee":")" +
         school.place.commune->insee + R"(","localite":")" + school.place.commune->name +
         R"(","lieu_formation_geo_coordonnees":")" + fixed(school.place.lat_deg, 6) + ',' +
         fixed(school.place.lon_deg, 6) + R"(","etablissement_formateur_siret":")" + school.siret +
         R"(","etablissement_formateur_uai":")" + uai + R"(","etablissement_formateur_entreprise_raison_sociale":")" +
         school.name + R"(","etablissement_formateur_adresse":")" + school.street_number + ' ' + school.street +
         R"(","etablissement_formateur_code_postal":")" + school.place.postal_code +
         R"(","etablissement_formateur_localite":")" + school.place.commune->name +
         R"(","etablissement_gestionnaire_siret":")" + siret_of(seat.school / 3, true) +
         R"(","etablissement_gestionnaire_entreprise_raison_sociale":")" + school.name +
         R"(","etablissement_gestionnaire_code_postal":")" + head_postal_code +
         R"(","etablissement_gestionnaire_localite":")" + head.name + R"(","created_at":")" + day_before(days) +
         R"(T08:00:00.000Z","last_update_at":")" + day_before(version > 0 ? 0 : days / 2) + "T03:10:00.000Z\"}\n";
}

}  // namespace balise::bench
