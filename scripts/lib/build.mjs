import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ADMIN_API, buildConsole, SETTINGS } from './build-console.mjs';
import { BASE_STYLE, buildPlayground } from './build-playground.mjs';
import { CLONE, inClone } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say, Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { alone } from './setup-lock.mjs';

const MARK = inClone('dist', '.build-hash');
const SOURCES = [
  'apps',
  'libs',
  'published',
  'tools',
  'nest-cli.json',
  'package-lock.json',
  'scripts/lib/bundle-cli.mjs',
  'tsconfig.build.json',
  'tsconfig.json',
  BASE_STYLE,
  SETTINGS,
  ADMIN_API,
];

/** Compiles everything into `dist/`, unless it was built from exactly these sources. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await alone(async (include) => {
    if (!isBuilt()) await build(include);
  });
}

/**
 * The Nest CLI, as arguments of Node. It imports ora, and requires it too before that has ended: Node up to 20.19.4
 * takes this for a cycle (ERR_REQUIRE_CYCLE_MODULE), unless ora is there already.
 *
 * @param {string[]} words
 */
export function nestCommand(...words) {
  const nest = inClone('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const ora = pathToFileURL(createRequire(nest).resolve('ora')).href;
  return ['--import', ora, nest, ...words];
}

function isBuilt() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === contentHash(CLONE, SOURCES);
}

/** Builds beside `dist/` and swaps: half a build never counts, and a failing one leaves the last good one alone. */
async function build(include) {
  say('Building ...');
  removeLeftovers();
  const hash = contentHash(CLONE, SOURCES);
  const draft = inClone(`dist.new-${process.pid}`);
  const config = `${draft}/tsconfig.json`;
  mkdirSync(draft);
  // `npm run lint` checks types: here it would take as long again.
  const compilerOptions = { outDir: '.', noCheck: true };
  writeFileSync(config, JSON.stringify({ extends: '../tsconfig.build.json', compilerOptions }));
  const args = nestCommand('build', 'api', '--path', `dist.new-${process.pid}/tsconfig.json`);
  try {
    const code = await runStep(process.execPath, args, include);
    if (code !== 0)
      throw new Sentence(
        'The build failed (what the compiler said is above): correct the sources and start again.',
      );
    await buildConsole(CLONE, draft);
    await buildPlayground(draft);
    if ((await runStep(process.execPath, [inClone('scripts/lib/bundle-cli.mjs'), draft], include)) !== 0)
      throw new Sentence('The bundle of the CLI cannot be made (why is above).');
    rmSync(config);
    writeFileSync(`${draft}/.build-hash`, hash);
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
