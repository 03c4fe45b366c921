import './lib/node-version.mjs';
import { ensureCliBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { measurePatience } from './lib/patience.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureCliBuilt();
  const { failover } = await import('../test/failover/main.mjs');
  return failover({ ...process.env, PATIENCE: String(await measurePatience()) });
});
