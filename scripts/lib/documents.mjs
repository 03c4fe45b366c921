import { dirname, join } from 'node:path/posix';

const RECORDS = 'docs/adr/';

/**
 * Relative links to files or headings that do not exist.
 *
 * @param {Map<string, string>} documents texts by path in the clone
 * @param {(path: string) => boolean} exists for other files and folders of the clone
 */
export function linkProblems(documents, exists) {
  return [...documents].flatMap(([path, text]) =>
    [...withoutCode(text).matchAll(/\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]+))?\)/g)]
      .filter(([, file, anchor]) => {
        const target = file === '' ? path : join(dirname(path), file).replace(/\/$/, '');
        const document = documents.get(target);
        if (document === undefined) return !exists(target);
        return anchor !== undefined && !anchorsOf(document).includes(anchor);
      })
      .map(([link]) => `${path} links to nothing: ${link.slice(1)}`),
  );
}

/**
 * Decision records without title, and an index that differs from them.
 *
 * @param {Map<string, string>} documents texts by path in the clone
 */
export function recordProblems(documents) {
  const index = cellsOf(documents.get(`${RECORDS}README.md`) ?? '');
  return [...documents]
    .filter(([path]) => path.startsWith(RECORDS) && path !== `${RECORDS}README.md`)
    .flatMap(([path, text]) => {
      const record = /^# (\d{4}): (.+)\n/.exec(text);
      if (!record) return [`${path} starts with "# <number>: <title>".`];
      const [, number, title] = record;
      const row = `[${number}](${path.slice(RECORDS.length)}) | ${title} | `;
      return index.some((each) => each.startsWith(row))
        ? []
        : [`${RECORDS}README.md lacks this row: | ${row}`];
    });
}

function cellsOf(table) {
  return table.split('\n').map((line) => line.replace(/^\| */, '').replace(/ +\| +/g, ' | '));
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
