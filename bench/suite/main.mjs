import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { inClone } from '../../scripts/lib/clone.mjs';
import { ensureInstalledIn } from '../../scripts/lib/install.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { print, runBench } from '../frame.mjs';
import { Crowd } from '../load/crowd.mjs';
import { operations as allOperations } from '../load/operations.mjs';
import { provokeRefusals } from '../load/refusals.mjs';
import { measure, summaryOf } from '../load/rounds.mjs';
import { countStatements } from '../load/statements.mjs';
import { pinSelf, planCores } from '../machine/cores.mjs';
import { syncTimeOf } from '../machine/disk.mjs';
import { POOL_SIZE, Postgres } from '../machine/postgres.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { pinnedIn, settingRows } from '../report/setting.mjs';
import { seededRandom } from '../report/statistics.mjs';
import { countersign, suite } from '../subjects/all.mjs';
import { subjectOf } from './against.mjs';
import { tablesOf, writeTables } from './tables.mjs';
import { judge } from './targets.mjs';

/** Share of its core from which on the generator limits what is measured. */
const BUSY = 0.85;

const OPTIONS = {
  rounds: { usual: 5, smoke: 1, meaning: 'measured rounds per operation and subject' },
  seconds: { usual: 3, smoke: 0.3, meaning: 'length of a round' },
  warmup: { usual: 1, smoke: 0.1, meaning: 'seconds of the same work right before each round' },
  connections: { usual: 32, meaning: 'keep-alive connections of the load generator' },
  only: {
    text: '<names>',
    meaning: 'operations and subjects, separated by commas; Countersign always takes part',
  },
  seed: {
    usual: randomInt(1, 3600),
    meaning: 'of the order within the rounds, as an earlier run printed it',
  },
  against: { text: '<commit>', meaning: 'measure the service of another commit as well, in the same rounds' },
  page: { text: '<file>', meaning: 'write the tables into this page, as docs/performance.md has them' },
  profile: { text: '<folder>', meaning: 'write a CPU profile of the service there' },
};

/** The service beside its peers. @param {string[]} words of the command line */
export function bench(words) {
  return runBench({ command: 'bench --', options: OPTIONS, words }, run);
}

async function run({ folder, ending, check, ...options }) {
  const { operations, subjects: named } = select(options.only);
  const before = options.against && (await subjectOf(options.against, { folder, ending }));
  const chosen = before
    ? [named[0], { ...before, operations: named[0].operations }, ...named.slice(1)]
    : named;
  const hasPeers = chosen.some(({ isPeer }) => isPeer);
  if (hasPeers)
    await ensureInstalledIn(inClone('bench', 'peers'), 'Installing the peers ...', ['--ignore-scripts']);
  const cores = planCores();
  const syncMs = syncTimeOf(folder);
  pinSelf(cores?.database);
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  pinSelf(cores?.generator);
  check();

  const { profile } = options;
  const subjects = await startAll(chosen, ending, { postgres, folder, profile, cores: cores?.subject });
  say('Sending requests that have to be rejected ...');
  const refused = new Map();
  for (const subject of subjects) {
    check();
    refused.set(subject.name, await provokeRefusals(subject));
  }
  say('Counting statements ...');
  const statements = await countStatements(postgres, subjects);
  say('Trying everything ...');
  const pairs = await measure(subjects, operations, options, {
    random: seededRandom(options.seed),
    check,
    databaseSeconds: () => postgres.cpuSeconds(),
    afterTrial: () => postgres.analyze(subjects.map(({ database }) => database)),
    onRound: (round) => say(`Round ${round} of ${options.rounds} ...`),
  });
  const { rounds, seconds, warmup, connections, seed } = options;
  const setting = [
    ...settingRows({ syncMs, database: await postgres.describe() }),
    ...(hasPeers ? [['peers', pinnedIn('bench', 'peers')]] : []),
    ['connections', `${connections} keep-alive to the subject, a pool of ${POOL_SIZE} to PostgreSQL`],
    ['pinned to cores', pinning(cores)],
    ['service', 'from dist, LOG_LEVEL as shipped (output discarded), JOBS on, both checks of init data'],
    [
      'rounds',
      `${rounds} of ${seconds} s (logout: half) after ${warmup} s of warm-up, in random order (--seed ${seed})`,
    ],
  ];
  const measured = pairs.map((pair) => ({
    operation: pair.operation.name,
    subject: pair.subject.name,
    ...summaryOf(pair),
  }));
  const tables = tablesOf({ setting, statements, measured, targets: judge(pairs, connections) });
  for (const [name, table] of Object.entries(tables)) print(`## ${name}\n\n${table}`);
  if (options.page) writeTables(options.page, tables);
  print(describeHarness(pairs, refused));
}

/** Starts all subjects, each as a process of its own. @returns in the order of the suite */
async function startAll(definitions, ending, options) {
  const bot = new TelegramBot();
  const subjects = [];
  for (const { name, operations, isPaced, start } of definitions) {
    say(`Starting ${name} ...`);
    const started = await start({ ...options, bot });
    ending.before(() => started.stop());
    ending.check();
    // An earlier commit may lack an operation.
    const known = operations.filter((key) => key in started.client);
    subjects.push({ ...started, name, operations: known, isPaced, crowd: new Crowd(bot) });
  }
  return subjects;
}

/** What was checked, and the limits of the harness itself. */
function describeHarness(pairs, refused) {
  const all = pairs.flatMap(({ rounds }) => rounds);
  const limited = pairs
    .filter((pair) => summaryOf(pair).busy >= BUSY)
    .map(({ operation, subject }) => `${operation.name} of ${subject.name}`);
  const refusals = Array.from(refused, (counts) => counts.join(' ')).join(', ');
  return [
    `Every one of ${all.reduce((total, { count }) => total + count, 0)} answers was checked and right.`,
    `Forged proofs and ended sessions, all rejected: ${refusals}.`,
    `Rounds that ran out of prepared requests and ended early: ${all.filter(({ isExhausted }) => isExhausted).length}.`,
    `Limited by the generator as well (${BUSY * 100} % of its core or more): ${limited.join('; ') || 'none'}.`,
  ].join('\n');
}

/** The operations and subjects with these names; when no name is of a kind, all of that kind. */
function select(only = '') {
  const names = only
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const isNamed = ({ name }) => names.includes(name.toLowerCase());
  const known = [...allOperations, ...suite];
  const unknown = names.find((wanted) => !known.some(({ name }) => name.toLowerCase() === wanted));
  if (unknown !== undefined)
    throw new Sentence(
      `Nothing here is called "${unknown}". There are: ${known.map(({ name }) => name).join(', ')}.`,
    );
  const named = suite.filter(isNamed);
  const others = named.filter(({ name }) => name !== countersign.name);
  const chosen = allOperations.filter(isNamed);
  const operations = (chosen.length > 0 ? chosen : allOperations).filter(
    ({ key }) => others.length === 0 || others.some((subject) => subject.operations.includes(key)),
  );
  const isChosen = (key) => operations.some((operation) => operation.key === key);
  const subjects = (named.length > 0 ? [countersign, ...others] : suite)
    .map((subject) => ({ ...subject, operations: subject.operations.filter(isChosen) }))
    .filter((subject) => subject.operations.length > 0);
  return { operations, subjects };
}

function pinning(cores) {
  if (!cores) return 'none: the system chooses';
  const { subject, database, generator } = cores;
  return `subject ${subject.join(', ')}; PostgreSQL ${database.join(', ')}; load generator ${generator.join(', ')}`;
}
