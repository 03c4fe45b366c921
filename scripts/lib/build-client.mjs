import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';

const LIB = inClone('published', 'client');
const SOURCES = join(LIB, 'src');
const DIST = join(LIB, 'dist');

/** Compiles published/client into `dist`, its own one by default: ES modules, their types and source maps. */
export async function buildClient(dist = DIST) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const tsc = inClone('node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', join(LIB, 'tsconfig.build.json'), '--outDir', dist];
  const code = await runStep(process.execPath, args, () => {});
  if (code !== 0)
    throw new Sentence('The client does not compile (what the compiler said is above): correct its sources.');
  // The compiler leaves declarations where they are.
  for (const file of readdirSync(SOURCES).filter((name) => name.endsWith('.d.ts')))
    copyFileSync(join(SOURCES, file), join(dist, file));
}
