import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../has-code';

/** What a server writes about itself into its data folder. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
  readonly isStopping: boolean;
}

export function postmasterFileOf(dataFolder: string): string {
  return join(dataFolder, 'postmaster.pid');
}

/**
 * Reads `postmaster.pid` (PostgreSQL's `src/include/utils/pidfile.h`): process id, folder, start time, port,
 * socket folder, listen address, shared memory key, status. Null when there is none or it is incomplete.
 */
export function readPostmasterFile(dataFolder: string): PostmasterFile | null {
  try {
    const lines = readFileSync(postmasterFileOf(dataFolder), 'utf8').split('\n');
    const pid = Number(lines[0]);
    if (!Number.isSafeInteger(pid) || pid <= 0) return null;
    const status = lines[7]?.trim();
    return { pid, port: Number(lines[3]), isReady: status === 'ready', isStopping: status === 'stopping' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}
