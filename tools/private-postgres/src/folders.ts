import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asSentence, PrivatePostgresError } from './errors';

/**
 * Creates the folder and its parents, private to this user. It returns the real path. For root, other users may
 * traverse the folder but not list it: the server's user needs its data, and the files beside it stay root's.
 * @throws PrivatePostgresError if the folder cannot be created or belongs to another user
 */
export function prepareFolder(path: string): string {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = realpathSync(path);
    const user = process.getuid?.();
    // Windows has no user ids.
    if (user !== undefined && statSync(folder).uid !== user) {
      throw new PrivatePostgresError(
        `The folder ${folder} belongs to another user (id ${statSync(folder).uid}): ` +
          `start as that user, or name another folder in COUNTERSIGN_DATA_DIR.`,
      );
    }
    if (user === 0) openTheWay(folder, first === undefined ? folder : realpathSync(first));
    return folder;
  } catch (error) {
    throw asSentence(error, path);
  }
}

function openTheWay(folder: string, first: string): void {
  for (let each = folder; each.length >= first.length; each = dirname(each)) {
    chmodSync(each, (statSync(each).mode & 0o7777) | 0o711);
    if (each === dirname(each)) return;
  }
}

/** Replaces a file atomically, also when the machine stops. Its mode is 0600. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600, flush: true });
  renameSync(draft, file);
}

/** The first call makes the file, and later calls only read it. */
export function keepOnce(file: string, make: () => string): string {
  if (!existsSync(file)) writePrivately(file, make());
  return readFileSync(file, 'utf8');
}
