import { setTimeout as wait } from 'node:timers/promises';
import { startService } from '../product/service.mjs';
import { table } from '../report/table.mjs';
import { bigTables, EXPLAINING, faultsOf, indexesOf, pagesOf, plansIn } from './plans.mjs';
import { journeys, Queue } from './journeys.mjs';

/** So few that each one prepares a statement and comes to its generic plan. */
const CONNECTIONS = '2';

/** Milliseconds until the last plan is in the log. */
const SETTLING = 200;

/**
 * What was asked of the database in one operation.
 *
 * @typedef {object} Watched
 * @property {string} name
 * @property {import('./plans.mjs').Plan[]} plans
 */

/**
 * Has generated people do everything, while PostgreSQL tells its plans.
 *
 * @returns {Promise<Watched[]>}
 */
export async function watchJourneys({ installation, postgres, bot, members, sample, check }) {
  const env = { ...installation.env, PGOPTIONS: EXPLAINING };
  const watched = [];
  const queue = new Queue(members);
  const watch = async (name, work) => {
    check();
    watched.push({ name, plans: await plansOf(postgres, work) });
  };
  const service = await startService({ ...env, DATABASE_POOL_SIZE: CONNECTIONS });
  try {
    for (const { name, go, canGo, times = sample, isAtOnce = false } of journeys(
      { ...installation, env },
      service,
      bot,
    )) {
      const turns = Array.from({ length: times }, () => [queue.next(canGo), queue.next()]);
      await watch(name, async () => {
        if (isAtOnce) await Promise.all(turns.map((turn) => go(...turn)));
        else for (const turn of turns) await go(...turn);
      });
    }
    await watch('slides, written when the service stops', () => service.stop());
  } finally {
    await service.stop();
  }
  return watched;
}

/** @returns {Promise<import('./plans.mjs').Plan[]>} of the statements that ran meanwhile */
export async function plansOf(postgres, work) {
  const start = postgres.logSize();
  await work();
  await wait(SETTLING);
  return plansIn(postgres.logSince(start));
}

/**
 * @param {import('pg').Client} client
 * @param {Watched[]} watched
 * @returns {Promise<{ text: string, faults: string[] }>}
 */
export async function judge(client, watched) {
  const big = await bigTables(client);
  const faults = [];
  const rows = watched.map(({ name, plans }) => {
    const bad = plans.flatMap((plan) => faultsOf(plan, big).map((told) => `${told}: ${plan.text}`));
    const distinct = [...new Set(bad)];
    faults.push(...distinct.map((told) => `${name} ${told}`));
    const pages = plans.map(pagesOf);
    return [
      name,
      String(new Set(plans.map(({ text }) => text)).size),
      String(plans.length),
      String(Math.max(0, ...pages)),
      [...new Set(plans.flatMap(indexesOf).map(withoutDay))].sort().join(', '),
      distinct.length === 0 ? 'indexes' : `**${distinct.length} fault(s)**`,
    ];
  });
  const headings = ['operation', ' statements', ' plans', ' most pages', 'indexes', 'goes by'];
  return { text: table(headings, rows), faults };
}

function withoutDay(index) {
  return index.replace(/_\d{8}(?=_)/, '_*');
}
