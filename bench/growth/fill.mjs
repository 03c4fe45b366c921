import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { brokenForeignKeys, withoutIndexes } from './indexes.mjs';
import { product } from './product.mjs';

/** People who are kept with their tokens, to act as them. */
const MEMBERS = 20_000;

/** Audit records reach back as far as sessions do. */
const OLDEST_SESSION_DAYS = 131;
const PROOF_DAYS = 9;

const PLAIN_TABLES = ['users', 'identities', 'identity_digests', 'sessions'];
const PROGRESS = 100_000;

/** While rows come in, nothing has to survive a crash, and nobody asks: one checkpoint at the end will do. */
const WHILE_LOADING = { max_wal_size: '32GB', checkpoint_timeout: '1h', autovacuum: 'off' };

/**
 * Somebody who was made, with what their clients hold.
 *
 * @typedef {object} Made
 * @property {number} index
 * @property {string} userId
 * @property {{ sessionId: string, kind: string, accessToken: string, refreshToken: string }[]} sessions
 */

/**
 * A session whose access token is good.
 *
 * @typedef {object} Present
 * @property {number} index of the person
 * @property {string} userId
 * @property {string} sessionId
 * @property {string} accessToken
 */

/**
 * Fills the database of the service.
 *
 * @param {object} options
 * @param {string} options.databaseUrl
 * @param {object} options.world of `RowMaker`
 * @param {Awaited<ReturnType<import('./product.mjs').openContext>>} options.context
 * @param {() => void} options.check throws when the bench is to end
 * @returns {Promise<{ members: Made[], present: Present[], seconds: Record<string, number> }>}
 */
export async function fill({ databaseUrl, world, context, check }) {
  await makePartitions(context.partitions, world.now);
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c maintenance_work_mem=512MB' });
  await client.connect();
  const seconds = {};
  const timed = async (name, work) => {
    const start = performance.now();
    await work();
    seconds[name] = (performance.now() - start) / 1000;
    check();
  };
  const made = { members: [], present: [] };
  try {
    await configure(client, WHILE_LOADING);
    let end = performance.now();
    await withoutIndexes(client, PLAIN_TABLES, async () => {
      await timed('rows', () => runWorkers({ databaseUrl, world, made, check }));
      // As they would lie in a database that has grown: by the time at which they were opened.
      await timed('order', () => client.query('CLUSTER sessions USING pk_sessions'));
      end = performance.now();
    });
    seconds.indexes = (performance.now() - end) / 1000;
    await timed('statistics', () => client.query('VACUUM (ANALYZE)'));
    await timed('foreign keys', async () => {
      const broken = await brokenForeignKeys(client, PLAIN_TABLES);
      if (broken.length > 0) throw new Error(`rows point at nothing: ${broken.join(', ')}`);
    });
    await timed('checkpoint', () => client.query('CHECKPOINT'));
    await configure(client, Object.fromEntries(Object.keys(WHILE_LOADING).map((name) => [name, null])));
  } finally {
    await client.end();
  }
  return { ...made, seconds };
}

async function configure(client, settings) {
  for (const [name, value] of Object.entries(settings))
    await client.query(
      value === null ? `ALTER SYSTEM RESET ${name}` : `ALTER SYSTEM SET ${name} = '${value}'`,
    );
  await client.query('SELECT pg_reload_conf()');
}

async function makePartitions(partitions, now) {
  for (let day = -1; day <= OLDEST_SESSION_DAYS; day += 1)
    await partitions.ensure('audit_records', new Date(now - day * product.DAY));
  for (let day = -1; day <= PROOF_DAYS; day += 1)
    await partitions.ensure('proofs', new Date(now - day * product.DAY));
}

async function runWorkers({ databaseUrl, world, made, check }) {
  const count = availableParallelism();
  const share = Math.ceil(world.users / count);
  // Odd, so that it does not fall into step with the kinds of sessions.
  const sampleEvery = Math.max(1, Math.floor(world.users / MEMBERS)) | 1;
  let total = 0;
  const workers = Array.from({ length: count }, (_, number) => {
    const range = { from: number * share, to: Math.min(world.users, (number + 1) * share) };
    return new Worker(new URL('fill-worker.mjs', import.meta.url), {
      workerData: { databaseUrl, sampleEvery, world, ...range },
    });
  });
  const watching = workers.map(
    (worker) =>
      new Promise((resolve, reject) => {
        worker.on('error', reject);
        worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('a worker ended early'))));
        worker.on('message', (report) => {
          made.members.push(...report.members);
          made.present.push(...report.present);
          const before = total;
          total += report.made;
          if (Math.floor(total / PROGRESS) > Math.floor(before / PROGRESS)) say(`${total} people ...`);
          try {
            check();
          } catch (error) {
            reject(error);
          }
        });
      }),
  );
  try {
    await Promise.all(watching);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
