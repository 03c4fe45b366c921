import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests that are under way get so long to be answered: one may wait ten seconds for a connection of the pool. */
const LONGEST_DRAIN_MS = 12_000;

/** Before that, connections are closed on which nobody asks: whoever asked there at the last moment would be cut. */
const LAST_REQUESTS_MS = 2_000;

/** Who connected just before gets so long to begin: node:http does not take a connection without a byte for idle. */
const FIRST_BYTE_MS = 250;
const LOOK_MS = 20;

const connections = new WeakMap<Server, Set<Socket>>();

/** Keeps account of what is connected to a server, for `drain`: node:http forgets what asked for CONNECT. */
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
 * what is still open is cut, such as a request that never arrives whole or an answer that nobody reads.
 * @param server one that `rememberConnections` knows
 */
export async function drain(server: Server, longestMs = LONGEST_DRAIN_MS): Promise<void> {
  const open = connections.get(server) ?? new Set();
  const startedAt = performance.now();
  const closed = new Promise<void>((resolve) => {
    // As of any server: that of node:http also cuts the ends of answers, see below.
    NetServer.prototype.close.call(server, () => {
      resolve();
    });
  });
  const look = (): void => {
    const elapsed = performance.now() - startedAt;
    if (elapsed > FIRST_BYTE_MS) for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    // To node:http a connection is idle whose answer has been handed over, also while the client has not read the end of it.
    const isReading = [...open].some(({ writableLength }) => writableLength > 0);
    if (!isReading || elapsed > longestMs - LAST_REQUESTS_MS) server.closeIdleConnections();
  };
  // After what has arrived was read: the process may have been busy for longer than a look.
  const looking = setInterval(() => setImmediate(look), LOOK_MS);
  await Promise.race([closed, sleep(longestMs, undefined, { ref: false })]);
  clearInterval(looking);
  for (const socket of open) socket.destroy();
  // Ends its watch over connections.
  server.close();
}
