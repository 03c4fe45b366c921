import './lib/node-version.mjs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureAnvil } from './lib/anvil.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { portOf, runCountersign, runQuietly, runTogether, startCountersign } from './lib/children.mjs';
import { inClone } from './lib/clone.mjs';
import { buildExampleChains } from './lib/example-chains.mjs';
import { ensureExamplePackages } from './lib/packed.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { main, say } from './lib/main.mjs';

/** Starts what examples/README.md describes under "Sends": chains of this machine, Countersign, and a program that sends. */

const EXAMPLE = inClone('examples', 'wallet');
await main(async () => {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '3110' } } });
  const port = portOf(values.port, 3);
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
  await runTogether((children, folder) => run(children, folder, chains, port));
});

async function run(children, folder, program, port) {
  say('Starting the chains ...');
  children.start('chains', process.execPath, [program]);
  const chains = await printed(children, join(folder, 'chains.log'));
  if (chains === null) return;
  const service = await startCountersign(children, {
    data: join(folder, 'data'),
    ports: [port, port + 1, port + 2],
    more: { CHAINS: JSON.stringify(chains.chains), CHAINS_FILE: '' },
  });
  if (service === null) return;
  const settings = JSON.stringify({ embeddedWallets: { acts: ['send'] } });
  await runCountersign(
    service.env,
    ['application', 'set', service.applicationId, '--settings-stdin'],
    settings,
  );
  await runQuietly(process.execPath, [join(EXAMPLE, 'node_modules/typescript/bin/tsc')], { cwd: EXAMPLE });
  const told = await runQuietly(process.execPath, [join(EXAMPLE, 'dist', 'sends.js')], {
    env: {
      ...process.env,
      COUNTERSIGN_URL: service.address,
      EXAMPLE_CHAINS: JSON.stringify(chains.shown),
      TEST_COINS: chains.testCoins,
    },
  });
  process.stdout.write(`${told}\n`);
  if (!chains.chains.chains.some(({ chainId }) => chainId.startsWith('eip155:')))
    process.stdout.write('Without anvil, which is there for Linux on x64, only TON was shown.\n\n');
  process.stdout.write('Press Ctrl-C to stop everything.\n');
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
