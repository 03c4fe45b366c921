import './lib/node-version.mjs';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient } from './lib/build-client.mjs';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';
import { installAlone, packLib } from './lib/packages.mjs';

/**
 * Compiles and packs libs/client as it would be published, and installs the package in `<folder>/page`: for tests of
 * pages. Leaves `libs/client/dist` alone.
 */

await main(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Sentence('Name a folder.');
  const lib = join(folder, 'lib');
  mkdirSync(lib, { recursive: true });
  for (const file of ['package.json', 'README.md'])
    copyFileSync(inClone('libs', 'client', file), join(lib, file));
  await buildClient(join(lib, 'dist'));
  installAlone(join(folder, 'page'), packLib(lib, folder), '@countersign/client');
});
