import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries';
import { diskFull, messageOf, PrivatePostgresError, USE_ANOTHER } from './errors';
import { hasCode } from './has-code';
import type { ServerAccount } from './server/server-account';
import type { ServerLog } from './server/server-log';

/** What every PostgreSQL program needs to run. */
export interface Installation {
  readonly binaries: Binaries;
  readonly account: ServerAccount | null;
  readonly log: ServerLog;
  /** The folder that holds everything of this server. */
  readonly folder: string;
}

/**
 * Runs a program in a session of its own, so that Ctrl-C in the terminal does not reach it, and without our
 * environment, which may hold secrets and settings for other servers.
 *
 * @throws PrivatePostgresError when the system refuses to run it.
 */
export async function run(
  installation: Installation,
  program: 'initdb' | 'postgres',
  args: string[],
): Promise<ChildProcess> {
  const { binaries, account, log } = installation;
  const path = join(binaries.native, 'bin', program);
  const output = log.open();
  try {
    const child = spawn(path, args, {
      ...account,
      cwd: '/',
      detached: true,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      stdio: ['ignore', output.handle, output.handle],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    return child;
  } catch (error) {
    throw notRunnable(path, error);
  } finally {
    output.close();
  }
}

function notRunnable(path: string, error: unknown): unknown {
  if (hasCode(error, 'ENOENT') && existsSync(path)) {
    return new PrivatePostgresError(
      `The PostgreSQL programs need the GNU C library, which this system lacks (Alpine?): ${USE_ANOTHER}.`,
      { cause: error },
    );
  }
  return new PrivatePostgresError(
    `The system does not run ${path} (${messageOf(error)}; is the disk mounted "noexec"?): ` +
      `move the clone or COUNTERSIGN_DATA_DIR elsewhere, or ${USE_ANOTHER}.`,
    { cause: error },
  );
}

/** The sentence for a failed program, quoting its output. */
export function gaveUp({ log, folder }: Installation, what: string): PrivatePostgresError {
  const reason = log.reason() ?? 'it said nothing';
  const remedy = /No space left on device|Disk quota exceeded/.test(log.recent())
    ? diskFull(folder)
    : `See ${log.file}, or ${USE_ANOTHER}.`;
  return new PrivatePostgresError(`${what}: "${reason}". ${remedy}`);
}
