import './lib/node-version.mjs';
import { ensureCliBuilt } from './lib/build.mjs';
import { ensureClientBuilt } from './lib/build-client.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureCliBuilt();
  await ensureClientBuilt();
});
