import type { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';

const CONNECT_TIMEOUT_MS = 1_500;
const QUEUE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * The pool has one time limit for connecting and for waiting until a connection is free. A database that is away has to
 * be noticed soon; a burst of requests may wait longer.
 * And pg's own `query_timeout` would give a connection back to the pool that still waits for its answer, so that it
 * fails whoever gets it next: here a connection that is not answered ends.
 */
class PooledClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    this.once('connect', () => {
      const stream = this.connection.stream as Socket;
      stream.setTimeout(STATEMENT_TIMEOUT_MS, () => {
        if (!(this as { readyForQuery?: boolean }).readyForQuery)
          stream.destroy(new Error(`Connection terminated: no answer in ${STATEMENT_TIMEOUT_MS} ms`));
      });
    });
  }
}

/** Settings of the pool behind TypeORM. */
export function poolSettings(size: number): object {
  return {
    max: size,
    Client: PooledClient,
    connectionTimeoutMillis: QUEUE_TIMEOUT_MS,
    keepAlive: true,
  };
}
