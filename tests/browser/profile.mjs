import { rmSync } from "node:fs";

/**
 * Removes the folder of a browser that was stopped: processes of its own may write on for a moment, and what they put into a
 * folder that is being removed is looked for once more.
 * @param {string} folder
 */
export function removeProfile(folder) {
  for (let tries = 0; ; ++tries) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
}
