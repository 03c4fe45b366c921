import './lib/node-version.mjs';
import { randomInt } from 'node:crypto';
import { ensureCliBuilt } from './lib/build.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { requireSystemPrograms } from './lib/programs.mjs';
import { runChild } from './lib/run-child.mjs';

/**
 * All tests: what a change can break, and what waits, fills or kills by design. Runs every part, or those that are named.
 * Other words choose files of test/nightly, as with `npm test`.
 */
const order = process.env.TEST_ORDER || String(randomInt(2 ** 31));

/** @type {Record<string, { script: string, args?: string[], env?: Record<string, string>, meaning: string }>} */
const parts = {
  tests: {
    meaning: 'unit, integration and nightly tests, many of them behind a pooler',
    script: 'test-pooled',
    args: ['--selectProjects', 'unit', 'integration', 'nightly'],
  },
  system: { meaning: 'pages, gateways and commands, as each change tests them', script: 'test-system' },
  tools: { meaning: 'scripts that start npm, git and compilers', script: 'test-tools' },
  packages: {
    meaning: 'the packages as they are published, each in an empty folder',
    script: 'check-packages',
  },
  nodes: { meaning: 'unit and integration tests on other versions of Node', script: 'test-nodes' },
  stock: {
    meaning: 'unit and integration tests in stock jest, which loads modules anew for each file',
    script: 'test',
    env: { KEEP_MODULES: 'off' },
  },
  order: {
    meaning: `unit and integration tests, files in random order (TEST_ORDER=${order} repeats it)`,
    script: 'test',
    env: { TEST_ORDER: order },
  },
  hostile: {
    meaning:
      'every hostile value in every header, parameter and property of every operation; every scope at every route; 3,000 changed proofs at each door',
    script: 'test',
    args: [
      'http-hostile-values',
      'admin-attacks-values',
      'admin-scopes',
      'callers-first',
      'hostile-init-data',
      'metapro-users',
      'xellar-attacks',
    ],
    env: { HOSTILE_VALUES: 'all' },
  },
  properties: {
    meaning:
      'unit tests, and histories of two people and a thief, with forty times as many draws for each property',
    script: 'test',
    args: [
      ...['--testTimeout=3600000', '\\.spec\\.ts$', 'account-histories'],
      ...['--selectProjects', 'unit', 'nightly'],
    ],
    env: { PROPERTY_TIMES: '40' },
  },
  'send-kills': {
    meaning:
      'sends through 100 random kills of three replicas and custody, and on TON through one at each step',
    script: 'test-nightly',
    args: ['sends-random-kills', 'sends-kills-ton'],
    env: { SEND_KILLS: process.env.SEND_KILLS || '100' },
  },
  mutations: {
    meaning: '30,000 mutated proofs for each rule',
    script: 'test-mutations',
    env: { MUTATIONS: process.env.MUTATIONS || '30000' },
  },
  image: { meaning: 'the image by buildah, started and signed in to', script: 'test-image' },
  stryker: { meaning: 'mutated code of the pure libs', script: 'test-stryker' },
  chaos: { meaning: 'chaos with 100 kills', script: 'test-chaos' },
  failover: {
    meaning: '20 failures of machines of a PostgreSQL cluster: leaders, standbys, etcd',
    script: 'test-failover',
  },
  growth: { meaning: '1,000,000 people', script: 'bench', args: ['growth'] },
};

await main(async () => {
  const words = process.argv.slice(2);
  await ensureInstalled();
  const named = words.filter((word) => Object.hasOwn(parts, word));
  if (named.length > 0 && named.length < words.length)
    throw new Sentence(`Name parts (${Object.keys(parts).join(', ')}) or files of test/nightly, not both.`);
  if (words.length > 0 && named.length === 0) {
    await prepareNightlyFiles();
    return runJest(words, ['nightly']);
  }
  const outcomes = [];
  for (const name of words.length > 0 ? words : Object.keys(parts)) outcomes.push(await run(name));
  say(`\n${outcomes.map(({ line }) => line).join('\n')}`);
  return outcomes.every(({ code }) => code === 0) ? 0 : 1;
});

async function prepareNightlyFiles() {
  requireSystemPrograms(['pgbouncer']);
  await ensureCliBuilt();
  await ensureInstalledIn(inClone('test', 'evm-pool'), 'Installing a second EVM node ...', [
    '--ignore-scripts',
  ]);
}

async function run(name) {
  const { script, args = [], env, meaning } = parts[name];
  say(`\n=== ${name}: ${meaning}`);
  if (name === 'tests') await prepareNightlyFiles();
  const startedAt = performance.now();
  const options = { cwd: CLONE, env: { ...process.env, ...env }, stdio: 'inherit' };
  const code = await runChild(process.execPath, [inClone('scripts', `${script}.mjs`), ...args], options);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return { code, line: `${code === 0 ? 'ok    ' : 'FAILED'} ${String(seconds).padStart(5)} s  ${name}` };
}
