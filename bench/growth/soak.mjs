import { percentile } from '../load/statistics.mjs';
import { startService } from '../product/service.mjs';
import { table } from '../report/table.mjs';
import { after, Paced } from './paced.mjs';
import { operations } from './people.mjs';
import { residentBytes } from './process-memory.mjs';

/** What people do, in parts of all requests. A session is opened as often as one ends. */
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
const LONGEST_SAMPLE = 30;
const FINDING_OUT = 20;

/** The last third by the first. Memory moves by some percent with the collector, latencies with the machine. */
const MAX_MEMORY = 1.1;
const MAX_LATENCY = 1.25;

const MEBIBYTE = 1024 * 1024;

/**
 * @typedef {object} Sample
 * @property {number} seconds since the beginning
 * @property {number} rate answers per second
 * @property {number} p50 milliseconds
 * @property {number} p99
 * @property {number} residentBytes of the API process
 */

/**
 * Everything at once for some minutes, at half of the rate that the service can do.
 *
 * @param {object} options
 * @param {import('./town.mjs').Town} options.town
 * @param {import('./people.mjs').People} options.people
 * @param {number} options.minutes
 * @param {number[] | undefined} options.cores of the service
 * @param {() => number} options.random
 * @param {() => void} options.check
 */
export async function soak({ town, people, minutes, cores, random, check }) {
  // With its background jobs, as it is shipped.
  const service = await startService({ ...town.installation.env, JOBS: 'on' }, { cores });
  people.widen(READERS);
  const length = Math.min(LONGEST_SAMPLE, minutes * 6);
  const count = Math.max(3, Math.round((minutes * 60) / length));
  let paced;
  try {
    paced = await Paced.open(service, CONNECTIONS);
    const next = mixed(people, random);
    let answers = 0;
    const isOver = after(Math.min(FINDING_OUT, length));
    await paced.run({ rate: Infinity, most: CONNECTIONS, isOver, next, onAnswer: () => (answers += 1) });
    const rate = Math.floor(answers / Math.min(FINDING_OUT, length) / 2);
    const samples = [];
    for (let sample = 1; sample <= count; sample += 1) {
      check();
      const latencies = [];
      const onAnswer = ({ latency }) => latencies.push(latency);
      await paced.run({ rate, isOver: after(length), next, onAnswer });
      const sorted = Float64Array.from(latencies).sort();
      samples.push({
        seconds: sample * length,
        rate: sorted.length / length,
        p50: percentile(sorted, 0.5),
        p99: percentile(sorted, 0.99),
        residentBytes: residentBytes(service.pid),
      });
    }
    return {
      text: describe(samples, rate),
      figures: { soak: samples },
      verdicts: judge(samples),
      faults: [],
    };
  } finally {
    paced?.close();
    await service.stop();
  }
}

function mixed(people, random) {
  const isAtGateway = new Map(operations.map(({ key, isAtGateway: is }) => [key, is]));
  const keys = Object.entries(MIX).flatMap(([key, parts]) => Array(parts).fill(key));
  return () => {
    const key = keys[Math.floor(random() * keys.length)];
    const exchange = people.next(key);
    // Nobody has refreshed yet who could go.
    return exchange
      ? { exchange, isAtGateway: isAtGateway.get(key) }
      : { exchange: people.next('readMe'), isAtGateway: false };
  };
}

function thirdsOf(samples) {
  const third = Math.ceil(samples.length / 3);
  const mean = (part, name) => part.reduce((sum, sample) => sum + sample[name], 0) / part.length;
  const growth = (name) => mean(samples.slice(-third), name) / mean(samples.slice(0, third), name);
  return { memory: growth('residentBytes'), latency: growth('p99') };
}

function judge(samples) {
  const { memory, latency } = thirdsOf(samples);
  const last = 'the last third by the first';
  return [
    {
      what: 'soak: memory of the API process',
      wanted: `flat: ${last} at most ${MAX_MEMORY}`,
      measured: memory.toFixed(2),
      isReached: !(memory > MAX_MEMORY),
    },
    {
      what: 'soak: p99 of all answers',
      wanted: `flat: ${last} at most ${MAX_LATENCY}`,
      measured: latency.toFixed(2),
      isReached: latency <= MAX_LATENCY,
    },
  ];
}

function describe(samples, rate) {
  const rows = samples.map(({ seconds, rate: answered, p50, p99, residentBytes: bytes }) => [
    seconds.toFixed(0),
    answered.toFixed(0),
    p50.toFixed(1),
    p99.toFixed(1),
    (bytes / MEBIBYTE).toFixed(0),
  ]);
  const told = `A mix of everything, ${rate} requests per second: half of what the service can do.`;
  return `${told}\n\n${table([' seconds', ' answers/s', ' p50 ms', ' p99 ms', ' resident MiB'], rows)}`;
}
