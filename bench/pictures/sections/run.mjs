import { cells } from '../cells.mjs';
import { fixed, grouped } from '../numbers.mjs';

const OURS = 'Countersign';

/**
 * What the figures depend on, what was meant to be reached, and what to plan with.
 *
 * @param {object} figures of `npm run bench -- --json`
 * @returns {import('../document.mjs').Section[]}
 */
export function runSections({ isSmoke, setting = [], targets, measured, statements = [] }) {
  const warning = isSmoke ? ['**A smoke run: these figures mean nothing.**'] : [];
  return [
    { name: 'setting', markdown: [...warning, cells(['setting', 'value'], setting)].join('\n\n') },
    {
      name: 'targets',
      markdown: cells(
        ['operation', 'to reach', ' measured', ''],
        targets.map(({ operation, wanted, measured: found, isReached }) => [
          operation,
          wanted,
          found,
          isReached ? 'reached' : '**not reached**',
        ]),
      ),
    },
    { name: 'per-core', markdown: perCore(measured.filter(({ subject }) => subject === OURS)) },
    {
      name: 'statements',
      markdown: cells(
        ['operation', ' statements', ' that begin and end transactions', 'which'],
        statements
          .filter(({ subject }) => subject === OURS)
          .map(({ operation, statements: counts, control, list }) => [
            operation,
            span(counts),
            span(control),
            list.join('; '),
          ]),
      ),
    },
  ];
}

function perCore(rows) {
  const perSecond = (seconds) => (seconds > 1e-6 ? grouped(Math.floor(1 / seconds)) : 'no limit seen');
  return cells(
    [
      'operation',
      ' CPU µs of the service',
      ' per second and core',
      ' CPU µs of PostgreSQL',
      ' per second and core of it',
    ],
    rows.map(({ operation, cost, databaseCost }) => [
      operation,
      fixed(cost * 1e6, 0),
      perSecond(cost),
      fixed(databaseCost * 1e6, 0),
      // What its background work costs is spread over very many answers here.
      databaseCost < 2e-5 ? '' : perSecond(databaseCost),
    ]),
  );
}

function span(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}
