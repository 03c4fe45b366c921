import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { PrivatePostgresError } from './errors';
import { writePrivately } from './folders';

export const USER = 'countersign';
export const DATABASE = 'countersign';

const FIRST_PORT = 10_000;
const PORTS = 22_000;
let turn = randomInt(PORTS);

/** Address and superuser password of the server. Kept in one file of mode 0600, as a database URL. */
export interface Address {
  readonly port: number;
  readonly password: string;
}

export function urlOf({ port, password }: Address, database = DATABASE): string {
  return `postgresql://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

export function saveAddress(file: string, address: Address): void {
  writePrivately(file, `${urlOf(address)}\n`);
}

/** A new address: a port that is free now and a random password of 192 bits. */
export async function makeAddress(): Promise<Address> {
  return { port: await freePort(), password: randomBytes(24).toString('base64url') };
}

/** @throws PrivatePostgresError when the file is gone or not ours: the password is nowhere else. */
export function loadAddress(file: string, dataFolder: string): Address {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url?.password || !url.port) {
    throw new PrivatePostgresError(
      `The file ${file} with the password of the private PostgreSQL is missing or damaged: ` +
        `put it back, or move ${dataFolder} away to begin with an empty database.`,
    );
  }
  return { port: Number(url.port), password: url.password };
}

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

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
