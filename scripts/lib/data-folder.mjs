import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Sentence } from './main.mjs';

/**
 * Where the private database, the made-up keys and the demo lie: `COUNTERSIGN_DATA_DIR` when it is set, `folder`
 * otherwise. For root it is a folder of its own below `/var/lib`, because the database then runs as another user,
 * who may not pass through the parents of `folder`.
 *
 * @param {string} folder an absolute path
 */
export function dataFolder(folder) {
  if (process.env.COUNTERSIGN_DATA_DIR) return resolve(process.env.COUNTERSIGN_DATA_DIR);
  if (process.getuid?.() !== 0) return folder;
  const id = createHash('sha256').update(dirname(folder)).digest('hex').slice(0, 12);
  return join('/var/lib/countersign', id);
}

/**
 * For a data folder by default. In a folder such as /tmp another user can put a database and keys of theirs: a command that is called there would use them.
 *
 * @param {string} folder absolute path
 * @throws Sentence where another user made it
 */
export function assertOwn(folder, uid = process.getuid?.()) {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || uid === undefined || owner === uid) return;
  throw new Sentence(
    `The folder ${folder} was made by another user: go to a folder of your own, or name this one in COUNTERSIGN_DATA_DIR.`,
  );
}

/** Whether the launcher's conveniences (private database, made-up keys, demo) are wanted at all. */
export function isDevelopment() {
  return (process.env.NODE_ENV || 'development') === 'development';
}
