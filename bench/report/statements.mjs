import { table } from './table.mjs';

/** @param {import('../load/statements.mjs').Count[]} counts */
export function describeStatements(counts) {
  return table(
    ['operation', 'subject', ' statements', ' BEGIN, COMMIT', 'which'],
    counts.map(({ operation, subject, statements, control, list }) => [
      operation,
      subject,
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
