import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';
import { requireSystemPrograms } from './lib/programs.mjs';

await main(async () => {
  requireSystemPrograms();
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['system']);
});
