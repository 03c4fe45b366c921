import autocannon from 'autocannon';
import { say } from '../../scripts/lib/main.mjs';
import { summaryOf } from '../load/rounds.mjs';
import { bareNode, countersign } from '../subjects/all.mjs';

/** Share of its core from which on the generator limits what is measured. */
const BUSY = 0.85;
/** Access tokens that autocannon is given. */
const TOKENS = 100;

/** The limits of the harness itself. @returns {Promise<string>} */
export async function describeHarness({ pairs, refused, subjects, operations, options, check }) {
  const ofBare = pairs.filter(({ subject }) => subject.name === bareNode.name);
  const exhausted = pairs.flatMap(({ rounds }) => rounds).filter(({ isExhausted }) => isExhausted);
  const limited = pairs
    .filter((pair) => summaryOf(pair).busy >= BUSY)
    .map(({ operation, subject }) => `${operation.name} of ${subject.name}`);
  const answers = new Map();
  for (const { subject, rounds } of pairs)
    answers.set(
      subject.name,
      rounds.reduce((total, { count }) => total + count, answers.get(subject.name) ?? 0),
    );
  const opinions = operations.some(({ key }) => key === 'readMe')
    ? await askAutocannon(subjects, options, check)
    : [];
  return [
    ofBare.length > 0 &&
      `Ceiling of the harness (its best rate against the bare server): ${Math.max(...ofBare.map((pair) => summaryOf(pair).rate)).toFixed(0)} answers/s.`,
    ...opinions,
    `Every answer was checked and right: ${listOf(answers)}.`,
    `Forged proofs and ended sessions, all rejected: ${listOf(refused)}.`,
    `Rounds that ran out of prepared requests and ended early: ${exhausted.length}.`,
    limited.length > 0 &&
      `Limited by the generator as well (${BUSY * 100} % of its core or more): ${limited.join('; ')}.`,
    'Faults: all runs on one machine, without a network; the loop is closed, so that latencies are those of a full ' +
      'queue and a stall delays requests instead of counting for them; on two cores PostgreSQL shares both with the ' +
      'subject and the generator, which favours the subjects that use it least.',
  ]
    .filter(Boolean)
    .join('\n');
}

/** The rate of `GET /v1/me` as autocannon measures it: a second load generator has to agree with ours. */
async function askAutocannon(subjects, options, check) {
  say('Asking autocannon ...');
  const { crowd } = subjects.find(({ name }) => name === countersign.name);
  const tokens = crowd.newest(TOKENS).map(({ accessToken }) => accessToken);
  const lines = [];
  for (const { name, port } of subjects) {
    if (![countersign.name, bareNode.name].includes(name)) continue;
    check();
    const requests = tokens.map((token) => ({
      path: '/v1/me',
      headers: { authorization: `Bearer ${token}` },
    }));
    const { connections } = options;
    const run = (duration) =>
      autocannon({ url: `http://127.0.0.1:${port}`, connections, duration, requests });
    await run(options.warmUp);
    const result = await run(options.seconds);
    const failures = result.non2xx + result.errors + result.timeouts;
    if (failures > 0) throw new Error(`autocannon got ${failures} wrong answers from ${name}`);
    const rate = result['2xx'] / result.duration;
    lines.push(`autocannon measures ${rate.toFixed(0)} answers/s of GET /v1/me at ${name}.`);
  }
  return lines;
}

function listOf(counts) {
  return Array.from(counts, ([name, count]) => `${name} ${count}`).join(', ');
}
