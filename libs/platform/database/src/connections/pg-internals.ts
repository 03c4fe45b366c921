import type { Socket } from 'node:net';
import type { Client, Pool, PoolClient } from 'pg';

export function streamOf({ connection }: Client | PoolClient): Socket {
  return connection.stream as Socket;
}

/** Whether the server has answered all statements. */
export function isReady(client: Client): boolean {
  return (client as { readyForQuery?: boolean }).readyForQuery === true;
}

/** The connections of a pool. It includes connections that are still opening: the pool has no event for them. */
export function clientsOf(pool: Pool): readonly Client[] {
  return (pool as unknown as { readonly _clients: readonly Client[] })._clients;
}
