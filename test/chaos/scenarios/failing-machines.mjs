import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../../scripts/lib/clone.mjs';
import { calls } from '../calls.mjs';
import { describe } from '../insist.mjs';

const MEMBERS = 12;
const PEOPLE = 20;

/** Seconds: uses are written after a quarter of it. */
const ACCESS_IDLE = 40;

/** Milliseconds. */
const HELD = { full: 60_000, short: 14_000 };
const VICTIM_WAITS = 6_500;
const KEPT_OUT = 10_000;
const IDLE_JOBS = 8_000;
const JOBS_BACK = 30_000;
const POLL = 200;

/** Connections of a replica: of its pool, and for notifications, jobs and a probe. */
const MAX_BACKENDS = 20 + 1 + 2 + 1;

const DAY = 86_400_000;
const SHIFTS = { full: [10 * DAY, 500 * DAY, -10 * DAY, -500 * DAY], short: [500 * DAY] };

/** @param {import('../main.mjs').Context} context */
export async function heldRow({ cluster, isShort, gather }) {
  await cluster.set({ session: { accessIdle: ACCESS_IDLE } });
  const [crowd, [victim]] = [gather(MEMBERS), gather(1).people];
  const session = await victim.signIn();
  const end = performance.now() + (isShort ? HELD.short : HELD.full);
  const faults = [];
  const told = { backends: 0, unready: 0, waits: [] };
  // It is in the batch of slides together with those of others.
  await Promise.all(crowd.people.map((person) => person.signIn()));
  await victim.read(session, 'api');
  const release = await cluster.hold('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [session.id]);
  crowd.start(100);
  try {
    while (performance.now() < end) {
      const [replica] = cluster.replicas;
      const answer = await replica.api.ask(calls.refresh(session.refreshToken));
      told.waits.push(answer.endedAt - answer.sentAt);
      if (answer.status !== 503 || !answer.headers['retry-after'])
        faults.push(`whose row is held was answered ${describe(answer)}`);
      told.backends = Math.max(told.backends, await cluster.countBackends());
      const ready = await Promise.all(cluster.replicas.map((each) => each.readiness()));
      told.unready += ready.filter(({ status }) => status !== 200).length;
    }
  } finally {
    await release();
    await crowd.pause();
    await cluster.set({ session: { accessIdle: null } });
  }
  await victim.refresh(session);
  const slowest = Math.max(...told.waits);
  const most = cluster.replicas.length * MAX_BACKENDS;
  if (slowest > VICTIM_WAITS) faults.push(`it waited ${slowest.toFixed(0)} ms for that`);
  if (crowd.traffic.refused > 0) faults.push(`others were told 503 ${crowd.traffic.refused} times`);
  if (told.unready > 0) faults.push(`a replica was not ready ${told.unready} times`);
  if (told.backends > most) faults.push(`there were ${told.backends} backends`);
  return [
    {
      promise: 'a row that somebody holds costs its own person and nobody else',
      found: `${told.waits.length} refreshes of its person refused after ${slowest.toFixed(0)} ms at most; others: ${crowd.traffic.describe()}; at most ${told.backends} backends`,
      faults: [...faults, ...crowd.faults, ...victim.faults, ...crowd.traffic.faults],
    },
  ];
}

/** @param {import('../main.mjs').Context} context */
async function vanishedMachine({ cluster, gather }) {
  const { replica, network } = await cluster.makeLoner('vanishing');
  await replica.start();
  const [crowd, { people }] = [gather(MEMBERS), gather(PEOPLE)];
  const sessions = await Promise.all(people.map((person) => person.signIn()));
  crowd.start(100);
  // It looks for the partitions of the day once, which is no transaction of a person.
  const [{ refreshToken: first }] = sessions;
  const { body } = await replica.api.ask(calls.refresh(first));
  sessions[0].refreshToken = body.refreshToken;
  const vanished = network.blackHoleAtCommit();
  for (const { refreshToken } of sessions) void replica.api.ask(calls.refresh(refreshToken));
  await vanished;
  await replica.kill();
  const vanishedAt = performance.now();
  // Those of others are over in less.
  await wait(POLL);
  const [{ count: left }] = await cluster.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE state LIKE 'idle in transaction%' AND query LIKE '%sessions%' AND state_change < clock_timestamp() - interval '150 ms'`,
  );

  const faults = [];
  let backends = 0;
  let isOver = false;
  const counting = (async () => {
    for (; !isOver; await wait(POLL)) backends = Math.max(backends, await cluster.countBackends());
  })();
  const [survivor] = cluster.replicas;
  const times = await Promise.all(
    sessions.map(async ({ refreshToken }) => {
      for (;;) {
        const answer = await survivor.api.ask(calls.refresh(refreshToken));
        if (answer.status === 200) return answer.endedAt - vanishedAt;
        if (answer.status !== 503) {
          faults.push(`a refresh was answered ${describe(answer)}`);
          return 0;
        }
        await wait(POLL);
      }
    }),
  );
  isOver = true;
  await counting;
  await crowd.pause();
  network.restore();
  const longest = Math.max(...times);
  const most = (cluster.replicas.length + 1) * MAX_BACKENDS;
  if (left === 0) faults.push('no transaction was left open: the scenario did not show what it is for');
  if (longest > KEPT_OUT) faults.push(`somebody was kept out for ${longest.toFixed(0)} ms`);
  if (crowd.traffic.refused > 0) faults.push(`others were told 503 ${crowd.traffic.refused} times`);
  if (backends > most) faults.push(`there were ${backends} backends`);
  return [
    {
      promise: 'a machine that vanishes in a transaction keeps its people out for 10 s at most',
      found: `${left} transactions left open; the last of ${PEOPLE} people was in after ${longest.toFixed(0)} ms; others: ${crowd.traffic.describe()}; at most ${backends} backends`,
      faults: [...faults, ...crowd.faults, ...crowd.traffic.faults],
    },
  ];
}

/** @param {import('../main.mjs').Context} context */
async function wrongClock({ cluster, isShort, gather, check }) {
  const { people } = gather(PEOPLE);
  await Promise.all(people.map((person) => person.signIn()));
  // Alone with the queue, it would be the one to take each job.
  await Promise.all(cluster.replicas.map((replica) => replica.stop()));
  const jobs = await namesOfJobs(cluster);
  const faults = [];
  const shifts = isShort ? SHIFTS.short : SHIFTS.full;
  for (const shift of shifts) {
    check();
    const { replica } = await cluster.makeLoner(`clock${shift / DAY}`, {
      NODE_OPTIONS: `--require ${inClone('test', 'chaos', 'shifted-clock.cjs')}`,
      CHAOS_CLOCK_SHIFT: String(shift),
    });
    const before = JSON.stringify(await dataOf(cluster));
    replica.launch();
    const told = await untilAnswered(replica);
    if (told.status !== 503) faults.push(`by ${shift / DAY} days: readiness answered ${describe(told)}`);
    await sendJobs(cluster, jobs);
    await wait(IDLE_JOBS);
    const untouched = await countJobs(cluster, jobs, 'created');
    if (untouched < jobs.length)
      faults.push(`by ${shift / DAY} days: only ${untouched} of ${jobs.length} jobs were left alone`);
    if (JSON.stringify(await dataOf(cluster)) !== before)
      faults.push(`by ${shift / DAY} days: it changed what is stored`);
    await replica.stop();
    await clearJobs(cluster, jobs);
  }
  return [
    {
      promise: 'a replica with a wrong clock changes nothing',
      found: `wrong by ${shifts.map((shift) => shift / DAY).join(', ')} days, with all jobs due`,
      faults,
    },
  ];
}

/** @param {import('../main.mjs').Context} context */
async function silentJobs({ cluster }) {
  await Promise.all(cluster.replicas.map((replica) => replica.stop()));
  const { replica, network } = await cluster.makeLoner('silent');
  await replica.start();
  const jobs = await namesOfJobs(cluster);
  await clearJobs(cluster, jobs);
  const faults = [];
  await sendJobs(cluster, jobs);
  const first = await untilDone(cluster, jobs);
  if (first === null) faults.push('jobs were not done before the connections fell silent');
  await clearJobs(cluster, jobs);
  const lost = network.loseConnectionsOf('countersign-jobs');
  if (lost === 0) faults.push('no connection was lost: the scenario did not show what it is for');
  await sendJobs(cluster, jobs);
  const again = await untilDone(cluster, jobs);
  if (again === null) faults.push(`jobs were not done within ${JOBS_BACK / 1000} s`);
  await replica.stop();
  await clearJobs(cluster, jobs);
  network.restore();
  return [
    {
      promise: 'a job queue whose connections fall silent goes on within 30 s',
      found: `${lost} connections lost; all ${jobs.length} jobs done after ${again?.toFixed(0) ?? 'too many'} ms, before in ${first?.toFixed(0) ?? 'too many'} ms`,
      faults,
    },
  ];
}

/** Those that begin with a replica of their own. */
export const failingMachines = {
  'vanished-machine': vanishedMachine,
  'wrong-clock': wrongClock,
  'silent-jobs': silentJobs,
};

/** What retention could take away, or an upkeep add. */
async function dataOf(cluster) {
  const [rows, partitions] = await Promise.all([
    cluster.query(
      `SELECT (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM audit_records) AS records,
         (SELECT count(*) FROM proofs) AS proofs, (SELECT count(*) FROM identity_keys) AS keys`,
    ),
    cluster.query(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
       WHERE inhparent IN ('proofs'::regclass, 'audit_records'::regclass) ORDER BY 1`,
    ),
  ]);
  return { rows, partitions };
}

