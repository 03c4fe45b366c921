import './lib/node-version.mjs';
import { ensureClientBuilt } from './lib/build-client.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

/** The package for pages, `published/client`: the service runs without it. */
await main(async () => {
  await ensureInstalled();
  await ensureClientBuilt();
});
