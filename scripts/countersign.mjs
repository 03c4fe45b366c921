import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { init } from './init.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { inClone } from './lib/clone.mjs';
import { dataFolder, isDevelopment, readDataDir } from './lib/data-folder.mjs';
import { ensureRunnable } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { ensurePackages } from './lib/packed.mjs';
import { withPrivateSettings } from './lib/private-settings.mjs';
import { runChild } from './lib/run-child.mjs';
import { stopOrReset } from './lib/stop-reset.mjs';

await main(readDataDir);

const words = process.argv.slice(2);

if (words[0] === 'start') await import('./start.mjs');
else await main(words[0] === 'init' ? () => init('npm start', ensurePackages) : runCommand);

async function runCommand() {
  await ensureRunnable();
  await ensureBuilt();
  if (['stop', 'reset'].includes(words[0])) {
    const locks = createRequire(import.meta.url)(inClone('dist/tools/private-postgres/src/folder-lock.js'));
    return stopOrReset(words, inClone('.data'), 'npm start', locks);
  }
  const program = inClone('dist/apps/cli/src/main.js');
  const env = isDevelopment()
    ? withPrivateSettings(process.env, dataFolder(inClone('.data'), 'npm start'), words, 'npm start')
    : process.env;
  return runChild(process.execPath, [program, ...words], { env, stdio: 'inherit' });
}
