import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { runInstalled } from './packages.mjs';

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
  const types = join(scratch, 'types');
  const compilerOptions = {
    rootDir: inClone('.'),
    outDir: types,
    declaration: true,
    emitDeclarationOnly: true,
    types: ['node'],
    typeRoots: [inClone('node_modules/@types')],
  };
  mkdirSync(types);
  const config = join(scratch, 'tsconfig.types.json');
  const files = [inClone(LIB, 'src/index.ts')];
  writeFileSync(
    config,
    JSON.stringify({ extends: inClone('tsconfig.json'), compilerOptions, files, include: [] }),
  );
  runInstalled('typescript/bin/tsc', ['--project', config], scratch);
  cpSync(join(types, LIB, 'src'), dist, { recursive: true });
}
