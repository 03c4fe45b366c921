import { barPicture } from '../bars.mjs';
import { cells } from '../cells.mjs';
import { fixed, grouped, inWords } from '../numbers.mjs';

const OURS = 'Countersign';

/** It does nothing at all: in a picture of real work it would only make everybody else small. */
const CEILING = 'node:http';
const COMPARED_WITH_CEILING = 'gateway check';

/** @param {object} figures of `npm run bench -- --json` @returns {import('../document.mjs').Section[]} */
export function operationSections(figures) {
  const names = [...new Set(figures.measured.map(({ operation }) => operation))];
  return names.map((operation) => sectionOf(operation, figures));
}

/** @param {string} operation */
export function slugOf(operation) {
  return operation
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function sectionOf(operation, { measured, targets, statements = [] }) {
  const rows = measured.filter((row) => row.operation === operation);
  const ours = rows.find(({ subject }) => subject === OURS);
  return {
    name: slugOf(operation),
    markdown: cells(
      [
        'who',
        ' answers/s',
        ' least–most',
        ' p50 ms',
        ' p99 ms',
        ' CPU µs',
        ' of PostgreSQL',
        ' statements',
        ' Countersign is',
      ],
      rows.map((row) => [
        row.subject,
        grouped(Math.round(row.rate)),
        `${grouped(Math.round(row.least))}–${grouped(Math.round(row.most))}`,
        fixed(row.p50, 2),
        fixed(row.p99, 2),
        fixed(row.cost * 1e6, 0),
        fixed(row.databaseCost * 1e6, 0),
        statementsOf(statements, row),
        !ours || row === ours ? '' : `${fixed(ours.rate / row.rate, 2)} ×`,
      ]),
    ),
    ...pictureOf(operation, rows, targets),
  };
}

function pictureOf(operation, rows, targets) {
  const shown = rows.filter(({ subject }) => subject !== CEILING || operation === COMPARED_WITH_CEILING);
  const wanted = targets
    .filter((target) => target.operation === operation && target.least !== undefined)
    .flatMap(({ of, least }) => {
      const other = rows.find(({ subject }) => subject === of);
      return other
        ? [{ at: other.rate * least, words: `${least} of ${of} (${inWords(other.rate * least)})` }]
        : [];
    });
  const bars = shown.map(({ subject, rate, least, most }) => ({
    label: subject,
    value: rate,
    least,
    most,
    tone: subject === OURS ? 'ours' : 'other',
    ...(subject === OURS ? { marks: wanted.map(({ at }) => at) } : {}),
  }));
  const svg = barPicture({
    title: `${operation}: answers per second`,
    unit: 'answers per second, median; line: slowest to quickest round',
    groups: [{ bars }],
    notes: wanted.map(({ words }) => `red: to reach, ${words}`),
  });
  const told = shown.map(({ subject, rate }) => `${subject} ${inWords(rate)}`);
  return { svg, alt: `Answers per second, ${operation}: ${told.join(', ')}` };
}

function statementsOf(statements, { operation, subject }) {
  const found = statements.find((count) => count.operation === operation && count.subject === subject);
  if (!found) return '';
  const [least, most] = [Math.min(...found.statements), Math.max(...found.statements)];
  return least === most ? String(least) : `${least}–${most}`;
}
