import { Connections } from './connections.mjs';
import { firstLogin } from './operations.mjs';
import { median, percentile, shuffled } from './statistics.mjs';

/** Exchanges per second to prepare for before anything is known, and how far beyond the best rate seen. */
const FIRST_GUESS = 6000;
const MARGIN = 1.3;

/**
 * An operation at a contestant, with what was measured of it.
 *
 * @typedef {object} Pair
 * @property {Contestant} contestant
 * @property {import('./operations.mjs').Operation} operation
 * @property {number} bestRate answers per second, the best seen in any run
 * @property {Figures[]} rounds
 */

/**
 * @typedef {object} Contestant
 * @property {string} name
 * @property {number} port
 * @property {import('./crowd.mjs').Crowd} [crowd] of a contestant that knows people
 * @property {Map<string, import('./connections.mjs').Exchange>} [fixed] of one that does not: what to send, by operation
 * @property {string} [applicationName] of its connections to PostgreSQL
 * @property {boolean} [hasSessionCache]
 * @property {() => number | null} cpuSeconds
 * @property {() => Promise<void>} stop
 */

/**
 * @typedef {object} Figures
 * @property {number} rate answers per second
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} cost seconds that the contestant computed per answer; NaN where the system does not tell
 * @property {number} databaseCost the same of PostgreSQL
 * @property {number} busy share of the time that the generator computed
 * @property {boolean} isExhausted
 */

/**
 * Tries every pair once, so that everything is warm and the rates are roughly known, then measures all pairs in every
 * round, each time in another random order.
 *
 * @param {Contestant[]} contestants
 * @param {readonly import('./operations.mjs').Operation[]} operations
 * @param {import('./options.mjs').Options} options
 * @param {object} hooks
 * @param {() => number | null} hooks.databaseSeconds that PostgreSQL has computed so far
 * @param {() => void} hooks.check called between measurements; throws to end the bench
 * @param {() => Promise<void>} hooks.afterTrial
 * @param {(round: number) => void} hooks.onRound
 * @returns {Promise<Pair[]>}
 */
export async function measure(contestants, operations, options, hooks) {
  const { check, databaseSeconds, afterTrial, onRound } = hooks;
  const pairs = operations.flatMap((operation) =>
    contestants.map((contestant) => ({ contestant, operation, bestRate: 0, rounds: [] })),
  );
  for (const pair of pairs) {
    check();
    await runPair(pair, { ...options, seconds: options.warmUp }, databaseSeconds);
  }
  await afterTrial();
  for (let round = 1; round <= options.rounds; round += 1) {
    onRound(round);
    for (const pair of shuffled(pairs)) {
      check();
      pair.rounds.push(await runPair(pair, options, databaseSeconds));
    }
  }
  return pairs;
}

/**
 * Answers of a contestant over all rounds.
 *
 * @param {Pair} pair
 */
export function summaryOf({ rounds }) {
  const column = (name) => rounds.map((figures) => figures[name]);
  const rates = column('rate');
  return {
    rate: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    p50: median(column('p50')),
    p99: median(column('p99')),
    worstP99: Math.max(...column('p99')),
    cost: median(column('cost')),
    databaseCost: median(column('databaseCost')),
    busy: median(column('busy')),
  };
}

async function runPair(pair, { seconds, warmUp, connections: count }, databaseSeconds) {
  const { contestant, operation } = pair;
  const connections = await Connections.open(contestant.port, count);
  try {
    const wanted = Math.ceil((pair.bestRate * MARGIN || FIRST_GUESS) * (warmUp + seconds));
    const supply = await supplyOf(contestant, operation, wanted, connections);
    await connections.run(supply, warmUp);
    const before = [contestant.cpuSeconds(), databaseSeconds()];
    const run = await connections.run(supply, seconds);
    const after = [contestant.cpuSeconds(), databaseSeconds()];
    if (run.count === 0) throw new Error('nothing was left for the round after its warm-up');
    const [cost, databaseCost] = after.map((total, index) =>
      total === null ? NaN : (total - before[index]) / run.count,
    );
    const figures = { ...figuresOf(run), cost, databaseCost };
    pair.bestRate = Math.max(pair.bestRate, figures.rate);
    return figures;
  } catch (error) {
    throw new Error(`${contestant.name}, ${operation.name}: ${error.message}`, { cause: error });
  } finally {
    connections.close();
  }
}

/** Everything is signed and written down before the time runs. */
async function supplyOf({ crowd, fixed }, operation, count, connections) {
  if (fixed) return () => fixed.get(operation.name);
  while (operation.needsMembers && crowd.size < count) {
    const newcomers = firstLogin.prepare(crowd, count - crowd.size);
    await connections.run(oneByOne(newcomers), Infinity);
  }
  const exchanges = operation.prepare(crowd, count);
  return operation.isRepeatable ? again(exchanges) : oneByOne(exchanges);
}

function oneByOne(exchanges) {
  let index = 0;
  return () => exchanges[index++] ?? null;
}

function again(exchanges) {
  let index = 0;
  return () => exchanges[index++ % exchanges.length];
}

function figuresOf({ count, seconds, latencies, busy, isExhausted }) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    rate: count / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    busy,
    isExhausted,
  };
}
