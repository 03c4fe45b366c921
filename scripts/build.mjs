import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureClientBuilt } from './lib/build-client.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureClientBuilt();
});
