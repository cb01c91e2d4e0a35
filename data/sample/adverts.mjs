// The French of the sample's adverts: sentences drawn from stocks and filled from the trade, so that no two adverts read alike.

/** "à Lyon", "au Mans", "aux Ulis", "à La Ciotat". */
const at = (city) => (/^Les? /.test(city) ? city.replace(/^Le /, "au ").replace(/^Les /, "aux ") : `à ${city}`);
/** "de Lyon", "d'Angers", "du Mans", "des Ulis". */
const of = (city) => {
  if (/^Les? /.test(city)) return city.replace(/^Le /, "du ").replace(/^Les /, "des ");
  return /^[AEIOUÉÈÊÎŒ]/.test(city) ? `d'${city}` : `de ${city}`;
};

const intros = [
  ({ company, city, trade }) =>
    `${company} recrute ${at(city)}. Notre équipe, ${trade.team}, forme des apprentis depuis plusieurs années.`,
  ({ company, city }) =>
    `Installée ${at(city)}, l'entreprise ${company} accueille chaque année des jeunes en alternance et leur confie de vraies responsabilités.`,
  ({ city, company }) =>
    `Envie d'apprendre un métier sur le terrain ? Rejoignez ${company}, ${at(city)} : une maison à taille humaine où l'on prend le temps de transmettre.`,
  ({ company, city, year }) =>
    `Créée en ${year}, ${company} poursuit son développement dans le secteur ${of(city)} et cherche une personne motivée pour compléter son équipe.`,
  ({ company }) =>
    `Chez ${company}, nous croyons que l'on apprend d'abord en faisant. Un maître d'apprentissage expérimenté vous suivra du premier au dernier jour.`,
  ({ company, city, trade }) =>
    `Nous sommes ${trade.team} ${at(city)}. Pour accompagner notre activité, ${company} ouvre un poste en contrat d'apprentissage.`,
  ({ company, city }) =>
    `Dans le cadre de la transmission de nos savoir-faire, ${company} propose une place en alternance ${at(city)}, à pourvoir dès que possible.`,
];

const teams = [
  "une équipe de cinq personnes",
  "une petite structure de trois salariés",
  "une entreprise familiale",
  "une équipe d'une douzaine de personnes",
  "une entreprise artisanale reconnue",
  "un établissement de proximité",
  "une jeune entreprise",
];

const leads = [
  "Vos missions :",
  "Avec l'aide de votre tuteur, vous apprendrez à :",
  "Au quotidien, vous serez amené(e) à :",
  "Ce que vous ferez chez nous :",
  "Sous la responsabilité du maître d’apprentissage, vous devrez :",
  "Le poste consiste à :",
];

const profiles = [
  ({ taste }) =>
    `Profil recherché : vous aimez ${taste}, vous êtes ponctuel(le) et vous avez envie d'apprendre. Débutant accepté.`,
  ({ taste, diploma }) =>
    `Vous préparez ou souhaitez préparer un ${diploma} et vous appréciez ${taste}. Une première expérience, même en stage, est un plus.`,
  ({ taste }) => `Aucune expérience n'est exigée : la motivation et ${taste} comptent davantage à nos yeux.`,
  ({ diploma, taste }) =>
    `Vous êtes inscrit(e), ou sur le point de l'être, en ${diploma}. On vous reconnaît du sérieux, et ${taste} vous attire.`,
  ({ taste }) => `Nous cherchons avant tout une personne curieuse et fiable, pour qui ${taste} n'est pas un vain mot.`,
];

const conditions = [
  ({ months }) =>
    `Contrat d'apprentissage de ${months} mois, 35 heures par semaine, rémunération selon l'âge et l'année de formation.`,
  ({ months, rhythm }) => `Contrat de ${months} mois. Rythme de l'alternance : ${rhythm}.`,
  ({ rhythm }) => `Rythme : ${rhythm}. Salaire selon la grille légale, panier repas et mutuelle.`,
  ({ months }) =>
    `Durée : ${months} mois. Tenue de travail fournie, titres-restaurant et prise en charge de la moitié du titre de transport.`,
];

