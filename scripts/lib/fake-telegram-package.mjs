import { inClone } from './clone.mjs';
import { writeTypes } from './packages.mjs';

const LIB = 'published/fake-telegram';

/**
 * Bundles the fake Telegram with what it takes of `libs/pure`, and writes its types, which take nothing.
 *
 * @param {string} dist
 * @param {string} scratch
 */
export async function buildFakeTelegram(dist, scratch) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: ['index', 'program'].map((name) => inClone(LIB, 'src', `${name}.ts`)),
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    keepNames: true,
    tsconfig: inClone('tsconfig.json'),
    logLevel: 'warning',
  });
  writeTypes(LIB, dist, scratch);
}
