import { performance } from 'node:perf_hooks';
import { startService } from '../product/service.mjs';
import { percentile } from '../load/statistics.mjs';
import { table } from '../report/table.mjs';
import { after, Paced } from './paced.mjs';
import { openContext, product } from './product.mjs';

/** A batch holds its locks, and what waits for them, for no longer. Milliseconds. */
const LONGEST_BATCH = 1_000;

/** Rows that one statement of the upkeep deletes at most. */
const MAX_ROWS = 1_000;

/** The p99 of logins while it cleans, by the same without. */
const MAX_SLOWER = 1.5;

/** Seconds: with and without in turn, because a machine drifts. */
const WINDOW = 1.5;
const MAX_WINDOWS = 24;
const FINDING_OUT = 4;

const CONNECTIONS = 32;

/** What thirty days leave behind is gone within a second, too soon for a p99: so there is as much of it as of ten such times. */
const TIMES_OVERDUE = 10;

const OVERDUE = `LEAST(ended_at, expires_at) < now() - interval '30 days'`;

/**
 * Runs the jobs that clean while people sign in at half of the highest rate, in turn with times without them, and times each
 * of their statements.
 *
 * @param {object} options
 * @param {import('./town.mjs').Town} options.town
 * @param {import('./people.mjs').People} options.people
 * @param {number[] | undefined} options.cores of the service
 * @param {() => void} options.check
 */
export async function clean({ town, people, cores, check }) {
  const { client, installation, filled } = town;
  await fillOldProofs(client, filled.now);
  await fillOldSessions(client);
  const overdue = await countOverdue(client);
  const context = await openContext(installation.env);
  const service = await startService(installation.env, { cores });
  let paced;
  try {
    paced = await Paced.open(service, CONNECTIONS);
    const next = () => ({ exchange: people.next('returningLogin') });
    const rate = (await highestRate(paced, next)) / 2;
    const logins = { without: [], meanwhile: [] };
    const listen = async (name, isOver) =>
      paced.run({ rate, isOver, next, onAnswer: ({ latency }) => logins[name].push(latency) });
    const job = startJob(context);
    for (let window = 0; window < MAX_WINDOWS && !job.isDone(); window += 1) {
      check();
      await listen('without', after(WINDOW));
      const isWindowOver = after(WINDOW);
      job.goOn();
      await listen('meanwhile', () => isWindowOver() || job.isDone());
      job.pause();
    }
    job.goOn();
    await job.done;
    // What it leaves behind is not to be taken away in the middle of what comes next.
    await client.query('VACUUM sessions');
    return await report({ job, overdue, logins, rate, left: await countOverdue(client) });
  } finally {
    paced?.close();
    await service.stop();
    await context.close();
  }
}

async function highestRate(paced, next) {
  let answers = 0;
  const onAnswer = () => (answers += 1);
  await paced.run({ rate: Infinity, most: CONNECTIONS, isOver: after(FINDING_OUT), next, onAnswer });
  return answers / FINDING_OUT;
}

/** The upkeep, which waits before a batch while it is paused. */
function startJob({ sessionsRepository, sessionUpkeep, proofUpkeep }) {
  const batches = [];
  let [gate, open, isDone] = [null, null, false];
  const pause = () => {
    gate ??= new Promise((resolve) => {
      open = resolve;
    });
  };
  const goOn = () => {
    open?.();
    [gate, open] = [null, null];
  };
  const deleteOver = sessionsRepository.deleteOver.bind(sessionsRepository);
  sessionsRepository.deleteOver = async (...parameters) => {
    await gate;
    const start = performance.now();
    const rows = await deleteOver(...parameters);
    batches.push({ rows, milliseconds: performance.now() - start });
    return rows;
  };
  const dropped = { names: [], milliseconds: 0 };
  const run = async () => {
    await gate;
    const start = performance.now();
    dropped.names = await proofUpkeep.run();
    dropped.milliseconds = performance.now() - start;
    await sessionUpkeep.run();
  };
  pause();
  const done = run().finally(() => {
    isDone = true;
  });
  // Whoever waits for the end hears of a failure.
  done.catch(() => undefined);
  return { batches, dropped, pause, goOn, done, isDone: () => isDone };
}

