import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Sentence } from './main.mjs';

/**
 * @param {string} who needs them
 * @param {string[]} programs that are called like the Debian packages they come from
 * @throws {Sentence} when some are missing
 */
export function requirePrograms(who, programs) {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) return;
  throw new Sentence(
    `${who} need programs that are missing here; run "apt-get install -y ${missing.join(' ')}".`,
  );
}

/** Debian keeps servers in folders that only root has on the PATH. */
function isOnPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
