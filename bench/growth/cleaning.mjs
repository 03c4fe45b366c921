import { performance } from 'node:perf_hooks';
import { percentile } from '../statistics.mjs';
import { table } from '../table.mjs';
import { product } from './product.mjs';

/** A batch holds its locks, and what waits for them, for no longer. Milliseconds. */
export const LONGEST_BATCH = 1_000;

/** Rows that one statement of the upkeep deletes at most. */
const MOST_ROWS = 1_000;

/**
 * Runs the jobs that clean, and times each of their statements.
 *
 * @param {Awaited<ReturnType<import('./product.mjs').openContext>>} context
 * @param {import('pg').Client} client
 * @param {number} now when the rows were made
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function clean(context, client, now) {
  const overdue = await countOverdue(client);
  const batches = await timedBatches(context);
  const left = await countOverdue(client);
  const times = Float64Array.from(batches, ({ milliseconds }) => milliseconds).sort();
  const deleted = batches.reduce((sum, { rows }) => sum + rows, 0);
  const dropped = await timedDrop(context, now);

  const faults = [
    left > 0 ? [`${left} sessions that are long over were left`] : [],
    deleted === overdue ? [] : [`${deleted} sessions were deleted instead of ${overdue}`],
    batches.some(({ rows }) => rows > MOST_ROWS) ? ['a batch of the upkeep was larger than it may be'] : [],
    Math.max(...times) > LONGEST_BATCH ? [`a batch took ${Math.max(...times).toFixed(0)} ms`] : [],
    dropped.count === 0 ? ['no partition of old proofs was dropped'] : [],
  ].flat();
  const text = table(
    ['job', ' steps', ' rows', ' p50 ms', ' p99 ms', ' longest ms'],
    [
      [
        'sessions',
        String(times.length),
        String(deleted),
        ...[0.5, 0.99, 1].map((share) => percentile(times, share).toFixed(1)),
      ],
      [
        'proofs',
        String(dropped.count),
        'a partition each',
        '',
        '',
        `${dropped.milliseconds.toFixed(1)} in all`,
      ],
    ],
  );
  return { text, faults };
}

async function timedBatches({ sessionsRepository, sessionUpkeep }) {
  const batches = [];
  const deleteOver = sessionsRepository.deleteOver.bind(sessionsRepository);
  sessionsRepository.deleteOver = async (...parameters) => {
    const start = performance.now();
    const rows = await deleteOver(...parameters);
    batches.push({ rows, milliseconds: performance.now() - start });
    return rows;
  };
  try {
    await sessionUpkeep.run();
  } finally {
    delete sessionsRepository.deleteOver;
  }
  return batches;
}

/** A day of proofs that nobody accepts any more, since those of the generated sessions are all younger. */
async function timedDrop({ partitions, proofUpkeep }, now) {
  await partitions.ensure('proofs', new Date(now - 12 * product.DAY));
  const start = performance.now();
  const names = await proofUpkeep.run();
  return { count: names.length, milliseconds: performance.now() - start };
}

async function countOverdue(client) {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM sessions WHERE LEAST(ended_at, expires_at) < now() - interval '30 days'`,
  );
  return rows[0].count;
}
