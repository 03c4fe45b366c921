import { Client, type ClientConfig } from 'pg';

const CONNECT_TIMEOUT_MS = 1_500;
const QUEUE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * The pool has one time limit for connecting and for waiting until a connection is free. A database that is away has to
 * be noticed soon; a burst of requests may wait longer.
 */
class SoonConnectedClient extends Client {
  constructor(config?: ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  }
}

/** Settings of the pool behind TypeORM. */
export function poolSettings(size: number): object {
  return {
    max: size,
    Client: SoonConnectedClient,
    connectionTimeoutMillis: QUEUE_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  };
}
