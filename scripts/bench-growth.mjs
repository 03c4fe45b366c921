import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { growth } = await import('../bench/growth/main.mjs');
  return growth(process.argv.slice(2));
});
