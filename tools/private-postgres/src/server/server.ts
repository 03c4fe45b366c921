import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../address';
import { PrivatePostgresError, USE_ANOTHER } from '../errors';
import { hasCode } from '../has-code';
import { postmasterFileOf, readPostmasterFile } from './postmaster-file';
import { isRunning, isServerOf } from '../processes';
import { gaveUp, run, type Installation } from '../programs';

/** How long a server may take to start, recovery after a crash included, and to stop; milliseconds. */
const START_LIMIT = 300_000;
const STOP_LIMIT = 60_000;
const POLL = 5;

const ALWAYS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  // Long enough for the longest statement of the service in pg_stat_activity.
  'track_activity_query_size=4096',
];
// Tests prepare transactions.
const DISPOSABLE = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_prepared_transactions=2',
];

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
}

/**
 * The server that already runs on this data folder, left by a parent that was killed; null when there is none.
 * Waits for one that is starting or stopping, and removes a `postmaster.pid` whose id now is another program's.
 */
export async function findOrphan(dataFolder: string): Promise<RunningServer | null> {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const file = readPostmasterFile(dataFolder);
    if (file === null) return null;
    if (!isServerOf(file.pid, dataFolder)) {
      rmSync(postmasterFileOf(dataFolder), { force: true });
      return null;
    }
    if (file.isReady) return file;
    if (Date.now() > deadline) {
      throw new PrivatePostgresError(
        `The PostgreSQL of process ${file.pid} in ${dataFolder} does not become ready: end it and start again.`,
      );
    }
    await wait(POLL);
  }
}

/**
 * Starts a server and waits until it accepts connections, on `port` or, when that is taken, on another.
 *
 * @throws PrivatePostgresError when it fails, quoting its output.
 */
export async function startServer(
  installation: Installation,
  dataFolder: string,
  options: { readonly port: number; readonly isDurable: boolean },
): Promise<RunningServer> {
  const deadline = Date.now() + START_LIMIT;
  const settings = options.isDurable ? ALWAYS : [...ALWAYS, ...DISPOSABLE];
  for (let { port } = options; ;) {
    const args = ['-D', dataFolder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const child = await run(installation, 'postgres', args);
    child.unref();
    if (await becomesReady(child, dataFolder, deadline)) return { pid: child.pid ?? 0, port };
    const words = installation.log.recent();
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw gaveUp(installation, `PostgreSQL was not ready within ${START_LIMIT / 1000} seconds`);
    }
    if (words.includes('Address already in use')) {
      port = await freePort();
    } else if (words.includes('is still in use')) {
      // Shared memory of a killed server: its last processes exit by themselves, a moment later.
      await wait(50);
    } else {
      throw gaveUp(installation, 'PostgreSQL did not start');
    }
  }
}

/** False when the server ended before, or after the timeout. */
async function becomesReady(child: ChildProcess, dataFolder: string, deadline: number): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const file = readPostmasterFile(dataFolder);
    if (file?.isReady && file.pid === child.pid) return true;
    await wait(POLL);
  }
  return false;
}

/**
 * Stops the server: connections are closed, committed data is on disk (PostgreSQL's "fast" shutdown). After a
 * timeout, at once, and the next start recovers.
 *
 * @throws PrivatePostgresError when it does not stop.
 */
export async function stopServer(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!signalled(pid, signal)) return;
    const deadline = Date.now() + STOP_LIMIT;
    while (Date.now() < deadline) {
      if (!isRunning(pid)) return;
      await wait(POLL);
    }
  }
  throw new PrivatePostgresError(
    `The PostgreSQL of process ${pid} does not end: end it by hand, or ${USE_ANOTHER}.`,
  );
}

/** False when the process has gone. */
function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
    throw error;
  }
}
