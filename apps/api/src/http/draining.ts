import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests that are under way get so long to be answered: one may wait ten seconds for a connection of the pool. */
const LONGEST_DRAIN_MS = 12_000;

/** Who connected just before gets so long to begin: node:http does not take a connection without a byte for idle. */
const FIRST_BYTE_MS = 250;
const LOOK_MS = 20;

const connections = new WeakMap<Server, Set<Socket>>();

/** Keeps account of what is connected to a server, for `drain`. */
export function rememberConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * Takes no further connection, answers what is under way, and resolves when nobody asks any more, or after `longestMs`: then
 * what is still open is cut, such as a request that never arrives whole.
 */
export async function drain(server: Server, longestMs = LONGEST_DRAIN_MS): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, LOOK_MS);
  const silence = setTimeout(() => {
    for (const socket of connections.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  }, FIRST_BYTE_MS);
  await Promise.race([closed, sleep(longestMs, undefined, { ref: false })]);
  clearInterval(sweep);
  clearTimeout(silence);
  server.closeAllConnections();
}
