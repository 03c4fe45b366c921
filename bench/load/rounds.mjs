import { Connections } from './connections.mjs';
import { newUsers, prepare, READERS } from './operations.mjs';
import { median, percentile, shuffled } from './statistics.mjs';

/** Exchanges per second to prepare for before anything is known, and how far beyond the best rate seen. */
const FIRST_GUESS = 1500;
const MARGIN = 1.3;

/** The same before the first round: what has just been started becomes faster. */
const FIRST_MARGIN = 2.5;

/** Runs before the rounds: how fast a cold subject was says little of how much to prepare. */
const TRIALS = 2;

/**
 * An operation at a subject, with what was measured of it.
 *
 * @typedef {object} Pair
 * @property {Subject} subject
 * @property {import('./operations.mjs').Operation} operation
 * @property {number} bestRate answers per second, the best seen in any run
 * @property {Figures[]} rounds
 */

/**
 * @typedef {object} Subject
 * @property {string} name
 * @property {readonly string[]} operations keys of those that it is asked for
 * @property {number} port
 * @property {Record<string, number>} [ports] of the operations that have one of their own, by key
 * @property {import('./operations.mjs').Client} [client] of a subject that knows people
 * @property {import('./crowd.mjs').Crowd} [crowd] its people
 * @property {Map<string, import('./connections.mjs').Exchange>} [fixed] of one that knows nobody: what to send, by key
 * @property {string} [database]
 * @property {string} [applicationName] of its connections to PostgreSQL
 * @property {boolean} [hasSessionCache]
 * @property {() => number | null} cpuSeconds
 * @property {() => Promise<void>} stop
 */

/**
 * @typedef {object} Figures
 * @property {number} count answers
 * @property {number} rate answers per second
 * @property {number} p50 milliseconds
 * @property {number} p99 milliseconds
 * @property {number} cost seconds that the subject computed per answer; NaN where the system does not tell
 * @property {number} databaseCost the same of PostgreSQL
 * @property {number} busy share of the time that the generator computed
 * @property {boolean} isExhausted
 */

/**
 * Tries every pair, so that everything is warm and the rates are roughly known, then measures all pairs in every
 * round, each time in another random order.
 *
 * @param {Subject[]} subjects
 * @param {readonly import('./operations.mjs').Operation[]} operations
 * @param {import('../options.mjs').Options} options
 * @param {object} hooks
 * @param {() => number} hooks.random
 * @param {() => number | null} hooks.databaseSeconds that PostgreSQL has computed so far
 * @param {() => void} hooks.check called between measurements; throws to end the bench
 * @param {() => Promise<void>} hooks.afterTrial
 * @param {(round: number) => void} hooks.onRound
 * @returns {Promise<Pair[]>}
 */
export async function measure(subjects, operations, options, hooks) {
  const { random, check, databaseSeconds, afterTrial, onRound } = hooks;
  const pairs = operations.flatMap((operation) =>
    subjects
      .filter(({ operations: own }) => own.includes(operation.key))
      .map((subject) => ({ subject, operation, bestRate: 0, rounds: [] })),
  );
  for (const pair of pairs) {
    check();
    const trial = { ...options, seconds: options.warmUp / pair.operation.length, warmUp: 0 };
    for (let run = 1; run <= TRIALS; run += 1) await runPair(pair, trial, databaseSeconds);
  }
  await afterTrial();
  for (let round = 1; round <= options.rounds; round += 1) {
    onRound(round);
    for (const pair of shuffled(pairs, random)) {
      check();
      pair.rounds.push(await runPair(pair, options, databaseSeconds));
    }
  }
  return pairs;
}

/**
 * Answers of a subject over all rounds.
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

async function runPair(pair, { seconds: usual, warmUp, connections: count }, databaseSeconds) {
  const { subject, operation } = pair;
  const seconds = usual * operation.length;
  let connections;
  try {
    const margin = pair.rounds.length === 0 ? FIRST_MARGIN : MARGIN;
    const wanted = Math.ceil((pair.bestRate * margin || FIRST_GUESS) * (warmUp + seconds));
    const supply = await supplyOf(subject, operation, wanted, count);
    // Only now: what idles for some seconds is closed by the subject.
    connections = await Connections.open(portOf(subject, operation.key), count);
    const share = warmUp / (warmUp + seconds);
    if (warmUp > 0) await connections.run(upTo(supply.size * share, supply.next), warmUp);
    const before = [subject.cpuSeconds(), databaseSeconds()];
    const run = await connections.run(supply.next, seconds);
    const after = [subject.cpuSeconds(), databaseSeconds()];
    if (run.count === 0) throw new Error('there was nobody to ask');
    const [cost, databaseCost] = after.map((total, index) =>
      total === null ? NaN : (total - before[index]) / run.count,
    );
    const figures = { ...figuresOf(run), cost, databaseCost };
    pair.bestRate = Math.max(pair.bestRate, figures.rate);
    return figures;
  } catch (error) {
    throw new Error(`${subject.name}, ${operation.name}: ${error.message}`, { cause: error });
  } finally {
    connections?.close();
  }
}

/** @param {Subject} subject @param {string} key of an operation */
export function portOf({ port, ports }, key) {
  return ports?.[key] ?? port;
}

/**
 * Everything is signed and written down before the time runs.
 *
 * @returns {Promise<{ next: import('./connections.mjs').Supply, size: number }>}
 */
async function supplyOf(subject, operation, wanted, connections) {
  const { client, crowd, fixed } = subject;
  if (fixed) return endless([fixed.get(operation.key)]);
  if (operation.by === 'fresh members') await enrol(subject, wanted, connections);
  if (operation.by === 'members in turn') await enrol(subject, wanted - crowd.size, connections);
  if (operation.by === 'readers') await enrol(subject, Math.min(wanted, READERS) - crowd.size, connections);
  const exchanges = prepare(operation, client, crowd, wanted);
  return operation.by === 'readers'
    ? endless(exchanges)
    : { next: oneByOne(exchanges), size: exchanges.length };
}

/** Lets so many more people have a session. */
async function enrol({ port, client, crowd }, count, connectionCount) {
  if (count <= 0) return;
  const connections = await Connections.open(port, connectionCount);
  try {
    await connections.run(oneByOne(newUsers(client.enter, crowd, count)), Infinity);
  } finally {
    connections.close();
  }
}

function oneByOne(exchanges) {
  let index = 0;
  return () => exchanges[index++] ?? null;
}

function endless(exchanges) {
  let index = 0;
  return { next: () => exchanges[index++ % exchanges.length], size: Infinity };
}

/** What is left is for the round: a warm-up that is faster than expected ends early. */
function upTo(count, next) {
  let left = Math.floor(count);
  return () => (left-- > 0 ? next() : null);
}

function figuresOf({ count, seconds, latencies, busy, isExhausted }) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    count,
    rate: count / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    busy,
    isExhausted,
  };
}
