import { randomInt } from 'node:crypto';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { countersignClient } from '../clients/countersign.mjs';
import { print, runBench } from '../frame.mjs';
import { Crowd } from '../load/crowd.mjs';
import { operations } from '../load/operations.mjs';
import { enrol, measure, summaryOf } from '../load/rounds.mjs';
import { pinSelf, planCores } from '../machine/cores.mjs';
import { POOL_SIZE, Postgres } from '../machine/postgres.mjs';
import { setUp, startService } from '../product/service.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { seededRandom } from '../report/statistics.mjs';
import { fixed, grouped, tableOf, targetTable } from '../report/table.mjs';
import { fillPeople } from './fill.mjs';
import { fillMemory } from './memory.mjs';
import { measureJobs } from './jobs.mjs';
import { soak } from './soak.mjs';

/** In this order. The later ones end sessions that the others need. */
const PARTS = {
  operations: compareOperations,
  sizes: readSizes,
  memory: fillMemory,
  soak,
  jobs: measureJobs,
};

const OPTIONS = {
  users: {
    ...{ usual: 1_000_000, smoke: 1_000 },
    meaning: 'people to make, with three sessions each; they are compared with 10,000',
  },
  soak: { usual: 10, smoke: 0.1, meaning: 'minutes of all operations at once' },
  rate: { usual: 300, smoke: 30, meaning: 'requests a second meanwhile' },
  jobs: {
    usual: 30,
    smoke: 0.2,
    meaning: 'minutes of mixed load in which the cost of jobs and tasks is measured',
  },
  only: { text: '<parts>', meaning: `some of ${Object.keys(PARTS).join(', ')}, separated by commas` },
  rounds: { usual: 5, smoke: 1, meaning: 'measured rounds per operation' },
  seconds: { usual: 1.5, smoke: 0.3, meaning: 'length of a round' },
  seed: { usual: randomInt(1, 3_600), meaning: 'of the order, as an earlier run printed it' },
};

/** People who sign in themselves, and whom the load generator acts as; the others are copies of them. */
const REAL = 20_000;
const FEW = 10_000;
const CONNECTIONS = 32;
const HOUR = 3_600;
/** Times of the costs with few people. */
const MAX_GROWTH = 1.3;
/** Access tokens last longer than the bench: what is made at its beginning is used until its end. */
const SETTINGS = {
  session: { accessIdle: 12 * HOUR, accessAbsolute: 24 * HOUR },
  perRequestInitData: { accept: true },
};
/** MiB: the quarter of the machine's memory that PostgreSQL's documentation recommends to begin with. */
const SHARED_BUFFERS = Math.floor(totalmem() / 4 / 1024 ** 2);

/**
 * The result of a part.
 *
 * @typedef {{ text: string, verdicts?: { what: string, wanted: string, measured: string, isReached: boolean }[] }} Found
 */

/** A large installation beside a small one. @param {string[]} words of the command line @returns the exit code */
export function bench(words) {
  return runBench({ command: 'bench -- growth', options: OPTIONS, words }, run);
}

async function run({ folder, ending, check, ...options }) {
  const parts = partsOf(options);
  const random = seededRandom(options.seed);
  const planned = planCores();
  const bot = new TelegramBot();
  pinSelf(planned?.database);
  const postgres = await Postgres.start(join(folder, 'postgres'), { sharedBuffers: SHARED_BUFFERS });
  ending.before(() => postgres.stop());
  const few = Math.min(FEW, Math.floor(options.users / 2));
  const subjects = [];
  for (const users of parts.includes('operations') ? [few, options.users] : [options.users]) {
    check();
    say(`Making ${users} people ...`);
    subjects.push(await prepare({ users, folder, bot, postgres, ending, cores: planned?.subject }));
  }
  pinSelf(planned?.generator);

  const facts = { subjects, subject: subjects.at(-1), postgres, bot, options, random, check, folder };
  const verdicts = [];
  for (const name of parts) {
    check();
    say(`${name} ...`);
    const found = await PARTS[name](facts);
    print(`## ${name}\n\n${found.text}`);
    verdicts.push(...(found.verdicts ?? []));
  }
  if (verdicts.length > 0) print(targetTable('what', verdicts));
  print(`The order is that of --seed ${options.seed}.`);
  const missed = options.smoke ? [] : verdicts.filter(({ isReached }) => !isReached);
  return missed.length === 0 ? 0 : 1;
}

function partsOf({ only }) {
  const wanted = only?.split(',').map((name) => name.trim()) ?? Object.keys(PARTS);
  const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new Sentence(`--only: there is no part "${unknown}".`);
  return Object.keys(PARTS).filter((name) => wanted.includes(name));
}

