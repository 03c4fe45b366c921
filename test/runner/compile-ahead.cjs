const { readdirSync } = require('node:fs');
const path = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { createScriptTransformer } = require('@jest/transform');

const FOLDERS = ['apps', 'libs', 'test/factories', 'test/support'];
const FILES_A_TURN = 20;

/** Those of `jest-runtime`, which are part of the key of jest's cache. */
const OPTIONS = {
  isInternalModule: false,
  supportsDynamicImport: false,
  supportsExportNamespaceFrom: false,
  supportsStaticESM: false,
  supportsTopLevelAwait: false,
};

/**
 * Compiles what the tests load into jest's cache. On a fresh clone each worker would do so for itself, all at the same time:
 * 4 s of CPU time each. What is in the cache costs 0.3 s in all.
 *
 * @param projectConfig the project whose files run first
 */
async function compileAhead(projectConfig) {
  const transformer = await createScriptTransformer(projectConfig);
  const { rootDir } = projectConfig;
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(rootDir, folder), { recursive: true }).map((file) =>
      path.join(rootDir, folder, file),
    ),
  ).filter(isLoaded);
  for (const [index, file] of files.entries()) {
    transformer.transform(file, OPTIONS);
    if (index % FILES_A_TURN === 0) await nextTurn();
  }
}

function isLoaded(file) {
  return /\.ts$/.test(file) && !/spec\.ts$|\.d\.ts$/.test(file) && !/\/(?:node_modules|dist)\//.test(file);
}

module.exports = { compileAhead };
