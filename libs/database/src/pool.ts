import type { Socket } from 'node:net';
import { Client, type ClientConfig } from 'pg';
import type { Configuration } from '@countersign/config';
import { KEEP_ALIVE, serverLimits, settingStatements } from './server-limits';

const CONNECT_TIMEOUT_MS = 1_500;
const QUEUE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/** What the pool hands to each of its connections. */
interface PoolClientConfig extends ClientConfig {
  readonly patience?: number;
}

type QueryParameters = Parameters<Client['query']>;

/**
 * The pool has one time limit for connecting and for waiting until a connection is free. A database that is away has to
 * be noticed soon; a burst of requests may wait longer.
 * And pg's own `query_timeout` would give a connection back to the pool that still waits for its answer, so that it
 * fails whoever gets it next: here a connection that is not answered ends.
 * A statement need not wait for the answer to the one before it.
 */
class PooledClient extends Client {
  constructor({ patience = 1, ...config }: PoolClientConfig = {}) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS * patience, pipeline: true });
    const timeoutMs = STATEMENT_TIMEOUT_MS * patience;
    this.once('connect', () => {
      const stream = this.connection.stream as Socket;
      stream.setTimeout(timeoutMs, () => {
        if (!(this as { readyForQuery?: boolean }).readyForQuery)
          stream.destroy(new Error(`Connection terminated: no answer in ${timeoutMs} ms`));
      });
    });
  }

  /** Statements that are asked in one turn of the event loop leave in one piece: every piece wakes up a process at its other end. */
  override query(...parameters: unknown[]): never {
    const stream = this.connection.stream as Socket;
    stream.cork();
    process.nextTick(() => {
      stream.uncork();
    });
    return super.query(...(parameters as QueryParameters)) as never;
  }
}

/**
 * Keeps the server's limits as long as it lasts: by statements, since poolers refuse parameters of the start that they do not
 * know. A pooler in transaction mode would set them for others: there each transaction brings its own, see `Frames`.
 */
class LimitedClient extends PooledClient {
  constructor(config: PoolClientConfig = {}) {
    super(config);
    const limits = { ...serverLimits(config.patience), ...KEEP_ALIVE };
    this.once('connect', () => {
      for (const statement of settingStatements(limits, 'SET')) super.query(statement, () => undefined);
    });
  }
}

/** Texts that are prepared at most: those of the service are fewer, and what is put together by an ORM may have no end. */
const MOST_PREPARED = 500;

const names = new Map<string, string>();

/** The same text has the same name on every connection. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_PREPARED) return known;
  const name = `cs_${names.size}`;
  names.set(text, name);
  return name;
}

/**
 * Prepares statements with parameters once per connection, so that PostgreSQL plans them once: half of what a login costs it
 * is planning. A pooler in transaction mode would answer on a connection that has never heard the name.
 */
class PreparingClient extends LimitedClient {
  /**
   * A plan lasts as long as its connection, and one that was made for an almost empty table reads all of it: ADR 0024. Before
   * PostgreSQL 18 a table that has to be read all the same would look so dear that its plan was compiled.
   */
  constructor(config?: PoolClientConfig) {
    super(config);
    this.once('connect', () => {
      super.query('SET enable_seqscan = off; SET jit = off', () => undefined);
    });
  }

  override query(...parameters: unknown[]): never {
    const [text, values, ...rest] = parameters;
    const name =
      typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
    const prepared = name === undefined ? parameters : [{ name, text, values }, ...rest];
    return super.query(...prepared);
  }
}

type PoolConfiguration = Pick<Configuration, 'databasePoolSize' | 'databasePooling' | 'patience'>;

/** Settings of the pool behind TypeORM. */
export function poolSettings({ databasePoolSize, databasePooling, patience }: PoolConfiguration): object {
  return {
    max: databasePoolSize,
    Client: databasePooling === 'session' ? PreparingClient : PooledClient,
    patience,
    connectionTimeoutMillis: QUEUE_TIMEOUT_MS * patience,
    keepAlive: true,
  };
}

/** Settings of a pool beside it, whose statements are another's: no answer takes longer there either. */
export function sidePoolSettings({
  databasePooling,
  patience,
}: Pick<PoolConfiguration, 'databasePooling' | 'patience'>): object {
  return {
    Client: databasePooling === 'session' ? LimitedClient : PooledClient,
    patience,
    connectionTimeoutMillis: QUEUE_TIMEOUT_MS * patience,
    keepAlive: true,
  };
}
