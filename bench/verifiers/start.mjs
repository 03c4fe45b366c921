import '../../scripts/lib/node-version.mjs';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { ensureInstalled } from '../../scripts/lib/install.mjs';
import { main } from '../../scripts/lib/main.mjs';
import { ensurePeersInstalled } from './peers.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensurePeersInstalled();
  const { benchVerifiers } = await import('./main.mjs');
  await benchVerifiers(process.argv.slice(2));
});
