import './lib/node-version.mjs';
import { existsSync } from 'node:fs';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

/** `npm run bench -- <name> <words>`; without a name the suite. */
await main(async () => {
  const all = process.argv.slice(2);
  const isNamed = all[0] !== undefined && existsSync(inClone('bench', all[0], 'main.mjs'));
  const [name, ...words] = isNamed ? all : ['suite', ...all];
  await ensureInstalled();
  await ensureBuilt();
  const { bench } = await import(`../bench/${name}/main.mjs`);
  return bench(words);
});
