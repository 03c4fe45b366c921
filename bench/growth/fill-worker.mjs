import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { copyInto, copyLine } from './copy.mjs';
import { poolRandomBytes } from './pooled-random.mjs';
import { RowMaker, TABLES } from './rows.mjs';

/** People per transaction. */
const BATCH = 500;

/**
 * Foreign keys are compared once at the end, by `fill.mjs`, and not row by row; nothing has to survive a crash here.
 */
const OPTIONS = '-c session_replication_role=replica -c synchronous_commit=off';

poolRandomBytes();

const { databaseUrl, from, to, sampleEvery, world } = workerData;
const client = new pg.Client({ connectionString: databaseUrl, options: OPTIONS });
await client.connect();

const maker = new RowMaker(world);
let writing = Promise.resolve();
for (let start = from; start < to; start += BATCH) {
  const batch = makeBatch(start, Math.min(start + BATCH, to));
  // PostgreSQL writes one batch while the next one is sealed.
  await writing;
  writing = writeBatch(batch);
  writing.catch(() => undefined);
}
await writing;
await client.end();

function makeBatch(first, end) {
  const lines = Object.fromEntries(Object.keys(TABLES).map((table) => [table, []]));
  const members = [];
  const present = [];
  for (let index = first; index < end; index += 1) {
    const member = maker.make(index, (table, values) => lines[table].push(copyLine(values)));
    if (index % sampleEvery === 0) members.push(member);
    for (const { kind, sessionId, accessToken } of member.sessions)
      if (kind === 'present') present.push({ index, userId: member.userId, sessionId, accessToken });
  }
  return { lines, report: { made: end - first, members, present } };
}

async function writeBatch({ lines, report }) {
  await client.query('BEGIN');
  for (const [table, columns] of Object.entries(TABLES))
    await copyInto(client, `${table} (${columns})`, lines[table]);
  await client.query('COMMIT');
  parentPort.postMessage(report);
}
