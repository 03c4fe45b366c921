import { once } from 'node:events';
import type { Server } from 'node:http';

/** Stops listening, and ends all connections, also those of requests that hang. */
export async function stopServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
