import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { CLONE } from '../scripts/lib/clone.mjs';
import { POOL_SIZE } from './postgres.mjs';
import { summaryOf } from './rounds.mjs';
import { table } from './table.mjs';

const GIB = 2 ** 30;

/**
 * What the figures depend on.
 *
 * @param {object} facts
 * @param {import('./options.mjs').Options} facts.options
 * @param {import('./cores.mjs').Cores | null} facts.cores
 * @param {{ fileSystem: string, syncMs: number }} facts.disk
 * @param {Record<string, string>} facts.database
 */
export function describeSetting({ options, cores, disk, database }) {
  const { server_version: version, ...settings } = database;
  const processors = cpus();
  const pinning = cores
    ? `contestant ${cores.contestant.join(', ')}; PostgreSQL ${cores.database.join(', ')}; load generator ${cores.generator.join(', ')}`
    : 'none: the system chooses';
  return table(
    ['setting', 'value'],
    [
      [
        'machine',
        `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores, ${memory()}, ${type()} ${release()}`,
      ],
      ['disk', `${disk.fileSystem}; writing 8 KiB and forcing it to disk takes ${disk.syncMs.toFixed(2)} ms`],
      ['Countersign', commit()],
      ['Node', process.version],
      ['PostgreSQL', version],
      [
        'its settings',
        Object.entries(settings)
          .map((pair) => pair.join(' '))
          .join(', '),
      ],
      [
        'connections',
        `${options.connections} keep-alive to the contestant, a pool of ${POOL_SIZE} to PostgreSQL`,
      ],
      ['pinned to cores', pinning],
      ['service', 'from dist, LOG_LEVEL as shipped (output discarded), JOBS on, both checks of init data'],
      [
        'rounds',
        `${options.rounds} of ${options.seconds} s after ${options.warmUp} s of warm-up, in random order`,
      ],
    ],
  );
}

/** @param {import('./statements.mjs').Count[]} counts */
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

/** @param {import('./rounds.mjs').Pair[]} pairs */
export function describeRates(pairs) {
  const summaries = new Map(pairs.map((pair) => [pair, summaryOf(pair)]));
  const ratioTo = (pair, name) => {
    const other = pairs.find(
      ({ contestant, operation }) => contestant.name === name && operation === pair.operation,
    );
    // Contestants stand in the order of how much they do: a ratio to one that does more says nothing.
    if (pairs.indexOf(other) <= pairs.indexOf(pair)) return '';
    return (summaries.get(pair).rate / summaries.get(other).rate).toFixed(2);
  };
  const names = [...new Set(pairs.map(({ contestant }) => contestant.name))].slice(1);
  return table(
    [
      'operation',
      'contestant',
      ' answers/s',
      ' min–max',
      ' p50 ms',
      ' p99 ms',
      ' worst p99',
      ...names.map((name) => ` of ${name}`),
      ' CPU µs',
      ' of PostgreSQL',
      ' generator busy',
    ],
    pairs.map((pair) => {
      const { rate, least, most, p50, p99, worstP99, cost, databaseCost, busy } = summaries.get(pair);
      return [
        pair.operation.name,
        pair.contestant.name,
        rate.toFixed(0),
        `${least.toFixed(0)}–${most.toFixed(0)}`,
        p50.toFixed(2),
        p99.toFixed(2),
        worstP99.toFixed(2),
        ...names.map((name) => ratioTo(pair, name)),
        (cost * 1e6).toFixed(0),
        (databaseCost * 1e6).toFixed(0),
        `${Math.min(100, Math.round(busy * 100))} %`,
      ];
    }),
  );
}

/**
 * @param {import('./rounds.mjs').Pair[]} pairs
 * @param {{ name: string, rate: number }[]} opinions of autocannon
 */
export function describeHarness(pairs, opinions) {
  const rates = pairs.filter(({ contestant }) => contestant.fixed).map((pair) => summaryOf(pair).rate);
  const exhausted = pairs.flatMap(({ rounds }) => rounds).filter(({ isExhausted }) => isExhausted).length;
  return [
    `Ceiling of the harness (its best rate against the bare server): ${Math.max(...rates).toFixed(0)} answers/s.`,
    ...opinions.map(
      ({ name, rate }) => `autocannon sees ${rate.toFixed(0)} answers/s of GET /v1/me at ${name}.`,
    ),
    `Rounds that ran out of prepared requests and ended early: ${exhausted}.`,
  ].join('\n');
}

function span(numbers) {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}

function memory() {
  return `${(totalmem() / GIB).toFixed(1)} GiB`;
}

/** The commit that was measured, where git can tell. */
function commit() {
  try {
    const git = (...args) =>
      execFileSync('git', args, { cwd: CLONE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const isChanged = git('status', '--porcelain') !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', with changes' : ''}`;
  } catch {
    return 'no commit known';
  }
}
