import { execFileSync } from 'node:child_process';
import { statSync, type Stats } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { PrivatePostgresError, USE_ANOTHER } from '../errors';
import { isRoot } from '../folders';
import { hasCode } from '../has-code';

/** The user that the server runs as when we are root, which PostgreSQL refuses to be. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The user of this data folder's server: null for the running user itself, and for root the folder's owner
 * or, for a new folder, `postgres` or else `nobody`.
 *
 * @throws PrivatePostgresError when the folder belongs to another user, or no account is suitable.
 */
export function accountFor(dataFolder: string): ServerAccount | null {
  const owner = ownerOf(dataFolder);
  if (!isRoot()) {
    if (owner && owner.uid !== process.getuid?.()) throw ownedByAnother(dataFolder, `user id ${owner.uid}`);
    requireName();
    return null;
  }
  if (owner?.uid === 0) throw ownedByAnother(dataFolder, 'root, whom PostgreSQL refuses');
  const account = owner ?? lookUp('postgres') ?? lookUp('nobody');
  if (account === null) {
    throw new PrivatePostgresError(
      `PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody: ` +
        `start as an ordinary user, or ${USE_ANOTHER}.`,
    );
  }
  return account;
}

function ownerOf(folder: string): ServerAccount | null {
  try {
    const { uid, gid } = statSync(folder);
    return { uid, gid };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function ownedByAnother(folder: string, owner: string): PrivatePostgresError {
  return new PrivatePostgresError(
    `The data folder ${folder} belongs to ${owner}: give it back to the user that made it, or ${USE_ANOTHER}.`,
  );
}

function requireName(): void {
  try {
    userInfo();
  } catch {
    throw new PrivatePostgresError(
      `PostgreSQL does not run as user id ${process.getuid?.()}, which has no name on this system: ` +
        `start as a user that has one, or ${USE_ANOTHER}.`,
    );
  }
}

function lookUp(name: string): ServerAccount | null {
  try {
    return { uid: idOf('-u', name), gid: idOf('-g', name) };
  } catch {
    return null;
  }
}

function idOf(which: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [which, name], { encoding: 'utf8', stdio: 'pipe' }));
}

/**
 * Whether the account may read (and run what is executable) these paths below `folder`, by the modes of
 * the files.
 */
export function mayUse(account: ServerAccount, folder: string, paths: readonly string[]): boolean {
  if (!isInReach(account, folder)) return false;
  return paths.every((name) => {
    const path = join(folder, name);
    const wanted = statSync(path).isDirectory() || mayRun(statSync(path)) ? 0o5 : 0o4;
    return isInReach(account, dirname(path)) && bitsFor(account, statSync(path), wanted);
  });
}

/** Whether the account may traverse all folders down to this one. */
export function isInReach(account: ServerAccount, folder: string): boolean {
  return (
    bitsFor(account, statSync(folder), 0o1) &&
    (folder === dirname(folder) || isInReach(account, dirname(folder)))
  );
}

/** Whether any user may run the file. */
export function mayRun(stat: Stats): boolean {
  return (stat.mode & 0o111) !== 0;
}

function bitsFor(account: ServerAccount, stat: Stats, wanted: number): boolean {
  const shift = stat.uid === account.uid ? 6 : stat.gid === account.gid ? 3 : 0;
  return ((stat.mode >> shift) & wanted) === wanted;
}
