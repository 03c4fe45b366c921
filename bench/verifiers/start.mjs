import '../../scripts/lib/node-version.mjs';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { inClone } from '../../scripts/lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from '../../scripts/lib/install.mjs';
import { main } from '../../scripts/lib/main.mjs';

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  await ensureInstalledIn(inClone('bench', 'verifiers'), 'Installing the other verifiers ...', [
    '--ignore-scripts',
  ]);
  const { benchVerifiers } = await import('./main.mjs');
  await benchVerifiers(process.argv.slice(2));
});
