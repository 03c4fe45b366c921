import { table } from './table.mjs';

/** @param {import('../load/statements.mjs').Count[]} counts */
export function describeStatements(counts) {
  return table(
    ['operation', 'contestant', ' statements', ' BEGIN, COMMIT', 'which'],
    counts.map(({ operation, contestant, statements, control, list }) => [
      operation,
      contestant,
      span(statements),
      span(control),
      list.join('; '),
    ]),
  );
}

function span(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}
