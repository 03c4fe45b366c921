import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { hasCode } from './has-code';
import { isRunning, startStamp } from './processes';

export interface FolderLock {
  /** Lets the next one in. Calling it again does nothing. */
  release(): void;
}

/** Another running process holds the lock. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(readonly pid: number) {
    super(`in use by process ${pid}`);
  }
}

/** Longer than a takeover of a lock takes, in milliseconds. */
const TAKEOVER_LIMIT = 2000;

/**
 * Takes a lock for the life of this process: a file that names the process. A stale lock, of a process that
 * has exited, is taken over.
 *
 * @throws FolderInUseError when its holder runs.
 */
export async function lockFolder(file: string): Promise<FolderLock> {
  const mine = `${process.pid} ${startStamp(process.pid)}`;
  for (;;) {
    if (createWhole(file, mine)) return { release: () => releaseOwn(file, mine) };
    const holder = holderOf(file);
    if (holder !== null) throw new FolderInUseError(holder);
    if (!removeStale(file)) await wait(5);
  }
}

/** Creates the file with its text atomically, so that no reader sees half of it. False when it exists. */
function createWhole(file: string, text: string): boolean {
  const draft = `${file}.new-${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The id of the running process that holds the lock, or null. */
function holderOf(file: string): number | null {
  const [pid, stamp] = textOf(file).split(' ');
  const holder = Number(pid);
  if (!Number.isSafeInteger(holder) || holder <= 0 || !isRunning(holder)) return null;
  return startStamp(holder) === (stamp ?? '') ? holder : null;
}

/**
 * Removes a stale lock; false when another process is doing so. Check and removal happen below a folder that
 * only one process can create: otherwise the second of two would remove the new lock of the first.
 */
function removeStale(file: string): boolean {
  const guard = `${file}.takeover`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    removeAbandoned(guard);
    return false;
  }
  try {
    // Without a file there is nothing to remove: it would be the lock that another process creates meanwhile.
    if (existsSync(file) && holderOf(file) === null) rmSync(file, { force: true });
    return true;
  } finally {
    rmdirSync(guard);
  }
}

function removeAbandoned(guard: string): void {
  try {
    if (Date.now() - statSync(guard).mtimeMs > TAKEOVER_LIMIT) rmdirSync(guard);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function releaseOwn(file: string, mine: string): void {
  if (textOf(file) === mine) unlinkSync(file);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
