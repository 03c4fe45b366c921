import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { install } from '../growth/installation.mjs';
import { median, percentile } from '../load/statistics.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { table } from '../report/table.mjs';
import { signIn } from '../teams/town.mjs';
import { fillHistory } from './fill.mjs';
import { linkWallet, pageOf, SITE } from './wallets.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

const USAGE = `Usage: npm run bench:wallet-history -- [options]

  --rows <n>   transactions of the long history (1000000)
  --times <n>  measured calls of each page (301)`;

const DATABASE = 'history';
const CHAIN = 'eip155:31337';
const PAGE = 50;
const WARM_UP = 20;
/** A page of the long history, by the same one of a short one and by that of an empty one. */
const MAX_RATIO = 2;
const SETTINGS = { rateLimits: { read: { limit: 10_000_000, window: 60 } } };

/**
 * Pages of the history of three wallets of one person, over HTTP: without transactions, with few more than a page, and with
 * very many.
 *
 * @param {string[]} words of the command line
 * @returns {Promise<number>} the exit code: 1 when a page takes too long
 */
export async function walletHistory(words) {
  const options = optionsOf(words);
  const ending = new Ending();
  try {
    const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-history-')));
    ending.before(() => rmSync(folder, { recursive: true, force: true }));
    return await run({ ...options, folder, ending });
  } catch (error) {
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

function optionsOf(words) {
  const text = { type: 'string' };
  const { values } = parseArgs({ args: words, options: { rows: text, times: text } });
  const options = { rows: Number(values.rows ?? 1_000_000), times: Number(values.times ?? 301) };
  if (!Object.values(options).every(Number.isInteger) || options.rows < 1_000 || options.times < 1)
    throw new Sentence(`--rows is 1000 or more.\n\n${USAGE}`);
  return options;
}

async function run({ rows, times, folder, ending }) {
  const bot = new TelegramBot();
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const { env, keys, applicationId } = await install({ databaseUrl, folder, bot, origins: [SITE] });
  await runCli(
    ['application', 'set', '--application', applicationId, '--settings-stdin'],
    env,
    JSON.stringify(SETTINGS),
  );
  const service = await startService({ ...env, CHAINS: chainsOf(await silentNode(ending)) });
  ending.before(() => service.stop());
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  ending.before(() => client.end());

  const { origin } = service;
  const user = bot.newUser();
  const { accessToken, sessionId } = await signIn(service, applicationId, bot, user);
  await client.query(
    `UPDATE sessions SET step_up_expires_at = now() + interval '1 hour', step_up_assurance = 'platform' WHERE id = $1`,
    [sessionId],
  );
  const walletIds = [];
  for (const count of [0, PAGE + 10, rows]) {
    const walletId = await linkWallet(origin, accessToken, CHAIN);
    say(`Making ${count} rows ...`);
    await fillHistory(client, { keys, walletId, chainId: CHAIN, rows: count, check: () => ending.check() });
    walletIds.push(walletId);
  }
  await client.query('VACUUM (ANALYZE) wallet_transfers');

  say('Measuring ...');
  const [empty, short, long] = walletIds.map((id) => `/v1/wallets/${id}/transactions?chainId=${CHAIN}`);
  const cursor = (sequence) => `&cursor=${Buffer.from(String(sequence)).toString('base64url')}`;
  const calls = [
    { name: 'empty', path: `${empty}&limit=${PAGE}`, items: 0 },
    { name: `${PAGE + 10} rows, a page of ${PAGE}`, path: `${short}&limit=${PAGE}`, items: PAGE },
    { name: `${rows} rows, a page of ${PAGE}`, path: `${long}&limit=${PAGE}`, items: PAGE },
    {
      name: `${rows} rows, the page in the middle`,
      path: `${long}&limit=${PAGE}${cursor(Math.floor(rows / 2))}`,
      items: PAGE,
    },
    {
      name: `${rows} rows, with hidden ones`,
      path: `${long}&limit=${PAGE}&includeHidden=true`,
      items: PAGE,
    },
    { name: `${PAGE + 10} rows, a page of 1`, path: `${short}&limit=1`, items: 1 },
    { name: `${rows} rows, a page of 1`, path: `${long}&limit=1`, items: 1 },
  ];
  const measured = await measure(calls, { origin, accessToken, times, check: () => ending.check() });
  process.stdout.write(`${describe(measured)}\n\n`);
  const [ofEmpty, ofShort, ofLong, ...others] = measured;
  const bySame = Math.max(ofLong.p50, others[0].p50, others[1].p50) / ofShort.p50;
  const byEmpty = ofLong.p50 / ofEmpty.p50;
  process.stdout.write(
    `A page of ${PAGE} of ${rows} rows takes at most ${bySame.toFixed(2)} times as long as one of ${PAGE + 10} rows, ` +
      `and ${byEmpty.toFixed(2)} times as long as an empty one.\n`,
  );
  return Math.max(bySame, byEmpty) > MAX_RATIO ? 1 : 0;
}

/** In turn, because a machine drifts. */
async function measure(calls, { origin, accessToken, times, check }) {
  const latencies = calls.map(() => []);
  const bytes = calls.map(() => 0);
  for (let turn = -WARM_UP; turn < times; turn += 1) {
    check();
    for (const [index, { name, path, items }] of calls.entries()) {
      const told = await pageOf(origin, accessToken, path);
      if (told.page.items.length !== items) throw new Error(`${name}: ${told.page.items.length} items`);
      bytes[index] = told.bytes;
      if (turn >= 0) latencies[index].push(told.ms);
    }
  }
  return calls.map((call, index) => ({
    ...call,
    bytes: bytes[index],
    p50: median(latencies[index]),
    p99: percentile(Float64Array.from(latencies[index]).sort(), 0.99),
  }));
}

function describe(measured) {
  const [{ p50: ofEmpty }] = measured;
  return table(
    ['history', ' p50 ms', ' p99 ms', ' by the empty one', ' kB'],
    measured.map(({ name, p50, p99, bytes }) => [
      name,
      ...[p50, p99].map((value) => value.toFixed(1)),
      (p50 / ofEmpty).toFixed(2),
      (bytes / 1_000).toFixed(1),
    ]),
  );
}

/** A node that tells nothing: rows of blocks that are not final are no matter of this bench. */
async function silentNode(ending) {
  const server = createServer((_, response) => response.writeHead(503).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.before(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

function chainsOf(url) {
  const chain = { chainId: CHAIN, rpcUrls: [url], mayNameAddresses: false, name: 'bench' };
  const currency = { symbol: 'ETH', decimals: 18 };
  // Wallets of keys count as those of production.
  const more = { environment: 'production', currency, confirmations: 64, blockTimeMs: 12_000 };
  return JSON.stringify({ chains: [{ ...chain, ...more }] });
}
