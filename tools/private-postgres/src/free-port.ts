import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { PrivatePostgresError } from './errors';

const FIRST_PORT = 10_000;
const PORTS = 22_000;
let turn = randomInt(PORTS);

/**
 * A port of 127.0.0.1 that is free at this moment, and another one at each call of this process. It is below those that Linux
 * and macOS give to outgoing connections: one of these could take it before its program does.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < PORTS; tried += 1) {
    turn = (turn + 1) % PORTS;
    const port = FIRST_PORT + turn;
    if (await isFree(port)) return port;
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
