import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

await main(async () => {
  requirePrograms('The system tests', ['chromium', 'nginx', 'pgbouncer', 'redis-server']);
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['system']);
});
