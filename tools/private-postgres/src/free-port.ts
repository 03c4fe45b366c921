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
 * A port of 127.0.0.1 that is free at this moment, and another one at each call, also of other processes of this user while this
 * one runs. It is below those that Linux and macOS give to outgoing connections: one of these could take it before its program
 * does.
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
 * By a link that names this process. One of a process that has ended is removed, and its port is for the next call. Three
 * processes at one instant could still meet.
 */
function claim(port: number): boolean {
  const folder = join(tmpdir(), `countersign-ports-${process.getuid?.() ?? 'of-all'}`);
  const file = join(folder, String(port));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    symlinkSync(String(process.pid), file);
    return true;
  } catch (error) {
    // Where nothing can be written the port is taken as it is.
    if (!hasCode(error, 'EEXIST')) return true;
  }
  try {
    process.kill(Number(readlinkSync(file)), 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) rmSync(file, { force: true });
  }
  return false;
}
