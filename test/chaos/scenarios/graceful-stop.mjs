import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { compareAnswers, compareRows } from '../ledger.mjs';
import { wrongCount } from './kills.mjs';

const ROUNDS = { full: 30, short: 3 };
const MEMBERS = 16;

/**
 * Milliseconds by which a request has reached the replica, also beside tests that take both cores: what comes at the very moment
 * may find the door closed.
 */
const ON_THE_WAY = 250;

/** In one of so many rounds somebody is in the middle of a request that never arrives whole. */
const HALF_ASKED = 3;

/** Milliseconds that a stop takes at most when nobody is. */
const QUICK = 5_000;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** @param {import('../main.mjs').Context} context */
export async function gracefulStop({ cluster, random, isShort, check, gather }) {
  const rounds = isShort ? ROUNDS.short : ROUNDS.full;
  const crowd = gather(MEMBERS);
  const usersBefore = await cluster.countUsers();
  const faults = [];
  const unwritten = [];
  let longest = 0;
  for (let round = 0; round < rounds; round += 1) {
    check();
    crowd.start();
    await wait(random.between(500, 1_500));
    const leaving = random.pick(cluster.replicas);
    const halfAsked = round % HALF_ASKED === 0 ? await leaving.api.askHalf() : null;
    if (halfAsked) await wait(ON_THE_WAY);
    const departure = { replica: leaving.name, at: Date.now(), isKilled: false };
    const askedAt = performance.now();
    const known = crowd.traffic.lost.length;
    const code = await leaving.stop(SIGNALS[round % SIGNALS.length]);
    const took = performance.now() - askedAt;
    longest = Math.max(longest, took);
    if (!halfAsked && took > QUICK)
      faults.push(`replica ${leaving.name} took ${Math.round(took)} ms to stop`);
    halfAsked?.destroy();
    await wait(random.between(100, 400));
    await crowd.pause();

    if (code !== 0)
      faults.push(`replica ${leaving.name} ended with ${code ?? 'SIGKILL: it did not end by itself'}`);
    const abandoned = crowd.traffic.lost.slice(known).filter(({ sentAt }) => sentAt < askedAt - ON_THE_WAY);
    for (const { replica, reason } of abandoned)
      faults.push(`replica ${replica} never answered a request it had before the signal: ${reason}`);
    const { people } = crowd;
    const survivors = cluster.replicas.filter((replica) => replica !== leaving);
    const rows = await compareRows(cluster, people, { accessIdle: 1800, departure });
    unwritten.push(...rows.unwritten);
    faults.push(...rows.faults, ...(await compareAnswers(survivors, people)));
    await cluster.startReplicas();
  }
  const { cut } = crowd.traffic;
  if (cut > 0) faults.push(`${cut} answers were cut after their first byte`);
  faults.push(...crowd.faults, ...crowd.traffic.faults, ...(await wrongCount(cluster, usersBefore, crowd)));
  return [
    {
      promise: 'what is answered is complete, nothing acknowledged is lost',
      found: `${rounds} signals, ${crowd.traffic.describe()}; the longest stop took ${(longest / 1000).toFixed(1)} s`,
      faults,
    },
    { promise: 'waiting uses are written', found: `${unwritten.length} were not`, faults: unwritten },
  ];
}
