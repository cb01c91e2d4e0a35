// Stands in the place of the service worker of a site whose config says "offline": false. A browser that has an older one
// takes this for its next version: it removes what was kept, and itself.

import { cacheNames } from "./js/offline/kept.js";

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

async function removeAll() {
  const { prefix } = cacheNames(worker.registration.scope);
  for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
  await worker.registration.unregister();
}

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(removeAll().catch(() => {})));
