import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CLONE, inClone } from './clone.mjs';
import { productionPackages } from './production-packages.mjs';

/** Compares the commit that docs/performance.md was measured on with the one that is released. */

const PAGE = 'docs/performance.md';
const SETTING = /<!-- figures:setting -->([^]*?)<!-- \/figures:setting -->/;
const COMMIT = /^\| Countersign +\| commit ([0-9a-f]{7,40})(, with changes)? +\|$/m;
/** The code of the measured programs, without tests and the command line. */
const MEASURED = [
  'apps',
  'libs',
  ':(exclude)apps/cli',
  ':(exclude,glob)**/*.spec.ts',
  ':(exclude,glob)libs/*/*/testing/**',
];

/**
 * The reason why the figures are not those of HEAD.
 *
 * @returns {string | null} null where the code and the production packages are the measured ones
 */
export function staleFigures() {
  const [, setting = ''] = SETTING.exec(readFileSync(inClone(PAGE), 'utf8')) ?? [];
  const [, commit, changes] = COMMIT.exec(setting) ?? [];
  const again = 'Measure again: npm run bench (docs/performance.md, "How to repeat").';
  if (commit === undefined) return `${PAGE} does not say which commit was measured. ${again}`;
  if (changes) return `${PAGE} was measured on a tree with changes that no commit has. ${again}`;
  if (git('merge-base', '--is-ancestor', commit, 'HEAD').status !== 0)
    return `${PAGE} was measured on ${commit}, which is no commit of this branch. ${again}`;
  const changed = git('diff', '--name-only', commit, 'HEAD', '--', ...MEASURED).stdout.trim();
  const files = changed === '' ? [] : changed.split('\n');
  if (packagesAt(commit) !== packagesAt('HEAD')) files.push('package-lock.json');
  if (files.length === 0) return null;
  return `${PAGE} was measured on ${commit}, before changes of ${files.length} files of the service, such as ${files[0]}. ${again}`;
}

function packagesAt(commit) {
  const { stdout } = git('show', `${commit}:package-lock.json`);
  return JSON.stringify(productionPackages(stdout));
}

function git(...args) {
  return spawnSync('git', args, { cwd: CLONE, encoding: 'utf8', maxBuffer: 2 ** 26 });
}
