import './lib/node-version.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { main } from './lib/main.mjs';

/** Those whose packages of others are installed first; the suite installs its own when it needs them. */
const WITH_PACKAGES = ['verifiers'];
/** Those that need nothing of the product. */
const WITHOUT_PRODUCT = ['pictures'];

/** `npm run bench:<name> -- <words>` */
await main(async () => {
  const [name, ...words] = process.argv.slice(2);
  if (!WITHOUT_PRODUCT.includes(name)) {
    await ensureInstalled();
    await ensureBuilt();
  }
  if (WITH_PACKAGES.includes(name))
    await ensureInstalledIn(inClone('bench', name), 'Installing other packages ...', ['--ignore-scripts']);
  const { bench } = await import(`../bench/${name}/main.mjs`);
  return bench(words);
});
