import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The clone's real path. */
export const CLONE = realpathSync(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** @param {string[]} parts a path inside the clone */
export function inClone(...parts) {
  return join(CLONE, ...parts);
}

/** Files of the clone, or below a path in it, that git does not ignore; also those that are not committed yet. */
export function filesOfClone(path = '.') {
  const args = ['ls-files', '-z', '-co', '--exclude-standard', '--', path];
  const listed = execFileSync('git', args, { cwd: CLONE, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return listed.split('\0').filter((file) => file !== '' && existsSync(inClone(file)));
}
