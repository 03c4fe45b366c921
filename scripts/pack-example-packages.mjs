import './lib/node-version.mjs';
import { readdirSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { ensureExamplePackages } from './lib/example-packages.mjs';
import { main } from './lib/main.mjs';

/** Packs the client and the identity token package as they would be published, and prints the paths of the archives. */

await main(async () => {
  await ensureExamplePackages();
  const folder = inClone('examples', 'packages');
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.tgz')))
    process.stdout.write(`${folder}/${file}\n`);
});
