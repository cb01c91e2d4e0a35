// What every peer's page shares: the query of the address bar, the distance, twenty cards. A peer's own script calls
// begin() with its search; the harness calls globalThis.search() for further ones.

const radian = Math.PI / 180;
export const sphere_m = 6371008.8;
export const wanted = 20;

/** Great circle in micrometres, rounded, as interface.md says. */
export function distanceUm(query, lat_e5, lon_e5) {
  const lat1 = query.lat * radian;
  const lat2 = (lat_e5 / 1e5) * radian;
  const a =
    Math.sin((lat2 - lat1) / 2) ** 2 +
    Math.cos(lat1) * Math.cos(lat2) * Math.sin(((lon_e5 / 1e5 - query.lon) * radian) / 2) ** 2;
  return Math.round(2 * sphere_m * Math.asin(Math.sqrt(a)) * 1e6);
}

export const metresOf = (um) => Math.floor((um + 500_000) / 1e6);
export const byRank = (a, b) => a.metres - b.metres || a.order - b.order;

/** A box in degrees around the circle; generous by 10 m. */
export function boxOf({ lat, lon }, radius_km) {
  const height = (radius_km + 0.01) / 111.19;
  const width = height / Math.max(0.01, Math.cos((Math.abs(lat) + height) * radian));
  return { minLat: lat - height, maxLat: lat + height, minLon: lon - width, maxLon: lon + width };
}

/** Whether the circle may meet a box [min lat, min lon, max lat, max lon] in hundred-thousandths of a degree. */
export function touches(query, [minLat, minLon, maxLat, maxLon]) {
  const box = boxOf(query, query.radius);
  return (
    box.maxLat * 1e5 >= minLat && box.minLat * 1e5 <= maxLat && box.maxLon * 1e5 >= minLon && box.minLon * 1e5 <= maxLon
  );
}

export const romeNumber = (code) => (code.charCodeAt(0) - 65) * 10000 + Number(code.slice(1));

export async function fetchOk(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

function show(cards) {
  const list = document.createElement("ol");
  for (const card of cards) {
    const item = document.createElement("li");
    item.dataset.source = card.source;
    item.dataset.id = card.id;
    const title = document.createElement("h3");
    title.textContent = card.title;
    const text = document.createElement("p");
    text.textContent = `${card.company}, ${card.postal_code} ${card.city}, ${(card.metres / 1000).toFixed(1)} km`;
    item.append(title, text);
    list.append(item);
  }
  document.querySelector("main").replaceChildren(list);
  document.body.dataset.etat = cards.length > 0 ? "pret" : "vide";
}

/** @param {(query: object) => Promise<object[]>} search cards in rank order, with source, id, title, company, postal_code,
 *   city and metres */
export function begin(search) {
  globalThis.search = search;
  const given = new URLSearchParams(location.search);
  const query = {
    lat: Number(given.get("lat")),
    lon: Number(given.get("lon")),
    radius: Number(given.get("radius")),
    romes: given.get("romes")?.split(",").filter(Boolean) ?? [],
  };
  search(query).then(show, (error) => {
    document.body.dataset.etat = "erreur";
    console.error(String(error?.stack ?? error));
  });
}
