import './lib/node-version.mjs';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { git } from './lib/git.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * `npm run release -- 1.2.3` compares the API with the last release, sets the version in all files that name it, turns
 * `## Unreleased` of each changelog into its section, commits and tags. A second commit writes the first one into docs/releases.md.
 * `--dry-run` lists the files. `--check v1.2.3` checks that the working tree is that release.
 */

const USAGE = 'npm run release -- 1.2.3 [--dry-run], or npm run release -- --check v1.2.3';

/** Which files name the version, and what stands before it. Of a pattern without `g` the first match counts. */
const PLACES = [
  [/^(?:published\/[\w-]+\/)?package\.json$|^docs\/openapi\//, /(\n\s+"version": ")\d+\.\d+\.\d+/],
  [/^package-lock\.json$/, /("name": "countersign",\s+"version": ")\d+\.\d+\.\d+/g],
  [/^deploy\/helm\/countersign\/Chart\.yaml$/, /(\n(?:appVersion|version): )\d+\.\d+\.\d+/g],
  [
    /^examples\/.*package-lock\.json$/,
    /("node_modules\/@countersign\/[\w-]+": \{\s+"version": ")\d+\.\d+\.\d+/g,
  ],
  [
    /^(?:README\.md|docs\/status\.md|docs\/pictures\/badge-version\.svg)$/,
    /(ersion (?:is )?|">)\d+\.\d+\.\d+/g,
  ],
  [/^docs\/upgrading\.md$/, /(\bnew=|\bcheckout v|\bcountersign@)\d+\.\d+\.\d+/g],
  [/^(?:docs|published|deploy)\/.*\.md$/, /(\bcountersign-(?:[a-z]+-)*)\d+\.\d+\.\d+(?=\.tgz\b)/g],
];
const RELEASES = 'docs/releases.md';
const LIST = /^## Commits\n+/m;
const CHANGELOG = /^(?:published\/[\w-]+\/)?CHANGELOG\.md$/;

await main(async () => {
  const { version, isCheck, isDryRun } = parsed();
  const changes = changesFor(version);
  if (isCheck) {
    if (changes.size > 0)
      throw new Sentence(`These are not of ${version}: ${[...changes.keys()].join(', ')}.`);
    return say(`This is ${version}.`);
  }
  if (git('tag', '--list', `v${version}`) !== '') throw new Sentence(`There is a tag v${version} already.`);
  const uncommitted = git('status', '--porcelain');
  if (uncommitted !== '') throw new Sentence(`Commit or remove these first:\n${uncommitted}`);
  say([...changes.keys()].join('\n'));
  assertCompatible(version);
  if (isDryRun) return say(`${changes.size} files would change for ${version}. Nothing was written.`);
  for (const [file, text] of changes) writeFileSync(inClone(file), text);
  git('commit', '--quiet', '--all', '--message', `Release ${version}`);
  git('tag', `v${version}`);
  const line = `- ${version}, ${today()}: \`${git('rev-parse', 'HEAD')}\`\n`;
  writeFileSync(
    inClone(RELEASES),
    readFileSync(inClone(RELEASES), 'utf8').replace(LIST, `## Commits\n\n${line}`),
  );
  git('commit', '--quiet', '--all', '--message', `Name the commit of ${version}`);
  say(`Read "git show v${version}". "git push origin main v${version}" publishes it.`);
});

function parsed() {
  const options = { check: { type: 'string' }, 'dry-run': { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true, strict: false });
  const isCheck = typeof values.check === 'string';
  const [version, ...more] = isCheck ? [values.check.replace(/^v/, ''), ...positionals] : positionals;
  if (more.length > 0 || !/^\d+\.\d+\.\d+$/.test(version)) throw new Sentence(USAGE);
  return { version, isCheck, isDryRun: values['dry-run'] === true };
}

/** @returns {Map<string, string>} the new texts of the files that are not of this version, by path */
function changesFor(version) {
  const changes = new Map();
  for (const file of filesOfClone()) {
    const patterns = PLACES.filter(([files]) => files.test(file)).map(([, pattern]) => pattern);
    if (patterns.length === 0 && !CHANGELOG.test(file)) continue;
    const text = readFileSync(inClone(file), 'utf8');
    const named = patterns.reduce(
      (before, each) => before.replace(each, (_, start) => start + version),
      text,
    );
    const changed = CHANGELOG.test(file) ? withSection(named, version) : named;
    if (changed !== text) changes.set(file, changed);
  }
  return changes;
}

/** A patch version breaks no client. Before 1.0.0 a minor version may, where the changelog says so (docs/versions.md). */
function assertCompatible(version) {
  const args = [inClone('scripts/check-compatibility.mjs')];
  if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0) return;
  if (!version.endsWith('.0'))
    throw new Sentence(`A patch version may not break clients: ${version} needs another number.`);
  say('Clients break. Make sure that CHANGELOG.md says how, and why.');
}

/** The clock of the person who releases. */
function today() {
  return new Date().toISOString().slice(0, 10);
}

/** A package without changes is released with the others. */
function withSection(changelog, version) {
  const first = changelog.search(/^## /m);
  if (changelog.startsWith(`## ${version} - `, first)) return changelog;
  const heading = `## ${version} - ${today()}\n`;
  const [before, after] = [changelog.slice(0, first), changelog.slice(first)];
  const unreleased = '## Unreleased\n';
  return after.startsWith(unreleased)
    ? before + heading + after.slice(unreleased.length)
    : `${before}${heading}\n- No changes.\n\n${after}`;
}
