import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildClient } from './build-client.mjs';
import { inClone } from './clone.mjs';
import { ensureEventTypes } from './event-types.mjs';
import { packLib, runInstalled, writeTypes } from './packages.mjs';
import { buildVerify } from './verify-package.mjs';

/** By name of the folder in `published`; the others are compiled. */
const BUILDS = {
  client: (dist) => buildClient(dist),
  'fake-telegram': bundleFakeTelegram,
  verify: buildVerify,
};

/**
 * Packs a package as it would be published. `dist` beside its sources stays as it is.
 *
 * @param {string} lib the name of its folder
 * @param {string} scratch a folder without archives
 * @returns {Promise<string>} the archive
 */
export async function packPublished(lib, scratch) {
  const dist = join(scratch, 'dist');
  mkdirSync(dist, { recursive: true });
  if (lib === 'webhook-events') ensureEventTypes();
  await (BUILDS[lib] ?? compile)(dist, scratch, lib);
  return packLib(inClone('published', lib), dist, scratch);
}

function compile(dist, scratch, lib) {
  const project = inClone('published', lib, 'tsconfig.build.json');
  runInstalled('typescript/bin/tsc', ['--project', project, '--outDir', dist], scratch);
}

/** With what it takes of `libs/pure`; its types take nothing. */
async function bundleFakeTelegram(dist, scratch, lib) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [inClone('published', lib, 'src/index.ts')],
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    tsconfig: inClone('tsconfig.json'),
    logLevel: 'warning',
  });
  writeTypes(join('published', lib), dist, scratch);
}
