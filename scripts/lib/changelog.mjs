import { Sentence } from './main.mjs';

/** Changelogs have a section `## Unreleased` at the top, then one for each version: `## 1.2.3 - 2026-01-31`. */

const UNRELEASED = 'Unreleased';
const HEADING = /^## (Unreleased|\d+\.\d+\.\d+)(?: - (\d{4}-\d{2}-\d{2}))?$/gm;
/** For a package without changes, which is released with the others. */
const NOTHING = '- No changes.';

/** @returns {{ name: string, date?: string, text: string }[]} the sections, newest first */
export function sectionsOf(changelog) {
  const headings = [...changelog.matchAll(HEADING)];
  return headings.map(({ index, 0: line, 1: name, 2: date }, place) => ({
    name,
    date,
    text: changelog.slice(index + line.length, headings[place + 1]?.index).trim(),
  }));
}

/**
 * Turns the section `## Unreleased` into that of a version.
 *
 * @param {string} changelog
 * @param {string} version
 * @param {string} date YYYY-MM-DD
 * @returns {string} the changelog
 */
export function released(changelog, version, date) {
  const [latest] = sectionsOf(changelog);
  if (latest?.name === version) throw new Sentence(`A changelog has a section for ${version} already.`);
  const heading = `## ${version} - ${date}`;
  if (latest?.name === UNRELEASED) {
    const text = latest.text === '' ? `\n\n${NOTHING}` : '';
    return changelog.replace(`## ${UNRELEASED}`, `${heading}${text}`);
  }
  const section = `${heading}\n\n${NOTHING}\n`;
  const first = changelog.search(/^## /m);
  return first === -1
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, first)}${section}\n${changelog.slice(first)}`;
}
