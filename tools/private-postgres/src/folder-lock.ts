import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSentence, hasCode, PrivatePostgresError } from './errors';

/**
 * Locks a folder for the life of this process. The lock is a listening socket that answers with the id of the process.
 * On Linux its name is no file, so the system frees it in any case. Elsewhere, a file without a listener is removed.
 * @returns a function that unlocks the folder
 * @throws PrivatePostgresError if a running process has the lock
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const name = `countersign-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  for (;;) {
    const lock = createServer((socket) => socket.end(String(process.pid))).unref();
    try {
      await once(lock.listen({ path }), 'listening');
      return () => void lock.close();
    } catch (error) {
      if (!hasCode(error, 'EADDRINUSE')) throw asSentence(error, folder);
    }
    const holder = await holderOf(path);
    if (holder !== '')
      throw new PrivatePostgresError(
        `The folder ${folder} is in use by process ${holder}: stop that one first.`,
      );
    if (process.platform !== 'linux') rmSync(path, { force: true });
  }
}

async function holderOf(path: string): Promise<string> {
  const socket = connect({ path });
  try {
    const [id] = (await once(socket, 'data')) as [Buffer];
    return id.toString();
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
}
