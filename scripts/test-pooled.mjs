import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';
import { requirePrograms } from './lib/programs.mjs';

await main(async () => {
  requirePrograms('The pooled tests', ['pgbouncer']);
  await ensureInstalled();
  process.env.TEST_POOLER = 'pgbouncer';
  return runJest(process.argv.slice(2), ['integration']);
});
