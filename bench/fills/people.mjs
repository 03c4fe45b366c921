import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { say } from '../../scripts/lib/main.mjs';
import { openContext, product } from '../product/parts.mjs';
import { whileLoading } from './loading.mjs';

/** People whose tokens are returned, to act as them. */
const MEMBERS = 20_000;
/** Audit records reach back as far as sessions do. Days. */
const PARTITIONS = { audit_records: 131, proofs: 9 };
const TABLES = ['users', 'identities', 'identity_digests', 'sessions'];
const PROGRESS = 100_000;

/**
 * A person who was made, with the sessions that their clients hold.
 *
 * @typedef {object} Made
 * @property {number} index
 * @property {string} userId
 * @property {{ sessionId: string, kind: string, assurance: string, accessToken: string, refreshToken: string }[]} sessions
 *
 * @typedef {{ index: number, userId: string, sessionId: string, assurance: string, accessToken: string }} Present a session whose access token
 *   is valid
 */

/** Fills an installation with people of three sessions each, sealed by the product's own code. */
export async function fillPeople(installation, { users, botId, check }) {
  const { client, databaseUrl, env, keys, applicationId, settings, postgres } = installation;
  const { rows: bots } = await client.query('SELECT id FROM bots');
  const now = Date.now();
  const world = { keys, users, now, applicationId, botRowId: bots[0].id, botId, settings };
  await makePartitions(env, now);
  const [start, cpu, database] = [performance.now(), process.cpuUsage(), postgres.cpuSeconds()];
  const made = { members: [], present: [] };
  await whileLoading(client, '', () =>
    withoutIndexes(client, TABLES, async () => {
      await runWorkers({ databaseUrl, world, made, check });
      // As they would lie in a database that has grown: by the time at which they were opened.
      await client.query('CLUSTER sessions USING pk_sessions');
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...made,
    now,
    seconds: (performance.now() - start) / 1_000,
    cpu: (user + system) / 1e6,
    databaseCpu: postgres.cpuSeconds() - database,
  };
}

async function makePartitions(env, now) {
  const { partitions, close } = await openContext(env);
  for (const [table, days] of Object.entries(PARTITIONS))
    for (let day = -1; day <= days; day += 1)
      await partitions.ensure(table, new Date(now - day * product.DAY));
  await close();
}

/** Drops the indexes that serve no constraint, and builds them again: at once that costs a tenth. */
async function withoutIndexes(client, tables, work) {
  const { rows: indexes } = await client.query(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i
     WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await work();
  await client.query(`SET maintenance_work_mem = '512MB'`);
  for (const { definition } of indexes) await client.query(definition);
}

async function runWorkers({ databaseUrl, world, made, check }) {
  const count = availableParallelism();
  const share = Math.ceil(world.users / count);
  // Odd, so that it does not fall into step with the kinds of sessions.
  const sampleEvery = Math.max(1, Math.floor(world.users / MEMBERS)) | 1;
  let total = 0;
  const workers = Array.from({ length: count }, (_, number) => {
    const range = { from: number * share, to: Math.min(world.users, (number + 1) * share) };
    const workerData = { databaseUrl, sampleEvery, world, ...range };
    return new Worker(new URL('people-worker.mjs', import.meta.url), { workerData });
  });
  const finished = workers.map(
    (worker) =>
      new Promise((resolve, reject) => {
        worker.on('error', reject);
        worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('a worker ended early'))));
        worker.on('message', (report) => {
          made.members.push(...report.members);
          made.present.push(...report.present);
          total += report.made;
          if (total % PROGRESS < report.made) say(`${total} people ...`);
          try {
            check();
          } catch (error) {
            reject(error);
          }
        });
      }),
  );
  try {
    await Promise.all(finished);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
