import { Client, type ClientConfig } from 'pg';
import type { Configuration } from '@countersign/runtime';
import { isReady, streamOf } from './pg-internals';
import { KEEP_ALIVE, serverLimits, settingStatements } from './server-limits';

/** The wait for a free or new connection. `Reachability` notices an unreachable database earlier. */
const QUEUE_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 10_000;

interface PoolClientConfig extends ClientConfig {
  readonly patience?: number;
}

/** pg's own `query_timeout` returns a connection that still waits for its response. This class closes it. */
class PooledClient extends Client {
  constructor({ patience = 1, ...config }: PoolClientConfig = {}) {
    super({ ...config, pipeline: true });
    const timeoutMs = STATEMENT_TIMEOUT_MS * patience;
    // A stopping server can send its last error together with the answer that makes the connection ready. The pool has
    // then handed
    // it out, and TypeORM does not listen yet. Without a listener the process would end.
    this.on('error', () => undefined);
    this.once('connect', () => {
      const stream = streamOf(this);
      stream.setTimeout(timeoutMs, () => {
        if (!isReady(this)) stream.destroy(new Error(`Connection terminated: no answer in ${timeoutMs} ms`));
      });
    });
  }
}

/** Uses statements: poolers refuse unknown startup parameters. In transaction mode, `frameOf` sets the limits. */
class LimitedClient extends PooledClient {
  constructor(config: PoolClientConfig = {}) {
    super(config);
    const limits = { ...serverLimits(config.patience), ...KEEP_ALIVE };
    this.once('connect', () => {
      for (const statement of settingStatements(limits, 'SET')) super.query(statement, () => undefined);
    });
  }
}

/** The service has fewer texts, but an ORM may generate any number. */
const MAX_PREPARED = 500;

const names = new Map<string, string>();

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_PREPARED) return known;
  const name = `cs_${names.size}`;
  names.set(text, name);
  return name;
}

/**
 * Speed only: prepares statements once per connection, so that PostgreSQL plans them once. In groups, a first sign-in
 * takes 2.7 ms of CPU instead of 3.4, a refresh 1.1 instead of 1.2 (ADR 0024). Behind a pooler in transaction mode, the
 * execution may reach a connection without the statement.
 */
class PreparingClient extends LimitedClient {
  /**
   * A plan lasts as long as its connection. A plan for an almost empty table scans all of the table: ADR 0024. Before
   * PostgreSQL 18, the cost of a required scan would be so high that the plan would be JIT-compiled.
   */
  constructor(config?: PoolClientConfig) {
    super(config);
    this.once('connect', () => {
      super.query('SET enable_seqscan = off; SET jit = off', () => undefined);
    });
  }

  override query(...parameters: unknown[]): never {
    // Sends the statements of one turn in one write.
    const stream = streamOf(this);
    stream.cork();
    process.nextTick(() => stream.uncork());
    const [text, values, ...rest] = parameters;
    const name =
      typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
    const prepared = name === undefined ? parameters : [{ name, text, values }, ...rest];
    return super.query(...(prepared as Parameters<Client['query']>)) as never;
  }
}

type PoolConfiguration = Pick<Configuration, 'databasePoolSize' | 'databasePooling' | 'patience'>;

export function poolSettings(configuration: PoolConfiguration): object {
  const { databasePoolSize, databasePooling } = configuration;
  return {
    ...sidePoolSettings(configuration),
    max: databasePoolSize,
    ...(databasePooling === 'session' ? { Client: PreparingClient } : {}),
  };
}

/** Settings of an additional pool for another library, with the same response timeout. */
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
