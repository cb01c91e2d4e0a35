#include "tests/bench/data/make.hpp"

namespace balise::bench {

namespace {

struct Offer {
  Company company;
  std::size_t rome = 0;
  const Diploma* diploma = nullptr;
  std::string title;
  int days = 0;  ///< since it was published
};

Offer draw_offer(const World& world, std::uint64_t companies, Random& random) {
  Offer offer;
  offer.company = world.company(random.next() % companies);
  offer.rome = random.chance(0.8) ? world.draw_rome_of(*offer.company.naf, random) : world.draw_rome(random);
  offer.diploma = &random.pick(world.words.diplomas);
  const std::string& label = world.romes[offer.rome].label;
  switch (random.below(5)) {
    case 0:
      offer.title = "Apprenti en " + label + " (H/F)";
      break;
    case 1:
      offer.title = label + " en alternance (H/F)";
      break;
    case 2:
      offer.title = "Alternance " + offer.diploma->short_name + " - " + label;
      break;
    case 3:
      offer.title = "Contrat d'apprentissage : " + label + " - " + offer.company.place.commune->name;
      break;
    default:
      offer.title = label + " H/F";
  }
  offer.days = static_cast<int>(random.below(90));
  return offer;
}

/// 400 to 2,000 characters: opening, missions, profile, terms, closing, more or less of each.
void write_description(std::string& out, const World& world, const Offer& offer, Random& random) {
  const Words& words = world.words;
  Writer writer(world, random, offer.company, offer.rome, *offer.diploma);
  const std::size_t begin = out.size();
  const std::size_t wanted = 350 + random.below(random.chance(0.5) ? 800 : 1450);
  const auto paragraph = [&out] { out += "\\n\\n"; };
  const auto some = [&](const std::vector<Sentence>& sentences, int least, int most) {
    for (int i = random.between(least, most); i > 0; --i) {
      writer.write(out, sentences);
      if (i > 1)
        out += ' ';
    }
  };
  some(words.openings, 1, 1);
  out += ' ';
  some(words.middle, 0, 1);
  paragraph();
  writer.write(out, words.lead_ins);
  out += " :\\n";
  for (int i = random.between(2, 5); i > 0; --i)
    out += "- " + writer.task() + "\\n";
  some(words.profile, 1, 1);
  paragraph();
  some(words.terms, 1, 1);
  while (out.size() - begin < wanted) {
    if (random.chance(0.3))
      paragraph();
    else
      out += ' ';
    writer.write(out, random.chance(0.9) ? words.free : words.middle);
  }
  paragraph();
  some(words.closings, 1, 2);
  if (random.chance(0.04)) {
    out += ' ';
    writer.write(out, words.contacts);
  }
}

std::string identifier(std::uint64_t seed, Kind kind, std::uint64_t index) {
  static constexpr std::string_view hex = "0123456789abcdef";
  Random random(seed, Stream::offer, index, 77 + static_cast<std::uint64_t>(kind));
  std::string id;
  for (std::uint64_t number = index, i = 0; i < 10; ++i, number /= 16)
    id.insert(id.begin(), hex[number % 16]);
  while (id.size() < 24)
    id.insert(id.begin(), hex[random.below(16)]);
  return id;
}

}  // namespace

void make_france_travail(std::string& out, const World& world, std::uint64_t companies, std::uint64_t index,
                         unsigned version) {
  Random random(world.seed, Stream::offer, index, static_cast<std::uint64_t>(Kind::france_travail));
  Random text(world.seed, Stream::offer_text, index, 16 * version + static_cast<std::uint64_t>(Kind::france_travail));
  Offer offer = draw_offer(world, companies, random);
  const Commune& commune = *offer.company.place.commune;
  // The feed gives most offers the centre of their commune.
  const Place place = random.chance(0.65) ? world.at_centre(commune, random) : offer.company.place;
  std::string id;
  for (std::uint64_t number = index, i = 0; i < 7; ++i, number /= 31)
    id.insert(id.begin(), "0123456789BCDFGHJKLMNPQRSTVWXYZ"[number % 31]);

  out += R"({"id":")" + id + R"(","intitule":")" + offer.title + R"(","description":")";
  write_description(out, world, offer, text);
  out += R"(","dateCreation":")" + day_before(offer.days) + R"(T09:41:00.000Z","dateActualisation":")" +
         day_before(version > 0 ? 0 : offer.days / 2) + R"(T10:02:00.000Z","lieuTravail":{"libelle":")" +
         commune.insee.substr(0, 2) + " - " + register_case(commune.name) + R"(","latitude":)" +
         fixed(place.lat_deg, 6) + R"(,"longitude":)" + fixed(place.lon_deg, 6) + R"(,"codePostal":")" +
         place.postal_code + R"(","commune":")" + commune.insee + R"("},"romeCode":")" + world.romes[offer.rome].code +
         R"(","romeLibelle":")" + world.romes[offer.rome].label + R"(","appellationlibelle":")" +
         world.romes[offer.rome].label + R"(","entreprise":{)";
  if (random.chance(0.62)) {
    out += R"("nom":")" + offer.company.legal_name + R"(",)";
    if (random.chance(0.3)) {
      out += R"("description":")";
      Writer(world, text, offer.company, offer.rome, *offer.diploma).write(out, world.words.openings);
      out += R"(",)";
    }
  }
  out += R"("entrepriseAdaptee":false},"typeContrat":"CDD","typeContratLibelle":"Contrat \u00e0 dur\u00e9e )"
         R"(d\u00e9termin\u00e9e - )" +
         std::to_string(6 * random.between(2, 6)) +
         R"( Mois","natureContrat":"Contrat apprentissage","experienceExige":"D","experienceLibelle":)"
         R"("D\u00e9butant accept\u00e9","formations":[{"niveauLibelle":")" +
         offer.diploma->level_label + R"(","exigence":")" + (random.chance(0.5) ? "E" : "S") + R"("}],"competences":[)";
  const auto [first, end] = world.domain_of(offer.rome);
  for (std::uint32_t i = 0, skills = random.below(5); i < skills; ++i) {
    out += i > 0 ? "," : "";
    out += R"({"code":")" + std::to_string(100'000 + random.below(40'000)) + R"(","libelle":")" +
           random.pick(
               world.words.tasks[world.romes[first + random.below(static_cast<std::uint32_t>(end - first))].letter]) +
           R"(","exigence":"S"})";
  }
  out += R"(],"salaire":{},"dureeTravailLibelle":"35H/semaine","alternance":true,"nombrePostes":)" +
         std::to_string(text.between(1, 3)) + R"(,"accessibleTH":)" + (random.chance(0.2) ? "true" : "false") +
         R"(,"codeNAF":")" + offer.company.naf->code.substr(0, 2) + "." + offer.company.naf->code.substr(2) +
         R"(","secteurActiviteLibelle":")" + offer.company.naf->label +
         R"(","origineOffre":{"origine":"1",)"
         R"("urlOrigine":"https://offres.example.org/detail/)" +
         id + "\"}}\n";
}

