import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CLONE } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say } from './main.mjs';

const POLL_MS = 100;
const NAME = `countersign-${createHash('sha256').update(CLONE).digest('hex').slice(0, 16)}`;
/** On Linux a name without a file: the system frees it when the last process that has it open ends. */
const FILE = process.platform === 'linux' ? null : join(tmpdir(), NAME);

const held = new AsyncLocalStorage();

/**
 * Runs work that changes what is installed or built, alone in this clone: others wait and say so. The lock is a socket that
 * listens.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  // Building may need another tool to be installed.
  if (held.getStore()) return work();
  const lock = await acquire();
  try {
    return await held.run(lock, work);
  } finally {
    lock.close();
  }
}

/**
 * Makes something of sources in the clone, unless a file says that it was made of exactly these.
 *
 * @param {string} mark the file
 * @param {readonly string[]} sources
 * @param {() => Promise<void>} make
 */
export async function ensureMade(mark, sources, make) {
  const isMade = () => existsSync(mark) && readFileSync(mark, 'utf8') === contentHash(CLONE, sources);
  if (isMade()) return;
  await alone(async () => {
    if (isMade()) return;
    const hash = contentHash(CLONE, sources);
    rmSync(mark, { force: true });
    await make();
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, hash);
  });
}

/** For the `stdio` of a child that does the work: it outlives us when we are killed, and then holds the lock until it ends. */
export function heldLock() {
  return held.getStore()?._handle?.fd ?? 'ignore';
}

async function acquire() {
  for (let isTold = false; ; await wait(POLL_MS)) {
    const lock = createServer((socket) => socket.destroy());
    try {
      await once(lock.listen({ path: FILE ?? `\0${NAME}` }), 'listening');
      return lock;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
    // The file of a process that was killed.
    if (FILE && !(await isAnswered())) rmSync(FILE, { force: true });
    if (!isTold) say('Waiting for another process, which is installing or building ...');
    isTold = true;
  }
}

async function isAnswered() {
  const socket = connect(FILE);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
