import './lib/node-version.mjs';
import { join } from 'node:path';
import { main, Sentence } from './lib/main.mjs';
import { installAlone } from './lib/packages.mjs';
import { packPublished } from './lib/published.mjs';

/**
 * Compiles and packs published/client as it would be published, and installs the package in `<folder>/page`: for tests of
 * pages. Leaves `published/client/dist` alone.
 */

await main(async () => {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Sentence('Name a folder.');
  installAlone(join(folder, 'page'), await packPublished('client', folder), '@countersign/client');
});
