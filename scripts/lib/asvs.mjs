import ts from 'typescript';

/** What a row can say of a requirement. */
const STATES = ['met', 'not met', 'not ours'];

/** Columns: number, level, gist, state, how or why not, tests. */
const COLUMNS = 6;
const REQUIREMENT = /^\d+\.\d+\.\d+$/;
/** `path` › `title`, several of them separated by `<br>`. */
const TEST = /^`([^`]+)` › `([^`]+)`$/;
const MIN_TITLE_LENGTH = 8;
/** Above it a row is optional. */
const REQUIRED_LEVEL = 2;

/**
 * What is wrong with a table of requirements of the OWASP ASVS.
 *
 * @param {string} text of the document
 * @param {Record<string, number>} levels by the number of a requirement
 * @param {(path: string) => string | null} read answers the source of a file; null where there is none
 */
export function asvsProblems(text, levels, read) {
  const rows = rowsOf(text);
  const counts = new Map();
  for (const { number } of rows) counts.set(number, (counts.get(number) ?? 0) + 1);
  const titles = memoized((path) => {
    const source = read(path);
    return source === null ? null : titlesOf(source);
  });
  return [
    ...rows.flatMap((row) => rowProblems(row, levels, titles)),
    ...[...counts].filter(([, count]) => count > 1).map(([number, count]) => `${number} has ${count} rows`),
    ...Object.entries(levels)
      .filter(([number, level]) => level <= REQUIRED_LEVEL && !counts.has(number))
      .map(([number]) => `${number} has no row`),
  ];
}

/**
 * The titles of the tests and groups of a file, without those that are skipped or only planned.
 *
 * @param {string} source
 */
export function titlesOf(source) {
  const titles = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
      else if (title && ts.isTemplateExpression(title)) titles.push(title.getText().slice(1, -1));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('spec.ts', source, ts.ScriptTarget.Latest, true));
  return titles;
}

function isTest(callee) {
  const text = callee.getText().replace(/\s/g, '');
  return /^(?:describe|it|test)(?:\.(?:each|only)\b|$)/.test(text);
}

function rowsOf(text) {
  return text
    .split('\n')
    .map((line, at) => ({ line, place: at + 1 }))
    .filter(({ line }) => /^\| *\d/.test(line))
    .map(({ line, place }) => {
      const cells = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { place, cells, number: cells[0] };
    });
}

function rowProblems({ place, cells, number }, levels, titles) {
  const problem = (what) => `line ${place}, ${number}: ${what}`;
  if (cells.length !== COLUMNS) return [problem(`has ${cells.length} cells instead of ${COLUMNS}`)];
  const [, level, gist, state, how, tests] = cells;
  const wanted = REQUIREMENT.test(number) ? levels[number] : undefined;
  if (wanted === undefined) return [problem('is no requirement of the list')];
  const problems = [];
  if (level !== String(wanted)) problems.push(problem(`is of level ${wanted}`));
  if (gist === '') problems.push(problem('has no gist'));
  if (how === '') problems.push(problem('does not say how, or why not'));
  if (!STATES.includes(state)) problems.push(problem(`"${state}" is none of ${STATES.join(', ')}`));
  if (state === 'met' && tests === '') problems.push(problem('is met and names no test'));
  if (wanted > REQUIRED_LEVEL && state !== 'met') problems.push(problem('is optional and not met'));
  const named = tests === '' ? [] : tests.split('<br>').map((test) => test.trim());
  return [...problems, ...named.flatMap((test) => testProblems(test, titles).map(problem))];
}

function testProblems(test, titles) {
  const [, path, title] = TEST.exec(test) ?? [];
  if (path === undefined) return [`"${test}" is not \`path\` › \`title\``];
  if (!/\bspec\.ts$/.test(path)) return [`${path} is no spec`];
  const known = titles(path);
  if (known === null) return [`${path} does not exist`];
  if (title.length < MIN_TITLE_LENGTH) return [`"${title}" is too short for a title`];
  return known.some((one) => one.includes(title)) ? [] : [`${path} has no test "${title}"`];
}

function memoized(work) {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, work(key));
    return known.get(key);
  };
}
