import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from './clone.mjs';
import { sectionsOf } from './changelog.mjs';
import { npm } from './install.mjs';
import { Sentence } from './main.mjs';
import { filesIn, repositoryUrl } from './packages.mjs';

/** Checks of a package before it is published. */

/** Fields that each package has. */
const FIELDS = ['description', 'keywords', 'engines'];
/** No server: `--dry-run` sends nothing. */
const NO_REGISTRY = 'http://127.0.0.1:9/';
const TRIAL = [
  '--dry-run',
  '--loglevel=warn',
  '--ignore-scripts',
  `--registry=${NO_REGISTRY}`,
  '--fetch-retries=0',
];

/**
 * Checks that licence, pages, types and every export are in the package, and that its changelog has a section for the version.
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
  const absentField = FIELDS.find((name) => own[name] === undefined || own[name].length === 0);
  if (absentField) fail(`package.json has no ${absentField}.`);
  if (repositoryUrl() !== null && !['repository', 'homepage', 'bugs'].every((name) => own[name]))
    fail('package.json does not name the repository.');
  // A compiler would not notice: where the named types are absent, TypeScript takes those beside the code.
  const absent = pathsOf(own).find(({ path }) => path === undefined || !files.includes(join(path)));
  if (absent) fail(`${absent.name} of package.json is ${absent.path}, which is not in the package.`);
  const [latest] = sectionsOf(read(folder, 'CHANGELOG.md'));
  if (!latest || latest.text === '') fail('CHANGELOG.md has no section that says what changes.');
  if (!['Unreleased', own.version].includes(latest.name)) {
    fail(`the first section of CHANGELOG.md is ${latest.name}, not Unreleased or ${own.version}.`);
  }
}

/** The files that `main`, `types`, each export and each program name. An export of code has to name its types too. */
function pathsOf({ bin, main, types, exports }) {
  const ofExports = Object.entries(exports ?? {}).flatMap(([name, target]) =>
    typeof target === 'string'
      ? [{ name, path: target }]
      : ['types', 'default'].map((condition) => ({
          name: `"${name}" (${condition})`,
          path: target[condition],
        })),
  );
  const programs = Object.entries(bin ?? {}).map(([name, path]) => ({ name, path }));
  const named = [
    { name: 'main', path: main },
    { name: 'types', path: types },
  ].filter(({ path }) => path !== undefined);
  if (ofExports.length === 0 && programs.length === 0) throw new Sentence('package.json has no exports.');
  return [...named, ...ofExports, ...programs];
}

/**
 * Runs `npm publish --dry-run` for a folder and its archive, without network or login.
 *
 * Fails where npm rejects package.json or corrects it. npm corrects it in a folder only, not in an archive.
 */
export function publishAsTrial(folder, archive) {
  for (const target of ['.', archive]) {
    const [command, ...first] = npm();
    const { status, stderr } = spawnSync(command, [...first, 'publish', target, ...TRIAL], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 600_000,
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
