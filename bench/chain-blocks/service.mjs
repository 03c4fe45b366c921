import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { say } from '../../scripts/lib/main.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';
import { fillWallets } from './fill.mjs';

const { prepareFolder } = built('tools/private-postgres/src');
const { generateKeyRing } = built('libs/pure/crypto/src');

const DATABASE = 'blocks';
const POLL = 50;
const CHAIN = 'eip155:31337';
const ROWS = `
  SELECT (SELECT count(*) FROM wallet_transfers)::int AS final, (SELECT count(*) FROM wallet_transfers_pending)::int AS pending`;

/**
 * The service as it is shipped follows the chain from its first block to its head: blocks checked, rows sealed and made final,
 * in a durable PostgreSQL on the same machine.
 *
 * @param {{ url: string, first: number, head: number, followed: number }} chain
 * @param {import('../machine/ending.mjs').Ending} ending
 */
export async function followByService({ url, first, head, followed }, ending) {
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-blocks-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const keys = JSON.stringify(generateKeyRing());
  writeFileSync(join(folder, 'keys.json'), keys, { mode: 0o600 });
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.urlOf(DATABASE),
    KEYS_FILE: join(folder, 'keys.json'),
    CHAINS: JSON.stringify({ chains: [chainOf(url, first)] }),
    LOG_LEVEL: 'warn',
  };
  await runCli(['migrate'], env);
  const client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  ending.before(() => client.end());
  say(`Linking ${followed} wallets ...`);
  await fillWallets(client, { keys, count: followed });
  ending.check();

  say('Following the chain with the service ...');
  const profiles = join(folder, 'profiles');
  const service = await startService(env, { nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${profiles}`] });
  ending.before(() => service.stop());
  const started = await reached(client, first, ending);
  const before = { at: performance.now(), service: service.cpuSeconds(), postgres: postgres.cpuSeconds() };
  const ended = await reached(client, head, ending);
  const seconds = (performance.now() - before.at) / 1_000;
  const blocks = ended - started;
  const cpuMs = (now, then) => ((now - then) * 1_000) / blocks;
  const figures = {
    perSecond: blocks / seconds,
    serviceMs: cpuMs(service.cpuSeconds(), before.service),
    postgresMs: cpuMs(postgres.cpuSeconds(), before.postgres),
    ...(await client.query(ROWS)).rows[0],
  };
  await service.stop();
  const [profile] = readdirSync(profiles);
  return { ...figures, profile: JSON.parse(readFileSync(join(profiles, profile), 'utf8')) };
}

function chainOf(url, first) {
  return {
    chainId: CHAIN,
    rpcUrls: [url],
    mayNameAddresses: false,
    name: 'bench',
    environment: 'test',
    currency: { symbol: 'ETH', decimals: 18 },
    confirmations: 64,
    blockTimeMs: 1_000,
    requestsPerSecond: 10_000,
    startBlock: first + 1,
  };
}

/** @returns {Promise<number>} the block that was read last, when it is that one or a later one */
async function reached(client, number, ending) {
  for (;;) {
    ending.check();
    const { rows } = await client.query('SELECT tip_number::int AS tip, state, fault FROM chain_positions');
    const [{ tip, state, fault } = {}] = rows;
    if (fault) throw new Error(`The service is ${state}: ${fault}`);
    if (tip !== null && tip !== undefined && tip >= number) return tip;
    await wait(POLL);
  }
}
