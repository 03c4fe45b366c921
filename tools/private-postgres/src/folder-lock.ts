import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asSentence, hasCode, PrivatePostgresError } from './errors';

/**
 * Takes a folder for the life of this process. The lock is a socket that listens, and tells who has the folder. On Linux its name
 * is no file: the system frees it when the process ends in any way. Elsewhere a file that nobody answers at is removed.
 *
 * @returns a function that gives the folder back
 * @throws PrivatePostgresError when a running process has the folder.
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
