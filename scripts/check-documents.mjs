import { existsSync, readFileSync } from 'node:fs';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { linkProblems, recordProblems } from './lib/documents.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Relative links and the index of decisions are right. */

await main(async () => {
  const paths = filesOfClone().filter((path) => path.endsWith('.md'));
  const documents = new Map(paths.map((path) => [path, readFileSync(inClone(path), 'utf8')]));
  const problems = [
    ...linkProblems(documents, (path) => existsSync(inClone(path))),
    ...recordProblems(documents),
  ];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});
