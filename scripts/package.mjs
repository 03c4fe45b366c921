import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { assertOwn, dataFolder, isDevelopment } from './lib/data-folder.mjs';
import { assertFreePorts } from './lib/free-ports.mjs';
import { main, Sentence } from './lib/main.mjs';
import { withPrivateSettings } from './lib/private-settings.mjs';

/** The command `countersign` of the package. It keeps what `start` makes in development in the current folder. */

const START = 'npx countersign start';
const require = createRequire(import.meta.url);
const words = process.argv.slice(2);

await main(words[0] === 'start' ? start : runCommand);

async function start() {
  if (words.length > 1)
    throw new Sentence(`"${START}" takes no options: environment variables are its settings.`);
  await assertFreePorts(process.env, START);
  if (isDevelopment()) {
    process.env.COUNTERSIGN_DATA_DIR = folder();
    await require('../dist/tools/launcher/src/main.js').launch(START);
  } else {
    // Minds its own signals and failures.
    require('../dist/apps/api/src/main.js');
  }
}

async function runCommand() {
  if (isDevelopment()) Object.assign(process.env, withPrivateSettings(process.env, folder(), words, START));
  require('../dist/apps/cli/src/main.js');
}

function folder() {
  const found = dataFolder(resolve('.countersign'));
  if (!process.env.COUNTERSIGN_DATA_DIR) assertOwn(found);
  return found;
}
