import { existsSync, readFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { identifierProblems } from './lib/identifiers.mjs';
import { commentsOf, linkProblems, recordProblems, wordProblems } from './lib/documents.mjs';
import { main, Sentence } from './lib/main.mjs';

/**
 * Documents, comments and declared names of product code use the field's words (scripts/words-to-avoid.json); relative links
 * and the index of decisions are right.
 */

const LIST = 'scripts/words-to-avoid.json';

/** Without specs and generated types, and without migrations: one that has landed is never edited. */
const PRODUCT_CODE = /^(?:apps|libs|published|tools)\/(?!.*\/migrations\/\d).*(?<!\bspec|\.d)\.ts$/;

await main(async () => {
  const { words, notYet, identifiers } = JSON.parse(readFileSync(inClone(LIST), 'utf8'));
  const paths = filesOfClone();
  const read = (path) => readFileSync(inClone(path), 'utf8');
  const documents = new Map(paths.filter((path) => path.endsWith('.md')).map((path) => [path, read(path)]));
  const problems = [
    ...[...documents]
      .filter(([path]) => !notYet.includes(path))
      .flatMap(([path, text]) => wordProblems(path, text, words)),
    ...paths
      .filter((path) => PRODUCT_CODE.test(path))
      .flatMap((path) => wordProblems(path, commentsOf(read(path)), words)),
    ...paths
      .filter((path) => /^(?:apps|libs)\//.test(path) && PRODUCT_CODE.test(path))
      .filter((path) => !identifiers.notYet.some((each) => path.startsWith(each)))
      .flatMap((path) => identifierProblems(path, read(path), identifiers)),
    ...linkProblems(documents, (path) => existsSync(inClone(path))),
    ...recordProblems(documents),
  ];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});
