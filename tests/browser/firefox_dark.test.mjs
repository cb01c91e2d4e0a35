/** The states of the page in a dark Firefox, through axe at three widths. */

import { testStates } from "./firefox.mjs";
import { launchFirefox, stageSite } from "./support.mjs";

stageSite(() => launchFirefox("dark"));
testStates("dark");
