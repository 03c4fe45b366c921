const { readdirSync } = require('node:fs');
const path = require('node:path');
const { createScriptTransformer } = require('@jest/transform');

const FOLDERS = ['apps', 'libs', 'published', 'tools', 'test/factories', 'test/support'];

/** `jest-runtime` uses the same options. They are part of the cache key. */
const OPTIONS = {
  isInternalModule: false,
  supportsDynamicImport: false,
  supportsExportNamespaceFrom: false,
  supportsStaticESM: false,
  supportsTopLevelAwait: false,
};

/**
 * Compiles the modules that tests load into jest's cache. Otherwise each worker compiles all of them on a fresh clone: 4 s of
 * CPU time each. With a full cache this takes 0.3 s.
 *
 * @param projectConfig the project whose cache is filled: jest has one for each project
 */
async function compileAhead(projectConfig) {
  const transformer = await createScriptTransformer(projectConfig);
  const { rootDir } = projectConfig;
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(rootDir, folder), { recursive: true }).map((file) =>
      path.join(rootDir, folder, file),
    ),
  ).filter(isLoaded);
  for (const file of files) compile(transformer, file);
}

function compile(transformer, file) {
  try {
    transformer.transform(file, OPTIONS);
  } catch {
    // The test that loads the file fails, with the reason.
  }
}

function isLoaded(file) {
  return /(?<!spec|\.d)\.ts$/.test(file) && !/\/(?:node_modules|dist)\//.test(file);
}

module.exports = { compileAhead };
