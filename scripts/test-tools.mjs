import './lib/node-version.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { main } from './lib/main.mjs';

/** Tests of the scripts of this repository and of the runner of its tests. They start programs, and none is about the service. */
await main(async () => {
  await ensureInstalled();
  return runJest(process.argv.slice(2), ['tools']);
});
