import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Sentence } from './main.mjs';

/**
 * @param {string} who needs them
 * @param {string[]} programs that are called like the Debian packages they come from, or `program:package package`
 * @throws {Sentence} when some are missing
 */
export function requirePrograms(who, programs) {
  const missing = programs
    .map((each) => each.split(':'))
    .filter(([program]) => findProgram(program) === null)
    .map((each) => each.at(-1));
  if (missing.length === 0) return;
  throw new Sentence(
    `${who} need programs that are missing here; run "apt-get install -y ${missing.join(' ')}".`,
  );
}

/** The PATH, with the folders in which Debian keeps servers, and which only root has on it. */
export const PATH_WITH_SERVERS = [process.env.PATH ?? '', '/usr/sbin', '/usr/local/sbin'].join(delimiter);

/** @returns {string | null} the path of the program, behind symbolic links */
export function findProgram(program) {
  for (const folder of PATH_WITH_SERVERS.split(delimiter)) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return realpathSync(join(folder, program));
    } catch {
      continue;
    }
  }
  return null;
}
