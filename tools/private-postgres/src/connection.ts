import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { DATABASE, urlOf, type Address } from './address';
import { messageOf, PrivatePostgresError } from './errors';
import { hasCode } from './has-code';

/** PostgreSQL's error code for a wrong password (its manual, appendix A). */
const WRONG_PASSWORD = '28P01';

/**
 * Errors of a server that is still recovering from a crash, or that drops the first connections meanwhile.
 */
const NOT_YET = ['57P03', 'ECONNRESET', 'ECONNREFUSED'];
/** What `pg` says of a log-in that took longer than a busy machine was given, and of one that the server gave up. */
const TIMED_OUT = /timeout expired|Connection terminated/;
const MAX_WAIT_MS = 300_000;
const LOG_IN_MS = 30_000;
const PAUSE_MS = 100;

/**
 * Checks that the server at this address is the one of `dataFolder` and accepts our password, and that our
 * database exists.
 *
 * @throws PrivatePostgresError when it is another server, has another password, or does not respond.
 */
export async function prepareDatabase(
  address: Address,
  dataFolder: string,
  isServerRunning: () => boolean,
): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (;;) {
    try {
      await tryToPrepare(address, dataFolder);
      return;
    } catch (error) {
      const mayComeYet = isNotYet(error) && isServerRunning() && performance.now() < deadline;
      if (!mayComeYet) throw toSentence(error, address, dataFolder);
      await sleep(PAUSE_MS);
    }
  }
}

function isNotYet(error: unknown): boolean {
  return NOT_YET.some((code) => hasCode(error, code)) || TIMED_OUT.test(messageOf(error));
}

async function tryToPrepare(address: Address, dataFolder: string): Promise<void> {
  const client = new Client({
    connectionString: urlOf(address, 'postgres'),
    connectionTimeoutMillis: LOG_IN_MS,
    ssl: false,
  });
  try {
    await client.connect();
    await refuseForeignServer(client, address, dataFolder);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function refuseForeignServer(client: Client, { port }: Address, dataFolder: string): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
  if (realpathSync(rows[0]?.data_directory ?? '') === dataFolder) return;
  throw new PrivatePostgresError(`Another PostgreSQL answers on port ${port}: stop it and start again.`);
}

function toSentence(error: unknown, { port }: Address, dataFolder: string): unknown {
  if (error instanceof PrivatePostgresError) return error;
  return new PrivatePostgresError(
    hasCode(error, WRONG_PASSWORD)
      ? `The private PostgreSQL does not take the saved password: put the file database-url beside ${dataFolder} back, ` +
          `or move that folder away to begin with an empty database.`
      : `The private PostgreSQL does not answer on port ${port} (${messageOf(error)}): see postgres.log beside ${dataFolder}.`,
    { cause: error },
  );
}
