import { randomInt } from 'node:crypto';
import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode, PrivatePostgresError } from './errors';

const FIRST_PORT = 10_000;
const PORTS = 22_000;
let turn = randomInt(PORTS);

/**
 * Finds a free port of 127.0.0.1, another one at each call. Other processes of this user do not get it while this one
 * runs. It is below the ports of outgoing connections on Linux and macOS, which could take it before its program does.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 1) {
    turn = (turn + 1) % PORTS;
    const port = FIRST_PORT + turn;
    if (claim(port) && (await isFree(port))) return port;
  }
  throw new PrivatePostgresError(`No port from ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free.`);
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/**
 * Claims the port by a link that names this process. The link of an ended process is removed, and a later call may use
 * its port. Three processes at one instant could still get the same port.
 */
function claim(port: number): boolean {
  const folder = join(tmpdir(), `countersign-ports-${process.getuid?.() ?? 'of-all'}`);
  const file = join(folder, String(port));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    symlinkSync(String(process.pid), file);
    return true;
  } catch (error) {
    // Without a writable folder, the port is used without a claim.
    if (!hasCode(error, 'EEXIST')) return true;
  }
  try {
    process.kill(Number(readlinkSync(file)), 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) rmSync(file, { force: true });
  }
  return false;
}
