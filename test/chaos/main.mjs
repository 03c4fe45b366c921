import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { built } from '../../bench/product/built.mjs';
import { folderOnDisk } from '../../bench/machine/disk.mjs';
import { Ending } from '../../bench/machine/ending.mjs';
import { say } from '../../scripts/lib/main.mjs';
import { Cluster } from './cluster.mjs';
import { Crowd } from './crowd.mjs';
import { readOptions } from './options.mjs';
import { Random } from './random.mjs';
import { revocation, revocationUnheard } from './scenarios/revocation.mjs';
import { lineOf, summaryOf } from './verdict.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

/** Characters of a log line that are told. */
const LONGEST_LINE = 500;

/** @type {Record<string, (context: Context) => Promise<import('./verdict.mjs').Promised[]>>} */
const SCENARIOS = {
  revocation,
  'revocation-unheard': revocationUnheard,
};

/**
 * @typedef {object} Context
 * @property {Cluster} cluster all of its replicas run and listen
 * @property {Random} random
 * @property {(size: number) => Crowd} gather people who stop at the end of the scenario
 * @property {boolean} isShort
 * @property {() => void} check between two steps; throws when a signal came
 */

/**
 * Runs scenarios and prints what became of each promise.
 *
 * @param {string[]} words of the command line
 * @returns {Promise<number>} exit code: 1 when a promise was broken
 */
export async function chaos(words) {
  const options = readOptions(words, Object.keys(SCENARIOS));
  if (typeof options === 'string') {
    print(options);
    return 0;
  }
  const ending = new Ending();
  try {
    return await run(options, ending);
  } catch (error) {
    // Ctrl-C reaches the replicas too, and their end is no failure then.
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

async function run({ seed, isShort, scenarios, logs }, ending) {
  print(`Seed ${seed}${isShort ? ', short' : ''}.`);
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-chaos-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  if (logs) mkdirSync(logs, { recursive: true });
  const cluster = await Cluster.start({ folder, logs, ending });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();

  const results = [];
  for (const name of scenarios) {
    say(`${name} ...`);
    const start = performance.now();
    const random = new Random(seed).fork(name);
    const check = () => ending.check();
    const crowds = [];
    const gather = (size) => {
      const crowd = new Crowd(cluster, random.fork('crowd'), size);
      crowds.push(crowd);
      return crowd;
    };
    const context = { cluster, random, isShort, check, gather };
    for (const promised of await SCENARIOS[name](context).catch((error) => abandoned(error, check))) {
      results.push({ scenario: name, promised });
      print(lineOf(name, promised));
    }
    say(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    await cluster.repair();
    for (const crowd of crowds) await crowd.pause().catch(() => undefined);
  }

  print(`\n${summaryOf(results)}\n`);
  const broken = results.filter(({ promised }) => promised.faults.length > 0);
  // Once more, where whoever reads the end of a long log finds it.
  for (const { scenario, promised } of broken) print(lineOf(scenario, promised));
  if (broken.length > 0)
    for (const { name, warnings } of cluster.replicas)
      for (const line of warnings) print(`replica ${name} warned: ${line.slice(0, LONGEST_LINE)}`);
  print(`The harness itself was late by ${(delay.percentile(99) / 1e6).toFixed(0)} ms (p99). Seed ${seed}.`);
  return broken.length === 0 ? 0 : 1;
}

/** A scenario that could not be brought to its end has not shown that its promises are kept. */
function abandoned(error, check) {
  check();
  return [{ promise: 'runs to its end', found: 'given up', faults: [error.stack ?? String(error)] }];
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
