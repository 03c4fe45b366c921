import { existsSync, readFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { linkProblems, recordProblems, wordProblems } from './lib/documents.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Documents use the field's words (scripts/words-to-avoid.json), their relative links and the index of decisions are right. */

const LIST = 'scripts/words-to-avoid.json';

await main(async () => {
  const { words, notYet } = JSON.parse(readFileSync(inClone(LIST), 'utf8'));
  const paths = filesOfClone().filter((path) => path.endsWith('.md'));
  const documents = new Map(paths.map((path) => [path, readFileSync(inClone(path), 'utf8')]));
  const problems = [
    ...[...documents]
      .filter(([path]) => !notYet.includes(path))
      .flatMap(([path, text]) => wordProblems(path, text, words)),
    ...linkProblems(documents, (path) => existsSync(inClone(path))),
    ...recordProblems(documents),
  ];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});
