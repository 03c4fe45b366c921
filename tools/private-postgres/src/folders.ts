import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { asSentence, PrivatePostgresError, accountName } from './errors';

export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Creates the folder (and its parents) if needed and returns its real path.
 * Private to the running user; as root other users may traverse but not list it, so that the server's user
 * reaches its data while the files beside it stay root's.
 *
 * @throws PrivatePostgresError when it cannot be created or belongs to another user.
 */
export function prepareFolder(path: string): string {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    const folder = realpathSync(path);
    refuseForeign(folder);
    if (isRoot()) openTheWay(folder, first === undefined ? folder : realpathSync(first));
    return folder;
  } catch (error) {
    throw asSentence(error, path);
  }
}

function refuseForeign(folder: string): void {
  const { uid } = statSync(folder);
  if (process.getuid === undefined || uid === process.getuid()) return;
  const owner = uid === 0 ? 'root' : `user id ${uid}`;
  throw new PrivatePostgresError(
    `The folder ${folder} was made by ${owner} and cannot be used by ${accountName()}: ` +
      `start as ${owner}, or name another folder in COUNTERSIGN_DATA_DIR.`,
  );
}

function openTheWay(folder: string, first: string): void {
  for (let each = folder; each.length >= first.length; each = dirname(each)) {
    const { mode } = statSync(each);
    if ((mode & 0o111) !== 0o111) chmodSync(each, (mode & 0o7777) | 0o711);
    if (each === dirname(each)) return;
  }
}

/** Writes a file that only its owner may read (mode 0600), whole or not at all, also when the machine stops. */
export function writePrivately(file: string, text: string): void {
  const draft = `${file}.new-${process.pid}`;
  try {
    rmSync(draft, { force: true });
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * The text of a private file, which is made on the first call and never written again.
 * Two callers at once must hold the folder's lock.
 */
export function keepOnce(file: string, make: () => string): string {
  if (!existsSync(file)) writePrivately(file, make());
  return readFileSync(file, 'utf8');
}
