import { ensureClientTypes } from './lib/client-types.mjs';
import { CLONE } from './lib/clone.mjs';
import { main } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

/** Every file, export and dependency is used, and every import is declared: see knip.json. */

await main(async () => {
  await ensureClientTypes();
  const words = ['--no-progress', ...process.argv.slice(2)];
  return runChild(process.execPath, ['node_modules/knip/bin/knip.js', ...words], {
    cwd: CLONE,
    stdio: 'inherit',
  });
});
