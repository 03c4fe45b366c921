import { rmSync } from 'node:fs';
import { inClone } from './clone.mjs';
import { Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';

const LIB = inClone('libs', 'client');

/** Compiles libs/client into its own `dist/`: ES modules, their types and source maps. */
export async function buildClient() {
  rmSync(inClone('libs', 'client', 'dist'), { recursive: true, force: true });
  const tsc = inClone('node_modules', 'typescript', 'bin', 'tsc');
  const code = await runStep(process.execPath, [tsc, '--project', `${LIB}/tsconfig.build.json`], () => {});
  if (code !== 0)
    throw new Sentence('The client does not compile (what the compiler said is above): correct its sources.');
}
