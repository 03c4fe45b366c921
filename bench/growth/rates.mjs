import { say } from '../../scripts/lib/main.mjs';
import { Connections } from '../load/connections.mjs';
import { median, percentile, shuffled } from '../load/statistics.mjs';
import { table } from '../report/table.mjs';
import { operations } from './people.mjs';

/** What an operation may cost with many people, divided by what it costs with few. */
export const MAX_GROWTH = 1.3;

/** Exchanges per second to prepare for before anything is known, and how far beyond the best rate seen. */
const FIRST_GUESS = 1_500;
const MARGIN = 1.5;

const MICROSECONDS = 1e6;

/**
 * A town while it is measured.
 *
 * @typedef {object} Side
 * @property {import('./town.mjs').Town} town
 * @property {import('../product/service.mjs').Service} service
 * @property {import('./people.mjs').People} people
 */

/**
 * @typedef {object} Cost
 * @property {number} rate answers per second, the median of the rounds
 * @property {number} cost seconds that the service computed per answer, over all rounds
 * @property {number} databaseCost the same of PostgreSQL
 * @property {number} p50 milliseconds, medians of the rounds
 * @property {number} p99
 * @property {number} count answers in all rounds
 */

/**
 * @typedef {object} Growth
 * @property {string} operation
 * @property {Cost} few
 * @property {Cost} many
 * @property {number} byRate the median over the rounds of the rate with few people, divided by that with many
 * @property {number} byCpu what service and PostgreSQL computed with many people, divided by that with few
 */

/**
 * Asks both towns for everything, one right after the other and in random order, so that a machine which drifts is as kind
 * to one as to the other.
 *
 * @param {[few: Side, many: Side]} sides
 * @param {{ rounds: number, seconds: number, warmUp: number, connections: number }} options
 * @param {{ random: () => number, check: () => void }} hooks
 * @returns {Promise<Growth[]>}
 */
export async function measureGrowth(sides, options, { random, check }) {
  const runs = operations.map((operation) => ({ operation, few: [], many: [], bestRate: 0 }));
  // The round before the first one warms up, and tells how much there is to prepare.
  for (let round = 0; round <= options.rounds; round += 1) {
    say(round === 0 ? 'Trying everything ...' : `Round ${round} of ${options.rounds} ...`);
    // Who logs out has come back before.
    for (const run of shuffled(runs, random).sort(logoutLast)) {
      for (const name of shuffled(['few', 'many'], random)) {
        check();
        const side = name === 'few' ? sides[0] : sides[1];
        const figures = await ask(side, run, options);
        run.bestRate = Math.max(run.bestRate, figures.rate);
        if (round > 0) run[name].push(figures);
      }
    }
  }
  return runs.map(({ operation, few, many }) => growthOf(operation.name, few, many));
}

function logoutLast(one, other) {
  return Number(one.operation.key === 'logout') - Number(other.operation.key === 'logout');
}

async function ask({ town, service, people }, { operation, bestRate }, options) {
  const { key, name, isAtGateway, isInMemory } = operation;
  const { warming, exchanges } = prepare(people, key, bestRate * MARGIN || FIRST_GUESS, options);
  const port = isAtGateway ? service.gatewayPort : service.port;
  let connections;
  try {
    if (exchanges.length === 0) throw new Error('there is nobody to ask');
    if (isInMemory) await remind(service, people, options.connections);
    connections = await Connections.open(port, options.connections);
    if (warming.length > 0) await connections.run(oneByOne(warming), options.warmUp);
    const before = [service.cpuSeconds(), town.postgres.cpuSeconds()];
    const run = await connections.run(oneByOne(exchanges), options.seconds);
    const after = [service.cpuSeconds(), town.postgres.cpuSeconds()];
    const [own, ofDatabase] = after.map((total, index) => (total === null ? NaN : total - before[index]));
    return { ...figuresOf(run), own, ofDatabase };
  } catch (error) {
    throw new Error(`${town.name}, ${name}: ${error.message}`, { cause: error });
  } finally {
    connections?.close();
  }
}

