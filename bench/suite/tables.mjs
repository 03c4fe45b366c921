import { readFileSync, writeFileSync } from 'node:fs';
import { Sentence } from '../../scripts/lib/main.mjs';
import { fixed, grouped, span, tableOf, targetTable } from '../report/table.mjs';
import { countersign } from '../subjects/all.mjs';

const isOurs = ({ subject }) => subject === countersign.name;
const perSecond = (seconds) => (seconds > 1e-6 ? grouped(Math.floor(1 / seconds)) : 'no limit seen');

/** The tables by name; the setting is a list. `setting` and `operations` are those of docs/performance.md. */
export function tablesOf({ setting, statements, measured, targets }) {
  const countsOf = (kind) => (row) => {
    const own = statements.find((each) => each.operation === row.operation && each.subject === row.subject);
    return span(own?.[kind]);
  };
  const ratios = (ours) =>
    measured
      .filter((row) => row.operation === ours.operation && !isOurs(row))
      .map(({ subject, rate }) => `${fixed(ours.rate / rate, 2)} × ${subject}`)
      .join(', ');
  const figures = {
    ' answers/s': ({ rate }) => grouped(rate),
    ' p50 ms': ({ p50 }) => fixed(p50, 2),
    ' p99 ms': ({ p99 }) => fixed(p99, 2),
    ' p99 at half': ({ p99AtHalf }) => (p99AtHalf === undefined ? '' : fixed(p99AtHalf, 2)),
    ' per second and core': ({ cost }) => perSecond(cost),
    ' CPU µs of PostgreSQL': ({ databaseCost }) => fixed(databaseCost * 1e6),
    ' statements': countsOf('statements'),
    ' of transactions': countsOf('control'),
  };
  return {
    setting: setting.map(([name, text]) => `- ${name}: ${text}`).join('\n'),
    operations: tableOf(measured.filter(isOurs), {
      operation: ({ operation }) => operation,
      ...figures,
      'Countersign is': ratios,
    }),
    systems: tableOf(measured, {
      operation: ({ operation }) => operation,
      system: ({ subject }) => subject,
      ...figures,
      ' least–most': ({ least, most }) => `${grouped(least)}–${grouped(most)}`,
    }),
    targets: targetTable('operation', targets),
  };
}

/** Writes the tables that a page has between comments with their names. */
export function writeTables(path, tables) {
  let page = readFileSync(path, 'utf8');
  for (const [name, table] of Object.entries(tables)) {
    const [start, end] = [`<!-- figures:${name} -->`, `<!-- /figures:${name} -->`];
    const [from, to] = [page.indexOf(start), page.indexOf(end)];
    if (from === -1) continue;
    if (to === -1) throw new Sentence(`${path} has no ${end}.`);
    page = `${page.slice(0, from)}${start}\n\n${table}\n\n${page.slice(to)}`;
  }
  writeFileSync(path, page);
}
