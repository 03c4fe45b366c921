import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

await main(async () => {
  requirePrograms('The system tests', [
    ...['chromium', 'nginx', 'pgbouncer', 'redis-server'],
    'mcs:mono-mcs mono-runtime libnewtonsoft-json5.0-cil',
  ]);
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['system']);
});
