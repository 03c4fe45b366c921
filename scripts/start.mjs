import './lib/node-version.mjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { assertFreePorts } from './lib/free-ports.mjs';
import { isDevelopment, readDataDir, startFolder } from './lib/data-folder.mjs';
import { ensureRunnable } from './lib/install.mjs';
import { main, say } from './lib/main.mjs';

const require = createRequire(import.meta.url);

await main(async () => {
  readDataDir();
  await assertFreePorts(process.env, 'npm start');
  await ensureRunnable();
  await ensureBuilt();
  if (isDevelopment()) {
    const { prepareFolder } = require(inClone('dist/tools/private-postgres/src/folders.js'));
    // Examples and tests have a data folder of their own, and pack what they need.
    const isOwn = !process.env.COUNTERSIGN_DATA_DIR;
    process.env.COUNTERSIGN_DATA_DIR = startFolder(inClone('.data'), 'npm start', prepareFolder);
    await require(inClone('dist/tools/launcher/src/main.js')).launch(
      'npm start',
      isOwn ? packInBackground : undefined,
    );
  } else {
    // Starts by itself, as "node dist/apps/api/src/main.js" does, and minds its own signals and failures.
    require(inClone('dist/apps/api/src/main.js'));
  }
});

/** Packs what other projects install. @returns a function that ends it */
function packInBackground() {
  const stdio = ['ignore', 'ignore', 'pipe'];
  const child = spawn(process.execPath, [inClone('scripts', 'pack-packages.mjs')], { stdio });
  setPriority(child.pid, 10);
  void sayHowItEnds(child);
  return () => child.kill();
}

async function sayHowItEnds(child) {
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  if (code === 0) say('The packages that other projects install are in dist/packages.');
  else if (code !== null)
    say(`The packages could not be packed. "npm run packages" tries again.\n${errors.trimEnd()}`);
}