void make_lba_v3(std::string& out, const World& world, std::uint64_t companies, std::uint64_t index, unsigned version,
                 Kind kind) {
  Random random(world.seed, Stream::offer, index, static_cast<std::uint64_t>(kind));
  Random text(world.seed, Stream::offer_text, index, 16 * version + static_cast<std::uint64_t>(kind));
  const Offer offer = draw_offer(world, companies, random);
  const Company& company = offer.company;
  const std::string id = identifier(world.seed, kind, index);
  const bool is_matcha = kind == Kind::matcha;

  out += R"({"identifier":{"id":")" + id + R"(","partner_label":")" +
         (is_matcha ? "offres_emploi_lba" : random.pick(world.words.partners)) + R"(","partner_job_id":")" +
         std::to_string(50'000'000 + random.below(49'000'000)) + R"("},"offer":{"title":")" + offer.title +
         R"(","rome_codes":[")" + world.romes[offer.rome].code + '"';
  const auto [first, end] = world.domain_of(offer.rome);
  if (offer.rome + 1 < end && random.chance(is_matcha ? 0.5 : 0.1))
    out += ",\"" + world.romes[offer.rome + 1].code + '"';
  out += R"(],"description":")";
  write_description(out, world, offer, text);
  out += R"(","target_diploma":{"european":")" + offer.diploma->european + R"(","label":")" +
         offer.diploma->level_label + R"("},"desired_skills":[)";
  for (std::uint32_t i = 0, skills = is_matcha ? random.below(4) : 0; i < skills; ++i)
    out += (i > 0 ? ",\"" : "\"") + random.pick(world.words.qualities) + '"';
  out += R"(],"to_be_acquired_skills":[)";
  for (std::uint32_t i = 0, skills = is_matcha ? random.below(5) : 0; i < skills; ++i)
    out += (i > 0 ? ",\"" : "\"") + random.pick(world.words.tasks[world.romes[offer.rome].letter]) + '"';
  out += R"(],"access_conditions":[],"publication":{"creation":")" + day_before(offer.days) +
         R"(T17:39:02.000Z","expiration":"20)" + std::to_string(random.between(34, 38)) +
         R"(-09-06T00:00:00.000Z"},"opening_count":)" + std::to_string(text.between(1, 4)) +
         R"(,"status":"Active"},"contract":{"start":"2027-09-01T00:00:00.000Z","duration":)" +
         std::to_string(6 * random.between(2, 6)) + R"(,"type":["Apprentissage")" +
         (random.chance(0.3) ? R"(,"Professionnalisation")" : "") + R"(],"remote":"onsite"},"workplace":{"siret":")" +
         company.siret + R"(","brand":null,"legal_name":")" + company.legal_name + R"(","name":")" + company.name +
         R"(","website":null,"description":")";
  Writer(world, text, company, offer.rome, *offer.diploma).write(out, world.words.openings);
  out += R"(","size":")" + company.size + R"(","location":{"address":")" + company.street_number + ' ' +
         company.street + ' ' + company.place.postal_code + ' ' + company.place.commune->name +
         R"(","geopoint":{"type":"Point","coordinates":[)" + fixed(company.place.lon_deg, 6) + ',' +
         fixed(company.place.lat_deg, 6) + R"(]}},"domain":{"idcc":null,"opco":")" +
         world.words.opcos[company.naf->opco] + R"(","naf":{"code":")" + company.naf->code + R"(","label":")" +
         company.naf->label + R"("}}},"apply":{"url":"https://postuler.example.com/offre/)" + id +
         R"(","phone":null,"recipient_id":)" + (is_matcha ? "\"" + id + "\"" : "null") + "},\"is_delegated\":false}\n";
}

}  // namespace balise::bench
