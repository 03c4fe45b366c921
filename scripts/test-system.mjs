import './lib/node-version.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

await main(async () => {
  requirePrograms('The system tests', [
    ...['chromium', 'nginx', 'pgbouncer', 'redis-server'],
    'mcs:mono-mcs mono-runtime libnewtonsoft-json5.0-cil',
  ]);
  await ensureInstalled();
  await ensureInstalledIn(inClone('test', 'evm-pool'), 'Installing a second EVM node ...', [
    '--ignore-scripts',
  ]);
  return runJest(process.argv.slice(2), ['system']);
});
