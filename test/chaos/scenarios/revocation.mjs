import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { endings, expectedReasons, prepare } from '../endings.mjs';
import { describeTimes } from '../verdict.mjs';
import { watchToken } from '../watch.mjs';

/** Endings: of all kinds in equal parts. */
const COUNT = { full: 1_002, short: 18 };

/** With notifications: endings on their way at a time, and milliseconds between two tries at one door. */
const HEARD = { parallel: 2, pause: 15, limit: 100 };

/** Without: all of a batch, since every cut of the connections takes seconds to mend. */
const UNHEARD = { parallel: 16, pause: 90, limit: 3_000 };

/** Milliseconds after the cut within which replicas still trust their memory. */
const BLIND = 2_000;

/** Milliseconds before which a command of the CLI is started, so that it does its work within that time. */
const COMMAND_LEAD = 1_200;

const DOORS = 6;
const MEMBERS = 12;
const WARM_UP = 1_500;
const MEASURING = 2_500;

/** @typedef {{ kind: string, lag: number, answeredAt: number, tries: number }} Measured times in milliseconds */

/** @param {import('../main.mjs').Context} context */
export async function revocation(context) {
  const { cluster, random } = context;
  const { todo, all, faults, measured } = await draw(context);
  const load = await startLoad(context, HEARD);
  const work = async () => {
    for (let next = takeReady(todo); next !== 'none'; next = takeReady(todo)) {
      context.check();
      if (next === 'later') {
        await wait(100);
        continue;
      }
      if (!next.token) await prepare(cluster, next);
      const at = performance.now() + random.between(0, 50);
      measured.push(await measure(cluster, next, { pause: HEARD.pause, at, faults }));
    }
  };
  await Promise.all(Array.from({ length: HEARD.parallel }, work));
  const told = await load.stop(measured);
  faults.push(...load.faults, ...(await wrongReasons(cluster, all)));
  return promises('100 ms with notifications', HEARD.limit, { measured, faults, told });
}

/** @param {import('../main.mjs').Context} context */
export async function revocationUnheard(context) {
  const { cluster, random } = context;
  const { todo, all, faults, measured } = await draw(context);
  const load = await startLoad(context, UNHEARD);
  let blind = 0;
  while (todo.length > 0) {
    context.check();
    const batch = await takeBatch(cluster, todo);
    const cutAt = performance.now() + COMMAND_LEAD + 300;
    const measuring = batch.map((ending) => {
      const lead = ending.kind === 'operator' ? COMMAND_LEAD : 0;
      const at = cutAt + random.between(0, BLIND * 0.9) - lead;
      return measure(cluster, ending, { pause: UNHEARD.pause, at, faults });
    });
    const cutting = wait(cutAt - performance.now()).then(() => cluster.network.blackHole());
    const found = await Promise.all(measuring);
    await cutting;
    measured.push(...found);
    blind += found.filter(({ answeredAt }) => answeredAt > cutAt && answeredAt < cutAt + BLIND).length;
    cluster.network.restore();
    await cluster.untilListening();
  }
  const told = `${blind} of them in the two seconds after a cut; ${await load.stop(measured)}`;
  faults.push(...load.faults, ...(await wrongReasons(cluster, all)));
  return promises('3 s without', UNHEARD.limit, { measured, faults, told });
}

/** Everybody else keeps the replicas busy with half of what they can do, less what the tries of ended tokens take. */
async function startLoad({ gather }, { parallel, pause }) {
  const crowd = gather(MEMBERS);
  await crowd.measureRate(WARM_UP);
  const most = await crowd.measureRate(MEASURING);
  const answeredBefore = crowd.traffic.answered;
  const start = performance.now();
  crowd.start(Math.max(most / 2 - (parallel * DOORS * 1000) / (pause + 5), most / 10));
  return {
    faults: crowd.faults,
    /** @param {readonly Measured[]} measured */
    stop: async (measured) => {
      await crowd.pause();
      crowd.faults.push(...crowd.traffic.faults);
      const tries = measured.reduce((sum, each) => sum + each.tries, crowd.traffic.answered - answeredBefore);
      const rate = tries / ((performance.now() - start) / 1000);
      return `at ${rate.toFixed(0)} requests/s, of ${most.toFixed(0)} that ${MEMBERS} busy clients reach`;
    },
  };
}

