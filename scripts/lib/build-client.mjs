import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureClientTypes } from './client-types.mjs';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { ensureMade } from './setup-lock.mjs';

const LIB = inClone('published', 'client');
const DIST = join(LIB, 'dist');
/** Beside `dist`, all of which is published. */
const MARK = join(LIB, 'generated', 'build-hash');
/** What the package is made of, with the document that its types come from. */
export const CLIENT_SOURCES = [
  ...['published/client', 'docs/openapi/public.json', 'scripts/lib/client-types.mjs'],
  ...['tsconfig.json', 'package-lock.json'],
];

/** Compiles published/client into its own `dist`, unless it was compiled from exactly these sources. */
export function ensureClientBuilt() {
  return ensureMade(MARK, CLIENT_SOURCES, () => buildClient(DIST));
}

/** Compiles published/client into a folder: ES modules, their types and source maps. */
export async function buildClient(dist) {
  await ensureClientTypes();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const tsc = inClone('node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', join(LIB, 'tsconfig.build.json'), '--outDir', dist];
  const code = await runStep(process.execPath, args);
  if (code !== 0)
    throw new Sentence('The client does not compile (what the compiler said is above): correct its sources.');
  // The compiler leaves declarations where they are.
  cpSync(join(LIB, 'src', 'generated'), join(dist, 'generated'), { recursive: true });
}