/** An installation as a subject of the load generator, with its settings as `env` to start it again. */
async function prepare({ users, folder, bot, postgres, ending, cores }) {
  const database = `people_${users}`;
  const keysFile = join(folder, `${database}.json`);
  await postgres.createDatabase(database);
  const urls = { databaseUrl: postgres.urlOf(database), keysFile };
  const { env: own, ...application } = await setUp({ ...urls, bot, settings: SETTINGS });
  const env = { ...own, JOBS: 'off', DATABASE_POOL_SIZE: String(POOL_SIZE) };
  const client = countersignClient(application);
  const crowd = new Crowd(bot);
  const start = async (more = {}, nodeArguments = []) => {
    const service = await startService({ ...env, ...more }, { cores, nodeArguments });
    ending.before(() => service.stop());
    const { gatewayPort } = service;
    return { ...service, ports: { gatewayCheck: gatewayPort, gatewayInitData: gatewayPort }, client, crowd };
  };
  const first = await start();
  const real = Math.min(REAL, Math.ceil(users / 2));
  await enrol(first, real, CONNECTIONS);
  await first.stop();
  const from = performance.now();
  const connection = new pg.Client({ connectionString: urls.databaseUrl });
  await connection.connect();
  if (users > real) await fillPeople({ client: connection, postgres, users });
  await connection.end();
  say(`It took ${((performance.now() - from) / 1_000).toFixed(0)} seconds.`);
  const keys = operations.map(({ key }) => key);
  return { ...(await start()), name: `${grouped(users)} people`, database, operations: keys, start };
}

/** Every operation at both installations, in the same rounds. @returns {Promise<Found>} */
async function compareOperations({ subjects, postgres, options, random, check }) {
  const pairs = await measure(
    subjects,
    operations,
    { ...options, warmup: options.smoke ? 0.1 : 0.5, connections: CONNECTIONS },
    {
      ...{ random, check, databaseSeconds: () => postgres.cpuSeconds() },
      afterTrial: () => undefined,
      onRound: (round) => say(`Round ${round} of ${options.rounds} ...`),
    },
  );
  const [few, many] = subjects;
  const rows = operations.map((operation) => {
    const find = (subject) =>
      summaryOf(pairs.find((pair) => pair.operation === operation && pair.subject === subject));
    return { name: operation.name, few: find(few), many: find(many) };
  });
  const cpu = ({ cost, databaseCost }) => (cost + databaseCost) * 1e6;
  const byRate = (row) => row.few.rate / row.many.rate;
  const byCpu = (row) => cpu(row.many) / cpu(row.few);
  const text = tableOf(rows, {
    operation: ({ name }) => name,
    [` answers/s, ${few.name}`]: (row) => grouped(row.few.rate),
    [` answers/s, ${many.name}`]: (row) => grouped(row.many.rate),
    ' times the time': (row) => fixed(byRate(row), 2),
    [` CPU µs, ${few.name}`]: (row) => fixed(cpu(row.few)),
    [` CPU µs, ${many.name}`]: (row) => fixed(cpu(row.many)),
    ' times the CPU': (row) => fixed(byCpu(row), 2),
  });
  const verdicts = rows.map((row) => ({
    what: row.name,
    wanted: `with many people at most ${MAX_GROWTH} times the time and the CPU`,
    measured: `${fixed(byRate(row), 2)} and ${fixed(byCpu(row), 2)}`,
    // Off Linux the CPU time is not known.
    isReached: byRate(row) <= MAX_GROWTH && !(byCpu(row) > MAX_GROWTH),
  }));
  return { text, verdicts };
}

/** Tables with their indexes; partitioned ones with all of their partitions. @returns {Promise<Found>} */
async function readSizes({ subject, postgres }) {
  const rows = await postgres.query(
    subject.database,
    `SELECT name, sum(pg_total_relation_size(c.oid))::float8 AS bytes, sum(greatest(reltuples, 0))::float8 AS rows
     FROM unnest(ARRAY['users', 'identities', 'identity_digests', 'sessions', 'proofs', 'audit_records']) AS name
     JOIN pg_class c ON c.relkind = 'r' AND (c.oid = name::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree(name::regclass)))
     GROUP BY name ORDER BY name`,
  );
  const text = tableOf(rows, {
    table: ({ name }) => name,
    ' rows': ({ rows: count }) => grouped(count),
    ' MiB': ({ bytes }) => fixed(bytes / 2 ** 20, 1),
    ' bytes per row': ({ bytes, rows: count }) => (count > 0 ? grouped(bytes / count) : ''),
  });
  return { text };
}