/** Replicas have scheduled them. */
async function namesOfJobs(cluster) {
  const found = await cluster.query('SELECT name FROM pgboss.schedule');
  return found.map(({ name }) => name);
}

async function sendJobs(cluster, jobs) {
  await cluster.query('INSERT INTO pgboss.job (name) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [
    jobs,
  ]);
}

async function countJobs(cluster, jobs, state) {
  const [{ count }] = await cluster.query(
    'SELECT count(DISTINCT name)::int AS count FROM pgboss.job WHERE name = ANY($1) AND state::text = $2',
    [jobs, state],
  );
  return count;
}

async function clearJobs(cluster, jobs) {
  await cluster.query('DELETE FROM pgboss.job WHERE name = ANY($1)', [jobs]);
}

/** Milliseconds until all jobs are done; null when that takes too long. */
async function untilDone(cluster, jobs) {
  const start = performance.now();
  for (; performance.now() - start < JOBS_BACK; await wait(POLL))
    if ((await countJobs(cluster, jobs, 'completed')) === jobs.length) return performance.now() - start;
  return null;
}

/** Its first answer of its readiness. */
async function untilAnswered(replica) {
  for (;;) {
    const answer = await replica.readiness();
    if (answer.outcome === 'answered') return answer;
    if (!replica.isRunning) throw new Error(`replica ${replica.name} ended while it started`);
    await wait(POLL);
  }
}
