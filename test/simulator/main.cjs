const { fork } = require('node:child_process');
const { readdirSync } = require('node:fs');
const { createRequire } = require('node:module');
const { availableParallelism } = require('node:os');
const path = require('node:path');
const { parseArgs } = require('node:util');

/** `npm run simulate -- <options>`. Several histories are played by one process for each core. */

const CASES = path.join(__dirname, 'cases');
/** A run of so many steps must meet every precondition. */
const LONG_RUN_STEPS = 20_000;

const text = { type: 'string' };
const options = {
  ...{ seed: text, steps: text, histories: text, seconds: text },
  ...{ defect: text, replay: text, shrink: text },
};
const { values } = parseArgs({ options: { ...options, 'no-races': { type: 'boolean' } } });
const wholeNumber = (name, fallback) => {
  const value = values[name] ?? String(fallback);
  if (!/^\d{1,9}$/.test(value)) throw new RangeError(`--${name} must be a whole number`);
  return Number(value);
};
const firstSeed = wholeNumber('seed', Math.floor(Math.random() * 1_000_000));
const seconds = wholeNumber('seconds', 0);
const histories = wholeNumber('histories', seconds > 0 ? 1_000 : 1);
const settings = {
  steps: wholeNumber('steps', seconds > 0 ? 300 : 1_000),
  shrinkSeconds: wholeNumber('shrink', 240),
  withRaces: !values['no-races'],
  defect: values.defect,
};

/** Must run before the product is loaded: it replaces the clock and the random numbers. */
async function play() {
  const { seedRandomness } = require('./seeded.cjs');
  const { loadTypeScript } = require('./load.cjs');
  seedRandomness(firstSeed);
  loadTypeScript(values.defect);
  // Helpers of tests use it.
  globalThis.expect = createRequire(require.resolve('jest'))('expect').expect;
  const { Simulation } = require('./simulate.ts');
  const simulation = await Simulation.start(settings);
  process.on('message', async (task) => {
    if (task === null) process.exit(await simulation.stop().then(() => 0));
    seedRandomness(task.seed);
    const done = await simulation.play(task).catch((error) => {
      process.stderr.write(`${error.stack ?? error}\n`);
      return { isBroken: true, counts: [], expected: [] };
    });
    process.send(done);
  });
  process.send(null);
}

/** @returns the exit code: 1 where an invariant is broken, or where a long run does not meet a precondition */
async function distribute() {
  const startedAt = performance.now();
  const cases =
    seconds > 0 && !settings.defect ? readdirSync(CASES).map((name) => path.join(CASES, name)) : [];
  const drawn = Array.from({ length: histories }, (_, index) => ({
    seed: firstSeed + index,
    replay: values.replay,
  }));
  const tasks = [...cases.map((replay) => ({ seed: firstSeed, replay })), ...drawn];
  const counts = new Map();
  let [isBroken, played, longest, expected] = [false, 0, 0, []];
  const next = () => {
    const elapsed = (performance.now() - startedAt) / 1_000;
    const isLate = seconds > 0 && played > cases.length && elapsed + longest > seconds;
    return isBroken || (isLate && tasks.length <= drawn.length) ? undefined : tasks.shift();
  };
  const worker = () =>
    new Promise((resolve) => {
      const child = fork(__filename, process.argv.slice(2), { execArgv: process.execArgv });
      let since = performance.now();
      child.on('message', (done) => {
        if (done) {
          played += 1;
          longest = Math.max(longest, (performance.now() - since) / 1_000);
          isBroken ||= done.isBroken;
          expected = done.expected;
          for (const [name, count] of done.counts) counts.set(name, (counts.get(name) ?? 0) + count);
        }
        since = performance.now();
        child.send(next() ?? null);
      });
      child.on('exit', (code) => {
        isBroken ||= code !== 0;
        resolve();
      });
    });
  await Promise.all(Array.from({ length: Math.min(tasks.length, availableParallelism()) }, worker));
  if (isBroken) return 1;
  const lines = [...counts].toSorted().map(([name, count]) => `${String(count).padStart(6)}  ${name}`);
  const never = expected.filter((name) => !counts.has(name));
  process.stdout.write(`\n${lines.join('\n')}\n`);
  if (never.length > 0) process.stdout.write(`\nNever: ${never.join('; ')}.\n`);
  return never.length > 0 && played * settings.steps >= LONG_RUN_STEPS ? 1 : 0;
}

const run = process.send ? play() : distribute().then((code) => process.exit(code));
run.catch((error) => {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(2);
});
