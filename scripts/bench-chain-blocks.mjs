import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { chainBlocks } = await import('../bench/chain-blocks/main.mjs');
  return chainBlocks(process.argv.slice(2));
});
