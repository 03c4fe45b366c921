import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Sentence } from './main.mjs';

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

/**
 * Runs work that writes into the clone; a refusal of the file system becomes a sentence.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function writingToClone(work) {
  try {
    return await work();
  } catch (error) {
    if (['ENOSPC', 'EDQUOT'].includes(error.code)) {
      throw new Sentence(`The disk that holds ${CLONE} is full: free some space there and start again.`);
    }
    if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) {
      throw new Sentence(
        `${whoWeAre()} may not write to ${CLONE}: start as the user it belongs to, or clone again elsewhere.`,
      );
    }
    throw error;
  }
}

function whoWeAre() {
  try {
    return `User ${userInfo().username}`;
  } catch {
    return `User id ${process.getuid()}`;
  }
}
