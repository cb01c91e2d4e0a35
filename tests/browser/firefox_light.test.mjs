/** The states of the page in a light Firefox, through axe at three widths. */

import { testStates } from "./firefox.mjs";
import { launchFirefox, stageSite } from "./support.mjs";

stageSite(() => launchFirefox("light"));
testStates("light");
