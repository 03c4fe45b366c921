import { existsSync, readFileSync } from 'node:fs';
import { asvsProblems } from './lib/asvs.mjs';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/**
 * docs/asvs.md has a row for each requirement of scripts/asvs-levels.json at level 1 and 2, and the tests that it names
 * exist.
 */

const DOCUMENT = 'docs/asvs.md';
/** Numbers and levels of the chapters V6 to V11, V13, V14 and V16 of the OWASP ASVS 5.0.0. */
const LEVELS = 'scripts/asvs-levels.json';

await main(async () => {
  const read = (path) => (existsSync(inClone(path)) ? readFileSync(inClone(path), 'utf8') : null);
  const problems = asvsProblems(read(DOCUMENT) ?? '', JSON.parse(read(LEVELS) ?? '{}'), read);
  if (problems.length > 0)
    throw new Sentence(problems.map((problem) => `${DOCUMENT}: ${problem}`).join('\n'));
});
