import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSentence, hasCode, PrivatePostgresError } from './errors';

/**
 * Locks a folder for the life of this process. The lock is a listening socket that answers with the id of the process.
 * On Linux and Windows its name is no file, so the system frees it in any case. On macOS, a file without a listener is removed.
 * @returns a function that unlocks the folder
 * @throws PrivatePostgresError if a running process has the lock
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const path = socketOf(folder);
  for (;;) {
    const lock = createServer((socket) => socket.end(String(process.pid))).unref();
    try {
      await once(lock.listen({ path }), 'listening');
      return () => void lock.close();
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw asSentence(error, folder);
    }
    const holder = await holderOf(folder);
    if (holder !== null)
      throw new PrivatePostgresError(
        `The folder ${folder} is in use by process ${holder}: stop that one first.`,
      );
    if (process.platform === 'darwin') rmSync(path, { force: true });
  }
}

/** The id of the process that has the folder, or `null` if no process has it. */
export async function holderOf(folder: string): Promise<number | null> {
  const socket = connect({ path: socketOf(folder) });
  try {
    // A process that ends closes the socket without an answer.
    const [id] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as [unknown];
    return Buffer.isBuffer(id) ? Number(id.toString()) : null;
  } catch {
    return null;
  } finally {
    socket.destroy();
  }
}

function socketOf(folder: string): string {
  const name = `countersign-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
}
