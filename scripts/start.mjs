import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { assertFreePorts } from './lib/free-ports.mjs';
import { isDevelopment, readDataDir, startFolder } from './lib/data-folder.mjs';
import { ensureRunnable } from './lib/install.mjs';
import { main } from './lib/main.mjs';

const require = createRequire(import.meta.url);

await main(async () => {
  readDataDir();
  await assertFreePorts(process.env, 'npm start');
  await ensureRunnable();
  await ensureBuilt();
  if (isDevelopment()) {
    const { prepareFolder } = require(inClone('dist/tools/private-postgres/src/folders.js'));
    process.env.COUNTERSIGN_DATA_DIR = startFolder(inClone('.data'), 'npm start', prepareFolder);
    await require(inClone('dist/tools/launcher/src/main.js')).launch('npm start');
  } else {
    // Starts by itself, as "node dist/apps/api/src/main.js" does, and minds its own signals and failures.
    require(inClone('dist/apps/api/src/main.js'));
  }
});
