// The same check for the service worker, a classic script. `balise build` names it at the head of sw.js where the site has
// keys, and sets them there.

import { check } from "./js/signature.js";

Object.assign(globalThis, { baliseCheck: check });
