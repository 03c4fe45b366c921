import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { compareAnswers, compareRows } from '../ledger.mjs';
import { wrongCount } from './kills.mjs';

/** Half of them shut down fast, half crash. */
const ROUNDS = { full: 10, short: 2 };
const MEMBERS = 12;

/** Milliseconds after the database is back by which everything has to be. */
const RECOVERY = 5_000;

/** So much longer is looked. */
const AFTERWARDS = 500;

/** @param {import('../main.mjs').Context} context */
export async function databaseRestart({ cluster, random, isShort, check, gather }) {
  const rounds = isShort ? ROUNDS.short : ROUNDS.full;
  const crowd = gather(MEMBERS);
  const usersBefore = await cluster.countUsers();
  const faults = [];
  const recoveries = [];
  const listenings = [];
  let compared = 0;
  for (let round = 0; round < rounds; round += 1) {
    check();
    crowd.start();
    await wait(random.between(800, 1_800));
    if (round % 2 === 0) await cluster.stopDatabase();
    else await cluster.crashDatabase();
    await wait(random.between(0, 1_500));
    await cluster.startDatabase();
    const backAt = performance.now();
    const listening = cluster.untilListening().then(() => performance.now() - backAt);
    await wait(RECOVERY + AFTERWARDS);
    await crowd.pause();
    recoveries.push(Math.max(0, crowd.traffic.troubledAt - backAt));
    listenings.push(await listening);
    const { people } = crowd;
    const rows = await compareRows(cluster, people, { accessIdle: 1800 });
    compared = rows.compared;
    faults.push(...rows.faults, ...(await compareAnswers(cluster.replicas, people)));
  }
  faults.push(...crowd.faults, ...(await wrongCount(cluster, usersBefore, crowd)));
  if (crowd.traffic.refused === 0) faults.push('nobody met a 503: the scenario did not show what it is for');
  const slow = [...recoveries, ...listenings].filter((time) => time > RECOVERY);
  return [
    {
      promise: 'only 503 with Retry-After meanwhile, nothing acknowledged is lost',
      found: `${rounds} restarts, every second one after a crash; ${crowd.traffic.describe()}; ${compared} sessions compared`,
      faults: [...faults, ...crowd.traffic.faults],
    },
    {
      promise: 'everything is back within 5 s',
      found: `counted from the database, at worst: last trouble after ${worst(recoveries)} ms, notifications after ${worst(listenings)} ms`,
      faults: slow.map((time) => `something was not back ${time.toFixed(0)} ms after the database`),
    },
  ];
}

function worst(times) {
  return Math.max(...times).toFixed(0);
}
