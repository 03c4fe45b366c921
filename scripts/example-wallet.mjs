import './lib/node-version.mjs';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureAnvil } from './lib/anvil.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { Children, runQuietly } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { buildExampleChains } from './lib/example-chains.mjs';
import { ensureExamplePackages } from './lib/example-packages.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/** Starts what examples/README.md describes under "Sends": chains of this machine, Countersign, and a program that sends. */

const DEFAULT_PORT = 3110;
const EXAMPLE = inClone('examples', 'wallet');
/** Variables of an installation that the example does not use. */
const UNSET = [
  ...['DATABASE_URL', 'DATABASE_URL_FILE', 'KEYS', 'KEYS_FILE', 'REDIS_URL', 'REDIS_URL_FILE', 'PUBLIC_URL'],
  ...['CHAINS_FILE', 'CUSTODY_SOCKET', 'CUSTODY_KEYS', 'CUSTODY_KEYS_FILE'],
  ...['CUSTODY_DATABASE_URL', 'CUSTODY_DATABASE_URL_FILE'],
];

await main(async () => {
  const port = readPort();
  // Its chains are those of the tests.
  await ensureInstalled();
  await ensureAnvil();
  await ensureBuilt();
  await ensureExamplePackages();
  await ensureInstalledIn(EXAMPLE, 'Installing the example ...', ['--include=dev', '--ignore-scripts'], {
    archives: ['../packages/countersign-client.tgz'],
  });
  const chains = await buildExampleChains();

  // The chains begin anew each time, and the data with them.
  const folder = mkdtempSync(join(tmpdir(), 'countersign-wallet-'));
  // As root, PostgreSQL runs as another user, who passes through this folder.
  chmodSync(folder, 0o755);
  const children = new Children(folder);
  try {
    await run(children, folder, chains, port);
    await children.ended;
  } catch (error) {
    if (!children.isInterrupted) throw error;
  } finally {
    say('Ending ...');
    await children.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

function readPort() {
  const { values } = parseArgs({ options: { port: { type: 'string', default: String(DEFAULT_PORT) } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000)
    throw new Sentence('--port has to be a number from 1024 to 65000: it and the two after it are used.');
  return port;
}

async function run(children, folder, program, port) {
  say('Starting the chains ...');
  children.start('chains', process.execPath, [program]);
  const chains = await printed(children, join(folder, 'chains.log'));
  if (chains === null) return;
  say('Starting Countersign ...');
  const env = environmentOf(folder, port, chains);
  children.start('Countersign', process.execPath, [inClone('scripts', 'start.mjs')], { env });
  const address = `http://127.0.0.1:${port}`;
  const isUp = await children.until(async () => (await fetch(`${address}/playground/people`)).ok);
  if (!isUp) return;
  const { applicationId } = await (await fetch(`${address}/playground/people`)).json();

  await runQuietly(process.execPath, [join(EXAMPLE, 'node_modules/typescript/bin/tsc')], { cwd: EXAMPLE });
  const act = async (name) => {
    const told = await runQuietly(process.execPath, [join(EXAMPLE, 'dist', `${name}.js`)], {
      env: {
        ...process.env,
        COUNTERSIGN_URL: address,
        EXAMPLE_CHAINS: JSON.stringify(chains.shown),
        TEST_COINS: chains.testCoins,
      },
    });
    process.stdout.write(`${told}\n`);
  };
  await set(env, applicationId, { embeddedWallets: { acts: ['send'] } });
  await act('sends');
  if (!chains.chains.chains.some(({ chainId }) => chainId.startsWith('eip155:')))
    process.stdout.write('Without anvil, which is there for Linux on x64, only TON was shown.\n\n');
  process.stdout.write('Ctrl-C ends everything.\n');
}

/** @returns what the chains say when they are up, or null after a signal */
async function printed(children, log) {
  let chains = null;
  await children.until(async () => {
    chains = JSON.parse(readFileSync(log, 'utf8').split('\n', 1)[0]);
    return true;
  });
  return chains;
}

/** Its own data and its own ports: `npm start` may run beside it. */
function environmentOf(folder, port, { chains }) {
  return {
    ...process.env,
    ...Object.fromEntries(UNSET.map((name) => [name, ''])),
    NODE_ENV: 'development',
    COUNTERSIGN_DATA_DIR: join(folder, 'data'),
    HOST: '127.0.0.1',
    PORT: String(port),
    GATEWAY_PORT: String(port + 1),
    ADMIN_PORT: String(port + 2),
    CHAINS: JSON.stringify(chains),
  };
}

async function set(env, applicationId, settings) {
  const words = [
    inClone('scripts', 'countersign.mjs'),
    'application',
    'set',
    applicationId,
    '--settings-stdin',
  ];
  await runQuietly(process.execPath, words, { env }, JSON.stringify(settings));
}
