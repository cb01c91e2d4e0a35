// Whether a manifest was signed by a key that the page knows, and is not older than one that was seen before. Loaded only
// where a page carries keys; imports nothing, so that it is one small file. docs/FORMAT.md has the signature.

/** A cache holds the newest manifest that was seen, a public file of the site: its version is the least to accept. */
const CACHE = "balise-signed";

/**
 * Why a manifest is not used: a code and a sentence for programs, and one for the page's visitor.
 * @typedef {{code: "signature_wrong" | "rolled_back", detail: string, shown: string}} Refusal
 */

/** There is none in a service worker and in Node. @type {any} */
const page = /** @type {any} */ (globalThis).document;

const inEnglish = () => page?.documentElement.lang === "en";

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** @param {string} detail @returns {Refusal} */
const wrong = (detail) => ({
  code: "signature_wrong",
  detail,
  shown: inEnglish()
    ? "The data that arrived are not signed by the publisher of this page: they were not used."
    : "Les données reçues ne portent pas la signature de l'éditeur de cette page\u202f: elles n'ont pas été utilisées.",
});

/** @param {number} version @param {number} seen @returns {Refusal} */
const old = (version, seen) => ({
  code: "rolled_back",
  detail: `data/manifest.json is of version ${version}, and version ${seen} was seen before`,
  shown: inEnglish()
    ? "The data that arrived are older than those that this device has seen: they were not used."
    : "Les données reçues sont plus anciennes que celles que cet appareil a déjà vues\u202f: elles n'ont pas été utilisées.",
});

/**
 * The keys as WebCrypto has them; undefined where it does not know Ed25519, or is missing (pages over http).
 * @param {string[]} keys
 */
async function imported(keys) {
  try {
    return await Promise.all(
      keys.map((key) => crypto.subtle.importKey("raw", bytesOf(key), { name: "Ed25519" }, false, ["verify"])),
    );
  } catch {
    return undefined;
  }
}

/** @param {Uint8Array} bytes @param {string} text the same @param {CryptoKey[]} keys */
async function isSigned(bytes, text, keys) {
  const end = /,"signature":"([A-Za-z0-9+/]{86}==)"}\n?$/.exec(text);
  if (!end?.[1]) return false;
  const signature = bytesOf(end[1]);
  // The end is ASCII: as many bytes as characters.
  const message = bytes.slice(0, bytes.length - end[0].length);
  const verdicts = await Promise.all(keys.map((key) => crypto.subtle.verify("Ed25519", key, signature, message)));
  return verdicts.includes(true);
}

/** Without a network, the areas that a visitor keeps are those of the night of which all is there. @param {string} text @param {string} url */
async function isOfArea(text, url) {
  // The name as offline/kept.js has it.
  const area = await caches.match(url, { cacheName: `balise ${new URL("..", url).pathname} area` });
  return area !== undefined && (await area.text()) === text;
}

/** The data are old: said above the results, once. @param {string} expires */
function warn(expires) {
  console.warn(`data/manifest.json expired on ${expires}`);
  const notice = page?.getElementById("avis");
  if (!notice || page.getElementById("perime")) return;
  const text = page.createElement("p");
  text.id = "perime";
  text.className = "notice";
  text.textContent = inEnglish()
    ? "These data have not been renewed for a while: some of what is listed may be gone."
    : "Ces données n'ont pas été renouvelées depuis un moment\u202f: une partie de ce qui est affiché a pu disparaître.";
  notice.before(text);
}

let isNoted = false;

/**
 * @param {Uint8Array} bytes of a manifest
 * @param {string} keys base64, with spaces between
 * @param {string} url of the manifest
 * @returns {Promise<Refusal | undefined>} nothing when it may be used
 */
export async function check(bytes, keys, url) {
  const trusted = await imported(keys.split(" "));
  if (!trusted) {
    if (!isNoted) console.info("This browser cannot check the signature of the data; their hashes are checked.");
    isNoted = true;
    return undefined;
  }
  const text = new TextDecoder().decode(bytes);
  if (!(await isSigned(bytes, text, trusted))) return wrong(`data/manifest.json is not signed by ${keys}`);
  const { version, expires } = JSON.parse(text);
  if (!Number.isSafeInteger(version)) return wrong("data/manifest.json is signed, but has no version");
  try {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(url);
    const seen = kept && new Uint8Array(await kept.arrayBuffer());
    const seenText = new TextDecoder().decode(seen);
    // What a key has signed that is trusted no more counts no more: it may have been stolen.
    if (seen && seenText !== text && (await isSigned(seen, seenText, trusted))) {
      const newest = JSON.parse(seenText).version;
      if (newest > version && !(await isOfArea(text, url))) return old(version, newest);
    }
    if (seenText !== text)
      await cache.put(url, new Response(bytes.slice(), { headers: { "Content-Type": "application/json" } }));
  } catch {
    // Storage that is full or denied must not cost the search.
  }
  if (Date.parse(expires) < Date.now()) warn(expires);
  return undefined;
}
