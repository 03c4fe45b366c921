import type { Socket } from 'node:net';
import type { Client, Pool, PoolClient } from 'pg';

/** The socket or TLS stream of a connection. */
export function streamOf({ connection }: Client | PoolClient): Socket {
  return connection.stream as Socket;
}

/** Whether the server has answered everything. */
export function isReady(client: Client): boolean {
  return (client as { readyForQuery?: boolean }).readyForQuery === true;
}

/** The connections of a pool, those included that are not open yet: it has no event for these. */
export function clientsOf(pool: Pool): readonly Client[] {
  return (pool as unknown as { readonly _clients: readonly Client[] })._clients;
}
