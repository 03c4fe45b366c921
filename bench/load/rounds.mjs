import { Connections, oneByOne } from './connections.mjs';
import { newUsers, prepare, READERS } from './operations.mjs';
import { median, percentilesOf, shuffled } from '../report/statistics.mjs';

/** Exchanges per second to prepare for before anything is known, and how far beyond the best rate seen. */
const [FIRST_GUESS, MARGIN] = [1500, 1.3];
/** The same before the first round: a process becomes faster after its start. */
const FIRST_MARGIN = 2.5;
/** Runs before the rounds: the rate of a cold subject says little of how much to prepare. */
const TRIALS = 2;

/**
 * A running system under test: `operations` are keys, `ports` those of operations that have one of their own.
 *
 * @typedef {{ name: string, operations: string[], port: number, ports?: Record<string, number>, client: object,
 *   crowd: import('./crowd.mjs').Crowd, database: string, applicationName: string, cpuSeconds: () => number | null, stop: () => Promise<void> }} Subject
 *
 * @typedef {{ subject: Subject, operation: import('./operations.mjs').Operation, bestRate: number, rounds: object[] }} Pair
 *   with answers per second, the best of any run, and the figures of its rounds: milliseconds, and CPU seconds per answer
 */

/**
 * Tries every pair, so that everything is warm and the rates are roughly known, then measures all pairs in every
 * round, each time in another random order, and at last some at half of their rates. `databaseSeconds`: that PostgreSQL has computed so far; `check`: called
 * between measurements; throws to end the bench. @returns {Promise<Pair[]>}
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
    const trial = { ...options, seconds: options.warmup / pair.operation.length, warmup: 0 };
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
  for (const pair of pairs.filter(({ subject }) => subject.isPaced)) {
    check();
    const whole = { ...options, seconds: options.seconds * options.rounds };
    pair.paced = await runPair(pair, whole, databaseSeconds, summaryOf(pair).rate / 2);
  }
  return pairs;
}

/** Answers of a subject over all rounds. */
export function summaryOf({ rounds, paced }) {
  const column = (name) => rounds.map((figures) => figures[name]);
  const rates = column('rate');
  return {
    rate: median(rates),
    least: Math.min(...rates),
    most: Math.max(...rates),
    p50: median(column('p50')),
    p99: median(column('p99')),
    cost: median(column('cost')),
    databaseCost: median(column('databaseCost')),
    busy: median(column('busy')),
    p99AtHalf: paced?.p99,
  };
}

async function runPair(pair, { seconds: usual, warmup, connections: count }, databaseSeconds, rate) {
  const { subject, operation } = pair;
  const seconds = usual * operation.length;
  let connections;
  try {
    const margin = pair.rounds.length === 0 ? FIRST_MARGIN : MARGIN;
    const expected = pair.bestRate * margin || FIRST_GUESS;
    const wanted = Math.ceil(expected * warmup + (rate ?? expected) * seconds);
    const supply = await supplyOf(subject, operation, wanted, count);
    // Only now: the subject closes connections that are idle for some seconds.
    connections = await Connections.open(portOf(subject, operation.key), count);
    const share = (expected * warmup) / wanted;
    if (warmup > 0) await connections.run(upTo(supply.size * share, supply.next), warmup);
    const before = [subject.cpuSeconds(), databaseSeconds()];
    const run = await connections.run(supply.next, seconds, rate);
    const after = [subject.cpuSeconds(), databaseSeconds()];
    if (run.count === 0) throw new Error('there were no requests');
    const [cost, databaseCost] = after.map((total, index) =>
      total === null ? NaN : (total - before[index]) / run.count,
    );
    const { latencies, ...counted } = run;
    const figures = {
      ...{ ...counted, rate: run.count / run.seconds },
      ...{ ...percentilesOf(latencies), cost, databaseCost },
    };
    pair.bestRate = Math.max(pair.bestRate, figures.rate);
    return figures;
  } catch (error) {
    throw new Error(`${subject.name}, ${operation.name}: ${error.message}`, { cause: error });
  } finally {
    connections?.close();
  }
}

export function portOf({ port, ports }, key) {
  return ports?.[key] ?? port;
}

/** Everything is signed and serialised before the clock starts. */
async function supplyOf(subject, operation, wanted, connections) {
  const { client, crowd } = subject;
  if (operation.by === 'fresh members') await enrol(subject, wanted, connections);
  if (operation.by === 'members in turn') await enrol(subject, wanted - crowd.size, connections);
  if (operation.by === 'readers') await enrol(subject, Math.min(wanted, READERS) - crowd.size, connections);
  const exchanges = prepare(operation, client, crowd, wanted);
  return operation.by === 'readers'
    ? endless(exchanges)
    : { next: oneByOne(exchanges), size: exchanges.length };
}

/** Lets so many more people have a session. */
export async function enrol({ port, client, crowd }, count, connectionCount) {
  if (count <= 0) return;
  const connections = await Connections.open(port, connectionCount);
  try {
    await connections.run(oneByOne(newUsers(client.enter, crowd, count)), Infinity);
  } finally {
    connections.close();
  }
}

function endless(exchanges) {
  let index = 0;
  return { next: () => exchanges[index++ % exchanges.length], size: Infinity };
}

/** The rest is for the round: a warm-up that is faster than expected ends early. */
function upTo(count, next) {
  let left = Math.floor(count);
  return () => (left-- > 0 ? next() : null);
}
