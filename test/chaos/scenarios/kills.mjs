import { setTimeout as wait } from 'node:timers/promises';
import { compareAnswers, compareRows } from '../ledger.mjs';

const ROUNDS = { full: 100, short: 3 };
const MEMBERS = 16;

/** Seconds: short, so that uses are written every ten seconds and a kill loses some of them. */
const ACCESS_IDLE = 40;

/** @param {import('../main.mjs').Context} context */
export async function kills({ cluster, random, isShort, check, gather }) {
  const rounds = isShort ? ROUNDS.short : ROUNDS.full;
  await cluster.set({ session: { accessIdle: ACCESS_IDLE } });
  const crowd = gather(MEMBERS);
  const usersBefore = await cluster.countUsers();
  const faults = [];
  let oldestLost = 0;
  let compared = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      check();
      crowd.start();
      await wait(random.between(400, 1_600));
      const victim = random.pick(cluster.replicas);
      const departure = { replica: victim.name, at: Date.now() };
      await victim.kill();
      await wait(random.between(100, 600));
      await crowd.pause();

      const { people } = crowd;
      const survivors = cluster.replicas.filter((replica) => replica !== victim);
      const rows = await compareRows(cluster, people, { accessIdle: ACCESS_IDLE, departure });
      oldestLost = Math.max(oldestLost, rows.oldestLost);
      compared = rows.compared;
      faults.push(...rows.faults, ...rows.unwritten, ...(await compareAnswers(survivors, people)));
      await cluster.startReplicas();
      faults.push(...(await compareAnswers([victim], people)));
    }
  } finally {
    await cluster.set({ session: { accessIdle: null } });
  }
  faults.push(...crowd.faults, ...crowd.traffic.faults, ...(await wrongCount(cluster, usersBefore, crowd)));
  return [
    {
      promise: 'nothing acknowledged is lost or doubled, uses but the latest',
      found: `${rounds} kills, ${crowd.traffic.describe()}; ${compared} sessions compared; the oldest use that was lost was ${oldestLost.toFixed(1)} s old (${ACCESS_IDLE / 4} s are due)`,
      faults,
    },
  ];
}

/** @returns {Promise<string[]>} */
async function wrongCount(cluster, before, { people }) {
  const made = (await cluster.countUsers()) - before;
  const known = people.filter(({ userId }) => userId !== null).length;
  return made === known ? [] : [`${known} people have made ${made} users`];
}
