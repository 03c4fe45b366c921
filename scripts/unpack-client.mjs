import './lib/node-version.mjs';
import { join } from 'node:path';
import { buildClient } from './lib/build-client.mjs';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';
import { installAlone, packLib } from './lib/packages.mjs';

/**
 * Compiles and packs published/client as it would be published, and installs the package in `<folder>/page`: for tests of
 * pages. Leaves `published/client/dist` alone.
 */

await main(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Sentence('Name a folder.');
  const dist = join(folder, 'dist');
  await buildClient(dist);
  const archive = packLib(inClone('published', 'client'), dist, folder);
  installAlone(join(folder, 'page'), archive, '@countersign/client');
});
