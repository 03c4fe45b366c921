import './lib/node-version.mjs';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { measurePatience } from './lib/patience.mjs';
import { requirePrograms } from './lib/programs.mjs';
import { runChild } from './lib/run-child.mjs';

/**
 * `node scripts/test.mjs <lanes> <words>`: lanes are separated by commas; words are those of jest, or of the program of the lane.
 * Without a lane all of the night run; a first word that is no lane chooses files of test/nightly.
 */

const { env } = process;
const changed = ['unit', 'integration'];
const ofSystem = ['apache2', 'caddy', 'chromium', 'nginx', 'redis-server'];
/** The oldest that is supported, as Debian 12 has it. */
const pooledPostgres = env.TEST_POOLED_POSTGRES || '/usr/lib/postgresql/15';

/**
 * `projects` of jest, with `args` before the words, or a `script`, or a `program`. `settings`: variables of its environment.
 *
 * @type {Record<string, { meaning: string, projects?: string[], args?: string[], settings?: object, needs?: string[],
 *   script?: string, program?: (words: string[]) => Promise<number> }>}
 */
const lanes = {
  change: { meaning: 'unit and integration tests', projects: changed },
  files: { meaning: 'files of test/nightly', projects: ['nightly'] },
  tests: {
    meaning: 'unit, integration and nightly tests, many of them behind pgbouncer on PostgreSQL 15',
    projects: [...changed, 'nightly'],
    settings: { TEST_POOLED_POSTGRES: pooledPostgres },
  },
  system: {
    meaning: 'pages, gateways and commands, as each change tests them',
    projects: ['system'],
    needs: ofSystem,
  },
  tools: { meaning: 'scripts that start npm, git and compilers', projects: ['tools'] },
  packages: {
    meaning: 'the packages as they are published, each in an empty folder',
    script: 'check-packages',
  },
  publication: {
    meaning: 'all packages, published to a registry of this machine, installed, started and upgraded',
    script: 'check-publication',
    args: ['--all'],
  },
  nodes: { meaning: 'unit and integration tests on other versions of Node', script: 'test-nodes' },
  stock: {
    meaning: 'unit and integration tests in stock jest, which loads modules anew for each file',
    projects: changed,
    settings: { KEEP_MODULES: 'off' },
  },
  order: {
    meaning: 'unit and integration tests, files in random order',
    projects: changed,
    settings: { TEST_ORDER: env.TEST_ORDER || String(randomInt(2 ** 31)) },
  },
  hostile: {
    meaning:
      'every hostile value in every header, parameter and property of every operation; every scope at every route; 3,000 changed proofs at each door',
    projects: changed,
    args: [
      ...['http-hostile-values', 'admin-attacks-values', 'facade-hostile-values', 'admin-scopes'],
      ...['callers-first', 'hostile-init-data'],
    ],
    settings: { HOSTILE_VALUES: 'all' },
  },
  properties: {
    meaning: 'unit tests, with forty times as many draws for each property',
    projects: ['unit'],
    args: ['--testTimeout=3600000'],
    settings: { PROPERTY_TIMES: '40' },
  },
  'send-kills': {
    meaning: 'sends on TON through a kill at each step, those of every chain included',
    projects: ['nightly'],
    args: ['sends-kills-ton'],
    settings: { SEND_KILLS: '1' },
  },
  mutations: {
    meaning: '30,000 mutated proofs for each rule',
    projects: changed,
    args: ['--testTimeout=600000', '(properties|second-readings).spec'],
    settings: { MUTATIONS: env.MUTATIONS || '30000' },
  },
  image: { meaning: 'the image by buildah, started and signed in to', script: 'test-image' },
  stryker: { meaning: 'mutated code of the pure libs', script: 'test-stryker' },
  chaos: {
    meaning: 'revocation while replicas and connections fail',
    program: async (words) => (await import('../test/chaos/main.mjs')).chaos(words),
  },
  failover: {
    meaning: '20 failures of machines of a PostgreSQL cluster: leaders, standbys, etcd',
    program: async () =>
      (await import('../test/failover/main.mjs')).failover({
        ...env,
        PATIENCE: String(await measurePatience()),
      }),
  },
  growth: { meaning: '1,000,000 people', script: 'bench', args: ['growth'] },
};

await main(async () => {
  const [first = '', ...words] = process.argv.slice(2);
  if (first === '') return runAll(Object.keys(lanes).slice(2));
  const named = first.split(',');
  if (!named.every((name) => Object.hasOwn(lanes, name))) return run('files', [first, ...words]);
  return named.length === 1 ? run(first, words) : runAll(named);
});

async function run(name, words) {
  const { projects, args = [], settings, script, needs = [], program } = lanes[name];
  if (script) return runNode([inClone('scripts', `${script}.mjs`), ...args, ...words]);
  const isOfNight = Boolean(projects?.includes('nightly'));
  requirePrograms('These tests', isOfNight ? [...ofSystem, 'pgbouncer'] : needs);
  if (settings?.TEST_POOLED_POSTGRES && !existsSync(`${pooledPostgres}/bin/postgres`))
    throw new Sentence(
      `These tests need PostgreSQL in ${pooledPostgres}: run "apt-get install -y postgresql-15", or name another one in TEST_POOLED_POSTGRES.`,
    );
  await ensureInstalled();
  if (isOfNight || program) await ensureBuilt();
  if (program) return program(words);
  if (settings)
    say(
      Object.entries(settings)
        .map((pair) => pair.join('='))
        .join(' '),
    );
  return runJest([...args, ...words], projects, { env: { ...env, ...settings } });
}

/** Each in a process of its own. */
async function runAll(names) {
  const outcomes = [];
  for (const name of names) {
    say(`\n=== ${name}: ${lanes[name].meaning}`);
    const startedAt = performance.now();
    const code = await runNode([fileURLToPath(import.meta.url), name]);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    outcomes.push({
      code,
      line: `${code === 0 ? 'ok    ' : 'FAILED'} ${String(seconds).padStart(5)} s  ${name}`,
    });
  }
  say(`\n${outcomes.map(({ line }) => line).join('\n')}`);
  return outcomes.every(({ code }) => code === 0) ? 0 : 1;
}

function runNode(words) {
  return runChild(process.execPath, words, { cwd: CLONE, stdio: 'inherit' });
}
