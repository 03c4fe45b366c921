import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';
import { copyInto, copyLine } from './copy.mjs';
import { RowMaker, TABLES } from './people-rows.mjs';

/** People per transaction. */
const BATCH = 500;
const POOL = 64 * 1024;
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
    for (const { kind, ...session } of member.sessions)
      if (kind === 'present') present.push({ index, userId: member.userId, ...session });
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

/** The product takes its random bytes from a pool: asking the system for a dozen at a time is a third of the whole fill. */
function poolRandomBytes() {
  const crypto = createRequire(import.meta.url)('node:crypto');
  let [pool, used] = [Buffer.alloc(0), 0];
  crypto.randomBytes = (size) => {
    if (used + size > pool.length)
      [pool, used] = [crypto.randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL, size))), 0];
    used += size;
    return pool.subarray(used - size, used);
  };
}
