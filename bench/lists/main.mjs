import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { EXPLAINING, indexesOf, nodesOf, pagesOf } from '../growth/plans.mjs';
import { install } from '../growth/installation.mjs';
import { openContext } from '../growth/product.mjs';
import { plansOf } from '../growth/watched.mjs';
import { median } from '../load/statistics.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { table } from '../report/table.mjs';
import { Caller } from './caller.mjs';
import { callsOf } from './calls.mjs';
import { fill, RARE } from './fill.mjs';
import { request } from './request.mjs';
import { samplesOf } from './samples.mjs';
import { walk } from './walk.mjs';

const { freePort, prepareFolder } = built('tools/private-postgres/src');

const USAGE = `Usage: npm run bench:lists -- [options]

  --users <n>   users of the large installation (1000000), compared with one of a hundredth
  --times <n>   measured calls of each list and installation (31)`;

const DATABASE = 'lists';
/** A page of the large installation, by one of the small. Medians. */
const MAX_RATIO = 2;
const WARM_UP = 5;
/** The planner's own look at the catalogue. */
const OF_LISTS = /\b(users|identities|sessions|applications|bots|principals|audit_records)\b/;
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);

/** @param {string[]} words of the command line @returns {Promise<number>} the exit code: 1 when something does not hold */
export async function lists(words) {
  const { users, times } = optionsOf(words);
  const ending = new Ending();
  try {
    return await run({ users, times, ending });
  } catch (error) {
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

function optionsOf(words) {
  const text = { type: 'string' };
  const { values } = parseArgs({ args: words, options: { users: text, times: text } });
  const [users, times] = [Number(values.users ?? 1_000_000), Number(values.times ?? 31)];
  if (!(users >= 100 * RARE && users % 10_000 === 0 && times >= 1))
    throw new Sentence(`--users must be a multiple of 10000, from ${100 * RARE} on.\n\n${USAGE}`);
  return { users, times };
}

async function run({ users, times, ending }) {
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-lists-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const bot = new TelegramBot();
  const small = await settle({ users: users / 100, folder, bot, ending });
  const large = await settle({ users, folder, bot, ending });

  say('Measuring ...');
  const measured = await measure([small, large], times, () => ending.check());
  print(describe(measured, [small, large]));
  say('Plans ...');
  const plans = await explain(large, measured);
  print(plans.text);
  say('Walking ...');
  const walked = await walk({
    caller: large.caller,
    databaseUrl: large.databaseUrl,
    check: () => ending.check(),
  });
  print(walked.text);
  const slow = measured.filter(isSlow);
  const faults = [
    ...slow.map(({ name, ratio }) => `${name} takes ${ratio.toFixed(2)} times as long`),
    ...plans.faults,
    ...walked.faults,
  ];
  print(faults.map((fault) => `- ${fault}`).join('\n') || 'Nothing went wrong.');
  return faults.length === 0 ? 0 : 1;
}

async function settle({ users, folder, bot, ending }) {
  const own = join(folder, String(users));
  mkdirSync(own);
  const postgres = await Postgres.start(join(own, 'postgres'), { sharedBuffers: SHARED_BUFFERS });
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const { env, keys, applicationId } = await install({ databaseUrl, folder: own, bot });
  const { principalId, clientSecret } = await runCli(
    ['principal', 'create', '--name', 'bench', '--kind', 'machine', '--all-scopes'],
    env,
  );
  const start = async (more = {}) => {
    const adminPort = await freePort();
    const service = await startService({ ...env, ...more, ADMIN_PORT: String(adminPort) });
    return { service, caller: new Caller(`http://127.0.0.1:${adminPort}`, { principalId, clientSecret }) };
  };
  const { service, caller } = await start();
  ending.before(() => service.stop());
  await signIn(service, applicationId, bot);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    say(`Making ${users} users ...`);
    const context = await openContext(env);
    await fill(client, users, context.partitions).finally(() => context.close());
    const calls = await callsOf(caller, await samplesOf(client, keys));
    return { users, postgres, databaseUrl, start, caller, calls };
  } finally {
    await client.end();
  }
}

/** The session that the others are copies of. */
async function signIn(service, applicationId, bot) {
  const answer = await request(`${service.origin}/v1/auth/telegram/init-data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ applicationId, initData: bot.launchOf(bot.newUser()) }),
  });
  if (answer.status !== 200) throw new Error(`the sign-in: ${answer.status} ${await answer.text()}`);
}

/** In turn at both installations, because a machine drifts. */
async function measure(towns, times, check) {
  const [small, large] = towns;
  const both = large.calls
    .map((call) => ({
      ...call,
      paths: [small.calls.find(({ name }) => name === call.name)?.path, call.path],
    }))
    .filter(({ paths }) => paths[0] !== undefined);
  const measured = [];
  for (const call of both) {
    check();
    const once = await compare(call, towns, times);
    // Another program may have had the cores meanwhile.
    measured.push(isSlow(once) ? await compare(call, towns, 3 * times) : once);
  }
  return measured;
}

async function compare(call, towns, times) {
  const latencies = [[], []];
  for (let turn = -WARM_UP; turn < times; turn += 1)
    for (const index of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const latency = await towns[index].caller.time(call.paths[index]);
      if (turn >= 0) latencies[index].push(latency);
    }
  const medians = latencies.map(median);
  return { ...call, medians, ratio: medians[1] / medians[0] };
}

function isSlow({ ratio, isOfSameSize }) {
  return isOfSameSize && ratio > MAX_RATIO;
}

function describe(measured, towns) {
  const headings = [
    'list',
    ...towns.map(({ users }) => ` ${users.toLocaleString('en')} users, ms`),
    ' times',
  ];
  return table(
    headings,
    measured.map(({ name, medians, ratio }) => [
      name,
      ...medians.map((value) => value.toFixed(1)),
      ratio.toFixed(2),
    ]),
  );
}

/** The plans of each call, as PostgreSQL ran them. */
async function explain({ postgres, start }, calls) {
  const { service, caller } = await start({ PGOPTIONS: EXPLAINING });
  const faults = [];
  const rows = [];
  try {
    await caller.get('principals?limit=1');
    for (const { name, path, mayRead } of calls) {
      const plans = (await plansOf(postgres, () => caller.get(path))).filter(({ text }) =>
        OF_LISTS.test(text),
      );
      const read = Math.max(0, ...plans.flatMap(({ root }) => nodesOf(root).map(rowsRead)));
      const scans = [
        ...new Set(
          plans.flatMap(({ root }) =>
            nodesOf(root)
              .filter(isWholeScan)
              .map((node) => node['Relation Name']),
          ),
        ),
      ];
      if (plans.length === 0) faults.push(`${name}: no plan was seen`);
      if (read > mayRead) faults.push(`${name} reads ${read} rows, and may read ${mayRead}`);
      const indexes = [
        ...new Set(plans.flatMap(indexesOf).map((index) => index.replace(/_\d{8}(?=_)/, '_*'))),
      ].sort();
      rows.push([
        name,
        String(read),
        String(Math.max(0, ...plans.map(pagesOf))),
        [...indexes, ...scans.map((scan) => `(${scan}, as far as the limit)`)].join(', '),
      ]);
    }
  } finally {
    await service.stop();
  }
  return { text: table(['list', ' most rows read', ' most pages', 'indexes'], rows), faults };
}

function isWholeScan(node) {
  return node['Node Type'] === 'Seq Scan' && (node['Actual Rows'] ?? 0) > 0;
}

/** Of a table, with those that a filter dropped. */
function rowsRead(node) {
  if (node['Relation Name'] === undefined) return 0;
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return ((node['Actual Rows'] ?? 0) + dropped) * (node['Actual Loops'] ?? 1);
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
