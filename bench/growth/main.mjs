import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { built } from '../built.mjs';
import { describeDisk, folderOnDisk } from '../disk.mjs';
import { Ending } from '../ending.mjs';
import { Postgres } from '../postgres.mjs';
import { table } from '../table.mjs';
import { TelegramBot } from '../telegram-bot.mjs';
import { clean } from './cleaning.mjs';
import { revokeAll } from './emergency.mjs';
import { fill } from './fill.mjs';
import { foreignKeysWithoutIndex } from './indexes.mjs';
import { SESSIONS_PER_USER } from './lives.mjs';
import { measureMemory } from './memory.mjs';
import { readOptions, USAGE } from './options.mjs';
import { EXPLAINING } from './plans.mjs';
import { openContext } from './product.mjs';
import { install } from './service.mjs';
import { describeSizes } from './sizes.mjs';
import { judge, plansOf, watchJourneys } from './watched.mjs';

const { prepareFolder } = built('libs/private-postgres/src');
const DATABASE = 'growth';

/**
 * @param {string[]} words of the command line
 * @returns {Promise<number>} the exit code: 1 when something does not hold
 */
export async function growth(words) {
  const options = readOptions(words);
  if (!options) {
    print(USAGE);
    return 0;
  }
  const ending = new Ending();
  try {
    return await run(options, ending);
  } catch (error) {
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

async function run(options, ending) {
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-growth-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const disk = describeDisk(folder);
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);

  const bot = new TelegramBot();
  const databaseUrl = postgres.urlOf(DATABASE);
  const installation = await install({ databaseUrl, folder, bot });
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  ending.before(() => client.end());
  const check = () => ending.check();
  const shared = { options, installation, postgres, client, bot, databaseUrl, check };

  say(`Making ${options.users} people ...`);
  const filled = await fillAs(shared);
  print(describeFilling(options, filled, disk));
  print(await describeSizes(client, options.users));

  const faults = [];
  const stage = async (name, work) => {
    check();
    say(`${name} ...`);
    const { text, faults: found } = await work();
    print(text);
    faults.push(...found);
  };
  await stage('Looking at plans', () => lookAtPlans(shared, filled));
  await stage('Cleaning', () => cleanUp(shared, filled));
  await stage('Filling the memory of the service', () =>
    measureMemory({ env: installation.env, present: filled.present }),
  );

  await stage('Revoking everything', () => revokeAll(shared));

  print(faults.length === 0 ? 'Everything holds.' : faults.map((fault) => `- ${fault}`).join('\n'));
  return faults.length === 0 ? 0 : 1;
}

async function fillAs({ options, installation, bot, databaseUrl, check }) {
  const { keys, applicationId, botRowId, settings, env } = installation;
  const world = {
    keys,
    users: options.users,
    now: Date.now(),
    applicationId,
    botRowId,
    botId: bot.id,
    settings,
  };
  const context = await openContext(env);
  try {
    const start = performance.now();
    const made = await fill({ databaseUrl, world, context, check });
    return { ...made, now: world.now, total: (performance.now() - start) / 1000 };
  } finally {
    await context.close();
  }
}

async function lookAtPlans({ options, installation, postgres, client, bot, check }, filled) {
  const { members } = filled;
  const { sample } = options;
  const { watched, taken } = await watchJourneys({ installation, postgres, bot, members, sample, check });
  // Some of their sessions have ended here.
  const used = new Set(taken.flatMap(({ sessions }) => sessions.map(({ accessToken }) => accessToken)));
  filled.present = filled.present.filter((token) => !used.has(token));
  const judged = await judge(client, watched);
  const unserved = await foreignKeysWithoutIndex(client, ['identities', 'identity_digests', 'sessions']);
  const told = unserved.map(({ name, parent }) => `${name} (to ${parent})`);
  const note = `Foreign keys without an index of their own: ${told.join(', ') || 'none'}.`;
  return { text: `${judged.text}\n\n${note}`, faults: judged.faults };
}

async function cleanUp({ installation, postgres, client }, { now }) {
  const before = process.env.PGOPTIONS;
  process.env.PGOPTIONS = EXPLAINING;
  const context = await openContext(installation.env);
  try {
    let cleaned;
    const plans = await plansOf(postgres, async () => {
      cleaned = await clean(context, client, now);
    });
    const { faults } = await judge(client, [{ name: 'cleaning', plans }]);
    return { text: cleaned.text, faults: [...cleaned.faults, ...faults] };
  } finally {
    await context.close();
    if (before === undefined) delete process.env.PGOPTIONS;
    else process.env.PGOPTIONS = before;
  }
}

function describeFilling({ users }, { seconds, total, members, present }, { fileSystem, syncMs }) {
  const steps = Object.entries(seconds).map(([step, value]) => [step, value.toFixed(1)]);
  const told =
    `${users} people with ${users * SESSIONS_PER_USER} sessions, ${present.length} of them in use, ` +
    `${members.length} people to ask for; ${fileSystem}, ${syncMs.toFixed(2)} ms to force a page to disk.`;
  return `${told}\n\n${table(['step', ' seconds'], [...steps, ['all of it', total.toFixed(1)]])}`;
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
