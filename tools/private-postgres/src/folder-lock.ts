import { readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { asSentence, hasCode, PrivatePostgresError } from './errors';

/**
 * Takes a folder for the life of this process. The lock is a link that names the process, since a link is made whole or not
 * at all; that of a process that has ended is removed.
 *
 * @returns a function that gives the folder back
 * @throws PrivatePostgresError when a running process has the folder.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const file = join(folder, 'in-use-by');
  try {
    while (!create(file)) {
      const holder = textOf(file);
      if (isRunning(holder)) {
        throw new PrivatePostgresError(
          `The folder ${folder} is in use by process ${holder.split(' ', 1)[0]}: stop that one first.`,
        );
      }
      if (!removeStale(file)) await wait(5);
    }
  } catch (error) {
    throw asSentence(error, folder);
  }
  return () => {
    if (textOf(file) === nameOf(process.pid)) rmSync(file);
  };
}

/** False when it exists. */
function create(file: string): boolean {
  try {
    symlinkSync(nameOf(process.pid) ?? '', file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Below a second lock: otherwise the second of two would remove the new lock of the first. False when another process has that. */
function removeStale(file: string): boolean {
  const guard = `${file}.takeover`;
  if (!create(guard)) {
    const taker = textOf(guard);
    if (taker !== '' && !isRunning(taker)) rmSync(guard, { force: true });
    return false;
  }
  // Without a file there is nothing to remove: it would be the lock that another process creates meanwhile.
  const holder = textOf(file);
  if (holder !== '' && !isRunning(holder)) rmSync(file);
  rmSync(guard);
  return true;
}

/** The name of the process that has the lock; empty without a lock. */
function textOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function isRunning(name: string): boolean {
  return name !== '' && nameOf(Number.parseInt(name, 10)) === name;
}

/** Names a running process by its id and, on Linux, when it started, since ids are used again. Null without such a process. */
function nameOf(pid: number): string | null {
  try {
    if (process.platform !== 'linux') {
      process.kill(pid, 0);
      return String(pid);
    }
    // proc(5): the second field, in parentheses, is the program's name and may contain spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : `${pid} ${fields[18]}`;
  } catch {
    return null;
  }
}
