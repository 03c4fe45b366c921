import { writeFileSync } from 'node:fs';
import { summaryOf } from '../load/rounds.mjs';

/**
 * Writes what the tables say, for programs to read: rates per second, times in milliseconds, costs in seconds.
 *
 * @param {string} file
 * @param {object} facts
 * @param {import('../options.mjs').Options} facts.options
 * @param {string[][]} facts.setting names and values
 * @param {import('../load/statements.mjs').Count[]} facts.statements
 * @param {import('../load/rounds.mjs').Pair[]} facts.pairs
 * @param {import('./targets.mjs').Verdict[]} facts.verdicts
 */
export function writeFigures(file, { options, setting, statements, pairs, verdicts }) {
  const { isSmoke, rounds, seconds, warmUp, connections, seed } = options;
  const measured = pairs.map((pair) => ({
    operation: pair.operation.name,
    subject: pair.subject.name,
    ...summaryOf(pair),
    rates: pair.rounds.map(({ rate }) => rate),
  }));
  const run = { isSmoke, rounds, seconds, warmUp, connections, seed };
  const figures = { ...run, setting, statements, measured, targets: verdicts };
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}
