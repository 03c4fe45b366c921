import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { sectionsOf } from './changelog.mjs';
import { npm } from './install.mjs';
import { Sentence } from './main.mjs';
import { filesIn } from './packages.mjs';

/** What a registry gets of a package, looked at before it does. */

/** No server: a trial of publishing sends nothing. */
const NO_REGISTRY = 'http://127.0.0.1:9/';
const TRIAL = [
  '--dry-run',
  '--loglevel=warn',
  '--ignore-scripts',
  `--registry=${NO_REGISTRY}`,
  '--fetch-retries=0',
];

/**
 * Licence, pages, types and every export are in the package, and its changelog says what its version changes.
 *
 * @param {string} folder where the packed files are
 */
export function assertPublishable(folder) {
  const files = filesIn(folder);
  const own = readJson(join(folder, 'package.json'));
  const ours = readJson(inClone('package.json'));
  const fail = (sentence) => {
    throw new Sentence(`${own.name} cannot be published: ${sentence}`);
  };
  for (const page of ['LICENSE', 'README.md', 'CHANGELOG.md']) {
    if (!files.includes(page)) fail(`${page} is not in the package.`);
  }
  if (own.license !== ours.license)
    fail(`its licence is ${own.license}, that of the repository ${ours.license}.`);
  if (read(folder, 'LICENSE') !== readFileSync(inClone('LICENSE'), 'utf8')) fail('LICENSE is another text.');
  if (own.version !== ours.version)
    fail(`its version is ${own.version}, that of the repository ${ours.version}.`);
  if (own.private || own.publishConfig?.access !== 'public') fail('package.json does not make it public.');
  // Where the types are absent, TypeScript takes those beside the code: a compiler would not notice.
  const absent = pathsOf(own).find(({ path }) => path === undefined || !files.includes(join(path)));
  if (absent) fail(`${absent.name} of package.json is ${absent.path}, which is not in the package.`);
  const [latest] = sectionsOf(read(folder, 'CHANGELOG.md'));
  if (!latest || latest.text === '') fail('CHANGELOG.md has no section that says what changes.');
  if (!['Unreleased', own.version].includes(latest.name)) {
    fail(`the first section of CHANGELOG.md is ${latest.name}, not Unreleased or ${own.version}.`);
  }
}

/** What `main`, `types` and each export name; an export of code names its types too. */
function pathsOf({ main, types, exports }) {
  const ofExports = Object.entries(exports ?? {}).flatMap(([name, target]) =>
    typeof target === 'string'
      ? [{ name, path: target }]
      : ['types', 'default'].map((condition) => ({
          name: `"${name}" (${condition})`,
          path: target[condition],
        })),
  );
  const named = [
    { name: 'main', path: main },
    { name: 'types', path: types },
  ].filter(({ path }) => path !== undefined);
  if (ofExports.length === 0) throw new Sentence('package.json has no exports.');
  return [...named, ...ofExports];
}

/**
 * Publishes a folder and its archive as a trial, without network or login.
 *
 * npm refuses, or corrects, a package.json that it would not publish as it is: corrected only in a folder.
 */
export function publishAsTrial(folder, archive) {
  for (const target of ['.', archive]) {
    const [command, ...first] = npm();
    const { status, stderr } = spawnSync(command, [...first, 'publish', target, ...TRIAL], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0 || stderr.includes('auto-corrected')) {
      throw new Sentence(`The package cannot be published as it is:\n${stderr}`);
    }
  }
}

function read(folder, file) {
  return readFileSync(join(folder, file), 'utf8');
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
