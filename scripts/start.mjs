import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { assertFreePorts } from './lib/free-ports.mjs';
import { dataFolder, isDevelopment } from './lib/data-folder.mjs';
import { ensureRunnable } from './lib/install.mjs';
import { main } from './lib/main.mjs';

const require = createRequire(import.meta.url);

await main(async () => {
  await assertFreePorts(process.env, 'npm start');
  await ensureRunnable();
  await ensureBuilt();
  if (isDevelopment()) {
    process.env.COUNTERSIGN_DATA_DIR = dataFolder(inClone('.data'));
    await require(inClone('dist/tools/launcher/src/main.js')).launch('npm start');
  } else {
    // Starts by itself, as "node dist/apps/api/src/main.js" does, and minds its own signals and failures.
    require(inClone('dist/apps/api/src/main.js'));
  }
});
