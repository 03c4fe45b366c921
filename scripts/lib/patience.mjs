import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const MEASURE_MS = 2_000;
/** Rounds of `work` a second that each core did on a quiet machine of two cores in November 2026. */
const QUIET_RATE = 1_000;
/** On such a machine: the files of the other workers slow each test. */
const LEAST = 4;
/** What the service accepts. */
const MOST = 100;

const ROWS = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `name ${id}`, isEven: id % 2 === 0 }));

/** Parses, allocates and sorts, as tests do. */
function work() {
  return JSON.parse(JSON.stringify(ROWS))
    .map(({ name }) => name.toUpperCase())
    .sort().length;
}

/**
 * Measures for two seconds how fast all cores work together, and so how much longer than usual tests may take.
 *
 * @returns {Promise<number>} factor for time limits of tests and of the service (`PATIENCE`), a whole number from 4 to 100
 */
export async function measurePatience() {
  const rates = await Promise.all(Array.from({ length: availableParallelism() }, rateOfWorker));
  return Math.min(MOST, Math.max(LEAST, Math.round((LEAST * QUIET_RATE) / Math.min(...rates))));
}

function rateOfWorker() {
  const worker = new Worker(fileURLToPath(import.meta.url));
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

if (!isMainThread) {
  const started = performance.now();
  let rounds = 0;
  for (; performance.now() - started < MEASURE_MS; rounds++) work();
  parentPort.postMessage((rounds * 1_000) / (performance.now() - started));
}
