/** A row of one requirement or of several, separated by commas: numbers, then cells. */
const ROW = /^\| *(\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) *\|(.*)\|$/gm;
/** Above it a row is optional. */
const REQUIRED_LEVEL = 2;
/** Cells behind the number in a row that names specs: gist, how, specs. */
const MET_CELLS = 3;

/**
 * What is wrong with a table of requirements of the OWASP ASVS.
 *
 * @param {string} text of the document
 * @param {Record<string, number>} levels by the number of a requirement
 * @param {ReadonlySet<string>} specs names of spec files, without their endings
 */
export function asvsProblems(text, levels, specs) {
  const counts = new Map();
  const problems = [...text.matchAll(ROW)].flatMap(([, numbers, rest]) => {
    for (const number of numbers.split(', ')) counts.set(number, (counts.get(number) ?? 0) + 1);
    const cells = rest.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return rowProblems(cells, specs).map((what) => `${numbers} ${what}`);
  });
  return [
    ...problems,
    ...[...counts]
      .filter(([number]) => !(number in levels))
      .map(([number]) => `${number} is not on the list`),
    ...[...counts].filter(([, count]) => count > 1).map(([number, count]) => `${number} has ${count} rows`),
    ...Object.entries(levels)
      .filter(([number, level]) => level <= REQUIRED_LEVEL && !counts.has(number))
      .map(([number]) => `${number} has no row`),
  ];
}

function rowProblems(cells, specs) {
  const [named, isMet] = [cells.at(-1), cells.length === MET_CELLS];
  if (!isMet) return cells.includes('') ? ['has an empty cell'] : [];
  const names = [...named.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
  if (names.length === 0) return ['is met and names no spec'];
  return names.filter((name) => !specs.has(name)).map((name) => `names ${name}, which is no spec`);
}
