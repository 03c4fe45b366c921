import './lib/node-version.mjs';
import { tmpdir } from 'node:os';
import { CLONE, inClone } from './lib/clone.mjs';
import { ensureEventTypes } from './lib/event-types.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { withMemoryFolder } from './lib/memory-folder.mjs';
import { measurePatience } from './lib/patience.mjs';
import { runChild } from './lib/run-child.mjs';

/** `npm run simulate -- --seed <n>`: plays random histories of the product under a simulated clock. */
await main(async () => {
  await ensureInstalled();
  ensureEventTypes();
  const patience = String(await measurePatience());
  return withMemoryFolder((folder) =>
    runChild(
      process.execPath,
      ['--enable-source-maps', inClone('test', 'simulator', 'main.cjs'), ...process.argv.slice(2)],
      {
        cwd: CLONE,
        env: {
          ...process.env,
          PATIENCE: patience,
          SIMULATOR_FOLDER: tmpdir(),
          ...(folder ? { TMPDIR: folder } : {}),
        },
        stdio: 'inherit',
      },
    ),
  );
});
