import { say } from '../../scripts/lib/main.mjs';
import { Connections, oneByOne } from '../load/connections.mjs';
import { median, percentilesOf, shuffled } from '../report/statistics.mjs';
import { MAX_GROWTH } from '../report/sections.mjs';
import { operations } from './people.mjs';

/** Exchanges per second to prepare for before anything is known, and how far beyond the best rate seen. */
const [FIRST_GUESS, MARGIN] = [1_500, 1.5];

/**
 * Calls both installations, one right after the other and in random order, so that a machine which drifts favours neither.
 *
 * @returns {Promise<import('./main.mjs').Found>}
 */
export async function compareOperations({ installations, people, options, random, cores, check }) {
  const sides = [];
  for (const [index, installation] of installations.entries())
    sides.push({ installation, people: people[index], service: await installation.start({}, { cores }) });
  const runs = operations.map((operation) => ({ operation, figures: [[], []], bestRate: 0 }));
  // The round before the first one warms up, and shows how much there is to prepare.
  for (let round = 0; round <= options.rounds; round += 1) {
    say(round === 0 ? 'Trying everything ...' : `Round ${round} of ${options.rounds} ...`);
    // Sessions that log out were opened by returning logins.
    const isLogout = ({ operation }) => Number(operation.key === 'logout');
    for (const run of shuffled(runs, random).sort((one, other) => isLogout(one) - isLogout(other)))
      for (const index of shuffled([0, 1], random)) {
        check();
        const figures = await measure(sides[index], run, options);
        run.bestRate = Math.max(run.bestRate, figures.rate);
        if (round > 0) run.figures[index].push(figures);
      }
  }
  for (const { service } of sides) await service.stop();
  const compared = runs.map(({ operation, figures: [few, many] }) => {
    const [before, after] = [costOf(few), costOf(many)];
    return {
      operation: operation.name,
      few: before,
      many: after,
      byRate: median(few.map(({ rate }, round) => rate / many[round].rate)),
      byCpu: (after.cost + after.databaseCost) / (before.cost + before.databaseCost),
    };
  });
  const verdicts = compared.map(({ operation, byRate, byCpu }) => ({
    what: operation,
    wanted: `with many people at most ${MAX_GROWTH} times the time and the CPU`,
    measured: `${byRate.toFixed(2)} and ${byCpu.toFixed(2)}`,
    // Off Linux the CPU time is not known.
    isReached: byRate <= MAX_GROWTH && !(byCpu > MAX_GROWTH),
  }));
  return { figures: { operations: compared }, verdicts };
}

async function measure({ installation, service, people }, { operation, bestRate }, options) {
  const { key, name, isAtGateway, isInMemory } = operation;
  const { warming, exchanges } = prepare(people, key, bestRate * MARGIN || FIRST_GUESS, options);
  let connections;
  try {
    if (exchanges.length === 0) throw new Error('there are no requests');
    // The process trusts a session for some seconds after it read its row.
    if (isInMemory) await send(service.gatewayPort, people.eachReader(), options.connections);
    connections = await Connections.open(
      isAtGateway ? service.gatewayPort : service.port,
      options.connections,
    );
    if (warming.length > 0) await connections.run(oneByOne(warming), options.warmUp);
    const cpu = () => [service.cpuSeconds(), installation.postgres.cpuSeconds()];
    const before = cpu();
    const { count, seconds, latencies } = await connections.run(oneByOne(exchanges), options.seconds);
    const [own, ofDatabase] = cpu().map((total, index) => (total === null ? NaN : total - before[index]));
    return { count, rate: count / seconds, ...percentilesOf(latencies), own, ofDatabase };
  } catch (error) {
    throw new Error(`${installation.name}, ${name}: ${error.message}`, { cause: error });
  } finally {
    connections?.close();
  }
}

async function send(port, exchanges, count) {
  const connections = await Connections.open(port, count);
  try {
    await connections.run(oneByOne(exchanges), Infinity);
  } finally {
    connections.close();
  }
}

/** Everything is signed and serialised before the clock starts. */
function prepare(people, key, rate, { rounds, seconds, warmUp }) {
  const make = (of, count) =>
    Array.from({ length: people.available(of, Math.ceil(count)) }, () => people.next(of)).filter(Boolean);
  // Sessions that can be asked for only once have others warm up for them.
  if (key === 'coldCheck') {
    const exchanges = make(key, Math.floor(people.strangers / (rounds + 1)));
    return { warming: make('warmCheck', rate * warmUp), exchanges };
  }
  if (key === 'logout')
    return { warming: make('readMe', rate * warmUp), exchanges: make(key, rate * seconds) };
  const all = make(key, rate * (warmUp + seconds));
  const share = Math.floor((all.length * warmUp) / (warmUp + seconds));
  return { warming: all.slice(0, share), exchanges: all.slice(share) };
}

/** Medians of the rounds; CPU time in seconds per answer, over all rounds. */
function costOf(rounds) {
  const sum = (name) => rounds.reduce((total, figures) => total + figures[name], 0);
  const middle = (name) => median(rounds.map((figures) => figures[name]));
  const count = sum('count');
  const costs = { cost: sum('own') / count, databaseCost: sum('ofDatabase') / count };
  return { rate: middle('rate'), ...costs, p50: middle('p50'), p99: middle('p99'), count };
}