/** Equal parts of all kinds in random order, with those prepared that have to ripen. */
async function draw({ cluster, random, isShort }) {
  const count = isShort ? COUNT.short : COUNT.full;
  const kinds = Object.keys(endings);
  const all = random.shuffled(
    Array.from({ length: count }, (_, index) => ({ kind: kinds[index % kinds.length] })),
  );
  for (const ending of all.filter(({ kind }) => kind === 'theft')) await prepare(cluster, ending);
  return { all, todo: [...all], faults: [], measured: [] };
}

/** The next one that may be measured now; 'later' while all that are left have to ripen. */
function takeReady(todo) {
  if (todo.length === 0) return 'none';
  const index = todo.findIndex(({ readyAt = 0 }) => readyAt <= performance.now());
  return index === -1 ? 'later' : todo.splice(index, 1)[0];
}

async function takeBatch(cluster, todo) {
  const batch = [];
  while (batch.length < UNHEARD.parallel) {
    const next = takeReady(todo);
    if (next === 'none') break;
    if (next === 'later') await wait(100);
    else batch.push(next);
  }
  await Promise.all(batch.filter(({ token }) => !token).map((ending) => prepare(cluster, ending)));
  return batch;
}

/**
 * Ends a session while its token is tried everywhere.
 *
 * @returns {Promise<Measured>}
 */
async function measure(cluster, ending, { pause, at, faults }) {
  const watch = watchToken(cluster.replicas, ending.token, pause);
  await watch.isTaken;
  await wait(Math.max(0, at - performance.now()));
  const answeredAt = await ending.end().catch((error) => {
    faults.push(`${ending.kind}: ${error.message}`);
    return performance.now();
  });
  const { lastSuccessAt, tries, faults: found } = await watch.untilRefused(answeredAt);
  faults.push(...found.map((fault) => `${ending.kind}: ${fault}`));
  return { kind: ending.kind, lag: Math.max(0, lastSuccessAt - answeredAt), answeredAt, tries };
}

async function wrongReasons(cluster, ended) {
  const rows = await cluster.query(
    'SELECT id, end_reason AS "endReason" FROM sessions WHERE id = ANY($1::uuid[])',
    [ended.map(({ sessionId }) => sessionId)],
  );
  const reasons = new Map(rows.map(({ id, endReason }) => [id, endReason]));
  return ended
    .filter(({ kind, sessionId }) => reasons.get(sessionId) !== expectedReasons[kind])
    .map(({ kind, sessionId }) => `${kind}: session ${sessionId} has the end "${reasons.get(sessionId)}"`);
}

/** One of a hundred may be late, which is what p99 says; in a short run, too few for a p99, one of all. */
function promises(promise, limit, { measured, faults, told }) {
  const late = measured.filter(({ lag }) => lag > limit);
  const allowed = Math.max(1, Math.floor(measured.length / 100));
  const lagsOf = (chosen) => chosen.map(({ lag }) => lag);
  const lags = lagsOf(measured);
  const byKind = Object.keys(endings).map((kind) => [
    kind,
    lagsOf(measured.filter((one) => one.kind === kind)),
  ]);
  const each = byKind.map(([kind, own]) => `${kind} ${Math.max(0, ...own).toFixed(0)}`);
  return [
    {
      promise: `ended everywhere within ${promise}, all but ${allowed} of ${measured.length}`,
      found: `${describeTimes(lags)}, ${late.length} later; ${told}; worst of each: ${each.join(', ')}`,
      faults:
        late.length > allowed
          ? late.map(({ kind, lag }) => `${kind}: taken for ${lag.toFixed(0)} ms more`)
          : [],
    },
    { promise: 'nothing else goes wrong meanwhile', found: `${faults.length} contradictions`, faults },
  ];
}
