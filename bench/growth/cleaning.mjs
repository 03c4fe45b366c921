import { performance } from 'node:perf_hooks';
import { openContext, product } from '../product/parts.mjs';
import { percentilesOf } from '../report/statistics.mjs';
import { after, Paced } from './paced.mjs';

/** Milliseconds: for no longer does a batch hold its locks. */
const LONGEST_BATCH = 1_000;
/** Rows that one statement of the cleanup deletes. */
const MAX_ROWS = 1_000;
/** The p99 of logins during the cleanup, by the same without. */
const MAX_SLOWER = 1.5;
/** Seconds: with and without in turn, because a machine drifts. */
const [WINDOW, MAX_WINDOWS, MAX_RATE_SECONDS] = [1.5, 24, 4];
const CONNECTIONS = 32;
/** The cleanup of thirty days takes less than a second, too short for a p99: there is ten times as much here. */
const TIMES_OVERDUE = 10;
const OVERDUE = `LEAST(ended_at, expires_at) < now() - interval '30 days'`;

/** Runs the cleanup jobs during logins at half of the maximum rate, in turn with windows without them. */
export async function clean({ installation, people: all, cores, check }) {
  const { client, env, filled } = installation;
  await fillOldProofs(client, filled.now);
  await fillOldSessions(client);
  const overdue = await countOverdue(client);
  const context = await openContext(env);
  const service = await installation.start({}, { cores });
  const paced = await Paced.open(service, CONNECTIONS);
  try {
    const next = () => ({ exchange: all.at(-1).next('returningLogin') });
    const rate = (await paced.maxRate(next, MAX_RATE_SECONDS)) / 2;
    const logins = { without: [], during: [] };
    const logIn = async (name, isOver) => logins[name].push(...(await paced.run({ rate, isOver, next })));
    const job = startJob(context);
    for (let window = 0; window < MAX_WINDOWS && !job.isDone(); window += 1) {
      check();
      await logIn('without', after(WINDOW));
      const isWindowOver = after(WINDOW);
      job.resume();
      await logIn('during', () => isWindowOver() || job.isDone());
      job.pause();
    }
    job.resume();
    await job.done;
    // Not in the middle of the next part.
    await client.query('VACUUM sessions');
    return report({ job, overdue, logins, rate, left: await countOverdue(client) });
  } finally {
    paced.close();
    await service.stop();
    await context.close();
  }
}

/** The cleanup, which waits before a batch while it is paused. */
function startJob({ sessionsRepository, sessionUpkeep, proofUpkeep }) {
  const batches = [];
  const dropped = { names: [], milliseconds: 0 };
  let [gate, open, isDone] = [null, null, false];
  const pause = () => {
    gate ??= new Promise((resolve) => {
      open = resolve;
    });
  };
  const resume = () => {
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
  // `await job.done` reports a failure.
  done.catch(() => undefined);
  return { batches, dropped, pause, resume, done, isDone: () => isDone };
}

function report({ job: { batches, dropped }, overdue, logins, rate, left }) {
  const times = percentilesOf(batches.map(({ milliseconds }) => milliseconds));
  const deleted = batches.reduce((sum, { rows }) => sum + rows, 0);
  const [without, during] = [logins.without, logins.during].map((latencies) => percentilesOf(latencies).p99);
  const faults = [
    left > 0 && `${left} sessions were left that are over for long`,
    deleted !== overdue && `${deleted} sessions were deleted instead of ${overdue}`,
    batches.some(({ rows }) => rows > MAX_ROWS) && 'a batch of the cleanup was larger than it may be',
    times.most > LONGEST_BATCH && `a batch took ${times.most.toFixed(0)} ms`,
    dropped.names.length === 0 && 'no partition of old proofs was dropped',
  ].filter(Boolean);
  const text =
    `Cleanup of ${deleted} sessions in ${batches.length} batches of p50 ${times.p50?.toFixed(1)}, p99 ` +
    `${times.p99?.toFixed(1)} and at most ${times.most?.toFixed(1)} ms, and of ${dropped.names.length} partitions of proofs in ` +
    `${dropped.milliseconds.toFixed(1)} ms, during ${logins.during.length} logins at ${rate.toFixed(0)} per second, half of the ` +
    `maximum; ${logins.without.length} without.`;
  const cleaning = [
    { name: 'without cleaning', p99: without },
    { name: 'while it cleans', p99: during },
  ];
  const verdict = {
    what: 'cleaning: p99 of logins meanwhile',
    wanted: `at most ${MAX_SLOWER} times that without`,
    measured: (during / without).toFixed(2),
    isReached: during <= MAX_SLOWER * without,
  };
  return { text, faults, figures: { cleaning }, verdicts: [verdict] };
}

/** A day of proofs that are no longer accepted: as many as yesterday has. */
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

/** Copies of the sessions that are over for long, spread over the table. */
async function fillOldSessions(client) {
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
  return (await client.query(`SELECT count(*)::int AS count FROM sessions WHERE ${OVERDUE}`)).rows[0].count;
}
