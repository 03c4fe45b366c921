import { residentBytesOf } from '../machine/process-usage.mjs';
import { percentilesOf } from '../report/statistics.mjs';
import { after, Paced } from './paced.mjs';
import { operations } from './people.mjs';

/** Of a thousand requests. A session is opened as often as one ends. */
const MIX = {
  warmCheck: 700,
  readMe: 100,
  introspection: 80,
  refresh: 60,
  returningLogin: 25,
  firstLogin: 5,
  logout: 30,
};
/** Sessions that are in use. */
const READERS = 10_000;
const CONNECTIONS = 32;
/** Seconds. */
const [LONGEST_SAMPLE, MAX_RATE_SECONDS] = [30, 20];
/** The last third by the first. Memory varies by some percent with the collector, latencies with the machine. */
const [MAX_MEMORY, MAX_LATENCY] = [1.1, 1.25];

/** All operations at once for some minutes, at half of the maximum rate of the service. */
export async function soak({ installation, people: all, options, cores, random, check }) {
  const people = all.at(-1);
  const minutes = options.soak;
  // With its background jobs, as it is shipped.
  const service = await installation.start({ JOBS: 'on' }, { cores });
  people.widen(READERS);
  const length = Math.min(LONGEST_SAMPLE, minutes * 6);
  const paced = await Paced.open(service, CONNECTIONS);
  try {
    const next = mixed(people, random);
    const rate = Math.floor((await paced.maxRate(next, Math.min(MAX_RATE_SECONDS, length))) / 2);
    const samples = [];
    for (let seconds = length; samples.length < Math.max(3, (minutes * 60) / length); seconds += length) {
      check();
      const latencies = await paced.run({ rate, isOver: after(length), next });
      const residentBytes = residentBytesOf(service.pid);
      samples.push({ seconds, rate: latencies.length / length, ...percentilesOf(latencies), residentBytes });
    }
    const verdict = (what, name, most) => {
      const growth = growthOf(samples, name);
      return {
        what: `soak: ${what}`,
        wanted: `flat: the last third by the first at most ${most}`,
        measured: growth.toFixed(2),
        isReached: !(growth > most),
      };
    };
    const verdicts = [
      verdict('memory of the API process', 'residentBytes', MAX_MEMORY),
      verdict('p99 of all answers', 'p99', MAX_LATENCY),
    ];
    return { figures: { soak: samples }, verdicts };
  } finally {
    paced.close();
    await service.stop();
  }
}

function mixed(people, random) {
  const isAtGateway = new Map(operations.map(({ key, isAtGateway: is }) => [key, is]));
  const keys = Object.entries(MIX).flatMap(([key, count]) => Array(count).fill(key));
  return () => {
    const key = keys[Math.floor(random() * keys.length)];
    const exchange = people.next(key);
    // No session may be left that can log out.
    return exchange
      ? { exchange, isAtGateway: isAtGateway.get(key) }
      : { exchange: people.next('readMe'), isAtGateway: false };
  };
}

function growthOf(samples, name) {
  const third = Math.ceil(samples.length / 3);
  const mean = (some) => some.reduce((sum, sample) => sum + sample[name], 0) / some.length;
  return mean(samples.slice(-third)) / mean(samples.slice(0, third));
}
