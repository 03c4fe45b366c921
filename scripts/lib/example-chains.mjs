import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inClone } from './clone.mjs';

/** Compiles the chains of the examples, which use what tests know of nodes. @returns {Promise<string>} the program */
export async function buildExampleChains() {
  const { build } = await import('esbuild');
  const outfile = inClone('dist', 'example-chains.cjs');
  await build({
    entryPoints: [inClone('test', 'support', 'example-chains.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    tsconfig: inClone('tsconfig.json'),
    packages: 'external',
    logLevel: 'warning',
    plugins: [{ name: 'folders', setup: nameFolders }],
  });
  return outfile;
}

/** Contracts are read from beside their sources. */
function nameFolders({ onLoad }) {
  onLoad({ filter: /\/test\/support\/.*\.ts$/ }, ({ path }) => ({
    contents: readFileSync(path, 'utf8').replaceAll('__dirname', JSON.stringify(dirname(path))),
    loader: 'ts',
  }));
}
