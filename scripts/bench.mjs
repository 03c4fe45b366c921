import './lib/node-version.mjs';
import { existsSync } from 'node:fs';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { main } from './lib/main.mjs';

/** Those whose packages of others are installed first; the suite installs its own when it needs them. */
const WITH_PACKAGES = ['verifiers'];
/** Those that need nothing of the product. */
const WITHOUT_PRODUCT = ['pictures'];

/** `npm run bench -- <name> <words>`; without a name the suite. */
await main(async () => {
  const all = process.argv.slice(2);
  const isNamed = all[0] !== undefined && existsSync(inClone('bench', all[0], 'main.mjs'));
  const [name, ...words] = isNamed ? all : ['suite', ...all];
  if (!WITHOUT_PRODUCT.includes(name)) {
    await ensureInstalled();
    await ensureBuilt();
  }
  if (WITH_PACKAGES.includes(name))
    await ensureInstalledIn(inClone('bench', name), 'Installing other packages ...', ['--ignore-scripts']);
  const { bench } = await import(`../bench/${name}/main.mjs`);
  return bench(words);
});
