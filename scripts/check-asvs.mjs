import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { asvsProblems } from './lib/asvs.mjs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** docs/asvs.md has a row for each requirement of scripts/asvs-levels.json at level 1 and 2, and its specs exist. */

const DOCUMENT = 'docs/asvs.md';
/** Numbers and levels of the chapters V6 to V11, V13, V14 and V16 of the OWASP ASVS 5.0.0. */
const LEVELS = 'scripts/asvs-levels.json';
const SPEC = /\.(?:[a-z]+-)?spec\.ts$/;

await main(async () => {
  const read = (path) => readFileSync(inClone(path), 'utf8');
  const specs = filesOfClone()
    .filter((path) => SPEC.test(path))
    .map((path) => basename(path).replace(SPEC, ''));
  const problems = asvsProblems(read(DOCUMENT), JSON.parse(read(LEVELS)), new Set(specs));
  if (problems.length > 0)
    throw new Sentence(problems.map((problem) => `${DOCUMENT}: ${problem}`).join('\n'));
});