/** Has the process read each session, which it trusts for some seconds: a slow machine's warm-up may not come to all. */
async function remind({ gatewayPort }, people, count) {
  const connections = await Connections.open(gatewayPort, count);
  try {
    await connections.run(oneByOne(people.eachReader()), Infinity);
  } finally {
    connections.close();
  }
}

/** Everything is signed and written down before the time runs. */
function prepare(people, key, rate, { rounds, seconds, warmUp }) {
  const make = (of, count) =>
    Array.from({ length: people.available(of, Math.ceil(count)) }, () => people.next(of)).filter(Boolean);
  // Those who may be asked only once have others warm up for them.
  if (key === 'coldCheck')
    return {
      warming: make('warmCheck', rate * warmUp),
      exchanges: make(key, Math.floor(people.strangers / (rounds + 1))),
    };
  if (key === 'logout')
    return { warming: make('readMe', rate * warmUp), exchanges: make(key, rate * seconds) };
  const all = make(key, rate * (warmUp + seconds));
  const share = Math.floor((all.length * warmUp) / (warmUp + seconds));
  return { warming: all.slice(0, share), exchanges: all.slice(share) };
}

function oneByOne(exchanges) {
  let index = 0;
  return () => exchanges[index++] ?? null;
}

function figuresOf({ count, seconds, latencies }) {
  const sorted = Float64Array.from(latencies).sort();
  return { count, rate: count / seconds, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

function growthOf(operation, few, many) {
  const [before, after] = [costOf(few), costOf(many)];
  return {
    operation,
    few: before,
    many: after,
    byRate: median(few.map(({ rate }, round) => rate / many[round].rate)),
    byCpu: computedBy(after) / computedBy(before),
  };
}

function costOf(rounds) {
  const sum = (name) => rounds.reduce((total, figures) => total + figures[name], 0);
  const middle = (name) => median(rounds.map((figures) => figures[name]));
  const count = sum('count');
  return {
    rate: middle('rate'),
    cost: sum('own') / count,
    databaseCost: sum('ofDatabase') / count,
    p50: middle('p50'),
    p99: middle('p99'),
    count,
  };
}

function computedBy({ cost, databaseCost }) {
  return cost + databaseCost;
}

/**
 * @param {Growth[]} growths
 * @param {[few: string, many: string]} names of the towns
 */
export function describeGrowth(growths, [few, many]) {
  const micro = (seconds) => (seconds * MICROSECONDS).toFixed(0);
  return table(
    [
      'operation',
      ` answers/s, ${few}`,
      ` ${many}`,
      ' times',
      ' CPU µs',
      ' of PostgreSQL',
      ` CPU µs, ${many}`,
      ' of PostgreSQL',
      ' times',
      ' p99 ms',
      ` p99 ms, ${many}`,
    ],
    growths.map(({ operation, few: before, many: after, byRate, byCpu }) => [
      operation,
      before.rate.toFixed(0),
      after.rate.toFixed(0),
      byRate.toFixed(2),
      micro(before.cost),
      micro(before.databaseCost),
      micro(after.cost),
      micro(after.databaseCost),
      byCpu.toFixed(2),
      before.p99.toFixed(1),
      after.p99.toFixed(1),
    ]),
  );
}

/** @param {Growth[]} growths @returns {import('./verdicts.mjs').Verdict[]} */
export function judgeGrowth(growths) {
  return growths.map(({ operation, byRate, byCpu }) => ({
    what: operation,
    wanted: `with many people at most ${MAX_GROWTH} times the time and the CPU`,
    measured: `${byRate.toFixed(2)} and ${byCpu.toFixed(2)}`,
    // Off Linux nobody tells the CPU time.
    isReached: byRate <= MAX_GROWTH && !(byCpu > MAX_GROWTH),
  }));
}
