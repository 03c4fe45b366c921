import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { inClone } from './clone.mjs';
import { say, Sentence } from './main.mjs';

/** Packs a lib as it would be published, and installs what was packed where nothing else is. */

/** Beside what `files` names. LICENSE is that of the repository. */
const PAGES = ['package.json', 'README.md', 'CHANGELOG.md'];

/**
 * @param {string} lib the folder of a lib
 * @param {string} dist what was compiled of it
 * @param {string} scratch a folder without archives
 * @returns {string} the archive
 */
export function packLib(lib, dist, scratch) {
  const folder = join(scratch, 'package');
  mkdirSync(folder);
  for (const file of PAGES.map((name) => join(lib, name)).filter((path) => existsSync(path)))
    copyFileSync(file, join(folder, basename(file)));
  copyFileSync(inClone('LICENSE'), join(folder, 'LICENSE'));
  cpSync(dist, join(folder, 'dist'), { recursive: true });
  run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch], folder);
  const archive = readdirSync(scratch).find((file) => file.endsWith('.tgz'));
  if (!archive) throw new Sentence('"npm pack" makes no package.');
  return join(scratch, archive);
}

/** Copies the archive into a folder, if one is named. */
export function keepArchive(archive, folder) {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const kept = resolve(folder, basename(archive));
  copyFileSync(archive, kept);
  say(`The package is ${kept}.`);
}

/** Installs the archive in a folder, beside these packages of ours. @returns {string} where it is */
export function installAlone(folder, archive, name, beside = []) {
  const installed = join(folder, 'node_modules', name);
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed], folder);
  for (const each of beside) {
    const link = join(folder, 'node_modules', each);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(inClone('node_modules', each), link, 'dir');
  }
  return installed;
}

/** Paths of the files below a folder. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true }).filter((file) => statSync(join(folder, file)).isFile());
}

/** Runs a program of node_modules. */
export function runInstalled(program, args, cwd) {
  run(process.execPath, [inClone('node_modules', program), ...args], cwd);
}

export function run(program, args, cwd) {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 2, 2], timeout: 120_000 });
  if (error) throw new Sentence(`${program} does not run: ${error.message}`);
  if (status !== 0) throw new Sentence(`This fails (what it said is above): ${program} ${args.join(' ')}`);
}
