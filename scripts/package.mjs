import './lib/node-version.mjs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { init } from './init.mjs';
import { dataFolder, isDevelopment, readDataDir, startFolder } from './lib/data-folder.mjs';
import { assertFreePorts } from './lib/free-ports.mjs';
import { main, Sentence } from './lib/main.mjs';
import { withPrivateSettings } from './lib/private-settings.mjs';
import { stopOrReset } from './lib/stop-reset.mjs';

/** The command `countersign` of the package. It keeps what `start` makes in development in the current folder. */

const START = 'npx countersign start';
const require = createRequire(import.meta.url);
const folder = resolve('.countersign');

await main(readDataDir);

const words = process.argv.slice(2);

const commands = { start, stop: end, reset: end, init: () => init(START) };

await main(Object.hasOwn(commands, words[0]) ? commands[words[0]] : runCommand);

async function start() {
  if (words.length > 1)
    throw new Sentence(`"${START}" takes no options: environment variables are its settings.`);
  await assertFreePorts(process.env, START);
  if (isDevelopment()) {
    const { prepareFolder } = require('../dist/tools/private-postgres/src/folders.js');
    process.env.COUNTERSIGN_DATA_DIR = startFolder(folder, START, prepareFolder);
    await require('../dist/tools/launcher/src/main.js').launch(START);
  } else {
    // Minds its own signals and failures.
    require('../dist/apps/api/src/main.js');
  }
}

function end() {
  return stopOrReset(words, folder, START, require('../dist/tools/private-postgres/src/folder-lock.js'));
}

async function runCommand() {
  if (isDevelopment()) {
    const settings = withPrivateSettings(process.env, dataFolder(folder, START), words, START);
    Object.assign(process.env, settings);
  }
  require('../dist/apps/cli/src/main.js');
}