async function report({ job: { batches, dropped }, overdue, logins, rate, left }) {
  const times = Float64Array.from(batches, ({ milliseconds }) => milliseconds).sort();
  const deleted = batches.reduce((sum, { rows }) => sum + rows, 0);
  const [without, meanwhile] = [logins.without, logins.meanwhile].map((latencies) =>
    percentile(Float64Array.from(latencies).sort(), 0.99),
  );
  const longest = times.at(-1) ?? 0;
  const faults = [
    left > 0 ? [`${left} sessions that are long over were left`] : [],
    deleted === overdue ? [] : [`${deleted} sessions were deleted instead of ${overdue}`],
    batches.some(({ rows }) => rows > MAX_ROWS) ? ['a batch of the upkeep was larger than it may be'] : [],
    longest > LONGEST_BATCH ? [`a batch took ${longest.toFixed(0)} ms`] : [],
    dropped.names.length === 0 ? ['no partition of old proofs was dropped'] : [],
  ].flat();
  const jobs = table(
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
        String(dropped.names.length),
        'a partition each',
        '',
        '',
        `${dropped.milliseconds.toFixed(1)} in all`,
      ],
    ],
  );
  const told = `Logins meanwhile, ${rate.toFixed(0)} per second: half of what the service can do.`;
  const p99 = table(
    ['logins', ' number', ' p99 ms'],
    [
      ['without cleaning', String(logins.without.length), without.toFixed(1)],
      ['while it cleans', String(logins.meanwhile.length), meanwhile.toFixed(1)],
    ],
  );
  return {
    text: [jobs, told, p99].join('\n\n'),
    faults,
    figures: {
      cleaning: [
        { name: 'without cleaning', p99: without },
        { name: 'while it cleans', p99: meanwhile },
      ],
    },
    verdicts: [
      {
        what: 'cleaning: p99 of logins meanwhile',
        wanted: `at most ${MAX_SLOWER} times that without`,
        measured: (meanwhile / without).toFixed(2),
        isReached: meanwhile <= MAX_SLOWER * without,
      },
    ],
  };
}

/** A day of proofs that nobody accepts any more: as many as that of yesterday has. */
async function fillOldProofs(client, now) {
  const day = (ago) => new Date(now - ago * product.DAY).toISOString().slice(0, 10);
  const [old, next, yesterday] = [day(12), day(11), day(1)];
  const name = `proofs_${old.replaceAll('-', '')}`;
  await client.query(`CREATE TABLE ${name} (LIKE proofs INCLUDING ALL)`);
  await client.query(`ALTER TABLE proofs ATTACH PARTITION ${name} FOR VALUES FROM ('${old}') TO ('${next}')`);
  await client.query(
    `INSERT INTO proofs (signed_on, proof_id, session_id, issued_at, pair, is_new_user)
     SELECT '${old}', proof_id, session_id, issued_at, pair, is_new_user FROM proofs WHERE signed_on = '${yesterday}'`,
  );
  await client.query(`ANALYZE ${name}`);
}

/** Copies of the sessions that are long over, anywhere in the table: so many pages has each step to change as those it is of. */
async function fillOldSessions(client) {
  // Nothing that they point to needs to be looked for: it is what theirs point to.
  await client.query('SET session_replication_role = replica');
  await client.query(
    `INSERT INTO sessions SELECT copy.* FROM sessions s
     CROSS JOIN generate_series(2, ${TIMES_OVERDUE}) AS number
     CROSS JOIN LATERAL jsonb_populate_record(
       s, jsonb_build_object('id', left(s.id::text, 24) || to_hex(number) || right(gen_random_uuid()::text, 11))
     ) AS copy
     WHERE s.id IN (SELECT id FROM sessions WHERE ${OVERDUE})
     ORDER BY random()`,
  );
  await client.query('RESET session_replication_role');
  // Not in the middle of what is measured.
  await client.query('VACUUM (ANALYZE) sessions');
}

async function countOverdue(client) {
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM sessions WHERE ${OVERDUE}`);
  return rows[0].count;
}
