import './lib/node-version.mjs';
import { ensureCliBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureCliBuilt();
  const { chaos } = await import('../test/chaos/main.mjs');
  return chaos(process.argv.slice(2));
});
