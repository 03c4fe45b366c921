import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { filesOfClone, inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Links and alert rules name files and headings that exist, and the index of decisions has every record. */

const RECORDS = 'docs/adr/';
const RULES = 'deploy/prometheus/countersign.rules.yml';

await main(async () => {
  const paths = filesOfClone().filter((path) => path.endsWith('.md'));
  const documents = new Map(paths.map((path) => [path, readFileSync(inClone(path), 'utf8')]));
  const problems = [...linkProblems(documents), ...ruleProblems(documents), ...recordProblems(documents)];
  if (problems.length > 0) throw new Sentence(problems.join('\n'));
});

function linkProblems(documents) {
  return [...documents].flatMap(([path, text]) =>
    [...withoutCode(text).matchAll(/\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]+))?\)/g)]
      .filter(([, file, anchor]) => {
        const target = file === '' ? path : join(dirname(path), file).replace(/\/$/, '');
        const document = documents.get(target);
        if (document === undefined) return !existsSync(inClone(target));
        return anchor !== undefined && !anchorsOf(document).includes(anchor);
      })
      .map(([link]) => `${path} links to nothing: ${link.slice(1)}`),
  );
}

function ruleProblems(documents) {
  return [...readFileSync(inClone(RULES), 'utf8').matchAll(/(docs\/[\w-]+\.md)#([\w-]+)/g)]
    .filter(([, path, anchor]) => !anchorsOf(documents.get(path) ?? '').includes(anchor))
    .map(([link]) => `${RULES} names nothing: ${link}`);
}

function recordProblems(documents) {
  const index = documents.get(`${RECORDS}README.md`).split('\n');
  return [...documents]
    .filter(([path]) => path.startsWith(RECORDS) && path !== `${RECORDS}README.md`)
    .map(([path, text]) => {
      const [, number, title] = /^# (\d{4}): (.+)\n/.exec(text) ?? [];
      return `- [${number}](${path.slice(RECORDS.length)}): ${title}`;
    })
    .filter((line) => !index.includes(line))
    .map((line) => `${RECORDS}README.md lacks this line: ${line}`);
}

/** As GitHub makes them; a repeated heading gets a number. */
function anchorsOf(text) {
  const plain = withoutCode(text);
  const counts = new Map();
  const headings = [...plain.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const slug = heading
      .trim()
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return [...headings, ...[...plain.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id)];
}

function withoutCode(text) {
  return text.replace(/^( *)```[^]*?^\1```/gm, '');
}