const rhythms = [
  "une semaine au centre de formation, deux semaines en entreprise",
  "une semaine au centre de formation, trois semaines en entreprise",
  "deux jours de cours et trois jours en entreprise",
  "un mois en cours, un mois en entreprise",
  "une semaine sur deux",
];

const extras = [
  ({ city }) => `Le lieu de travail est ${at(city)}, facile d'accès en transports en commun.`,
  () => "Les horaires sont aménagés autour des cours et des révisions ; le travail du week-end est récupéré.",
  () => "Le permis B n'est pas nécessaire. L'équipe s'organise pour le covoiturage vers les lieux d'intervention.",
  () =>
    "À l'issue du contrat, une embauche en CDI est possible : deux de nos trois derniers apprentis travaillent encore avec nous.",
  () =>
    "Le poste est ouvert aux personnes en situation de handicap ; l’aménagement se prépare avec vous avant l’arrivée.",
  () => "Un livret de suivi et un point tous les mois avec le centre de formation permettent de mesurer les progrès.",
  ({ trade }) =>
    `Vous découvrirez toutes les facettes du métier, et vous verrez vite que ${trade.taste[0]} s'apprend aussi au contact des anciens.`,
  () => "Nous prenons en charge l'équipement de sécurité et la caisse à outils de départ.",
];

const closings = [
  "Pour candidater, utilisez le lien de l'annonce en quelques lignes ; un CV suffit.",
  "Nous répondons à toutes les candidatures sous deux semaines.",
  "Une demi-journée d'immersion est proposée avant toute signature.",
  "N'hésitez pas à passer nous voir : la meilleure façon de se faire une idée, c'est de visiter.",
  "Le début du contrat peut être avancé ou retardé selon la date de votre formation.",
];

/** Plain text of an advert, 400 to 2,000 characters. */
export function advert(random, { trade, company, city, diplomaName, months }) {
  const context = {
    company,
    city,
    year: random.int(1968, 2021),
    months,
    diploma: diplomaName,
    rhythm: random.pick(rhythms),
    taste: random.pick(trade.taste),
    trade: { ...trade, team: random.pick(teams) },
  };
  const missions = random.some(trade.missions, random.int(4, 6)).map((mission) => `- ${mission}`);
  const paragraphs = [
    random.pick(intros)(context),
    [random.pick(leads), ...random.shuffled(missions)].join("\n"),
    random.pick(profiles)(context),
    random.pick(conditions)(context),
    ...random
      .some(
        extras,
        random.weighted([0, 1, 2, 4], (n) => [2, 4, 3, 1][[0, 1, 2, 4].indexOf(n)]),
      )
      .map((extra) => extra(context)),
    random.pick(closings),
  ];
  let text = paragraphs.join("\n\n");
  if (text.length < 400) text += `\n\n${extras[5](context)}`;
  return text.slice(0, 2000);
}

/** Two or three sentences that present a company. */
export function presentation(random, { company, city, activity }) {
  return random.pick([
    `${company} exerce ${at(city)} : ${activity.toLowerCase()}.`,
    `Établissement ${of(city)} spécialisé dans l'activité suivante : ${activity.toLowerCase()}.`,
    `${company}, une équipe de ${random.int(3, 60)} personnes au service des habitants ${of(city)} et de ses environs.`,
  ]);
}

/** What a training is about, as the catalogue's free texts. */
export function objective(random, { trade, diplomaName }) {
  return random.pick([
    `Former des professionnels capables de : ${random.some(trade.missions, 3).join(" ; ")}.`,
    `Le ou la titulaire du diplôme « ${diplomaName} » saura ${random.some(trade.missions, 2).join(" et ")}.`,
    `Acquérir les gestes et les connaissances du métier, de la théorie à la pratique : ${random.some(trade.missions, 3).join(", ")}.`,
  ]);
}
