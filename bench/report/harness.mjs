import { bareNode } from '../subjects/all.mjs';
import { summaryOf } from '../load/rounds.mjs';

/** Share of its core at which the generator begins to be what is measured. */
const BUSY = 0.85;

/**
 * What the harness itself can do, and where it falls short.
 *
 * @param {object} facts
 * @param {import('../load/rounds.mjs').Pair[]} facts.pairs
 * @param {Map<string, number>} facts.refused how much was offered to each and refused
 * @param {{ name: string, rate: number }[]} facts.opinions of autocannon
 */
export function describeHarness({ pairs, refused, opinions }) {
  return [
    ...ceiling(pairs),
    ...opinions.map(
      ({ name, rate }) => `autocannon sees ${rate.toFixed(0)} answers/s of GET /v1/me at ${name}.`,
    ),
    `Every answer was checked and right: ${answersOf(pairs)}.`,
    `Forged proofs and ended sessions, all refused: ${listOf(refused)}.`,
    ...exhausted(pairs),
    ...busy(pairs),
    'Its faults: one machine carries everything, without a network; the loop is closed, so that latencies are those of ' +
      'a full queue and a stall delays requests instead of counting for them; on two cores PostgreSQL shares both with ' +
      'the subject and the generator, which flatters whoever needs it least.',
  ].join('\n');
}

function ceiling(pairs) {
  const rates = pairs
    .filter(({ subject }) => subject.name === bareNode.name)
    .map((pair) => summaryOf(pair).rate);
  if (rates.length === 0) return [];
  return [
    `Ceiling of the harness (its best rate against the bare server): ${Math.max(...rates).toFixed(0)} answers/s.`,
  ];
}

function answersOf(pairs) {
  const counts = new Map();
  for (const { subject, rounds } of pairs) {
    const sum = rounds.reduce((total, { count }) => total + count, counts.get(subject.name) ?? 0);
    counts.set(subject.name, sum);
  }
  return listOf(counts);
}

function listOf(counts) {
  return Array.from(counts, ([name, count]) => `${name} ${count}`).join(', ');
}

function exhausted(pairs) {
  const count = pairs.flatMap(({ rounds }) => rounds).filter(({ isExhausted }) => isExhausted).length;
  return [`Rounds that ran out of prepared requests and ended early: ${count}.`];
}

function busy(pairs) {
  const limited = pairs
    .filter((pair) => summaryOf(pair).busy >= BUSY)
    .map(({ operation, subject }) => `${operation.name} of ${subject.name}`);
  return limited.length === 0
    ? []
    : [`Limited by the generator as well (${BUSY * 100} % of its core or more): ${limited.join('; ')}.`];
}
