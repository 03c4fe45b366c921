import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The limit for running requests. One may wait ten seconds for a connection of the pool. */
const MAX_DRAIN_MS = 12_000;

/** Idle connections close only after this time. Otherwise a request that was just sent would be cut off. */
const LAST_REQUESTS_MS = 2_000;

/** A new connection gets this time for its first byte. Before it, node:http does not count it as idle. */
const FIRST_BYTE_MS = 250;
const LOOK_MS = 20;

const connections = new WeakMap<Server, Set<Socket>>();

/** Tracks the connections of a server for `drain`, since node:http forgets those that sent CONNECT. */
export function rememberConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * Accepts no new connections and waits for running requests, at most for `maxMs`. Then it destroys open connections,
 * such as one with an incomplete request or an unread response.
 * @param server a server that was passed to `rememberConnections`
 */
export async function drain(server: Server, maxMs = MAX_DRAIN_MS): Promise<void> {
  const open = connections.get(server) ?? new Set();
  const startedAt = performance.now();
  const closed = new Promise<void>((resolve) => {
    // `close` of net.Server is used, because that of node:http also cuts unread responses. See below.
    NetServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  const look = (): void => {
    const elapsed = performance.now() - startedAt;
    if (elapsed > FIRST_BYTE_MS) for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    // node:http counts a connection as idle once its response is handed over, even if the client has not read it all.
    const isReading = [...open].some(({ writableLength }) => writableLength > 0);
    if (!isReading || elapsed > maxMs - LAST_REQUESTS_MS) server.closeIdleConnections();
  };
  // `look` runs after the input that has arrived, since the process may have been busy for a whole interval.
  const looking = setInterval(() => setImmediate(look), LOOK_MS);
  await Promise.race([closed, sleep(maxMs, undefined, { ref: false })]);
  clearInterval(looking);
  for (const socket of open) socket.destroy();
  // This stops the checks of connections by node:http.
  server.close();
}
