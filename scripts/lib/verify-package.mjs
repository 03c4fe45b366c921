import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';
import { writeTypes } from './packages.mjs';

/** Bundles for Node and browsers, with what it takes of `libs/pure`. Nothing of Node is left in it. */

/** Modules of this clone have no effect when they are loaded: what is not called is left out. */
const portable = {
  name: 'portable',
  setup: (build) => {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    build.onResolve({ filter: /^[^/]/ }, async ({ path, pluginData, ...where }) => {
      if (pluginData === portable) return undefined;
      const { errors, ...found } = await build.resolve(path, { ...where, pluginData: portable });
      return errors.length > 0 ? { errors } : { path: found.path, sideEffects: false };
    });
  },
};

/**
 * @param {string} entry such as `published/verify/src/index.ts`
 * @param {object} options of esbuild
 * @returns {Promise<string>} the bundle
 */
async function bundlePortable(entry, options = {}) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [inClone(entry)],
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2023',
    minify: true,
    charset: 'utf8',
    plugins: [portable],
    tsconfig: inClone('tsconfig.json'),
    logLevel: 'warning',
    ...options,
  });
  const [{ text }] = outputFiles;
  if (/["']node:|\bBuffer\b/.test(text)) throw new Error(`${entry} needs Node.`);
  return text;
}

const LIB = 'published/verify';
const MAX_BYTES = 8192;

/**
 * Bundles the verifiers as an ES module and for `require()`, and writes their types, which take nothing else.
 *
 * @param {string} dist
 * @param {string} scratch
 */
export async function buildVerify(dist, scratch) {
  mkdirSync(dist, { recursive: true });
  const [module, script] = await Promise.all(
    ['esm', 'cjs'].map((format) => bundlePortable(`${LIB}/src/index.ts`, { format })),
  );
  writeFileSync(join(dist, 'index.mjs'), module);
  writeFileSync(join(dist, 'index.js'), script);
  writeTypes(LIB, dist, scratch, ['index.d.ts', 'verified.d.ts']);
  const bytes = gzipSync(module, { level: 9 }).length;
  if (bytes > MAX_BYTES)
    throw new Sentence(`The verifiers have ${bytes} bytes, compressed: at most ${MAX_BYTES}.`);
}
