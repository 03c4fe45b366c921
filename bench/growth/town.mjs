import { mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { Postgres } from '../machine/postgres.mjs';
import { fill } from './fill.mjs';
import { install } from './installation.mjs';
import { openContext } from './product.mjs';

const DATABASE = 'growth';

/** MiB: the quarter of the machine's memory that PostgreSQL's documentation recommends to begin with. */
const SHARED_BUFFERS = Math.floor(totalmem() / 4 / 1024 ** 2);

/**
 * An installation with so many people, on a PostgreSQL of its own: neither has the other's pages in memory, and what each
 * computes can be told apart.
 *
 * @typedef {object} Town
 * @property {string} name
 * @property {number} users
 * @property {Postgres} postgres
 * @property {pg.Client} client
 * @property {string} databaseUrl
 * @property {Awaited<ReturnType<typeof install>>} installation
 * @property {Filled} filled
 *
 * @typedef {Awaited<ReturnType<typeof fill>> & { now: number, total: number, computed: { own: number, ofDatabase: number } }} Filled
 */

/**
 * @param {object} options
 * @param {number} options.users
 * @param {string} options.folder
 * @param {import('../product/telegram-bot.mjs').TelegramBot} options.bot
 * @param {import('../machine/ending.mjs').Ending} options.ending gets how to end it
 * @returns {Promise<Town>}
 */
export async function settle({ users, folder, bot, ending }) {
  const name = `${users.toLocaleString('en')} people`;
  const own = join(folder, String(users));
  mkdirSync(own);
  const postgres = await Postgres.start(join(own, 'postgres'), { sharedBuffers: SHARED_BUFFERS });
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const installation = await install({ databaseUrl, folder: own, bot });
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  ending.before(() => client.end());
  const filled = await fillAs({
    users,
    installation,
    postgres,
    bot,
    databaseUrl,
    check: () => ending.check(),
  });
  return { name, users, postgres, client, databaseUrl, installation, filled };
}

async function fillAs({ users, installation, postgres, bot, databaseUrl, check }) {
  const { keys, applicationId, botRowId, settings, env } = installation;
  const now = Date.now();
  const world = { keys, users, now, applicationId, botRowId, botId: bot.id, settings };
  const context = await openContext(env);
  try {
    const [start, cpu, ofDatabase] = [performance.now(), process.cpuUsage(), postgres.cpuSeconds()];
    const made = await fill({ databaseUrl, world, context, check });
    const { user, system } = process.cpuUsage(cpu);
    const computed = { own: (user + system) / 1e6, ofDatabase: postgres.cpuSeconds() - ofDatabase };
    return { ...made, now, total: (performance.now() - start) / 1000, computed };
  } finally {
    await context.close();
  }
}
