import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const { walletHistory } = await import('../bench/wallet-history/main.mjs');
  return walletHistory(process.argv.slice(2));
});
