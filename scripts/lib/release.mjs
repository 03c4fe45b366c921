import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { released, sectionsOf } from './changelog.mjs';
import { filesOfClone, inClone } from './clone.mjs';
import { Sentence } from './main.mjs';

/** The files that name the version. They change together. */

const DOCUMENTS = 'docs/openapi';
const CHART = 'deploy/helm/countersign/Chart.yaml';
/** Of the chart, and of the service that it installs. */
const OF_CHART = /^((?:appVersion|version): )(.+)$/gm;
/** Emptied by a release: the API is compared with the new version from then on. */
const ARCHIVE =
  /(\bcountersign-(?:(?:client|fake-telegram|identity-token|verify|webhooks)-)?)\d+\.\d+\.\d+(?=\.tgz\b)/g;
/** Of our packages, in locks of examples. */
const LOCKED = /("node_modules\/@countersign\/[\w-]+": \{\s+"version": ")[^"]+/g;
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/**
 * @param {string} current
 * @param {string} wanted `major`, `minor`, `patch` or a version
 * @param {boolean} isReleased whether the current version has a tag
 * @returns {string}
 */
export function nextVersion(current, wanted, isReleased) {
  const [major, minor, patch] = numbersOf(current);
  if (wanted === 'major') return `${major + 1}.0.0`;
  if (wanted === 'minor') return `${major}.${minor + 1}.0`;
  if (wanted === 'patch') return `${major}.${minor}.${patch + 1}`;
  const order = compare(numbersOf(wanted), [major, minor, patch]);
  if (order < 0 || (order === 0 && isReleased))
    throw new Sentence(`${wanted} is not after ${current}, the version of package.json.`);
  return wanted;
}

function numbersOf(version) {
  const parts = VERSION.exec(version);
  if (!parts) throw new Sentence(`"${version}" is not major, minor, patch or a version such as 1.2.3.`);
  return parts.slice(1).map(Number);
}

function compare(left, right) {
  const place = left.findIndex((number, index) => number !== right[index]);
  return place === -1 ? 0 : left[place] - right[place];
}

/** @returns {string} of package.json */
export function currentVersion() {
  return JSON.parse(read('package.json')).version;
}

/**
 * The files that a release changes.
 *
 * @param {string} current
 * @param {string} next
 * @param {string} date YYYY-MM-DD
 * @returns {Map<string, string>} texts by path
 */
export function releaseChanges(current, next, date) {
  const changes = new Map();
  for (const file of manifests()) changes.set(file, named(file, current, next, 1));
  // Of the lock itself, and of the package that it describes.
  changes.set('package-lock.json', named('package-lock.json', current, next, 2));
  for (const file of documents()) changes.set(file, inDocument(file, current, next));
  changes.set(
    CHART,
    read(CHART).replaceAll(OF_CHART, (_, name) => name + next),
  );
  for (const file of changelogs()) changes.set(file, released(read(file), next, date));
  for (const [file, text] of packageMentions(next)) changes.set(file, text);
  return new Map([...changes].filter(([file, text]) => text !== read(file)));
}

/**
 * Reasons why the working tree is not the release of a tag.
 *
 * @param {string} tag such as v1.2.3
 * @returns {string[]} empty where it is
 */
export function releaseProblems(tag) {
  const version = tag.replace(/^v/, '');
  numbersOf(version);
  return [
    ...[...manifests(), 'package-lock.json']
      .filter((file) => JSON.parse(read(file)).version !== version)
      .map((file) => `${file} has another version than ${tag}.`),
    ...documents()
      .filter((file) => JSON.parse(read(file)).info.version !== version)
      .map((file) => `${file} has another version than ${tag}.`),
    ...[...read(CHART).matchAll(OF_CHART)]
      .filter(([, , found]) => found !== version)
      .map(([, name]) => `${CHART} has another ${name.trim()} than ${tag}.`),
    ...changelogs()
      .filter((file) => {
        const [latest] = sectionsOf(read(file));
        return latest?.name !== version || latest.date === undefined;
      })
      .map((file) => `The first section of ${file} is not that of ${version}, with its date.`),
  ];
}

/** The service, and the packages that are published. */
function manifests() {
  const ofLibs = readdirSync(inClone('published')).map((lib) => join('published', lib, 'package.json'));
  return ['package.json', ...ofLibs.filter((file) => existsSync(inClone(file)))];
}

/** The archives that `npm pack` makes of the packages that are published. */
export function archives(version) {
  return manifests()
    .map((file) => JSON.parse(read(file)))
    .filter(({ publishConfig }) => publishConfig?.access === 'public')
    .map(({ name }) => `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
}

function changelogs() {
  return manifests().map((file) => join(file, '..', 'CHANGELOG.md'));
}

function documents() {
  return readdirSync(inClone(DOCUMENTS)).map((name) => `${DOCUMENTS}/${name}`);
}

/** Replaces the version in the first `times` lines that name it. */
function named(file, current, next, times) {
  let text = read(file);
  let from = 0;
  for (let count = 0; count < times; count += 1) {
    const line = `"version": "${current}"`;
    const at = text.indexOf(line, from);
    if (at === -1) throw new Sentence(`${file} does not name the version ${current}.`);
    text = `${text.slice(0, at)}"version": "${next}"${text.slice(at + line.length)}`;
    from = at + line.length;
  }
  return text;
}

/** Replaces the version in `info`, the only line of a document that names it. */
function inDocument(file, current, next) {
  const parts = read(file).split(`"version": "${current}"`);
  if (parts.length !== 2) throw new Sentence(`${file} does not name the version ${current} once.`);
  return parts.join(`"version": "${next}"`);
}

/** Documents that name a packed package, and examples that install one. */
function packageMentions(next) {
  return filesOfClone()
    .filter((file) => /\.(?:md|json|ya?ml|mjs|sh)$/.test(file) && file !== 'package-lock.json')
    .map((file) => [file, read(file)])
    .filter(([, text]) => [ARCHIVE, LOCKED].some((pattern) => text.search(pattern) !== -1))
    .map(([file, text]) => {
      const renamed = text.replaceAll(ARCHIVE, (_, name) => name + next);
      return [file, renamed.replaceAll(LOCKED, (_, line) => line + next)];
    });
}

function read(file) {
  return readFileSync(inClone(file), 'utf8');
}
