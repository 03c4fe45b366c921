import { performance } from 'node:perf_hooks';

/**
 * What a fault did. Times are of `performance.now()`.
 *
 * @typedef {object} Outage
 * @property {number} startedAt
 * @property {number} electedAt when a node led again
 * @property {number} usableAt when it had a synchronous standby too: no commit is acknowledged before
 * @property {() => void} repair
 */

/** @typedef {import('./database.mjs').Database} Database */

/** @type {Record<string, (database: Database, random: import('../chaos/random.mjs').Random) => Promise<Outage>>} */
export const faults = {
  /** Patroni and PostgreSQL of the leader die at once. */
  'leader killed': async (database) => {
    const { leader } = await database.untilHealthy();
    const startedAt = performance.now();
    await database.node(leader).kill();
    return { startedAt, ...(await successor(database, leader)), repair: () => database.startNode(leader) };
  },

  /** Its connections stay open without answers. It goes on when another one leads. */
  'leader frozen': async (database) => {
    const { leader } = await database.untilHealthy();
    const startedAt = performance.now();
    database.node(leader).freeze();
    return { startedAt, ...(await successor(database, leader)), repair: () => database.node(leader).thaw() };
  },

  switchover: async (database) => {
    const { leader, standby } = await database.untilHealthy();
    const startedAt = performance.now();
    const done = database.switchOver(leader, standby);
    const found = await successor(database, leader);
    await done;
    return { startedAt, ...found, repair: () => undefined };
  },

  /** Commits wait until the other standby is the synchronous one. */
  'standby killed': async (database) => {
    const { leader, standby } = await database.untilHealthy();
    const startedAt = performance.now();
    await database.node(standby).kill();
    await database.untilSynchronous([standby]);
    const usableAt = await database.untilAcknowledging(leader);
    return { startedAt, electedAt: startedAt, usableAt, repair: () => database.startNode(standby) };
  },

  /** A member of etcd, the leading one in a third of all cases. The leader of PostgreSQL stays. */
  'store killed': async (database, random) => {
    const member = random.pick([1, 2, 3]);
    const startedAt = performance.now();
    await database.store(member).kill();
    return {
      startedAt,
      electedAt: startedAt,
      usableAt: startedAt,
      repair: () => database.startStore(member),
    };
  },
};

/** @param {Database} database @param {number} leader the former one */
async function successor(database, leader) {
  const { node, at: electedAt } = await database.untilLed([leader]);
  return { electedAt, usableAt: await database.untilAcknowledging(node) };
}
