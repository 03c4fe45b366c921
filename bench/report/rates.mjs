import { countersign } from '../subjects/all.mjs';
import { summaryOf } from '../load/rounds.mjs';
import { table } from './table.mjs';

/** @param {import('../load/rounds.mjs').Pair[]} pairs */
export function describeRates(pairs) {
  return table(
    [
      'operation',
      'subject',
      ' answers/s',
      ' min–max',
      ' spread',
      ' p50 ms',
      ' p99 ms',
      ' worst p99',
      ' CPU µs',
      ' of PostgreSQL',
      ' generator busy',
    ],
    pairs.map((pair) => {
      const { rate, least, most, p50, p99, worstP99, cost, databaseCost, busy } = summaryOf(pair);
      return [
        pair.operation.name,
        pair.subject.name,
        rate.toFixed(0),
        `${least.toFixed(0)}–${most.toFixed(0)}`,
        percent((most - least) / rate),
        p50.toFixed(2),
        p99.toFixed(2),
        worstP99.toFixed(2),
        (cost * 1e6).toFixed(0),
        (databaseCost * 1e6).toFixed(0),
        percent(Math.min(1, busy)),
      ];
    }),
  );
}

/**
 * The service's median rate divided by each other one's.
 *
 * @param {import('../load/rounds.mjs').Pair[]} pairs
 */
export function describeRatios(pairs) {
  const isOurs = ({ subject }) => subject.name === countersign.name;
  const others = [...new Set(pairs.filter((pair) => !isOurs(pair)).map(({ subject }) => subject.name))];
  return table(
    ['Countersign divided by', ...others.map((name) => ` ${name}`)],
    pairs.filter(isOurs).map((ours) => [
      ours.operation.name,
      ...others.map((name) => {
        const theirs = pairs.find(
          ({ subject, operation }) => subject.name === name && operation === ours.operation,
        );
        return theirs ? (summaryOf(ours).rate / summaryOf(theirs).rate).toFixed(2) : '';
      }),
    ]),
  );
}

/** @param {import('./targets.mjs').Verdict[]} verdicts */
export function describeTargets(verdicts) {
  if (verdicts.length === 0) return 'None of the targets was measured.';
  return table(
    ['operation', 'to reach', ' measured', ''],
    verdicts.map(({ operation, wanted, measured, isReached }) => [
      operation,
      wanted,
      measured,
      isReached ? 'reached' : 'not reached',
    ]),
  );
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}
