import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';

/** Tests of scripts that start npm, git and compilers. */
await main(async () => {
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['tools']);
});
