import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsentPage, buildConsole, DOCUMENTS } from './build-console.mjs';
import { BASE_STYLE, buildPlayground } from './build-playground.mjs';
import { CLONE, inClone } from './clone.mjs';
import { say, Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { ensureMade } from './setup-lock.mjs';

const SOURCES = [
  'apps',
  'libs',
  'published',
  'tools',
  'package-lock.json',
  'scripts/lib/compile.mjs',
  'scripts/lib/swc-options.cjs',
  'tsconfig.build.json',
  'tsconfig.json',
  BASE_STYLE,
  ...DOCUMENTS,
];

/** Compiles everything into `dist/`, unless it was built from exactly these sources. */
export function ensureBuilt() {
  return ensureMade(inClone('dist', '.build-hash'), SOURCES, build);
}

/** Builds beside `dist/` and swaps: half a build never counts, and a failing one leaves the last good one alone. */
async function build() {
  say('Building ...');
  removeLeftovers();
  const draft = inClone(`dist.new-${process.pid}`);
  mkdirSync(draft);
  try {
    const compiled = runStep(process.execPath, [inClone('scripts/lib/compile.mjs'), draft]);
    const [code] = await Promise.all([
      compiled,
      buildConsole(CLONE, draft),
      buildConsentPage(CLONE, draft),
      buildPlayground(draft),
    ]);
    if (code !== 0)
      throw new Sentence(
        'The build failed (what the compiler said is above): correct the sources and start again.',
      );
    // scripts/lib/packed.mjs knows whether the packages are of these sources.
    if (existsSync(inClone('dist', 'packages')))
      renameSync(inClone('dist', 'packages'), join(draft, 'packages'));
    if (existsSync(inClone('dist'))) renameSync(inClone('dist'), inClone(`dist.old-${process.pid}`));
    renameSync(draft, inClone('dist'));
  } finally {
    removeLeftovers();
  }
}

function removeLeftovers() {
  for (const name of readdirSync(CLONE)) {
    if (/^dist\.(new|old)-\d+$/.test(name)) rmSync(inClone(name), { recursive: true, force: true });
  }
}
